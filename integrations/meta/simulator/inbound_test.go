package simulator

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"baraza/domain"
	"baraza/domain/channels"
	"baraza/integrations/meta"
)

// CH-46: every fixture goes over the wire byte for byte, with valid signatures.
func TestReplay(t *testing.T) {
	t.Parallel()
	s, r := start(t, Config{})
	for _, name := range fixtures(t, "whatsapp_") {
		pretty := fixture(t, name)
		status, answer := do(t, "POST", s.URL()+"/__sim/webhook", "", pretty)
		require.Equal(t, http.StatusOK, status)
		require.JSONEq(t, `{"provider_id":"","delivered":true,"attempts":[200]}`, string(answer))
		q := r.next(t)
		require.Equal(t, string(meta.Wire(pretty)), string(q.body), name)
		ok, escaped := meta.VerifySignature(q.body, q.header.Get("X-Hub-Signature-256"), secret)
		require.True(t, ok, name)
		require.False(t, escaped, name)
		old := hmac.New(sha1.New, []byte(secret))
		old.Write(q.body)
		require.Equal(t, "sha1="+hex.EncodeToString(old.Sum(nil)), q.header.Get("X-Hub-Signature"))
		require.Equal(t, "facebookexternalua", q.header.Get("User-Agent"))
		require.Equal(t, "application/json", q.header.Get("Content-Type"))
	}
	status, _ := do(t, "POST", s.URL()+"/__sim/webhook", "", []byte("{"))
	require.Equal(t, http.StatusBadRequest, status)
}

func TestInbound(t *testing.T) {
	t.Parallel()

	t.Run("every_kind_is_read_by_our_parser", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		for _, c := range []struct {
			kind, text, target, content, want string
		}{
			{"text", "Café / 咖啡 👍", "", "", "text Café / 咖啡 👍 from Amina Wekesa"},
			{"image", "my receipt", "", "", "image my receipt from Amina Wekesa"},
			{"reaction", "❤️", "wamid.X", "", "reaction ❤️ to wamid.X"},
			{"reaction", "", "wamid.X", "", "reaction  to wamid.X"},
			{"location", "", "", `{"latitude":55.67,"longitude":12.56}`, "location  from Amina Wekesa"},
			{"hologram", "", "", "", "unsupported  from Amina Wekesa"},
			{"request_welcome", "", "", "", "ignored: request_welcome"},
		} {
			in := amina(numberA)
			in.Kind, in.Text, in.Target, in.ReplyTo = c.kind, c.text, c.target, "wamid.Q"
			if c.content != "" {
				in.Content = json.RawMessage(c.content)
			}
			body, err := json.Marshal(in)
			require.NoError(t, err)
			status, answer := do(t, "POST", s.URL()+"/__sim/inbound", "", body)
			require.Equal(t, http.StatusOK, status)
			var result Result
			require.NoError(t, json.Unmarshal(answer, &result))
			require.True(t, result.Delivered)
			require.Equal(t, []int{200}, result.Attempts)
			require.True(t, strings.HasPrefix(result.ProviderID, "wamid."))
			require.Equal(t, c.want, r.event(t))
		}
	})

	t.Run("has_the_time_it_is_given", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{Now: func() time.Time { return noon }})
		in := amina(numberA)
		yesterday := noon.Add(-25 * time.Hour)
		in.At = &yesterday
		_, err := s.Inbound(t.Context(), in)
		require.NoError(t, err)
		require.Contains(t, string(r.next(t).body), `"timestamp":"1794110000"`)
	})

	t.Run("somebody_who_hides_the_number", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		_, err := s.Inbound(t.Context(), Inbound{PhoneNumberID: numberA, From: mira, Kind: "text", Text: "hi"})
		require.NoError(t, err)
		body := string(r.next(t).body)
		require.NotContains(t, body, "wa_id")
		require.NotContains(t, body, `"from":`)
		require.Contains(t, body, `"username":"@mirakoskinen"`)
	})

	t.Run("what_cannot_be_is_refused", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		for _, change := range []func(*Inbound){
			func(in *Inbound) { in.PhoneNumberID = "" },
			func(in *Inbound) { in.PhoneNumberID = "../x" },
			func(in *Inbound) { in.From.ID = "mother" },
			func(in *Inbound) { in.From.ID = "" },
			func(in *Inbound) { in.From.Name = "" },
			func(in *Inbound) { in.Kind = "" },
			func(in *Inbound) { in.Text = "" },
			func(in *Inbound) { in.Kind = "reaction" },
		} {
			in := amina(numberA)
			change(&in)
			_, err := s.Inbound(t.Context(), in)
			require.Error(t, err)
		}
		require.Zero(t, s.Stats().Webhooks.Attempts)
	})

	t.Run("same_seed_same_bytes", func(t *testing.T) {
		t.Parallel()
		play := func(seed uint64) (bodies []string) {
			s, r := start(t, Config{Seed: seed, Now: func() time.Time { return noon }})
			client := graphClient(t, s, 0)
			for _, kind := range []string{"text", "image"} {
				in := amina(numberA)
				in.Kind = kind
				_, err := s.Inbound(t.Context(), in)
				require.NoError(t, err)
				bodies = append(bodies, string(r.next(t).body))
				_, err = client.Send(t.Context(), line, creds, outgoing("+12025550110", "k"))
				require.NoError(t, err)
				for range 3 {
					bodies = append(bodies, string(r.next(t).body))
				}
			}
			return bodies
		}
		require.Equal(t, play(7), play(7))
		require.NotEqual(t, play(7), play(8))
		require.NotEqual(t, play(0), play(0), "without a seed a restart repeats no id")
	})
}

