package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"baraza/domain/channels"
	"baraza/integrations/meta"
)

func setFault(t *testing.T, s *Server, fault string) {
	t.Helper()
	status, body := do(t, "POST", s.URL()+"/__sim/faults", "", []byte(fault))
	require.Equal(t, http.StatusNoContent, status, "%s", body)
}

// CH-15, CH-46: what can go wrong with a call, as our own client sees it.
func TestCallFaults(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		fault    string
		unknown  bool // the client cannot know
		accepted bool
	}{
		{"timeout_after_accept", true, true},
		{"truncated_json", true, true},
		{"connection_reset", true, false},
		{"html_500", true, false},
		{"latency:5s", true, true}, // the caller has left, the message has not
		{"graph_error:131047", false, false},
	} {
		t.Run(c.fault, func(t *testing.T) {
			t.Parallel()
			s, r := start(t, Config{})
			client := graphClient(t, s, 400*time.Millisecond)
			setFault(t, s, `{"match":{"to":"+12025550110","path":"/messages"},"fault":"`+c.fault+`"}`)
			_, err := client.Send(t.Context(), line, creds, outgoing("+12025550110", "key-1"))
			unknown, refused := (*channels.UnknownOutcome)(nil), (*channels.SendError)(nil)
			if c.unknown {
				require.ErrorAs(t, err, &unknown)
			} else {
				require.ErrorAs(t, err, &refused)
			}
			if c.accepted {
				require.Contains(t, r.event(t), "sent key-1 wamid.", "the status settles it")
				require.Equal(t, Tally{Calls: 1, Accepted: 1}, s.Stats().ByClientKey["key-1"])
				require.Contains(t, r.event(t), "delivered key-1 wamid.")
				require.Contains(t, r.event(t), "read key-1 wamid.")
			}
			_, err = client.Send(t.Context(), line, creds, outgoing("+12025550110", "key-2"))
			require.NoError(t, err, "once is once")
			require.Contains(t, r.event(t), "sent key-2")
		})
	}

	t.Run("a_short_latency_only_delays", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		setFault(t, s, `{"fault":"latency:20ms"}`)
		began := time.Now()
		_, err := graphClient(t, s, 0).Send(t.Context(), line, creds, outgoing("+12025550110", "key-1"))
		require.NoError(t, err)
		require.GreaterOrEqual(t, time.Since(began), 20*time.Millisecond)
	})

	t.Run("only_whom_it_is_meant_for_and_as_often", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		client := graphClient(t, s, 0)
		setFault(t, s, `{"match":{"to":"12025550110"},"times":2,"fault":"graph_error:2_transient"}`)
		outcome := func(to string) bool {
			_, err := client.Send(t.Context(), line, creds, outgoing(to, "k"))
			return err == nil
		}
		require.True(t, outcome("+12025550111"))
		require.False(t, outcome("+12025550110"))
		require.False(t, outcome("+12025550110"))
		require.True(t, outcome("+12025550110"))
		setFault(t, s, `{"times":-1,"fault":"html_500"}`)
		for range 5 {
			require.False(t, outcome("+12025550110"))
		}
		status, _ := do(t, "POST", s.URL()+"/__sim/reset", "", nil)
		require.Equal(t, http.StatusNoContent, status)
		require.True(t, outcome("+12025550110"))
	})

	// Each error Meta documents, on demand and with its status.
	t.Run("every_graph_error", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		for _, name := range fixtures(t, "graph_error_") {
			if name == "graph_error_500_no_json.json" {
				continue // html_500
			}
			short := strings.TrimSuffix(strings.TrimPrefix(name, "graph_error_"), ".json")
			setFault(t, s, fmt.Sprintf(`{"fault":"graph_error:%s"}`, short))
			status, body := do(t, "POST", s.URL()+"/v26.0/"+numberA+"/messages", creds.AccessToken, text("+12025550110", "x"))
			require.Equal(t, s.errors[short].Status, status)
			require.GreaterOrEqual(t, status, 400)
			require.JSONEq(t, string(fixture(t, name)), string(body), name)
		}
		setFault(t, s, `{"fault":"graph_error:190"}`)
		status, body := do(t, "GET", s.URL()+"/v26.0/"+numberA, creds.AccessToken, nil)
		require.Equal(t, 400, status)
		require.Contains(t, string(body), `"code":190`)
	})

	t.Run("a_fault_that_is_none_is_refused", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		for _, fault := range []string{`{"fault":""}`, `{"fault":"earthquake"}`, `{"fault":"latency:soon"}`, `{"fault":"latency:-1s"}`, `{"fault":"html_500:x"}`,
			`{"fault":"graph_error:nothing"}`, `{"fault":"graph_error:"}`, `[]`, `{`} {
			status, _ := do(t, "POST", s.URL()+"/__sim/faults", "", []byte(fault))
			require.Equal(t, http.StatusBadRequest, status, fault)
		}
	})
}

