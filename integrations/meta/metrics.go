package meta

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

// Outcomes of a webhook request.
const (
	outcomeAccepted     = "accepted"
	outcomeBadSignature = "bad_signature"
	outcomeTooLarge     = "too_large"
	outcomeNotWebhook   = "not_webhook"
	outcomeUnavailable  = "unavailable"
	outcomeAborted      = "aborted" // the body broke off
)

// Metrics counts what arrives.
type Metrics struct {
	requests *prometheus.CounterVec
	items    prometheus.Counter
	escaped  prometheus.Counter
}

// NewMetrics registers the webhook's counters.
func NewMetrics(registry prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "baraza_webhook_requests_total", Help: "Webhook requests of Meta by outcome.",
		}, []string{"outcome"}),
		items: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "baraza_webhook_items_total", Help: "Updates handed to the stream.",
		}),
		escaped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "baraza_webhook_escaped_signature_total", Help: "Signatures that matched only the escaped form of the body.",
		}),
	}
	for _, outcome := range []string{outcomeAccepted, outcomeBadSignature, outcomeTooLarge, outcomeNotWebhook, outcomeUnavailable, outcomeAborted} {
		m.requests.WithLabelValues(outcome)
	}
	return m, errors.Join(registry.Register(m.requests), registry.Register(m.items), registry.Register(m.escaped))
}
