package meta

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"baraza/domain/channels"
)

// describe puts what matters of a parsed update on one line.
func describe(event channels.Event, err error) string {
	if ignored := (*Ignored)(nil); errors.As(err, &ignored) {
		return err.Error()
	}
	if err != nil {
		return "unreadable"
	}
	at := event.At.Unix() - 1794200000
	from := func(s channels.Sender) string {
		var keys []string
		for _, k := range s.Keys {
			keys = append(keys, k.Kind+"="+k.Value)
		}
		return strings.TrimSpace(fmt.Sprintf("%s %s", s.Name+s.Username, strings.Join(keys, " ")))
	}
	switch {
	case event.Reaction != nil:
		return fmt.Sprintf("reaction +%d %q from %s", at, event.Reaction.Emoji, from(event.Reaction.From))
	case event.Status != nil:
		s := fmt.Sprintf("status +%d %s", at, event.Status.Status)
		if event.Status.Error != nil {
			s += " " + event.Status.Error.Code
		}
		if event.Status.ClientKey != "" {
			s += " for " + event.Status.ClientKey
		}
		return s
	}
	m := event.Message
	s := fmt.Sprintf("%s +%d", m.Kind, at)
	if m.RawType != "" {
		s += "(" + m.RawType + ")"
	}
	if n := len(m.Text); n > 60 {
		s += fmt.Sprintf(" %d bytes", n)
	} else if n > 0 {
		s += fmt.Sprintf(" %+q", m.Text)
	}
	for _, media := range m.Media {
		s += fmt.Sprintf(" [%s %s %s %s]", media.Kind, media.ProviderID, media.MIME, media.Name)
	}
	if m.ReplyTo != "" {
		s += " reply"
	}
	if m.Forwarded {
		s += " forwarded"
	}
	if m.Content != nil {
		s += " +content"
	}
	return s + " from " + from(m.From)
}

