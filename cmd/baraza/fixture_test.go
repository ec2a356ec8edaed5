package main

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"baraza/integrations/meta"
)

// What is stored of each fixture with customers' messages: their kinds, in order.
// Every other fixture stores nothing of a customer's.
var fixtureKinds = map[string][]string{
	"audio":                       {"audio"},
	"batch_messages_and_statuses": {"text", "text"},
	"batch_two_tenants":           {"text", "text"},
	"button":                      {"interactive"},
	"contacts":                    {"contacts"},
	"document":                    {"document"},
	"duplicate_message_id":        {"text", "text"}, // of one id
	"entry_missing_id":            {"text"},
	"image":                       {"image"},
	"image_minimal":               {"image"},
	"interactive_button_reply":    {"interactive"},
	"interactive_list_reply":      {"interactive"},
	"interactive_nfm_reply":       {"interactive"},
	"location":                    {"location"},
	"missing_optional_fields":     {"text"},
	"order":                       {"order"},
	"product_inquiry":             {"text"},
	"referral_ctwa":               {"text"},
	"sticker":                     {"sticker"},
	"text":                        {"text"},
	"text_4096":                   {"text"},
	"text_bsuid_only":             {"text"},
	"text_emoji_rtl_zwj":          {"text"},
	"text_forwarded":              {"text"},
	"text_nul_char":               {"text"},
	"text_reply_context":          {"text"},
	"text_username_with_phone":    {"text"},
	"unknown_message_type":        {"unsupported"},
	"unsupported_131051":          {"unsupported"},
	"value_errors":                {"unsupported"},
	"video":                       {"video"},
	"voice":                       {"voice"},
}

// How far our messages get by the status fixtures that name them, whatever the order.
var fixtureStatuses = map[string]string{
	"batch_messages_and_statuses":     "delivered",
	"status_delivered":                "read", // sent, delivered and read are of one message
	"status_delivered_bsuid_only":     "delivered",
	"status_failed_130472":            "failed",
	"status_failed_131000":            "failed",
	"status_failed_131026":            "failed",
	"status_failed_131047":            "failed",
	"status_failed_131049":            "failed",
	"status_failed_131053":            "failed",
	"status_opaque_callback":          "delivered",
	"status_out_of_order":             "read",
	"status_played":                   "read",
	"status_read":                     "read",
	"status_sent":                     "read",
	"status_sent_legacy_conversation": "sent",
}

// whatsAppFixture is what a test reads of one.
type whatsAppFixture struct {
	name string // without whatsapp_ and .json
	wire []byte
	body struct {
		Entry []struct {
			Changes []struct {
				Value struct {
					Messages []struct {
						ID   string `json:"id"`
						Text struct {
							Body string `json:"body"`
						} `json:"text"`
						Reaction struct {
							MessageID string `json:"message_id"`
						} `json:"reaction"`
					} `json:"messages"`
					Statuses []struct {
						ID string `json:"id"`
					} `json:"statuses"`
				} `json:"value"`
			} `json:"changes"`
		} `json:"entry"`
	}
}

func whatsAppFixtures(t *testing.T) map[string]whatsAppFixture {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "integrations", "meta", "testdata", "whatsapp_*.json"))
	require.NoError(t, err)
	require.Greater(t, len(paths), 60)
	found := map[string]whatsAppFixture{}
	for _, path := range paths {
		text := metaFixture(t, filepath.Base(path))
		f := whatsAppFixture{name: strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "whatsapp_"), ".json"), wire: meta.Wire(text)}
		require.NoError(t, json.Unmarshal(text, &f.body), path)
		found[f.name] = f
	}
	return found
}

// messageIDs are the provider ids of the customers' messages, in order.
func (f whatsAppFixture) messageIDs() (ids []string) {
	for _, entry := range f.body.Entry {
		for _, change := range entry.Changes {
			for _, m := range change.Value.Messages {
				ids = append(ids, m.ID)
			}
		}
	}
	return ids
}

