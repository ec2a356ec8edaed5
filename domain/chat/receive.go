package chat

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/channels"
)

// Inbound is one event of a channel of the context's tenant.
type Inbound struct {
	ChannelID uuid.UUID
	Event     channels.Event
}

// Received counts what a batch came to.
type Received struct {
	Messages   int // stored now
	Duplicates int // known before, or twice in the batch
	Statuses   int // that moved a message forward
	Reactions  int // that changed something
}

// Receiver stores what the platforms tell us.
type Receiver struct {
	DB      *db.Tenant
	Numbers *Numbers
	// Now defaults to time.Now.
	Now func() time.Time
}

// retries of a batch that lost a race for a new contact or conversation: the winner's
// rows are there the next time.
const retries = 3

// Receive stores a batch, in its order, in one transaction: everything or nothing.
// Repeating it, whole or in part, changes nothing. The context's tenant owns all
// channels of the batch.
func (r *Receiver) Receive(ctx context.Context, batch []Inbound) (Received, error) {
	now := time.Now
	if r.Now != nil {
		now = r.Now
	}
	var received Received
	for try := 1; ; try++ {
		w := newIntake(batch, now().UTC())
		err := r.store(ctx, w)
		if errors.Is(err, domain.ErrExists) && try < retries {
			continue
		}
		received = w.received
		return received, err
	}
}

// store runs the statements of a batch, at most ten whatever its size: who wrote
// (1), unknown people (2), their conversations under lock (3), known messages (4),
// missing conversations (5), the write (6), statuses and reactions (7), what to show (8, 9) and the
// changes (10).
func (r *Receiver) store(ctx context.Context, w *intake) error {
	if len(w.senders) > 0 {
		// Before the transaction: a reserved number must survive its rollback.
		if err := r.Numbers.ensure(ctx, r.DB, len(w.senders)); err != nil {
			return err
		}
	}
	return r.DB.Tx(ctx, func(tx *db.Tx) error {
		if len(w.senders) > 0 {
			if err := w.identify(ctx, tx); err != nil {
				return err
			}
		}
		if err := w.lock(ctx, tx); err != nil {
			return err
		}
		// Known messages are dropped before numbering: a duplicate must burn no seq and
		// must not open a conversation again that was closed since.
		if err := w.dropKnown(ctx, tx); err != nil {
			return err
		}
		if err := w.open(ctx, tx, r.Numbers.take); err != nil {
			return err
		}
		if err := w.write(ctx, tx); err != nil {
			return err
		}
		if err := w.settle(ctx, tx); err != nil {
			return err
		}
		changes, err := w.changes(ctx, tx)
		if err != nil {
			return err
		}
		return db.AppendChange(ctx, tx, changes...)
	})
}
