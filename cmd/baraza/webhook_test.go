package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/bus"
	"baraza/integrations/meta"
	"baraza/tenancy"
)

// hooked is a program whose stream and database the test can look into.
type hooked struct {
	*program
	stream *stream
	admin  *pgx.Conn
	graph  *graph
	// simulatorSecret is what the program's own simulator signs with.
	simulatorSecret string
}

func newHooked(t *testing.T) *hooked {
	t.Helper()
	store, s, g := newDatabase(t, true), newStream(t), newGraph(t)
	env := store.settings()
	env["NATS_URL"], env["BARAZA_META_GRAPH_URL"] = s.url, g.URL
	master, err := tenancy.ReadMaster(env["BARAZA_MASTER_KEY_FILE"])
	require.NoError(t, err)
	return &hooked{newProgram(t, env).ready(), s, store.admin(), g, simulatorSecret(master)}
}

// stored counts the messages under a provider id, in whatever workspace.
func (h *hooked) stored(providerID string) int {
	h.t.Helper()
	return one[int](h.t, h.admin, `select count(*) from messages where provider_id = $1`, providerID)
}

// outcome reads the counter of what became of items.
func (h *hooked) outcome(name string) float64 {
	h.t.Helper()
	return h.scrape(fmt.Sprintf("baraza_inbound_items_total{outcome=%q}", name))
}

func metaFixture(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "integrations", "meta", "testdata", name))
	require.NoError(t, err)
	return text
}

