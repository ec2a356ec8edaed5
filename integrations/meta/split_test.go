package meta

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestSplit(t *testing.T) {
	t.Parallel()

	split := func(t *testing.T, name string) []Item {
		t.Parallel()
		items, err := Split(Wire(fixture(t, name)))
		require.NoError(t, err)
		return items
	}

	// CH-05: each item carries the key of its own tenant.
	t.Run("two_tenants", func(t *testing.T) {
		items := split(t, "whatsapp_batch_two_tenants.json")
		require.Len(t, items, 2)
		require.Equal(t, numberA, items[0].RoutingKey)
		require.Equal(t, numberB, items[1].RoutingKey)
		require.NotContains(t, string(items[0].Raw), numberB)
		require.NotContains(t, string(items[1].Raw), numberA)
	})

	t.Run("messages_and_statuses_keep_their_order", func(t *testing.T) {
		items := split(t, "whatsapp_batch_messages_and_statuses.json")
		require.Len(t, items, 3)
		require.Contains(t, string(items[0].Raw), `"one"`)
		require.Contains(t, string(items[1].Raw), `"two"`)
		require.Contains(t, string(items[2].Raw), `"delivered"`)
		require.Equal(t, "US.40182736455102938477", items[0].Sender)
		require.Equal(t, items[0].Sender, items[1].Sender)
		require.Equal(t, "US.51820394756610293841", items[2].Sender)
	})

	t.Run("sixty_statuses", func(t *testing.T) {
		require.Len(t, split(t, "whatsapp_batch_60_statuses.json"), 60)
	})

	t.Run("the_user_id_is_found_through_the_contact", func(t *testing.T) {
		items := split(t, "whatsapp_value_errors.json") // its message has a phone number only
		require.Len(t, items, 2)
		require.Equal(t, "US.40182736455102938477", items[0].Sender)
		require.Empty(t, items[1].Sender, "an error about the number")
	})

	t.Run("a_phone_number_orders_where_no_user_id_is_known", func(t *testing.T) {
		items := split(t, "whatsapp_missing_optional_fields.json")
		require.Equal(t, "12025550147", items[0].Sender)
	})

	t.Run("account_level_updates_are_routed_by_the_entry", func(t *testing.T) {
		items := split(t, "whatsapp_account_update_restriction.json")
		require.Len(t, items, 1)
		require.Equal(t, Item{Object: "whatsapp_business_account", RoutingKey: "301577920445816", Field: "account_update", Raw: items[0].Raw}, items[0])
		require.Contains(t, string(items[0].Raw), "RESTRICTED_ADD_PHONE_NUMBER_ACTION")
	})

	t.Run("a_number_the_update_does_not_name_is_not_guessed", func(t *testing.T) {
		t.Parallel()
		items, err := Split([]byte(`{"object":"whatsapp_business_account","entry":[{"id":"301577920445816","changes":[
			{"field":"messages","value":{"messages":[{"id":"wamid.1","from":"1"}]}}]}]}`))
		require.NoError(t, err)
		require.Len(t, items, 1)
		require.Empty(t, items[0].RoutingKey)
	})

	t.Run("no_entries_are_no_items", func(t *testing.T) {
		require.Empty(t, split(t, "whatsapp_empty_entry.json"))
	})

	t.Run("a_contact_goes_with_its_own_messages_only", func(t *testing.T) {
		t.Parallel()
		items, err := Split([]byte(`{"entry":[{"changes":[{"value":{"statuses":[{"recipient_id":"3"}],"messages":[{"from":"1"},{"from_user_id":"US.2"},{"from":"3"},{}],
			"contacts":[{"wa_id":"2","user_id":"US.2","n":"two"},{"wa_id":"1","user_id":"US.1","n":"one"},7],
			"metadata":{"phone_number_id":418290667153204}},"field":"messages"}],"id":1}],"object":"whatsapp_business_account"}`))
		require.NoError(t, err)
		require.Len(t, items, 5)
		var senders []string
		for _, i := range items {
			senders = append(senders, i.Sender)
			require.Equal(t, numberA, i.RoutingKey)
		}
		require.Equal(t, []string{"US.1", "US.2", "3", "", "3"}, senders)
		require.Contains(t, string(items[0].Raw), `"contacts":[{"wa_id":"1","user_id":"US.1","n":"one"}]`)
		require.Contains(t, string(items[1].Raw), `"two"`)
		require.NotContains(t, string(items[2].Raw), "contacts")
	})

	t.Run("what_has_the_wrong_type_is_handed_on_raw", func(t *testing.T) {
		t.Parallel()
		for _, c := range []struct {
			body string
			want []string
		}{
			{`{"object":"x","entry":[42,null]}`, []string{`[42]`, `[null]`}},
			{`{"object":"x","entry":"none"}`, []string{`["none"]`}},
			{`{"object":"x","entry":[{"id":"1"}]}`, []string{`[{"id":"1"}]`}},
			{`{"object":"x","entry":[{"id":"1","changes":{}}]}`, []string{`{"id":"1","changes":{}}`}},
			{`{"object":"x","entry":[{"id":"1","changes":[true,{"value":7}]}]}`, []string{`"changes":[true]`, `{"value":7}`}},
			{`{"object":"x","entry":[{"changes":[{"field":"messages","value":{"messages":"y"}}]}]}`, []string{`"messages":"y"`}},
			{`{"object":"x","entry":[{"changes":[{"field":"messages","value":{"metadata":3,"messages":[1,"z"]}}]}]}`,
				[]string{`"messages":[1]`, `"messages":["z"]`}},
		} {
			items, err := Split([]byte(c.body))
			require.NoError(t, err, c.body)
			require.Len(t, items, len(c.want), c.body)
			for i, want := range c.want {
				require.Contains(t, string(items[i].Raw), want)
			}
		}
	})

	t.Run("what_is_no_webhook_is_refused", func(t *testing.T) {
		t.Parallel()
		for _, body := range []string{``, ` `, `null`, `[]`, `"x"`, `{`, `{}`, `{"object":7.}`, `{"object":""}`, `{"object":null,"entry":[]}`,
			`{"object":"x"} {"object":"y"}`, `{"object":"x","entry":[{]}`, `{"object":"x",}`, `object=x`,
			`{"object":"x","entry":` + strings.Repeat("[", 20_000)} {
			_, err := Split([]byte(body))
			require.ErrorIs(t, err, ErrUnreadable, body)
		}
	})

	// CH-05: the largest webhook Meta promises.
	t.Run("a_thousand_updates_in_three_megabytes", func(t *testing.T) {
		t.Parallel()
		body := manyMessages(1000, 2_850)
		require.Less(t, len(body), maxBody)
		items, err := Split(body)
		require.NoError(t, err)
		require.Len(t, items, 1000)
		require.Contains(t, string(items[999].Raw), `"wamid.999"`)
	})

	t.Run("a_body_that_would_grow_without_bound_is_refused", func(t *testing.T) {
		t.Parallel()
		for _, body := range []string{
			`{"object":"x","entry":[{"changes":[{"field":"messages","value":{"messages":[` + strings.Repeat("0,", 200_000) + `0]}}]}]}`,
			`{"object":"x","entry":[{"changes":[{"field":"messages","value":{"contacts":[{"wa_id":"1","x":"` + strings.Repeat("x", 1<<20) +
				`"}],"messages":[` + strings.Repeat(`{"from":"1"},`, 20) + `0]}}]}]}`,
		} {
			_, err := Split([]byte(body))
			require.ErrorIs(t, err, errExpanded)
		}
	})

	for _, name := range append(fixtures(t, "whatsapp_"), "request_whatsapp_text.json") {
		t.Run("each_item_splits_into_itself/"+stem(name), func(t *testing.T) {
			t.Parallel()
			items, err := Split(Wire(fixture(t, name)))
			if err != nil {
				require.ErrorIs(t, err, ErrUnreadable)
				return
			}
			requireSelfContained(t, items)
		})
	}
}