// CH-46: through our own webhook, up to what the stream would hold.
func TestThroughOurWebhook(t *testing.T) {
	t.Parallel()
	metrics, err := meta.NewMetrics(prometheus.NewRegistry())
	require.NoError(t, err)
	var mu sync.Mutex
	var events []string
	full := true
	s := startAt(t, Config{}, &meta.Webhook{
		Secrets:         []string{"the real app's secret"},
		SimulatorSecret: secret,
		Metrics:         metrics,
		Log:             zap.NewNop(),
		Publish: func(_ context.Context, _ int, signer string, data []byte) error {
			mu.Lock()
			defer mu.Unlock()
			if full {
				full = false
				return errors.New("stream full")
			}
			envelope, err := meta.DecodeEnvelope(data)
			if err != nil {
				return err
			}
			for _, item := range envelope.Items {
				event, err := meta.Parse(item)
				if err != nil {
					return err
				}
				events = append(events, signer+" "+event.RoutingKey+" "+event.Message.Text)
			}
			return nil
		},
	})
	client := NewClient(s.URL())
	t.Cleanup(client.Close)

	// CH-06: what was not stored is sent again.
	result, err := client.Simulate(t.Context(), amina(numberA))
	require.NoError(t, err)
	require.Equal(t, []int{503, 200}, result.Attempts)
	require.True(t, result.Delivered)

	at := domain.At(noon)
	done, err := client.Play(t.Context(), numberB, channels.Simulate{
		From: channels.SimulatedUser{Name: "Juma", ID: "254700000111"}, Kind: "text", Text: "Habari", At: &at, Faults: []string{"duplicate"}})
	require.NoError(t, err)
	require.Equal(t, []int{200, 200}, done.Deliveries)
	require.NotEmpty(t, done.ProviderID)

	done, err = client.Play(t.Context(), numberB, channels.Simulate{
		From: channels.SimulatedUser{Name: "Juma", ID: "254700000111"}, Kind: "text", Text: "forged", Faults: []string{"bad_signature"}})
	require.NoError(t, err)
	require.Equal(t, []int{401}, done.Deliveries)

	_, err = client.Simulate(t.Context(), Inbound{})
	require.ErrorContains(t, err, "the simulator refused")

	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, []string{
		"simulator " + numberA + " Café / 咖啡 👍",
		"simulator " + numberB + " Habari",
		"simulator " + numberB + " Habari",
	}, events)
}

func TestControlIsForThisMachine(t *testing.T) {
	t.Parallel()
	s, _ := start(t, Config{})
	for name, change := range map[string]func(*http.Request){
		"another_host":   func(r *http.Request) { r.Host = "rebound.example" },
		"another_origin": func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"a_form":         func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
	} {
		r, err := http.NewRequest("POST", s.URL()+"/__sim/faults", strings.NewReader(`{"fault":"html_500"}`))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/json")
		change(r)
		w, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, w.Body.Close())
		require.Equal(t, http.StatusForbidden, w.StatusCode, name)
	}
}
