package simulator

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"go.uber.org/zap"

	"baraza/integrations/meta"
)

const (
	// lanes carry webhooks side by side; a customer's all go through one, in order.
	lanes = 8
	// laneLength is what may wait in one; more is dropped and counted.
	laneLength = 4096
	// attemptTimeout is what the receiver has for its answer.
	attemptTimeout = 5 * time.Second
)

// retries are the pauses before each repetition. Meta goes on for seven days.
var retries = []time.Duration{0, 0, 10 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute}

// parcel is a webhook on its way.
type parcel struct {
	customer Customer
	updates  []update
	raw      []byte // the webhook, in plain UTF-8, once it is made
	mishap   mishap
	attempts []int // statuses of the answers; 0 where there was none
}

// callbackClient reaches this machine and nothing else, whatever a name resolves to.
func callbackClient() *http.Client {
	dialer := &net.Dialer{Timeout: time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		if to, err := netip.ParseAddrPort(address); err != nil || !to.Addr().IsLoopback() {
			return fmt.Errorf("%s is not this machine", address)
		}
		return nil
	}}
	return &http.Client{
		Timeout:       attemptTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: lanes, IdleConnTimeout: 30 * time.Second},
	}
}

// later does something on the timeline, or counts that it could not.
func (s *Server) later(d time.Duration, do func()) {
	if !s.timeline.after(d, do) {
		s.journal.dropped()
	}
}

// dispatch gives a parcel to its lane. It never waits.
func (s *Server) dispatch(p *parcel) {
	h := fnv.New32a()
	h.Write([]byte(p.customer.UserID + p.customer.ID))
	select {
	case s.lanes[h.Sum32()%lanes] <- p:
	default:
		s.journal.dropped()
		s.config.Log.Warn("simulated webhook dropped: too many are waiting")
	}
}

// carry delivers what comes into a lane until ctx ends.
func (s *Server) carry(ctx context.Context, lane chan *parcel) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case p := <-lane:
			s.merge(p, lane)
			s.deliver(ctx, p)
		}
	}
}

// merge adds updates that are waiting behind p, up to the profile's batch. A webhook
// that failed before, or is to fail, stays alone.
func (s *Server) merge(p *parcel, lane chan *parcel) {
	for len(p.updates) > 0 && p.raw == nil && len(p.updates) < s.config.Profile.Batch {
		select {
		case next := <-lane:
			if next.raw != nil {
				s.dispatch(next)
				return
			}
			p.updates = append(p.updates, next.updates...)
		default:
			return
		}
	}
}

// deliver sends a parcel with whatever is to go wrong, and repeats it twice at once;
// further repetitions are left to the timeline.
func (s *Server) deliver(ctx context.Context, p *parcel) {
	if p.raw == nil {
		raw, err := bodyOf(p.updates)
		if err != nil {
			s.config.Log.Error("simulated webhook could not be encoded", zap.Error(err))
			return
		}
		p.raw = raw
	}
	if p.mishap.name == "" {
		p.mishap = s.faults.ofWebhook(p.customer.ID, p.customer.UserID)
	}
	switch p.mishap.name {
	case webhookDrop:
		s.journal.dropped()
		return
	case webhookDelay, webhookReorder:
		again := *p // the caller goes on to read p
		again.mishap = mishap{name: happened}
		if p.mishap.name == webhookDelay {
			s.later(p.mishap.wait, func() { s.dispatch(&again) })
		} else {
			s.hold(&again)
		}
		return
	case webhookDuplicate:
		s.repeat(ctx, p)
	}
	s.repeat(ctx, p)
	s.release()
}

// repeat makes attempts until one is answered 200 or has to wait for its turn.
func (s *Server) repeat(ctx context.Context, p *parcel) {
	for {
		status := s.attempt(ctx, p)
		s.journal.delivered(status, len(p.attempts) > 0)
		p.attempts = append(p.attempts, status)
		if status == http.StatusOK || ctx.Err() != nil {
			return
		}
		if p.mishap.name == badSignature || p.mishap.name == tampered {
			return // nobody who forges is told to try again
		}
		n := len(p.attempts) - 1
		if n >= len(retries) {
			s.journal.gaveUp()
			s.config.Log.Warn("simulated webhook given up", zap.Int("status", status), zap.Int("attempts", len(p.attempts)))
			return
		}
		if retries[n] > 0 {
			again := *p // the caller goes on to read p
			again.attempts = slices.Clone(p.attempts)
			s.later(retries[n], func() { s.dispatch(&again) })
			return
		}
	}
}

// attempt sends the webhook once and returns the status of the answer, or 0.
func (s *Server) attempt(ctx context.Context, p *parcel) int {
	sent, secret := meta.Wire(p.raw), s.config.AppSecret
	signed := sent
	switch p.mishap.name {
	case badSignature:
		secret += " of somebody else"
	case tampered:
		sent = bytes.Clone(sent)
		sent[len(sent)/2] ^= 1
	case wireUTF8:
		sent, signed = p.raw, meta.Escape(p.raw)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.config.CallbackURL, bytes.NewReader(sent))
	if err != nil {
		s.config.Log.Error("simulated webhook has no address", zap.Error(err))
		return 0
	}
	old := hmac.New(sha1.New, []byte(secret))
	old.Write(signed)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "facebookexternalua")
	request.Header.Set("X-Hub-Signature", "sha1="+hex.EncodeToString(old.Sum(nil)))
	request.Header.Set("X-Hub-Signature-256", meta.Sign(signed, secret))
	response, err := s.callback.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	// Read, so that the connection can be used again; the answer itself says nothing.
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10))
	return response.StatusCode
}

// hold keeps a parcel until the next webhook has gone out, or for a second.
func (s *Server) hold(p *parcel) {
	s.mu.Lock()
	s.held = append(s.held, p)
	s.mu.Unlock()
	s.later(time.Second, s.release)
}

func (s *Server) release() {
	s.mu.Lock()
	held := s.held
	s.held = nil
	s.mu.Unlock()
	for _, p := range held {
		s.dispatch(p)
	}
}
