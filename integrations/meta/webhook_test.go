package meta

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
)

const (
	verifyToken     = "fixture-verify-token-4e81"
	simulatorSecret = "fixture_simulator_secret"
)

// stream keeps what was published.
type stream struct {
	mu       sync.Mutex
	messages []published
	fail     func(shard int) error
}

type published struct {
	shard  int
	signer string
	Envelope
}

func (s *stream) publish(_ context.Context, shard int, signer string, data []byte) error {
	if s.fail != nil {
		if err := s.fail(shard); err != nil {
			return err
		}
	}
	e, err := DecodeEnvelope(data)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, published{shard, signer, e})
	return nil
}

func newWebhook(t *testing.T) (*Webhook, *stream) {
	t.Helper()
	metrics, err := NewMetrics(prometheus.NewRegistry())
	require.NoError(t, err)
	var s stream
	return &Webhook{
		VerifyToken:     verifyToken,
		Secrets:         []string{appSecret, previousSecret},
		SimulatorSecret: simulatorSecret,
		BaseURL:         "https://baraza.example",
		Publish:         s.publish,
		Metrics:         metrics,
		Log:             zap.NewNop(),
		Now:             func() time.Time { return time.Date(2026, 11, 9, 6, 0, 0, 0, time.UTC) },
	}, &s
}

func post(h *Webhook, body []byte, signature string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/webhooks/meta", bytes.NewReader(body))
	if signature != "" {
		r.Header.Set("X-Hub-Signature-256", signature)
	}
	w := httptest.NewRecorder()
	w.Header().Set("X-Request-Id", "0c3b9f0a7d1e4f52")
	h.ServeHTTP(w, r)
	return w
}

func (m *Metrics) count(outcome string) int {
	return value(m.requests.WithLabelValues(outcome))
}

func value(c prometheus.Counter) int {
	var m dto.Metric
	if c.Write(&m) != nil {
		return -1
	}
	return int(m.GetCounter().GetValue())
}

func requireProblem(t *testing.T, w *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	require.Equal(t, status, w.Code)
	require.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
	require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
	var p problem
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p))
	require.NotEmpty(t, p.Title)
	require.NotEmpty(t, p.Detail)
	require.Equal(t, problem{Type: "https://baraza.example/docs/errors/" + code, Title: p.Title, Status: status,
		Code: code, Detail: p.Detail, RequestID: "0c3b9f0a7d1e4f52"}, p)
}

