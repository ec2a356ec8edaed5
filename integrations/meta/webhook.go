package meta

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"
)

const (
	// maxBody is the largest webhook Meta sends.
	maxBody = 3 << 20
	// publishTimeout leaves Meta an answer within its five seconds.
	publishTimeout = 4 * time.Second
)

// Webhook is GET and POST /webhooks/meta. A POST is read, its signature checked, its
// updates handed to Publish, and answered: nothing else happens in the request.
type Webhook struct {
	// VerifyToken of the handshake. Empty refuses every handshake.
	VerifyToken string
	// Secrets of the Meta app: the current one and, while it is changed, the one before.
	Secrets []string
	// SimulatorSecret signs the simulator's webhooks. Empty where no simulator runs.
	SimulatorSecret string
	// BaseURL of the product, for the `type` of a problem. Empty makes it a path.
	BaseURL string
	// Publish stores one stream message and returns when it is on disk. It is called
	// for several shards at once.
	Publish func(ctx context.Context, shard int, signer string, data []byte) error
	Metrics *Metrics
	Log     *zap.Logger
	// Now defaults to time.Now.
	Now func() time.Time

	lanes [Shards]lane
}

func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		h.handshake(w, r)
	case http.MethodPost:
		h.Metrics.requests.WithLabelValues(h.receive(w, r)).Inc()
	default:
		w.Header().Set("Allow", "GET, POST")
		h.refuse(w, http.StatusMethodNotAllowed, "method_not_allowed", "This method is not allowed", "Use GET or POST.")
	}
}

// receive answers a POST and returns its outcome.
func (h *Webhook) receive(w http.ResponseWriter, r *http.Request) string {
	var body bytes.Buffer
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			h.refuse(w, http.StatusRequestEntityTooLarge, "too_large", "The body is too large", "A webhook has at most 3 MB.")
			return outcomeTooLarge
		}
		h.refuse(w, http.StatusBadRequest, "malformed_json", "The body could not be read", "The body ended early.")
		return outcomeAborted
	}
	signer := h.signer(body.Bytes(), r.Header.Get("X-Hub-Signature-256"))
	if signer == "" {
		h.refuse(w, http.StatusUnauthorized, "bad_signature", "The signature does not match", "X-Hub-Signature-256 is missing or does not belong to this body.")
		return outcomeBadSignature
	}
	items, err := Split(body.Bytes())
	if err != nil {
		// Another answer would make Meta send the same bytes again for days.
		h.Log.Warn("signed webhook is not readable", zap.String("signer", signer), zap.Int("bytes", body.Len()),
			zap.String("reason", text(err.Error()).clean(200)))
		h.received(w, 0)
		return outcomeNotWebhook
	}
	if err := h.publish(r.Context(), signer, items); err != nil {
		h.Log.Error("webhook could not be stored", zap.String("signer", signer), zap.Int("items", len(items)), zap.Error(err))
		w.Header().Set("Retry-After", "5")
		h.refuse(w, http.StatusServiceUnavailable, "unavailable", "A part of the service is away", "Send it again shortly.")
		return outcomeUnavailable
	}
	h.Metrics.items.Add(float64(len(items)))
	h.received(w, len(items))
	return outcomeAccepted
}

// signer returns who signed the body, or "".
func (h *Webhook) signer(body []byte, header string) string {
	ok, escaped := VerifySignature(body, header, h.Secrets...)
	signer := SignerMeta
	if !ok {
		ok, escaped = VerifySignature(body, header, h.SimulatorSecret)
		signer = SignerSimulator
	}
	if !ok {
		return ""
	}
	if escaped {
		h.Metrics.escaped.Inc()
	}
	return signer
}

// publish stores every envelope, and waits for all even when one fails: what got
// through is found again by its ids when Meta repeats the webhook.
func (h *Webhook) publish(ctx context.Context, signer string, items []Item) error {
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	now := time.Now
	if h.Now != nil {
		now = h.Now
	}
	var shards errgroup.Group
	for shard, list := range envelopes(now(), items) {
		if len(list) == 0 {
			continue
		}
		shards.Go(func() error {
			for _, data := range list {
				err := h.lanes[shard].store(ctx, signer, data, func(ctx context.Context, data []byte) error {
					return h.Publish(ctx, shard, signer, data)
				})
				if err != nil {
					return fmt.Errorf("publish to shard %d: %w", shard, err)
				}
			}
			return nil
		})
	}
	return shards.Wait()
}

func (h *Webhook) received(w http.ResponseWriter, n int) {
	write(w, http.StatusOK, "application/json", fmt.Appendf(nil, `{"received":%d}`, n))
}
