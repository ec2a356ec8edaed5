package api

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func bucketOf(n int) (id bucketID) {
	binary.BigEndian.PutUint64(id[8:], uint64(n))
	return id
}

// SE-11: GCRA passes a burst and then the rate, whatever the pattern.
func TestBuckets(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_800_000_000, 0)

	t.Run("pass_a_burst_and_then_the_rate", func(t *testing.T) {
		t.Parallel()
		b := newBuckets(Rate{PerMinute: 60, Burst: 3})
		for i := range 3 {
			at := b.take(bucketOf(1), start, 1)
			require.Equal(t, standing{true, 3, int64(2 - i), time.Duration(i+1) * time.Second, 0}, at)
		}
		require.Equal(t, standing{false, 3, 0, 3 * time.Second, time.Second}, b.take(bucketOf(1), start, 1))
		require.Equal(t, 400*time.Millisecond, b.take(bucketOf(1), start.Add(600*time.Millisecond), 1).wait)
		require.True(t, b.take(bucketOf(1), start.Add(time.Second), 1).ok)
		require.False(t, b.take(bucketOf(1), start.Add(time.Second), 1).ok)
		require.True(t, b.take(bucketOf(2), start, 1).ok, "somebody else's are their own")
		require.Equal(t, int64(3), b.take(bucketOf(1), start.Add(time.Minute), 0).remaining, "to look costs nothing")
		require.Equal(t, int64(3), b.take(bucketOf(1), start.Add(time.Minute), 0).remaining)
	})

	t.Run("never_pass_more_than_burst_and_rate_in_any_span", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, func(t *rapid.T) {
			rate := Rate{rapid.IntRange(1, 6000).Draw(t, "rate"), rapid.IntRange(1, 50).Draw(t, "burst")}
			b := newBuckets(rate)
			now := start
			var passed []time.Time
			for range rapid.IntRange(1, 200).Draw(t, "n") {
				now = now.Add(time.Duration(rapid.Int64Range(0, int64(3*time.Minute)/int64(rate.PerMinute)).Draw(t, "pause")))
				if b.take(bucketOf(1), now, 1).ok {
					passed = append(passed, now)
				}
			}
			for i := range passed {
				span := passed[len(passed)-1].Sub(passed[i])
				if most := rate.Burst + int(span/time.Duration(b.interval)) + 1; len(passed)-i > most {
					t.Fatalf("%d passed in %s, at most %d", len(passed)-i, span, most)
				}
			}
		})
	})

	t.Run("are_exact_at_once", func(t *testing.T) {
		t.Parallel()
		b := newBuckets(Rate{PerMinute: 1, Burst: 50})
		var all sync.WaitGroup
		var passed atomic.Int64
		for range 200 {
			all.Go(func() {
				if b.take(bucketOf(1), start, 1).ok {
					passed.Add(1)
				}
			})
		}
		all.Wait()
		require.EqualValues(t, 50, passed.Load())
	})

	t.Run("are_bounded", func(t *testing.T) {
		t.Parallel()
		b := newBuckets(Rate{PerMinute: 60, Burst: 10})
		for i := range maxBuckets + maxBuckets/4 {
			require.True(t, b.take(bucketOf(i), start, 1).ok)
		}
		n := 0
		for i := range b.shards {
			n += len(b.shards[i].whole)
		}
		require.LessOrEqual(t, n, maxBuckets)
		require.Greater(t, n, maxBuckets/2)
	})
}

// BenchmarkBuckets is what one limit costs a request; BenchmarkBucketsFlood the same
// when every request comes from another address.
func BenchmarkBuckets(b *testing.B) {
	all := newBuckets(Rate{PerMinute: 3000, Burst: 600})
	id := bucketOf(1)
	b.ReportAllocs()
	for b.Loop() {
		all.take(id, time.Now(), 1)
	}
}

func BenchmarkBucketsFlood(b *testing.B) {
	all := newBuckets(Rate{PerMinute: 1200, Burst: 300})
	for i := range 2 * maxBuckets {
		all.take(bucketOf(i), time.Now(), 1)
	}
	i := 2 * maxBuckets
	b.ReportAllocs()
	for b.Loop() {
		i++
		all.take(bucketOf(i), time.Now(), 1)
	}
}
