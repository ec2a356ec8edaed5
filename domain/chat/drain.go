package chat

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/channels"
)

const (
	// lease is how long a process may be at work on one message before another takes
	// over: longer than any call to a platform.
	lease = 20 * time.Second
	// shift is how long one job goes on with a conversation before it makes way.
	shift = 10 * time.Second
	// settling is how long a result is carried while it cannot be written down.
	settling = 10 * time.Second
	// attempts a message gets before it is failed for a person to look at.
	maxAttempts = 8
	// Backoff between attempts grows from the first to the last of these.
	firstBackoff, lastBackoff = time.Second, 5 * time.Minute
)

// Outbox sends what conversations have queued.
type Outbox struct {
	DB       *db.Tenant
	Channels *channels.Dispatcher
	// Now defaults to time.Now.
	Now func() time.Time
}

// Drain sends the conversation's queued messages in order, one call each, and never
// repeats a call whose outcome it does not know. It returns when nothing is left,
// when the next message has to wait (a job is enqueued for then), when another
// process is at it, or at the end of its shift. Repeating it is harmless.
func (o *Outbox) Drain(ctx context.Context, in SendQueued) error {
	end := time.Now().Add(shift)
	next, err := o.claim(ctx, in.ConversationID, nil, false)
	for err == nil && next != nil {
		// A call that has begun is seen through, and what came of it written down, even
		// if we are told to stop: cut off, its outcome would be unknown.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lease)
		result := o.send(ctx, *next)
		cancel()
		next, err = o.settle(ctx, in.ConversationID, result, time.Now().After(end))
	}
	return err
}

// settle claims with the result of the attempt just made, again while Postgres is
// away: nobody else knows what came of it.
func (o *Outbox) settle(ctx context.Context, conversation uuid.UUID, last result, makeWay bool) (*outgoing, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		next, err := o.claim(ctx, conversation, &last, makeWay)
		if !errors.Is(err, domain.ErrUnavailable) {
			return next, err
		}
		again := time.NewTimer(pause)
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
			return nil, err
		}
	}
}

// result is what became of one attempt.
type result struct {
	outgoing
	providerID string
	err        error
}

// send makes the one call of an attempt. The window is asked again here: between
// the enqueue and now it may have closed.
func (o *Outbox) send(ctx context.Context, m outgoing) result {
	if err := freely(m.WindowExpiresAt, o.now()); err != nil {
		return result{m, "", &channels.SendError{Code: "131047", Title: "More than 24 hours since the last customer message",
			Detail: "Send an approved template."}}
	}
	id, err := o.Channels.Send(ctx, m.ChannelID, channels.Outgoing{
		MessageID: m.ID, ClientKey: clientKey(m.ID, m.Attempt), To: m.keys(), Kind: m.Kind, Text: m.text(), ReplyTo: m.replyTo(),
	})
	return result{m, id, err}
}

func (o *Outbox) now() time.Time {
	if o.Now != nil {
		return o.Now()
	}
	return time.Now()
}

// verdict is how a result changes the message.
type verdict struct {
	status  string // queued, sent, failed or unknown
	outcome string // of the attempt
	code    string
	failure *channels.SendError
	wait    time.Duration // until the next attempt, when status is queued
	park    bool          // the channel must sign in again first
}

func (r result) verdict() verdict {
	var refused *channels.SendError
	var later *channels.Transient
	var unknown *channels.UnknownOutcome
	var reauth *channels.ReauthRequired
	switch {
	case r.err == nil:
		return verdict{status: MessageSent, outcome: "sent"}
	case errors.As(r.err, &unknown):
		return verdict{status: MessageUnknown, outcome: "unknown"}
	case errors.As(r.err, &reauth):
		return verdict{status: MessageQueued, outcome: "later", code: reauth.Code(), park: true}
	case errors.As(r.err, &later):
		if r.Attempt < maxAttempts {
			return verdict{status: MessageQueued, outcome: "later", code: later.Code(), wait: max(later.RetryAfter, backoff(r.Attempt))}
		}
		failure := channels.SendError{Code: later.Code(), Title: "The platform did not take it", Detail: "Try again later.", Retryable: true}
		if later.Cause != nil {
			failure.Title, failure.Detail = later.Cause.Title, later.Cause.Detail
		}
		return verdict{status: MessageFailed, outcome: "refused", code: failure.Code, failure: &failure}
	case errors.As(r.err, &refused):
		return verdict{status: MessageFailed, outcome: "refused", code: refused.Code, failure: refused}
	case errors.Is(r.err, domain.ErrNotFound), errors.Is(r.err, channels.ErrDisabled):
		return verdict{status: MessageFailed, outcome: "refused", code: "channel_disabled",
			failure: &channels.SendError{Code: "channel_disabled", Title: "The channel is not connected", Detail: "Ask an admin to connect it, then retry.", Retryable: true}}
	}
	// Our own fault before anything left: the message waits.
	return verdict{status: MessageQueued, outcome: "later", code: "internal", wait: backoff(r.Attempt)}
}

func backoff(attempt int) time.Duration {
	return min(firstBackoff<<min(attempt-1, 20), lastBackoff)
}

// clientKey names one attempt towards the platform; it comes back in its statuses.
func clientKey(message uuid.UUID, attempt int) string {
	return fmt.Sprintf("%s:%d", message, attempt)
}

// parseClientKey returns nil UUID for a key that is not one of ours.
func parseClientKey(key string) (uuid.UUID, int) {
	id, n, ok := strings.Cut(key, ":")
	if !ok {
		return uuid.Nil, 0
	}
	message, err := uuid.Parse(id)
	if err != nil {
		return uuid.Nil, 0
	}
	attempt, err := strconv.Atoi(n)
	if err != nil || attempt < 1 || attempt > 1<<20 {
		return uuid.Nil, 0
	}
	return message, attempt
}
