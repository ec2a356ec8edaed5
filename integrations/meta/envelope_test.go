package meta

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestEnvelope(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 9, 6, 0, 0, 125_000_000, time.UTC)

	t.Run("comes_back_as_it_was", func(t *testing.T) {
		t.Parallel()
		for _, name := range fixtures(t, "whatsapp_") {
			items, err := Split(Wire(fixture(t, name)))
			require.NoError(t, err)
			var back []Item
			for shard, list := range envelopes(at, items) {
				require.LessOrEqual(t, len(list), 1)
				for _, data := range list {
					e, err := DecodeEnvelope(data)
					require.NoError(t, err)
					require.Equal(t, at, e.ReceivedAt)
					for _, item := range e.Items {
						require.Equal(t, shard, item.Shard())
						require.NotContains(t, string(item.Raw), `\u0000`)
					}
					back = append(back, e.Items...)
				}
			}
			require.ElementsMatch(t, items, back, name)
		}
	})

	// G5: what one person wrote stays in one shard and in its order.
	t.Run("keeps_the_order_of_a_person", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, func(r *rapid.T) {
			var items []Item
			for n := range rapid.IntRange(0, 60).Draw(r, "items") {
				raw, err := json.Marshal(n)
				require.NoError(r, err)
				items = append(items, Item{
					RoutingKey: rapid.SampledFrom([]string{"", numberA, numberB}).Draw(r, "number"),
					Sender:     rapid.SampledFrom([]string{"", "US.1", "1", "\"\\\u2028"}).Draw(r, "sender"),
					Raw:        raw,
				})
			}
			seen, total := map[[2]string]int{}, 0
			for _, list := range envelopes(at, items) {
				for _, data := range list {
					e, err := DecodeEnvelope(data)
					require.NoError(r, err)
					for _, item := range e.Items {
						var n int
						require.NoError(r, json.Unmarshal(item.Raw, &n))
						who := [2]string{item.RoutingKey, item.Sender}
						require.GreaterOrEqual(r, n, seen[who])
						seen[who], total = n, total+1
					}
				}
			}
			require.Equal(r, len(items), total)
		})
	})

	t.Run("stays_below_what_the_stream_takes", func(t *testing.T) {
		t.Parallel()
		items := make([]Item, 9)
		for i := range items {
			items[i].Raw = json.RawMessage(`"` + strings.Repeat("x", 1<<20) + `"`)
		}
		list := envelopes(at, items)[Item{}.Shard()]
		require.Len(t, list, 3)
		for _, data := range list {
			require.Less(t, len(data), 4<<20)
			_, err := DecodeEnvelope(data)
			require.NoError(t, err)
		}
	})

	t.Run("what_is_none_is_an_error", func(t *testing.T) {
		t.Parallel()
		_, err := DecodeEnvelope([]byte(`{"items":`))
		require.Error(t, err)
	})

	t.Run("the_shard_of_an_item_never_changes", func(t *testing.T) {
		t.Parallel()
		// Positions in the stream are kept per shard: another hash would break order.
		require.Equal(t, []int{15, 5, 11}, []int{
			Item{}.Shard(),
			Item{RoutingKey: numberA, Sender: "US.40182736455102938477"}.Shard(),
			Item{RoutingKey: numberB, Sender: "12025550147"}.Shard(),
		})
	})
}
