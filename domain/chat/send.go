package chat

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// SendMessage writes to the customer. ClientID is made by the sender before the
// first try and makes every repeat harmless, for ever.
type SendMessage struct {
	ConversationID uuid.UUID  `param:"id" json:"-"`
	ClientID       uuid.UUID  `json:"client_id" validate:"required"`
	Kind           string     `json:"kind" validate:"required,oneof=text"`
	Text           string     `json:"text" validate:"required,max=4096"`
	ReplyTo        *uuid.UUID `json:"reply_to"`
	// IfLastSeq refuses the message when somebody wrote since.
	IfLastSeq *int64 `json:"if_last_seq" validate:"omitempty,min=0"`
	// ExpectedOwnerEpoch refuses it when somebody else took the conversation since.
	ExpectedOwnerEpoch *int64 `json:"expected_owner_epoch" validate:"omitempty,min=1"`
}

// hash tells a repeat from another message under the same client id.
func (in SendMessage) hash() ([]byte, error) {
	in.IfLastSeq, in.ExpectedOwnerEpoch = nil, nil // conditions, not content
	b, err := json.Marshal(struct {
		Conversation uuid.UUID
		Body         SendMessage
	}{in.ConversationID, in})
	sum := sha256.Sum256(b)
	return sum[:], err
}

// Refusals of a send.
var (
	ErrClientIDReused = &domain.Error{Kind: domain.Conflict, Code: "client_id_reused", Detail: "Another message was sent under this client_id."}
	ErrNewerMessages  = &domain.Error{Kind: domain.Conflict, Code: "newer_messages", Detail: "Something was written since you last looked."}
	ErrStaleOwner     = &domain.Error{Kind: domain.Conflict, Code: "stale_owner", Detail: "Someone else owns this conversation now."}
	ErrTransition     = &domain.Error{Kind: domain.Conflict, Code: "invalid_transition", Detail: "The conversation's status does not allow this."}
)

// SendQueued is the job that drains one conversation: its queued messages, in order.
type SendQueued struct {
	ConversationID uuid.UUID `json:"conversation_id"`
}

// Kind names the job.
func (SendQueued) Kind() string { return "chat.send" }

// Queue keeps sends apart from slower work.
func (SendQueued) Queue() string { return "send" }

// Send stores the message as queued, takes an unowned conversation for the person who
// writes, and enqueues the job that sends it, in one transaction. The same client id again
// returns the message as it is now (Replayed). Outside the messaging window it is
// ErrWindowClosed and nothing is stored.
func (m *Messages) Send(ctx context.Context, in SendMessage) (Message, error) {
	hash, err := in.hash()
	if err != nil {
		return Message{}, err
	}
	var sent Message
	err = m.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := lockForSend(ctx, tx, in)
		if err != nil {
			return err
		}
		if c.ExistingID != nil {
			sent, err = repeated(ctx, tx, c, hash)
			return err
		}
		if err := c.accepts(in, time.Now()); err != nil {
			return err
		}
		id := db.NewID()
		event, err := insertOutgoing(ctx, tx, c, in, id, hash)
		if err != nil {
			return err
		}
		changes := sendChanges(c, id, event)
		rows, err := withLive(ctx, tx, changes)
		if err != nil {
			return err
		}
		sent = rows.messages[id].view(tenancy.From(ctx).May(tenancy.ContactViewPII))
		c.takenFrom(changes)
		if err := db.AppendChange(ctx, tx, changes...); err != nil {
			return err
		}
		return db.Enqueue(ctx, tx, SendQueued{in.ConversationID})
	})
	return sent, err
}

// sendChanges tells of a new outgoing message; event is the taking of the
// conversation, nil UUID when the caller had it already.
func sendChanges(c sendLock, message, event uuid.UUID) []db.Change {
	list := []db.Change{{Name: messageCreated, Entity: entityMessage, EntityID: message, ConversationID: c.ID}}
	if event != uuid.Nil {
		list = append(list,
			db.Change{Name: conversationEvent, Entity: entityEvent, EntityID: event, ConversationID: c.ID},
			db.Change{Name: conversationUpdated, Entity: entityConversation, EntityID: c.ID, ConversationID: c.ID})
	}
	return list
}

