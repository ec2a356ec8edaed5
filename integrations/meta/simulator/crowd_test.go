package simulator

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"baraza/integrations/meta"
)

func TestCrowd(t *testing.T) {
	t.Parallel()

	// play lets a crowd run for a while, with an agent who answers everything, or nobody.
	play := func(t *testing.T, seed uint64, lines []Line, agent bool, d time.Duration) (said []string, at []time.Duration) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			s, r, stop := bubble(t, Config{Seed: 1})
			defer stop()
			ctx, cancel := context.WithTimeout(t.Context(), d)
			defer cancel()
			began := time.Now()
			ended := make(chan error, 1)
			go func() { ended <- (&Crowd{Server: s, Lines: lines, Seed: seed}).Run(ctx) }()
			for {
				select {
				case q := <-r.got:
					items, err := meta.Split(q.body)
					require.NoError(t, err)
					event, err := meta.Parse(items[0])
					require.NoError(t, err)
					if event.Status != nil {
						continue
					}
					what := eventsIn(t, q.body)[0]
					if event.Reaction != nil {
						what = "reaction"
					}
					said, at = append(said, event.RoutingKey+" "+what), append(at, time.Since(began))
					if agent && event.Message != nil && event.RoutingKey == numberA {
						keys := event.Message.From.Keys
						post(t, s, keys[len(keys)-1].Value, "answer")
					}
				case err := <-ended:
					require.NoError(t, err)
					return
				}
			}
		})
		return said, at
	}
	both := []Line{{numberA, Coffee}, {numberB, Bikes}}

	t.Run("the_first_write_within_a_second", func(t *testing.T) {
		t.Parallel()
		said, at := play(t, 1, both, false, time.Second)
		require.Len(t, said, 2*firstGuests)
		require.LessOrEqual(t, at[len(at)-1], time.Second)
	})

	t.Run("somebody_writes_every_few_seconds", func(t *testing.T) {
		t.Parallel()
		said, at := play(t, 1, both[:1], false, 10*time.Minute)
		require.Greater(t, len(said), 30)
		require.Less(t, len(said), 130)
		people := map[string]bool{}
		for i, what := range said {
			people[what[strings.LastIndex(what, " from "):]] = true
			if i >= firstGuests {
				require.LessOrEqual(t, at[i]-at[i-1], maxPulse+2*time.Second)
			}
		}
		require.Len(t, people, 12)
	})

	t.Run("customers_answer_an_agent", func(t *testing.T) {
		t.Parallel()
		alone, _ := play(t, 1, both[:1], false, 5*time.Minute)
		answered, _ := play(t, 1, both[:1], true, 5*time.Minute)
		require.Greater(t, len(answered), 2*len(alone))
		all := strings.Join(answered, "\n")
		require.Contains(t, all, "reaction")
		require.Contains(t, all, " image ")
	})

	t.Run("an_answer_comes_after_a_few_seconds", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s, r, stop := bubble(t, Config{Seed: 1, Profile: Profile{Sent: time.Hour, Delivered: time.Hour, Read: time.Hour}})
			defer stop()
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- (&Crowd{Server: s, Lines: both[:1], Seed: 3}).Run(ctx) }()
			first := eventsIn(t, r.next(t).body)[0]
			who := first[strings.LastIndex(first, " from "):]
			var phone string
			for _, p := range personasOf(Coffee) {
				if strings.HasSuffix(who, p.name) {
					phone = p.phone
				}
			}
			began := time.Now()
			post(t, s, "+"+phone, "With pleasure")
			for what := ""; !strings.HasSuffix(what, who); {
				what = eventsIn(t, r.next(t).body)[0]
			}
			require.GreaterOrEqual(t, time.Since(began), minAnswer)
			require.LessOrEqual(t, time.Since(began), maxAnswer)
			cancel()
			require.NoError(t, <-ended)
		})
	})

	t.Run("the_same_seed_plays_the_same", func(t *testing.T) {
		t.Parallel()
		one, oneAt := play(t, 7, both[:1], true, 3*time.Minute)
		two, twoAt := play(t, 7, both[:1], true, 3*time.Minute)
		require.Equal(t, one, two)
		require.Equal(t, oneAt, twoAt)
		other, _ := play(t, 8, both[:1], true, 3*time.Minute)
		require.NotEqual(t, one, other)
	})

	t.Run("personas_are_invented_and_whole", func(t *testing.T) {
		t.Parallel()
		seen := map[string]bool{}
		for _, subject := range []string{Coffee, Bikes} {
			people := personasOf(subject)
			require.Len(t, people, 12)
			pictures := 0
			for _, p := range people {
				require.Regexp(t, `^120255501[0-9]{2}$`, p.phone, "a number reserved for fiction")
				require.Equal(t, fate{}, fateOf(p.phone))
				require.False(t, seen[p.phone])
				seen[p.phone] = true
				require.NotEmpty(t, p.name)
				require.NotEmpty(t, p.impatient)
				require.NotEmpty(t, p.topics)
				for _, topic := range p.topics {
					require.GreaterOrEqual(t, len(topic), 2)
				}
				if p.photo != "" {
					pictures++
				}
			}
			require.GreaterOrEqual(t, pictures, 3)
		}
	})
}