// The real endpoint, from the wire to the rows.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	h := newHooked(t)
	owner := h.register("hooks")
	l := owner.connect("418290667152000", "301577920442000")

	t.Run("CH-03_handshake", func(t *testing.T) {
		var vectors struct {
			Cases []struct {
				Query       string `json:"query"`
				Status      int    `json:"status"`
				StatusAnyOf []int  `json:"status_any_of"`
				Body        string `json:"body"`
			} `json:"cases"`
		}
		require.NoError(t, json.Unmarshal(metaFixture(t, "meta_webhook_verify_vectors.json"), &vectors))
		require.NotEmpty(t, vectors.Cases)
		for _, path := range []string{"/webhooks/meta", "/webhooks/whatsapp"} {
			for _, c := range vectors.Cases {
				r, err := send("GET", h.url+path+"?"+c.Query, "", nil)
				require.NoError(t, err)
				require.Contains(t, append(c.StatusAnyOf, c.Status), r.status, c.Query)
				require.Equal(t, "nosniff", r.header.Get("X-Content-Type-Options"))
				if c.Status == http.StatusOK {
					require.Equal(t, c.Body, string(r.body))
					require.True(t, strings.HasPrefix(r.header.Get("Content-Type"), "text/plain"))
				} else {
					require.False(t, strings.HasPrefix(r.header.Get("Content-Type"), "text/html"))
				}
			}
		}
	})

	t.Run("CH-04_signatures", func(t *testing.T) {
		var vectors struct {
			Cases []struct {
				Name      string  `json:"name"`
				Body      []byte  `json:"raw_body_base64"`
				Signature *string `json:"x_hub_signature_256"`
				Valid     bool    `json:"expect_valid"`
			} `json:"cases"`
		}
		require.NoError(t, json.Unmarshal(metaFixture(t, "meta_signature_vectors.json"), &vectors))
		require.NotEmpty(t, vectors.Cases)
		for _, c := range vectors.Cases {
			before, refused := h.stream.messages(), h.scrape(`baraza_webhook_requests_total{outcome="bad_signature"}`)
			signature := ""
			if c.Signature != nil {
				signature = *c.Signature
			}
			r, err := postSigned(h.url, c.Body, signature)
			require.NoError(t, err)
			if c.Valid {
				require.Equal(t, http.StatusOK, r.status, c.Name)
				continue
			}
			require.Equal(t, http.StatusUnauthorized, r.status, c.Name)
			require.Equal(t, "bad_signature", r.problem(t).Code, c.Name)
			require.Equal(t, before, h.stream.messages(), "%s: nothing is stored", c.Name)
			require.Equal(t, refused+1, h.scrape(`baraza_webhook_requests_total{outcome="bad_signature"}`), "%s: it is counted", c.Name)
		}
	})

	t.Run("CH-04_a_forged_message_is_stored_nowhere", func(t *testing.T) {
		before := h.stream.messages()
		body := l.webhook(inboundText{"wamid.forged", "254700000101", "Forger", "let me in", time.Now()})
		for _, signature := range []string{"", meta.Sign(body, "another secret of sixteen"), meta.Sign(append(bytes.Clone(body), ' '), appSecret)} {
			r, err := postSigned(h.url, body, signature)
			require.NoError(t, err)
			require.Equal(t, http.StatusUnauthorized, r.status)
		}
		require.Equal(t, before, h.stream.messages())
		require.Zero(t, h.stored("wamid.forged"))
	})

	t.Run("a_body_over_3_MB_is_refused_and_what_is_no_webhook_is_taken", func(t *testing.T) {
		before := h.stream.messages()
		large := []byte(`"` + strings.Repeat("a", 3<<20) + `"`)
		r, err := post(h.url, large, appSecret)
		require.NoError(t, err)
		require.Equal(t, http.StatusRequestEntityTooLarge, r.status)
		require.Equal(t, "too_large", r.problem(t).Code)
		for _, body := range []string{`"no webhook"`, `{`, ``, `[]`, `{"object":""}`, `{"object":"whatsapp_business_account"}`, "\xff\xfe", string(large[:3<<20-1]) + `"`} {
			r, err := post(h.url, []byte(body), appSecret)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, r.status, "%.40q", body)
			require.JSONEq(t, `{"received":0}`, string(r.body))
		}
		require.Equal(t, before, h.stream.messages())
	})

	t.Run("CH-46_each_signer_reaches_its_own_channels", func(t *testing.T) {
		var channel struct {
			External struct {
				PhoneNumberID string `json:"phone_number_id"`
				WabaID        string `json:"waba_id"`
			} `json:"external"`
		}
		owner.call("POST", "/api/channels/simulated", map[string]string{"kind": "whatsapp", "name": "Practice"}, http.StatusCreated, &channel)
		played := &line{number: channel.External.PhoneNumberID, waba: channel.External.WabaID}
		for i, c := range []struct {
			line    *line
			secret  string
			arrives bool
		}{
			{l, h.simulatorSecret, false},
			{played, appSecret, false},
			{l, appSecret, true},
			{l, previousSecret, true}, // a rotation is under way
			{played, h.simulatorSecret, true},
		} {
			dropped := h.outcome("wrong_signer")
			id := fmt.Sprintf("wamid.signer.%d", i)
			r, err := post(h.url, c.line.webhook(inboundText{id, "254700000102", "Signer", "hello", time.Now()}), c.secret)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, r.status, "which side signed is told to nobody")
			h.stream.drained(h.admin)
			if c.arrives {
				require.Equal(t, 1, h.stored(id), "case %d", i)
				continue
			}
			require.Zero(t, h.stored(id), "case %d", i)
			require.Equal(t, dropped+1, h.outcome("wrong_signer"))
		}
	})

	// SECURITY §1.7: what a stream message says of itself decides nothing: whose it is is
	// looked up, and who may speak for a channel is compared.
	t.Run("forged_stream_messages", func(t *testing.T) {
		other := h.register("forged")
		envelope := func(id string) (int, []byte) {
			items, err := meta.Split(l.webhook(inboundText{id, "254700000103", "Forger", "hello", time.Now()}))
			require.NoError(t, err)
			data, err := json.Marshal(meta.Envelope{ReceivedAt: time.Now(), Items: items})
			require.NoError(t, err)
			return items[0].Shard(), data
		}
		for i, header := range []map[string]string{
			nil, {headerSigner: ""}, {headerSigner: "root"}, {headerSigner: meta.SignerSimulator}, {"signer": meta.SignerMeta, "Tenant": other.tenant.String()},
		} {
			dropped := h.outcome("wrong_signer")
			id := fmt.Sprint("wamid.forged.", i)
			shard, data := envelope(id)
			require.NoError(t, h.stream.bus.Publish(t.Context(), bus.Inbound, shard, header, data))
			h.stream.drained(h.admin)
			require.Zero(t, h.stored(id), "%v", header)
			require.Equal(t, dropped+1, h.outcome("wrong_signer"), "%v", header)
		}
		// Signed, with another workspace's name on it, in another shard.
		shard, data := envelope("wamid.forged.tenant")
		require.NoError(t, h.stream.bus.Publish(t.Context(), bus.Inbound, (shard+1)%bus.Shards,
			map[string]string{headerSigner: meta.SignerMeta, "Tenant": other.tenant.String(), "tenant_id": other.tenant.String()}, data))
		// Not even an envelope: put aside, and what is behind it arrives.
		require.NoError(t, h.stream.bus.Publish(t.Context(), bus.Inbound, (shard+1)%bus.Shards, map[string]string{headerSigner: meta.SignerMeta}, []byte("\x00{")))
		_, data = envelope("wamid.forged.behind")
		require.NoError(t, h.stream.bus.Publish(t.Context(), bus.Inbound, (shard+1)%bus.Shards, map[string]string{headerSigner: meta.SignerMeta}, data))
		h.stream.drained(h.admin)
		for _, id := range []string{"wamid.forged.tenant", "wamid.forged.behind"} {
			require.Equal(t, owner.tenant, h.tenantOf(id))
		}
		require.Empty(t, other.conversations())
		require.Equal(t, 1, one[int](t, h.admin, `select count(*) from inbound_failures`))
	})

	// SE-02: a job acts for the tenant its row names, whatever else it names.
	t.Run("a_job_with_a_foreign_tenant", func(t *testing.T) {
		other := h.register("jobs")
		var mine conversation
		eventually(t, "a conversation", func() bool {
			for _, c := range owner.conversations() {
				if c.Contact.Identity.Value == "+254700000103" {
					mine = c
				}
			}
			return mine.ID != uuid.Nil
		})
		h.graph.keep() // so that ours is queued while the forged job looks for it
		r, err := owner.write(mine.ID, uuid.Must(uuid.NewV7()), "ours")
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, r.status, "%s", r.body)
		var m message
		r.into(t, &m)
		eventually(t, "our call", func() bool { return h.graph.waiting() == 1 })
		before := contentsOf(t, h.admin, other.tenant)
		forge := func(kind string) int64 {
			return one[int64](t, h.admin, `
				insert into river.river_job (args, kind, max_attempts, queue, priority, state)
				select jsonb_set(args, '{tenant_id}', to_jsonb($2::text)), $3, max_attempts, queue, priority, 'available'
				from river.river_job where args->'args'->>'conversation_id' = $1 limit 1
				returning id`, mine.ID.String(), other.tenant.String(), kind)
		}
		for kind, says := range map[string]string{"chat.send": "not_found", "chat.of_a_newer_version": "not registered"} {
			id := forge(kind)
			eventually(t, kind+" to fail", func() bool {
				return one[bool](t, h.admin, `select coalesce(errors[1]->>'error' like '%' || $2 || '%', false) from river.river_job where id = $1`, id, says)
			})
		}
		require.Equal(t, before, contentsOf(t, h.admin, other.tenant))
		require.Equal(t, 1, h.graph.callsFor(m.ID.String()))
		h.graph.release()
		eventually(t, "ours to be sent", func() bool { return owner.message(m.ID).Status == "sent" })
		require.Equal(t, 1, h.graph.callsFor(m.ID.String()))
	})

	t.Run("CH-02_a_number_is_connected_once_anywhere", func(t *testing.T) {
		other := h.register("taken")
		connect := func(p *person) problem {
			r := p.call("POST", "/api/channels?skip_check=true", map[string]string{
				"kind": "whatsapp", "name": "Mine", "phone_number_id": l.number, "waba_id": l.waba, "access_token": accessToken}, http.StatusConflict, nil)
			answer := r.problem(t)
			answer.RequestID = ""
			return answer
		}
		require.Equal(t, connect(owner), connect(other), "one wording, here and elsewhere")
		require.Equal(t, "channel_taken", connect(other).Code)
	})
	h.stop(syscall.SIGTERM)
}