// ours are the provider ids of our messages that the fixture is about.
func (f whatsAppFixture) ours() (ids []string) {
	for _, entry := range f.body.Entry {
		for _, change := range entry.Changes {
			for _, s := range change.Value.Statuses {
				ids = append(ids, s.ID)
			}
			for _, m := range change.Value.Messages {
				if m.Reaction.MessageID != "" {
					ids = append(ids, m.Reaction.MessageID)
				}
			}
		}
	}
	return ids
}

func (f whatsAppFixture) text() string {
	return f.body.Entry[0].Changes[0].Value.Messages[0].Text.Body
}

// CH-05, CH-07, CH-09, CH-16 (SECURITY D9): every fixture three times, shuffled, 32 at
// once, through the real endpoint.
func TestFixtures(t *testing.T) {
	t.Parallel()
	h := newHooked(t)
	fixtures := whatsAppFixtures(t)
	coffee, bikes := h.register("kavaleri"), h.register("lantern")
	a := coffee.connect("418290667153204", "301577920445816")
	b := bikes.connect("552871904416338", "287640118839275")
	mine := h.sendOurs(a, fixtures)

	var deliveries []whatsAppFixture
	for _, f := range fixtures {
		deliveries = append(deliveries, f, f, f)
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rand.New(rand.NewPCG(seed, seed)).Shuffle(len(deliveries), func(i, j int) { deliveries[i], deliveries[j] = deliveries[j], deliveries[i] })
	statuses := make([]int, len(deliveries))
	var posting errgroup.Group
	posting.SetLimit(32)
	for i, f := range deliveries {
		posting.Go(func() error {
			r, err := post(h.url, f.wire, appSecret)
			statuses[i] = r.status
			return err
		})
	}
	require.NoError(t, posting.Wait())
	for i, f := range deliveries {
		require.Equal(t, http.StatusOK, statuses[i], f.name)
	}
	h.stream.drained(h.admin)
	require.Zero(t, one[int](t, h.admin, `select count(*) from inbound_failures`))

	t.Run("one_message_per_id_of_the_expected_kind", func(t *testing.T) {
		wanted := map[string]string{}
		for name, kinds := range fixtureKinds {
			ids := fixtures[name].messageIDs()
			require.Len(t, ids, len(kinds), name)
			for i, id := range ids {
				wanted[id] = kinds[i]
			}
		}
		rows, err := h.admin.Query(t.Context(), `select provider_id, kind from messages where direction = 'in' and provider_id <> $1`, firstMessage)
		require.NoError(t, err)
		defer rows.Close()
		stored := map[string]string{}
		for rows.Next() {
			var id, kind string
			require.NoError(t, rows.Scan(&id, &kind))
			require.NotContains(t, stored, id, "stored once")
			stored[id] = kind
		}
		require.NoError(t, rows.Err())
		require.Equal(t, wanted, stored)
	})

	t.Run("CH-05_each_workspace_has_its_own", func(t *testing.T) {
		ids := fixtures["batch_two_tenants"].messageIDs()
		require.Equal(t, []uuid.UUID{coffee.tenant, bikes.tenant}, []uuid.UUID{h.tenantOf(ids[0]), h.tenantOf(ids[1])})
		require.Len(t, bikes.conversations(), 1)
		require.Equal(t, b.id, bikes.conversations()[0].Channel.ID)
		// The same person wrote to both: a contact of each, and no more than one.
		require.Len(t, coffee.conversations(), 4, "Noor, Tomás, Ines and Mira")
		require.Equal(t, 4, one[int](t, h.admin, `select count(*) from contacts where tenant_id = $1`, coffee.tenant))
		require.Equal(t, 1, one[int](t, h.admin, `select count(*) from contacts where tenant_id = $1`, bikes.tenant))
	})

	t.Run("an_unknown_number_is_stored_nowhere", func(t *testing.T) {
		for _, name := range []string{"unknown_phone_number_id", "waba_known_number_unknown", "dashboard_test"} {
			for _, id := range fixtures[name].messageIDs() {
				require.Zero(t, h.stored(id), name)
			}
		}
		require.GreaterOrEqual(t, h.outcome("unroutable"), 9.0)
	})

	t.Run("CH-14_statuses_are_the_furthest", func(t *testing.T) {
		for name, want := range fixtureStatuses {
			for _, id := range fixtures[name].ours() {
				m := coffee.message(mine[id])
				require.Equal(t, want, m.Status, name)
				switch {
				case want == "failed":
					require.Equal(t, strings.TrimPrefix(name, "status_failed_"), m.Error.Code)
					require.NotEmpty(t, m.Error.Title)
				case want == "read":
					require.NotNil(t, m.StatusAt.Sent)
					require.NotNil(t, m.StatusAt.Delivered)
					require.NotNil(t, m.StatusAt.Read)
				}
			}
		}
		require.NotNil(t, coffee.message(mine[fixtures["status_played"].ours()[0]]).StatusAt.Played)
	})

	t.Run("CH-10_a_reaction_taken_back_stays_away", func(t *testing.T) {
		r, err := post(h.url, fixtures["reaction"].wire, appSecret) // once more, after all others
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.status)
		h.stream.drained(h.admin)
		require.Empty(t, coffee.message(mine[fixtures["reaction"].ours()[0]]).Reactions)
	})

	t.Run("texts_are_whole", func(t *testing.T) {
		shown := map[string]string{}
		for _, c := range coffee.conversations() {
			for _, m := range coffee.thread(c.ID) {
				if m.ProviderID != nil {
					shown[*m.ProviderID] = m.text()
				}
			}
		}
		text := func(name string) string { return shown[fixtures[name].messageIDs()[0]] }
		require.Equal(t, "beforeafter", text("text_nul_char"))
		require.Equal(t, fixtures["text_4096"].text(), text("text_4096"))
		require.Equal(t, 4096, utf8.RuneCountInString(text("text_4096")))
		require.Equal(t, []byte(fixtures["text_emoji_rtl_zwj"].text()), []byte(text("text_emoji_rtl_zwj")))
	})

	t.Run("seq_is_dense", func(t *testing.T) {
		for _, c := range coffee.conversations() {
			for i, m := range coffee.thread(c.ID) {
				require.EqualValues(t, i+1, m.Seq)
			}
		}
	})
	h.stop(syscall.SIGTERM)
}

