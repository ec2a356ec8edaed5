package access

import (
	"context"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
)

func insertRefusal(ctx context.Context, tx *db.PlatformTx, id uuid.UUID, email, reason string) error {
	from := domain.RequestOf(ctx)
	_, err := db.Exec(ctx, tx, `
		insert into sign_in_refusals (id, user_id, reason, ip, user_agent, request_id)
		values ($1, (select u.id from users u where u.email_lower = $2), $3, $4, $5, $6)`,
		id, cleanEmail(email), reason, from.IP, printable(from.UserAgent, 400), from.ID)
	return err
}

// refusal is a row of sign_in_refusals. UserID is nil for an e-mail nobody has.
type refusal struct {
	UserID    *uuid.UUID `db:"user_id"`
	Reason    string     `db:"reason"`
	IP        string     `db:"ip"`
	UserAgent string     `db:"user_agent"`
	RequestID string     `db:"request_id"`
}

// takeRefusal removes a refusal; NotFound when it is gone.
func takeRefusal(ctx context.Context, tx *db.PlatformTx, id uuid.UUID) (refusal, error) {
	return db.One[refusal](ctx, tx, `
		delete from sign_in_refusals where id = $1 returning user_id, reason, ip, user_agent, request_id`, id)
}
