package mail

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"go.uber.org/zap"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// mailboxSize is how many of the newest messages are kept.
const mailboxSize = 200

// Mailbox keeps what there is no mail server for: the operator reads it and passes
// the links on.
type Mailbox struct {
	DB     *db.Platform
	Master tenancy.Master
	Log    *zap.Logger
}

// KeptMessage is a message in the mailbox.
type KeptMessage struct {
	ID uuid.UUID `json:"id"`
	Message
	CreatedAt domain.Time `json:"created_at"`
}

// keptRow is a row of mailbox.
type keptRow struct {
	ID        uuid.UUID   `db:"id"`
	Sealed    []byte      `db:"sealed"`
	CreatedAt domain.Time `db:"created_at"`
}

// Send keeps the message, sealed, and lets the oldest go.
func (b *Mailbox) Send(ctx context.Context, m Message) error {
	clear, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("keep message: %w", err)
	}
	id := db.NewID()
	sealed, err := b.Master.Seal(mailboxPlace(id), clear)
	if err != nil {
		return fmt.Errorf("keep message: %w", err)
	}
	if _, err := db.Exec(ctx, b.DB, `insert into mailbox (id, sealed) values ($1, $2)`, id, sealed); err != nil {
		return err
	}
	b.Log.Info("no mail server: message kept in the mailbox", zap.Stringer("message_id", id))
	_, err = db.Exec(ctx, b.DB, `
		delete from mailbox where id < (select id from mailbox order by id desc offset $1 limit 1)`, mailboxSize-1)
	return err
}

// List returns what is kept, newest first. There is never more than one page.
func (b *Mailbox) List(ctx context.Context, _ domain.None) (domain.Page[KeptMessage], error) {
	rows, err := db.All[keptRow](ctx, b.DB, `
		select id, sealed, created_at from mailbox order by id desc limit $1`, mailboxSize)
	if err != nil {
		return domain.Page[KeptMessage]{}, err
	}
	page := domain.Page[KeptMessage]{Items: make([]KeptMessage, len(rows))}
	for i, row := range rows {
		clear, err := b.Master.Open(mailboxPlace(row.ID), row.Sealed)
		if err != nil {
			return page, domain.ErrInternal.With(fmt.Errorf("open message %s: %w", row.ID, err))
		}
		page.Items[i] = KeptMessage{ID: row.ID, CreatedAt: row.CreatedAt}
		if err := json.Unmarshal(clear, &page.Items[i].Message); err != nil {
			return page, domain.ErrInternal.With(fmt.Errorf("read message %s: %w", row.ID, err))
		}
	}
	return page, nil
}

func mailboxPlace(id uuid.UUID) tenancy.Place {
	return tenancy.Place{Table: "mailbox", Column: "sealed", Row: id}
}