// firstMessage opens the window that our messages need.
const firstMessage = "wamid.fixtures.first"

// sendOurs sends a message for each provider id that statuses and reactions of the
// fixtures name; the Graph API gives them these ids.
func (h *hooked) sendOurs(l *line, fixtures map[string]whatsAppFixture) map[string]uuid.UUID {
	h.t.Helper()
	r, err := post(h.url, l.webhook(inboundText{firstMessage, "12025550147", "Noor Haddad", "Hej!", time.Now()}), appSecret)
	require.NoError(h.t, err)
	require.Equal(h.t, http.StatusOK, r.status)
	var list []conversation
	eventually(h.t, "the first message", func() bool {
		list = l.owner.conversations()
		return len(list) == 1
	})
	sent := map[string]uuid.UUID{}
	for _, f := range fixtures {
		if f.name == "batch_60_statuses" { // of messages nobody knows
			continue
		}
		for _, id := range f.ours() {
			if _, ok := sent[id]; ok {
				continue
			}
			h.graph.give(id)
			r, err := l.owner.write(list[0].ID, uuid.Must(uuid.NewV7()), "ours")
			require.NoError(h.t, err)
			require.Equal(h.t, http.StatusCreated, r.status, "%s", r.body)
			var m message
			r.into(h.t, &m)
			eventually(h.t, "our message to be sent", func() bool { return l.owner.message(m.ID).Status == "sent" })
			require.Equal(h.t, id, *l.owner.message(m.ID).ProviderID)
			sent[id] = m.ID
		}
	}
	return sent
}

func (h *hooked) tenantOf(providerID string) uuid.UUID {
	h.t.Helper()
	return one[uuid.UUID](h.t, h.admin, `select tenant_id from messages where provider_id = $1`, providerID)
}