// requireSelfContained proves that an item can be kept and read again alone.
func requireSelfContained(t testing.TB, items []Item) {
	t.Helper()
	for _, item := range items {
		require.True(t, json.Valid(item.Raw))
		require.True(t, utf8.Valid(item.Raw))
		again, err := Split(item.Raw)
		require.NoError(t, err)
		require.Equal(t, []Item{item}, again)
	}
}

func manyMessages(n, textBytes int) []byte {
	var b strings.Builder
	b.WriteString(`{"object":"whatsapp_business_account","entry":[`)
	for i := range n {
		fmt.Fprintf(&b, `%s{"id":"301577920445816","changes":[{"value":{"metadata":{"phone_number_id":"418290667153204"},"contacts":[{"wa_id":"1202555%04d"}],`+
			`"messages":[{"from":"1202555%04d","id":"wamid.%d","timestamp":"1794200000","type":"text","text":{"body":"%s"}}]},"field":"messages"}]}`,
			strings.Repeat(",", min(i, 1)), i, i, i, strings.Repeat("x", textBytes))
	}
	b.WriteString(`]}`)
	return []byte(b.String())
}

func FuzzSplit(f *testing.F) {
	for _, name := range fixtures(f, "whatsapp_") {
		f.Add(fixture(f, name))
		f.Add(Wire(fixture(f, name)))
	}
	for _, s := range []string{`{"object":"page","entry":[{"id":"1","messaging":[{}]}]}`, `{"object":"x","entry":[{"changes":[{"value":{"messages":[{"id":"\ud800\u0000"}]}}]}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		items, err := Split(raw)
		if err != nil {
			require.ErrorIs(t, err, ErrUnreadable)
			return
		}
		if len(items) > 50 {
			items = items[:50]
		}
		requireSelfContained(t, items)
		for _, item := range items {
			require.Less(t, item.Shard(), Shards)
			if event, err := Parse(item); err == nil {
				requireSound(t, event)
			}
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	for _, c := range []struct {
		name string
		body []byte
	}{
		{"one_text", Wire(fixture(b, "whatsapp_text.json"))},
		{"sixty_statuses", Wire(fixture(b, "whatsapp_batch_60_statuses.json"))},
		{"thousand_messages", manyMessages(1000, 200)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Split(c.body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
