package measure

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestHistogram(t *testing.T) {
	t.Parallel()

	t.Run("every_value_is_kept_within_a_thousandth", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, func(t *rapid.T) {
			v := rapid.Int64Range(0, longest).Draw(t, "nanoseconds")
			got := top(placeOf(v))
			require.GreaterOrEqual(t, got, v)
			require.LessOrEqual(t, float64(got-v), float64(v)/1000)
			require.Less(t, placeOf(v), places)
		})
	})

	t.Run("quantiles_are_those_of_the_sorted_values", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, func(t *rapid.T) {
			values := rapid.SliceOfN(rapid.Int64Range(0, int64(time.Minute)), 1, 400).Draw(t, "values")
			var a, b Histogram
			for i, v := range values {
				if i%2 == 0 {
					a.Record(time.Duration(v))
				} else {
					b.Record(time.Duration(v))
				}
			}
			a.Merge(&b)
			slices.Sort(values)
			require.EqualValues(t, len(values), a.Count())
			require.Equal(t, time.Duration(values[len(values)-1]), a.Max())
			for _, q := range []float64{0.5, 0.9, 0.99, 1} {
				want := values[max(int(math.Ceil(q*float64(len(values))))-1, 0)]
				require.InDelta(t, float64(want), float64(a.Quantile(q)), float64(want)/1000+1)
			}
		})
	})

	t.Run("nothing_recorded_is_zero_and_a_negative_counts_as_zero", func(t *testing.T) {
		t.Parallel()
		var h Histogram
		require.Zero(t, h.Quantile(0.99))
		h.Record(-time.Second)
		require.Equal(t, Quantiles{N: 1}, h.Quantiles())
	})
}

func TestSchedule(t *testing.T) {
	t.Parallel()

	t.Run("is_fixed_in_advance_and_does_not_drift", func(t *testing.T) {
		t.Parallel()
		s := Schedule{Start: time.Unix(1000, 0), Rate: 3, N: 3001}
		require.Equal(t, s.Start, s.At(0))
		require.Equal(t, s.Start.Add(1000*time.Second), s.At(3000))
	})

	t.Run("a_slow_sender_makes_the_later_ones_late_and_it_is_told", func(t *testing.T) {
		t.Parallel()
		s := Even(1000, 20*time.Millisecond)
		var sent []int
		lag := s.Pace(t.Context(), func(i int, due time.Time) {
			require.False(t, time.Now().Before(due))
			if i == 0 {
				sleepUntil(due.Add(15 * time.Millisecond))
			}
			sent = append(sent, i)
		})
		require.Len(t, sent, 20)
		require.EqualValues(t, 20, lag.Count())
		require.Greater(t, lag.Max(), 13*time.Millisecond)
	})

	t.Run("ends_with_its_context", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		Even(1000, time.Hour).Pace(ctx, func(int, time.Time) {
			n++
			cancel()
		})
		require.Equal(t, 1, n)
	})
}

func TestInterval(t *testing.T) {
	t.Parallel()

	t.Run("holds_the_median_and_repeats_itself", func(t *testing.T) {
		t.Parallel()
		rounds := []float64{0.92, 0.95, 0.93, 0.97, 0.94}
		in := Of(rounds)
		require.InDelta(t, 0.94, in.Mid, 1e-9)
		require.InDelta(t, 0.92, in.Low, 1e-9)
		require.InDelta(t, 0.97, in.High, 1e-9)
		require.Equal(t, in, Of(rounds))
		require.True(t, in.Conclusive())
	})

	t.Run("wide_rounds_are_inconclusive", func(t *testing.T) {
		t.Parallel()
		require.False(t, Of([]float64{0.7, 0.9, 1.2}).Conclusive())
		require.False(t, Of([]float64{0.9}).Conclusive(), "one round")
		require.False(t, Of(nil).Conclusive())
	})

	// 200 times nine rounds around 1: the interval must hold 1 far more often than not.
	t.Run("covers_the_truth", func(t *testing.T) {
		t.Parallel()
		random := rand.New(rand.NewPCG(1, 2))
		covered := 0
		for range 200 {
			rounds := make([]float64, 9)
			for i := range rounds {
				rounds[i] = 1 + 0.05*random.NormFloat64()
			}
			if in := Of(rounds); in.Low <= 1 && 1 <= in.High {
				covered++
			}
		}
		require.Greater(t, covered, 180)
	})

	t.Run("ratios_are_taken_pair_by_pair", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, []float64{2, 0.5}, Ratios([]float64{4, 3, 9}, []float64{2, 6}))
	})
}

func TestRounds(t *testing.T) {
	t.Parallel()

	t.Run("alternate", func(t *testing.T) {
		t.Parallel()
		var order []byte
		step := func(name byte) func(int) error {
			return func(int) error { order = append(order, name); return nil }
		}
		require.NoError(t, Rounds(3, step('A'), step('B')))
		require.Equal(t, "ABBAAB", string(order))
	})

	t.Run("end_with_the_first_error", func(t *testing.T) {
		t.Parallel()
		broken := errors.New("broken")
		require.ErrorIs(t, Rounds(3, func(int) error { return broken }, func(int) error { panic("not reached") }), broken)
	})

	t.Run("warm_up_ends_when_two_windows_agree", func(t *testing.T) {
		t.Parallel()
		windows := []float64{9, 5, 4, 4.1, 100}
		i := 0
		settled, err := WarmUp(5, func() (float64, error) { i++; return windows[i-1], nil })
		require.NoError(t, err)
		require.True(t, settled)
		require.Equal(t, 4, i)
	})
}
