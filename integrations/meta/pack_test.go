package meta

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// one is an envelope with one item.
func one(t *testing.T, raw string) []byte {
	t.Helper()
	list := envelopes(time.Date(2026, 11, 9, 6, 0, 0, 0, time.UTC), []Item{{RoutingKey: numberA, Raw: json.RawMessage(raw)}})
	return list[Item{RoutingKey: numberA}.Shard()][0]
}

// CH-05, CH-06: an answer means on disk, also for those who shared a message.
func TestLane(t *testing.T) {
	t.Parallel()

	// opened is a lane whose first message is being stored until release is called.
	opened := func(t *testing.T, publish func(context.Context, []byte) error) (l *lane, release func(), first chan error) {
		t.Helper()
		var once sync.Once
		began, end := make(chan struct{}), make(chan struct{})
		l, first = &lane{}, make(chan error, 1)
		go func() {
			first <- l.store(t.Context(), SignerMeta, one(t, `0`), func(ctx context.Context, data []byte) error {
				close(began)
				<-end
				return publish(ctx, data)
			})
		}()
		<-began
		release = func() { once.Do(func() { close(end) }) }
		t.Cleanup(release)
		return l, release, first
	}
	waiting := func(l *lane) string {
		l.mu.Lock()
		defer l.mu.Unlock()
		var sizes []string
		for _, p := range l.waiting {
			e, err := DecodeEnvelope(p.data)
			if err != nil {
				return err.Error()
			}
			sizes = append(sizes, fmt.Sprintf("%s %d", p.signer, len(e.Items)))
		}
		return strings.Join(sizes, ", ")
	}

	t.Run("who_waits_travels_together_in_order", func(t *testing.T) {
		t.Parallel()
		var stored []Envelope
		keep := func(_ context.Context, data []byte) error {
			e, err := DecodeEnvelope(data)
			stored = append(stored, e)
			return err
		}
		l, release, first := opened(t, keep)
		results := make(chan error, 5)
		for i := 1; i <= 5; i++ {
			go func() { results <- l.store(t.Context(), SignerMeta, one(t, fmt.Sprint(i)), keep) }()
			require.Eventually(t, func() bool { return waiting(l) == fmt.Sprintf("%s %d", SignerMeta, i) }, 5*time.Second, time.Millisecond)
		}
		release()
		require.NoError(t, <-first)
		for range 5 {
			require.NoError(t, <-results)
		}
		require.Len(t, stored, 2)
		for i, item := range stored[1].Items {
			require.Equal(t, fmt.Sprint(i+1), string(item.Raw))
		}
		require.Len(t, stored[1].Items, 5)
		require.Empty(t, waiting(l))
		require.NoError(t, l.store(t.Context(), SignerMeta, one(t, `6`), keep), "an idle lane stores at once")
	})

	t.Run("signers_are_never_mixed_and_a_full_pack_takes_no_more", func(t *testing.T) {
		t.Parallel()
		var count int
		keep := func(context.Context, []byte) error { count++; return nil }
		l, release, first := opened(t, keep)
		large := `"` + strings.Repeat("x", maxPack/2) + `"`
		results := make(chan error, 4)
		for i, step := range []struct{ signer, raw, want string }{
			{SignerMeta, large, "meta 1"}, {SignerSimulator, `1`, "meta 1, simulator 1"},
			{SignerMeta, large, "meta 1, simulator 1, meta 1"}, {SignerMeta, large, "meta 1, simulator 1, meta 1, meta 1"},
		} {
			go func() { results <- l.store(t.Context(), step.signer, one(t, step.raw), keep) }()
			require.Eventually(t, func() bool { return waiting(l) == step.want }, 5*time.Second, time.Millisecond, "step %d: %s", i, waiting(l))
		}
		release()
		require.NoError(t, <-first)
		for range 4 {
			require.NoError(t, <-results)
		}
		require.Equal(t, 5, count)
	})

	t.Run("a_failure_reaches_all_who_shared_it_and_nobody_else", func(t *testing.T) {
		t.Parallel()
		broken := errors.New("the disk is full")
		l, release, first := opened(t, func(context.Context, []byte) error { return nil })
		results := make(chan error, 2)
		for i := 1; i <= 2; i++ {
			go func() {
				results <- l.store(t.Context(), SignerMeta, one(t, `1`), func(context.Context, []byte) error { return broken })
			}()
			require.Eventually(t, func() bool { return waiting(l) == fmt.Sprintf("%s %d", SignerMeta, i) }, 5*time.Second, time.Millisecond)
		}
		release()
		require.NoError(t, <-first)
		require.ErrorIs(t, <-results, broken)
		require.ErrorIs(t, <-results, broken)
		require.NoError(t, l.store(t.Context(), SignerMeta, one(t, `2`), func(context.Context, []byte) error { return nil }))
	})

	t.Run("who_leaves_takes_nobody_along", func(t *testing.T) {
		t.Parallel()
		var items int
		keep := func(ctx context.Context, data []byte) error {
			e, err := DecodeEnvelope(data)
			items += len(e.Items)
			return errors.Join(err, ctx.Err())
		}
		l, release, first := opened(t, keep)
		leaving, leave := context.WithCancel(t.Context())
		began, joined, stays := make(chan error, 1), make(chan error, 1), make(chan error, 1)
		for i, step := range []struct {
			ctx    context.Context //nolint:containedctx // a row of a table
			result chan error
		}{{leaving, began}, {leaving, joined}, {t.Context(), stays}} {
			go func() { step.result <- l.store(step.ctx, SignerMeta, one(t, `1`), keep) }()
			require.Eventually(t, func() bool { return waiting(l) == fmt.Sprintf("%s %d", SignerMeta, i+1) }, 5*time.Second, time.Millisecond)
		}
		leave()
		require.ErrorIs(t, <-joined, context.Canceled)
		release()
		require.NoError(t, errors.Join(<-first, <-began, <-stays))
		require.Equal(t, 4, items)
	})
}