func TestWebhookReceive(t *testing.T) {
	t.Parallel()
	batch := Wire(fixture(t, "whatsapp_batch_two_tenants.json"))

	t.Run("answers_200_with_the_number_of_updates", func(t *testing.T) {
		t.Parallel()
		h, s := newWebhook(t)
		w := post(h, batch, Sign(batch, appSecret))
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, "application/json", w.Header().Get("Content-Type"))
		require.Equal(t, `{"received":2}`, w.Body.String())
		require.Len(t, s.messages, 2)
		for _, m := range s.messages {
			require.Equal(t, SignerMeta, m.signer)
			require.Equal(t, m.shard, m.Items[0].Shard())
		}
		require.Equal(t, 1, h.Metrics.count(outcomeAccepted))
		require.Equal(t, 2, value(h.Metrics.items))
	})

	t.Run("one_message_per_shard_however_many_updates", func(t *testing.T) {
		t.Parallel()
		h, s := newWebhook(t)
		body := manyMessages(1000, 10)
		w := post(h, body, Sign(body, appSecret))
		require.Equal(t, `{"received":1000}`, w.Body.String())
		require.Len(t, s.messages, Shards)
		items := 0
		for _, m := range s.messages {
			items += len(m.Items)
		}
		require.Equal(t, 1000, items)
	})

	t.Run("the_secret_before_a_rotation_still_counts", func(t *testing.T) {
		t.Parallel()
		h, s := newWebhook(t)
		require.Equal(t, http.StatusOK, post(h, batch, Sign(batch, previousSecret)).Code)
		require.Equal(t, SignerMeta, s.messages[0].signer)
	})

	t.Run("the_simulator_is_told_apart", func(t *testing.T) {
		t.Parallel()
		h, s := newWebhook(t)
		require.Equal(t, http.StatusOK, post(h, batch, Sign(batch, simulatorSecret)).Code)
		require.Equal(t, SignerSimulator, s.messages[0].signer)
	})

	t.Run("without_simulator_its_signature_is_none", func(t *testing.T) {
		t.Parallel()
		h, s := newWebhook(t)
		h.SimulatorSecret = ""
		requireProblem(t, post(h, batch, Sign(batch, "")), http.StatusUnauthorized, "bad_signature")
		require.Empty(t, s.messages)
	})

	// CH-04: refused, counted, stored nowhere.
	t.Run("signature_vectors", func(t *testing.T) {
		t.Parallel()
		for _, c := range signatureCases(t) {
			h, s := newWebhook(t)
			w := post(h, c.raw(t), c.header())
			if !c.Valid {
				requireProblem(t, w, http.StatusUnauthorized, "bad_signature")
				require.Empty(t, s.messages, c.Name)
				require.Equal(t, 1, h.Metrics.count(outcomeBadSignature), c.Name)
				continue
			}
			require.Equal(t, http.StatusOK, w.Code, c.Name)
			escaped := value(h.Metrics.escaped)
			require.Equal(t, c.Name == "raw_utf8_body_signed_over_escaped_form", escaped == 1, c.Name)
		}
	})

	t.Run("signed_but_no_webhook_is_answered_200_and_counted", func(t *testing.T) {
		t.Parallel()
		for _, body := range []string{``, `{`, `[]`, `{"object":""}`, "\xff\xfe"} {
			h, s := newWebhook(t)
			w := post(h, []byte(body), Sign([]byte(body), appSecret))
			require.Equal(t, http.StatusOK, w.Code)
			require.Equal(t, `{"received":0}`, w.Body.String())
			require.Empty(t, s.messages)
			require.Equal(t, 1, h.Metrics.count(outcomeNotWebhook))
		}
	})

	t.Run("a_webhook_without_updates_is_accepted", func(t *testing.T) {
		t.Parallel()
		h, s := newWebhook(t)
		body := Wire(fixture(t, "whatsapp_empty_entry.json"))
		require.Equal(t, `{"received":0}`, post(h, body, Sign(body, appSecret)).Body.String())
		require.Empty(t, s.messages)
		require.Equal(t, 1, h.Metrics.count(outcomeAccepted))
	})

	t.Run("three_megabytes_are_taken_and_one_byte_more_is_not", func(t *testing.T) {
		t.Parallel()
		h, s := newWebhook(t)
		body := append([]byte(`{"object":"x"}`), bytes.Repeat([]byte(" "), maxBody-14)...)
		require.Equal(t, http.StatusOK, post(h, body, Sign(body, appSecret)).Code)
		body = append(body, ' ')
		requireProblem(t, post(h, body, Sign(body, appSecret)), http.StatusRequestEntityTooLarge, "too_large")
		require.Empty(t, s.messages)
		require.Equal(t, 1, h.Metrics.count(outcomeTooLarge))
	})

	t.Run("a_body_that_breaks_off_is_not_answered_200", func(t *testing.T) {
		t.Parallel()
		h, _ := newWebhook(t)
		r := httptest.NewRequest(http.MethodPost, "/webhooks/meta", io.MultiReader(strings.NewReader(`{"obj`), brokenReader{}))
		w := httptest.NewRecorder()
		w.Header().Set("X-Request-Id", "0c3b9f0a7d1e4f52")
		h.ServeHTTP(w, r)
		requireProblem(t, w, http.StatusBadRequest, "malformed_json")
		require.Equal(t, 1, h.Metrics.count(outcomeAborted))
	})

	// CH-06, G2: no 200 unless everything is stored; every shard is waited for.
	t.Run("one_shard_that_fails_makes_it_503", func(t *testing.T) {
		t.Parallel()
		h, s := newWebhook(t)
		body := manyMessages(1000, 10)
		s.fail = func(shard int) error {
			if shard == 3 {
				return errors.New("stream full")
			}
			return nil
		}
		w := post(h, body, Sign(body, appSecret))
		requireProblem(t, w, http.StatusServiceUnavailable, "unavailable")
		require.Equal(t, "5", w.Header().Get("Retry-After"))
		require.Len(t, s.messages, Shards-1)
		require.Equal(t, 1, h.Metrics.count(outcomeUnavailable))
		require.Zero(t, value(h.Metrics.items))
	})

	t.Run("another_method_is_refused", func(t *testing.T) {
		t.Parallel()
		h, _ := newWebhook(t)
		w := httptest.NewRecorder()
		w.Header().Set("X-Request-Id", "0c3b9f0a7d1e4f52")
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPut, "/webhooks/meta", nil))
		requireProblem(t, w, http.StatusMethodNotAllowed, "method_not_allowed")
		require.Equal(t, "GET, POST", w.Header().Get("Allow"))
	})
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// CH-03: the challenge comes back only for the right token.
func TestWebhookHandshake(t *testing.T) {
	t.Parallel()
	var file struct {
		Cases []struct {
			Query  string `json:"query"`
			Status int    `json:"status"`
			AnyOf  []int  `json:"status_any_of"`
			Body   string `json:"body"`
		} `json:"cases"`
	}
	require.NoError(t, json.Unmarshal(fixture(t, "meta_webhook_verify_vectors.json"), &file))
	require.Len(t, file.Cases, 7)
	ask := func(h *Webhook, query string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		w.Header().Set("X-Request-Id", "0c3b9f0a7d1e4f52")
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/webhooks/meta?"+query, nil))
		return w
	}
	for _, c := range file.Cases {
		t.Run(c.Query, func(t *testing.T) {
			t.Parallel()
			h, _ := newWebhook(t)
			w := ask(h, c.Query)
			switch {
			case len(c.AnyOf) > 0:
				require.Contains(t, c.AnyOf, w.Code)
			case c.Status == http.StatusForbidden:
				requireProblem(t, w, http.StatusForbidden, "permission_denied")
			default:
				require.Equal(t, c.Status, w.Code)
			}
			if c.Status == http.StatusOK {
				require.Equal(t, c.Body, w.Body.String())
				require.Equal(t, "text/plain; charset=utf-8", w.Header().Get("Content-Type"))
				require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
			}
		})
	}
	t.Run("no_configured_token_matches_nothing", func(t *testing.T) {
		t.Parallel()
		h, _ := newWebhook(t)
		h.VerifyToken = ""
		requireProblem(t, ask(h, "hub.mode=subscribe&hub.challenge=1&hub.verify_token="), http.StatusForbidden, "permission_denied")
	})
	t.Run("a_challenge_has_a_bound", func(t *testing.T) {
		t.Parallel()
		h, _ := newWebhook(t)
		query := "hub.mode=subscribe&hub.verify_token=" + verifyToken + "&hub.challenge="
		require.Equal(t, http.StatusOK, ask(h, query+strings.Repeat("7", 256)).Code)
		requireProblem(t, ask(h, query+strings.Repeat("7", 257)), http.StatusBadRequest, "bad_parameter")
	})
}

func TestMetricsAreRegisteredOnce(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	_, err := NewMetrics(registry)
	require.NoError(t, err)
	_, err = NewMetrics(registry)
	require.Error(t, err)
}

func BenchmarkWebhook(b *testing.B) {
	metrics, err := NewMetrics(prometheus.NewRegistry())
	require.NoError(b, err)
	h := &Webhook{Secrets: []string{appSecret}, Metrics: metrics, Log: zap.NewNop(),
		Publish: func(context.Context, int, string, []byte) error { return nil }}
	body := Wire(fixture(b, "whatsapp_text.json"))
	signature := Sign(body, appSecret)
	b.ReportAllocs()
	for b.Loop() {
		if w := post(h, body, signature); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