// CH-07, CH-46: what can go wrong with a webhook.
func TestWebhookFaults(t *testing.T) {
	t.Parallel()

	write := func(t *testing.T, s *Server, text string, faults ...string) Result {
		t.Helper()
		in := amina(numberA)
		in.Text, in.Faults = text, faults
		result, err := s.Inbound(t.Context(), in)
		require.NoError(t, err)
		return result
	}
	signed := func(q request) (ok, escaped bool) {
		return meta.VerifySignature(q.body, q.header.Get("X-Hub-Signature-256"), secret)
	}

	t.Run("duplicate", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		require.Equal(t, []int{200, 200}, write(t, s, "twice", "webhook_duplicate").Attempts)
		require.Equal(t, r.next(t).body, r.next(t).body)
	})

	t.Run("drop", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		require.Equal(t, []int{}, write(t, s, "never", "drop").Attempts)
		write(t, s, "next")
		require.Equal(t, "text next from Amina Wekesa", r.event(t))
		require.Equal(t, 1, s.Stats().Webhooks.Dropped)
	})

	t.Run("reorder", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		require.False(t, write(t, s, "first", "webhook_reorder").Delivered)
		require.True(t, write(t, s, "second").Delivered)
		require.Equal(t, "text second from Amina Wekesa", r.event(t))
		require.Equal(t, "text first from Amina Wekesa", r.event(t))
	})

	t.Run("delay", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		write(t, s, "late", "webhook_delay:30ms")
		require.Equal(t, "text late from Amina Wekesa", r.event(t))
	})

	// CH-04: a forged webhook is tried once.
	t.Run("bad_signature", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		r.answer(401)
		require.Equal(t, []int{401}, write(t, s, "forged", "bad_signature").Attempts)
		ok, _ := signed(r.next(t))
		require.False(t, ok)
	})

	t.Run("tampered", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		r.answer(401)
		require.Equal(t, []int{401}, write(t, s, "changed on the way", "tampered").Attempts)
		ok, _ := signed(r.next(t))
		require.False(t, ok)
	})

	t.Run("wire_utf8", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		write(t, s, "Café / 咖啡", "wire_utf8")
		q := r.next(t)
		require.Contains(t, string(q.body), "Café / 咖啡")
		ok, escaped := signed(q)
		require.True(t, ok)
		require.True(t, escaped)
	})

	t.Run("of_a_status", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		setFault(t, s, `{"match":{"to":"12025550110"},"fault":"webhook_drop"}`)
		_, err := graphClient(t, s, 0).Send(t.Context(), line, creds, outgoing("+12025550110", "k"))
		require.NoError(t, err)
		require.Contains(t, r.event(t), "delivered k", "sent was dropped")
		require.Contains(t, r.event(t), "read k")
	})

	t.Run("a_fault_of_a_call_is_none_of_a_webhook", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		in := amina(numberA)
		for _, fault := range []string{"html_500", "earthquake"} {
			in.Faults = []string{fault}
			body, err := json.Marshal(in)
			require.NoError(t, err)
			status, _ := do(t, "POST", s.URL()+"/__sim/inbound", "", body)
			require.Equal(t, http.StatusBadRequest, status)
		}
	})
}