// takenFrom tells those in whose queue the conversation waited that it left it.
func (c sendLock) takenFrom(changes []db.Change) {
	for i := range changes {
		live, ok := changes[i].Live.(domain.Live)
		if !ok || changes[i].Name != conversationUpdated {
			continue
		}
		before := live.Audience
		before.Assignee, before.Queued = uuid.Nil, c.Status == StatusQueued
		live.Before = &before
		changes[i].Live = live
	}
}

// accepts checks what the conversation's state says about a new message.
func (c sendLock) accepts(in SendMessage, now time.Time) error {
	switch {
	case c.Status == StatusResolved || c.Status == StatusClosed:
		return ErrTransition.Naming(map[string]any{"status": c.Status, "allowed": []string{"reopen"}})
	case in.ExpectedOwnerEpoch != nil && *in.ExpectedOwnerEpoch != c.OwnerEpoch:
		return ErrStaleOwner.Naming(map[string]any{"owner": Owner{ownerKind(c.Status), c.OwnerEpoch}})
	case in.IfLastSeq != nil && *in.IfLastSeq < c.LastForeignSeq:
		return ErrNewerMessages.Naming(map[string]any{"last_seq": c.LastSeq})
	case in.ReplyTo != nil && !c.ReplyKnown:
		return domain.InvalidField("reply_to", "not_found", "is no message of this conversation")
	}
	return freely(c.WindowExpiresAt, now)
}

// takenBy says whether the message makes the caller the conversation's owner. A
// program answers and owns nothing: the conversation stays where it waits.
func (c sendLock) takenBy(caller tenancy.Scope) bool {
	if caller.KeyID != uuid.Nil {
		return false
	}
	return c.Status == StatusBot || c.Status == StatusQueued || c.Status == StatusOffered
}

// RetryMessage sends a failed message again: attempt n + 1 of the same message.
type RetryMessage struct {
	ID uuid.UUID `param:"id" json:"-"`
	// Force repeats a message whose outcome is still unknown after ten minutes; the
	// customer may get it twice.
	Force bool `json:"force"`
}

// patience is how long an unknown outcome may still settle by itself.
const patience = 10 * time.Minute

// Retry queues the message again. One that is queued already, or sent, is returned
// as it is.
func (m *Messages) Retry(ctx context.Context, in RetryMessage) (Message, error) {
	var message Message
	err := m.DB.Tx(ctx, func(tx *db.Tx) error {
		r, err := lockForRetry(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if r.Status == MessageFailed || r.Status == MessageUnknown {
			if err := r.mayRetry(in.Force, time.Now()); err != nil {
				return err
			}
			if err := requeue(ctx, tx, in.ID); err != nil {
				return err
			}
			changes := []db.Change{{Name: messageStatus, Entity: entityMessage, EntityID: in.ID, ConversationID: r.ConversationID}}
			if _, err := withLive(ctx, tx, changes); err != nil {
				return err
			}
			if err := db.AppendChange(ctx, tx, changes...); err != nil {
				return err
			}
			if err := db.Enqueue(ctx, tx, SendQueued{r.ConversationID}); err != nil {
				return err
			}
		}
		message, err = viewMessage(ctx, tx, in.ID)
		return err
	})
	return message, err
}

func (r retryLock) mayRetry(force bool, now time.Time) error {
	refuse := func(detail string) error {
		return ErrTransition.Saying(detail).Naming(map[string]any{"status": r.Status, "allowed": []string{}})
	}
	if r.Direction != "out" {
		return refuse("Only our own messages can be sent again.")
	}
	if r.Status == MessageFailed && !r.Retryable {
		return refuse("Sending the same message again would fail again.")
	}
	if r.Status == MessageUnknown && (!force || now.Sub(r.LastAttemptAt.Time) < patience) {
		return refuse("The platform may still report what became of it.")
	}
	return freely(r.WindowExpiresAt, now)
}

func viewMessage(ctx context.Context, tx *db.Tx, id uuid.UUID) (Message, error) {
	row, err := messageInTx(ctx, tx, id)
	if err != nil {
		return Message{}, err
	}
	return row.view(tenancy.From(ctx).May(tenancy.ContactViewPII)), nil
}
