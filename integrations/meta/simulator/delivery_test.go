package simulator

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"baraza/integrations/meta"
)

// direct hands requests to a handler without a network, so that time in a synctest
// bubble stands still meanwhile.
type direct struct{ http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

// bubble runs the simulator's inner parts in a synctest bubble; stop ends them.
func bubble(t *testing.T, c Config) (s *Server, r *receiver, stop func()) {
	t.Helper()
	c.CallbackURL, c.AppSecret = "http://127.0.0.1/webhooks/meta", secret
	s, err := New(c)
	require.NoError(t, err)
	r = newReceiver()
	s.callback.Transport = direct{r}
	ctx, cancel := context.WithCancel(t.Context())
	group, ctx := errgroup.WithContext(ctx)
	s.work(ctx, group)
	return s, r, func() {
		cancel()
		require.NoError(t, group.Wait())
	}
}

// post sends a message without a network.
func post(t *testing.T, s *Server, to, body string) {
	t.Helper()
	q := httptest.NewRequest("POST", "/v26.0/"+numberA+"/messages", strings.NewReader(string(text(to, body))))
	q.Header.Set("Authorization", "Bearer "+creds.AccessToken)
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, q)
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
}

func TestDelivery(t *testing.T) {
	t.Parallel()

	t.Run("repeats_twice_at_once_and_then_ever_more_rarely", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s, r, stop := bubble(t, Config{})
			defer stop()
			r.answer(503, 500, 404, 503, 503, 503, 503, 503, 503, 503)
			began := time.Now()
			result, err := s.Inbound(t.Context(), amina(numberA))
			require.NoError(t, err)
			require.Equal(t, []int{503, 500, 404}, result.Attempts)
			require.False(t, result.Delivered)
			var at []time.Duration
			for range 8 {
				<-r.got
				at = append(at, time.Since(began))
			}
			require.Equal(t, []time.Duration{0, 0, 0, 10 * time.Second, 40 * time.Second, 100 * time.Second, 400 * time.Second, 1300 * time.Second}, at)
			time.Sleep(24 * time.Hour)
			synctest.Wait()
			require.Empty(t, r.got, "and gives up")
			require.Equal(t, WebhookStats{Attempts: 8, Repeats: 7, GaveUp: 1}, s.Stats().Webhooks)
		})
	})

	t.Run("stops_repeating_when_it_is_taken", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s, r, stop := bubble(t, Config{})
			defer stop()
			r.answer(503, 503, 503, 503)
			_, err := s.Inbound(t.Context(), amina(numberA))
			require.NoError(t, err)
			time.Sleep(time.Hour)
			synctest.Wait()
			require.Len(t, r.got, 5)
			require.Equal(t, 1, s.Stats().Webhooks.Accepted)
		})
	})

	t.Run("statuses_follow_the_profile", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s, r, stop := bubble(t, Config{Profile: DemoProfile()})
			defer stop()
			began := time.Now()
			post(t, s, "+12025550110", "hi")
			for _, want := range []struct {
				status string
				after  time.Duration
			}{{"sent", 200 * time.Millisecond}, {"delivered", 600 * time.Millisecond}, {"read", 3 * time.Second}} {
				require.Contains(t, r.event(t), want.status+" key of hi")
				require.Equal(t, want.after, time.Since(began))
			}
		})
	})

	t.Run("waiting_statuses_share_a_webhook", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s, r, stop := bubble(t, Config{Profile: Profile{Sent: time.Second, Delivered: time.Second, Read: time.Second, Batch: 10}})
			defer stop()
			for n := range 20 {
				post(t, s, "+12025550110", fmt.Sprint(n))
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			close(r.got)
			var all []string
			webhooks := 0
			for q := range r.got {
				webhooks++
				events := eventsIn(t, q.body)
				require.LessOrEqual(t, len(events), 10)
				all = append(all, events...)
			}
			require.Len(t, all, 60)
			require.Less(t, webhooks, 60)
			require.Contains(t, all[0], "sent key of 0")
			require.Contains(t, all[59], "read key of 19")
		})
	})

	t.Run("a_customers_statuses_keep_their_order", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		client := graphClient(t, s, 0)
		for n := range 30 {
			_, err := client.Send(t.Context(), line, creds, outgoing("+12025550110", fmt.Sprint(n)))
			require.NoError(t, err)
		}
		for n := range 30 {
			for _, status := range []string{"sent", "delivered", "read"} {
				require.Contains(t, r.event(t), fmt.Sprintf("%s %d wamid.", status, n))
			}
		}
	})

	t.Run("a_reset_forgets_what_was_on_its_way", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s, r, stop := bubble(t, Config{Profile: DemoProfile()})
			defer stop()
			post(t, s, "+12025550110", "hi")
			s.Reset()
			time.Sleep(time.Hour)
			synctest.Wait()
			require.Empty(t, r.got)
			require.Zero(t, s.Stats().Calls)
		})
	})

	t.Run("what_no_lane_has_room_for_is_dropped_and_counted", func(t *testing.T) {
		t.Parallel()
		s, err := New(Config{CallbackURL: "http://127.0.0.1/", AppSecret: secret}) // nothing runs
		require.NoError(t, err)
		for range laneLength + 3 {
			s.dispatch(&parcel{})
		}
		require.Equal(t, 3, s.Stats().Webhooks.Dropped)
	})
}

func TestJournalIsBounded(t *testing.T) {
	t.Parallel()
	var j journal
	for n := range maxCalls + 5 {
		j.called(Call{To: fmt.Sprint(n), Accepted: true})
	}
	calls := j.calls()
	require.Len(t, calls, maxCalls)
	require.Equal(t, "5", calls[0].To, "the oldest first")
	require.Equal(t, fmt.Sprint(maxCalls+4), calls[maxCalls-1].To)
	require.Equal(t, maxCalls+5, j.read().Calls)

	var p people
	for n := range maxPeople * 2 {
		p.remember(numberA, Customer{Name: "x", ID: fmt.Sprint(n), UserID: fmt.Sprint("XX.", n)})
	}
	require.LessOrEqual(t, len(p.known), maxPeople+1)
}

// BenchmarkSend is one message with its three statuses, over the network both ways.
func BenchmarkSend(b *testing.B) {
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	defer target.Close()
	s, err := New(Config{CallbackURL: target.URL, AppSecret: secret, Profile: Profile{Batch: 50}})
	require.NoError(b, err)
	require.NoError(b, s.Listen())
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	client := meta.NewClient(meta.ClientConfig{BaseURL: s.URL()})
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := client.Send(b.Context(), line, creds, outgoing("+12025550110", "k")); err != nil {
				b.Error(err)
			}
		}
	})
	stats := s.Stats()
	b.ReportMetric(float64(stats.Webhooks.Dropped), "dropped")
	client.Close()
	cancel()
	require.NoError(b, <-ended)
	http.DefaultClient.CloseIdleConnections()
}