func TestParse(t *testing.T) {
	t.Parallel()

	parse := func(t *testing.T, message string) (channels.Event, error) {
		t.Parallel()
		items, err := Split([]byte(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{
			"metadata":{"phone_number_id":"` + numberA + `"},"messages":[` + message + `]}}]}]}`))
		require.NoError(t, err)
		require.Len(t, items, 1)
		return Parse(items[0])
	}

	// CH-09, CH-10: every fixture in the form in which Meta sends it.
	for _, name := range fixtures(t, "whatsapp_") {
		t.Run(stem(name), func(t *testing.T) {
			t.Parallel()
			items, err := Split(Wire(fixture(t, name)))
			require.NoError(t, err)
			got := []string{}
			for _, item := range items {
				event, err := Parse(item)
				got = append(got, describe(event, err))
				if err == nil {
					require.Equal(t, item.RoutingKey, event.RoutingKey)
					requireSound(t, event)
				}
			}
			if stem(name) == "whatsapp_batch_60_statuses" {
				require.Len(t, got, 60)
				require.Equal(t, "status +59 read", got[59])
				return
			}
			want, known := whatsAppEvents[stem(name)]
			require.True(t, known)
			require.Equal(t, want, got)
		})
	}

	t.Run("a_text_of_4096_characters_stays_whole", func(t *testing.T) {
		t.Parallel()
		items, err := Split(Wire(fixture(t, "whatsapp_text_4096.json")))
		require.NoError(t, err)
		event, err := Parse(items[0])
		require.NoError(t, err)
		require.Equal(t, 4096, utf8.RuneCountInString(event.Message.Text))
	})

	t.Run("bidi_and_joined_characters_stay_byte_for_byte", func(t *testing.T) {
		t.Parallel()
		items, err := Split(Wire(fixture(t, "whatsapp_text_emoji_rtl_zwj.json")))
		require.NoError(t, err)
		event, err := Parse(items[0])
		require.NoError(t, err)
		require.Equal(t, "\u202eabc\u202c שלום 👩\u200d👩\u200d👧\u200d👦 مرحبا\u200b\u200d x e\u0301 𝒳 🇩🇰", event.Message.Text)
	})

	t.Run("a_message_of_every_kind_opens_the_window", func(t *testing.T) {
		event, err := parse(t, `{"id":"wamid.1","from":"12025550147","type":"hologram","hologram":1}`)
		require.NoError(t, err)
		require.True(t, event.Message.OpensWindow)
	})

	t.Run("times_are_text_or_numbers", func(t *testing.T) {
		t.Parallel()
		want := time.Unix(1794200000, 0).UTC()
		require.Equal(t, want, unixTime("1794200000"))
		require.Equal(t, want, unixTime("1.7942e9"))
		for _, wrong := range []text{"", "0", "-5", "soon", "1e300", "NaN", "Inf"} {
			require.True(t, unixTime(wrong).IsZero(), wrong)
		}
	})

	t.Run("wrong_types_around_it_do_not_spoil_a_message", func(t *testing.T) {
		event, err := parse(t, `{"id":17,"from":12025550147,"timestamp":1794200000,"type":"text","text":{"body":"hi"},"context":"none","referral":[]}`)
		require.NoError(t, err)
		require.Equal(t, `text +0 "hi" from wa_phone=+12025550147`, describe(event, nil))
		require.Equal(t, "17", event.Message.ProviderID)
	})

	t.Run("a_long_text_is_cut_at_64_KiB", func(t *testing.T) {
		event, err := parse(t, `{"id":"wamid.1","from":"1","type":"text","text":{"body":"`+strings.Repeat("é", 50_000)+`"}}`)
		require.NoError(t, err)
		require.Len(t, event.Message.Text, 64<<10)
	})

	t.Run("a_lone_surrogate_is_replaced", func(t *testing.T) {
		event, err := parse(t, `{"id":"wamid.1","from":"1","type":"text","text":{"body":"a\ud83db"}}`)
		require.NoError(t, err)
		require.Equal(t, "a\uFFFDb", event.Message.Text)
	})

	t.Run("a_reaction_without_emoji_takes_it_away", func(t *testing.T) {
		event, err := parse(t, `{"id":"wamid.1","from":"1","type":"reaction","reaction":{"message_id":"wamid.0"}}`)
		require.NoError(t, err)
		require.Equal(t, "wamid.0", event.Reaction.Target)
		require.Empty(t, event.Reaction.Emoji)
	})

	t.Run("a_parent_id_is_one_more_key", func(t *testing.T) {
		event, err := parse(t, `{"id":"wamid.1","from_user_id":"US.1","from_parent_user_id":"US.ENT.2","type":"text","text":{"body":"x"}}`)
		require.NoError(t, err)
		require.Equal(t, []channels.IdentityKey{{Kind: "bsuid", Value: "US.1"}, {Kind: "parent_bsuid", Value: "US.ENT.2"}}, event.Message.From.Keys)
	})

	for _, c := range []struct{ name, message, want string }{
		{"a_group_never_joins_a_conversation", `{"id":"wamid.1","from":"1","group_id":"g","type":"text","text":{"body":"x"}}`, "ignored: group"},
		{"a_first_open_says_nothing", `{"id":"wamid.1","from":"1","type":"request_welcome"}`, "ignored: request_welcome"},
		{"a_message_needs_an_id", `{"from":"1","type":"text","text":{"body":"x"}}`, "unreadable"},
		{"an_id_has_a_bound", `{"id":"` + strings.Repeat("w", 513) + `","from":"1","type":"text","text":{"body":"x"}}`, "unreadable"},
		{"a_message_needs_a_sender", `{"id":"wamid.1","from":"nobody","type":"text","text":{"body":"x"}}`, "unreadable"},
		{"a_reaction_needs_a_target", `{"id":"wamid.1","from":"1","type":"reaction","reaction":{}}`, "unreadable"},
		{"a_number_is_no_message", `42`, "unreadable"},
		{"an_image_without_id_is_unsupported", `{"id":"w","from":"1","timestamp":1794200000,"type":"image","image":"gone"}`, "unsupported +0(image) +content from wa_phone=+1"},
		{"a_text_without_body_is_unsupported", `{"id":"w","from":"1","timestamp":1794200000,"type":"text"}`, "unsupported +0(text) from wa_phone=+1"},
		{"no_type_at_all", `{"id":"w","from":"1","timestamp":1794200000}`, "unsupported +0 from wa_phone=+1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			event, err := parse(t, c.message)
			require.Equal(t, c.want, describe(event, err))
		})
	}

	t.Run("statuses", func(t *testing.T) {
		t.Parallel()
		for status, want := range map[string]string{
			`{"id":"w","status":"deleted"}`:                                                   "ignored: status",
			`{"id":"w","status":"read","recipient_type":"group"}`:                             "ignored: group",
			`{"status":"read"}`:                                                               "unreadable",
			`{"id":"w","status":"failed","timestamp":"1794200000"}`:                           "status +0 failed unknown",
			`{"id":"w","status":"failed","timestamp":"1794200000","errors":[{"code":"999"}]}`: "status +0 failed 999",
		} {
			items, err := Split([]byte(`{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"statuses":[` + status + `]}}]}]}`))
			require.NoError(t, err)
			event, err := Parse(items[0])
			require.Equal(t, want, describe(event, err))
		}
	})

	t.Run("other_platforms_are_counted", func(t *testing.T) {
		t.Parallel()
		items, err := Split([]byte(`{"object":"page","entry":[{"id":"109384756120398","time":1,"messaging":[{"sender":{"id":"7"}}]}]}`))
		require.NoError(t, err)
		require.Len(t, items, 1)
		require.Equal(t, "109384756120398", items[0].RoutingKey)
		event, err := Parse(items[0])
		require.Equal(t, "ignored: object", describe(event, err))
	})
}

// requireSound proves what every event promises, whatever the bytes were.
func requireSound(t testing.TB, event channels.Event) {
	t.Helper()
	set := 0
	texts := []string{}
	sender := func(s channels.Sender) {
		require.NotEmpty(t, s.Keys)
		for _, k := range s.Keys {
			texts = append(texts, k.Value)
		}
		texts = append(texts, s.Name, s.Username)
	}
	if m := event.Message; m != nil {
		set++
		sender(m.From)
		require.NotEmpty(t, m.ProviderID)
		require.NotEmpty(t, m.Kind)
		require.LessOrEqual(t, len(m.Text), maxText)
		require.True(t, m.Content == nil || json.Valid(m.Content))
		texts = append(texts, m.ProviderID, m.RawType, m.Text, m.ReplyTo)
		for _, media := range m.Media {
			texts = append(texts, media.ProviderID, media.MIME, media.SHA256, media.Name)
		}
	}
	if r := event.Reaction; r != nil {
		set++
		sender(r.From)
		require.NotEmpty(t, r.Target)
		texts = append(texts, r.ProviderID, r.Target, r.Emoji)
	}
	if s := event.Status; s != nil {
		set++
		require.NotEmpty(t, s.ProviderID)
		require.Equal(t, s.Status == "failed", s.Error != nil)
		texts = append(texts, s.ProviderID, s.ClientKey)
	}
	require.Equal(t, 1, set, "exactly one of the pointers")
	for _, s := range texts {
		require.True(t, utf8.ValidString(s) && !strings.Contains(s, "\x00"))
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range fixtures(f, "whatsapp_") {
		f.Add(Wire(fixture(f, name)))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		event, err := Parse(Item{Object: whatsAppObject, Field: "messages", Raw: raw})
		if err == nil {
			requireSound(t, event)
			return
		}
		if ignored := (*Ignored)(nil); !errors.As(err, &ignored) {
			require.ErrorIs(t, err, ErrUnreadable)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	items, err := Split(Wire(fixture(b, "whatsapp_text.json")))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(items[0]); err != nil {
			b.Fatal(err)
		}
	}
}
