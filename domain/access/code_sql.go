package access

import (
	"context"
	"time"

	"github.com/google/uuid"

	"baraza/db"
)

// mailedCode is a row of one_time_codes.
type mailedCode struct {
	ID      uuid.UUID `db:"id"`
	UserID  uuid.UUID `db:"user_id"`
	Purpose purpose   `db:"purpose"`
}

func insertCode(ctx context.Context, tx *db.PlatformTx, id uuid.UUID, p purpose, email string) error {
	_, err := db.Exec(ctx, tx, `
		insert into one_time_codes (id, purpose, user_id, expires_at)
		values ($1, $2, (select u.id from users u where u.email_lower = $3), now() + $4::interval)`,
		id, p, cleanEmail(email), interval(codeWait))
	return err
}

// lockCode finds a request of somebody with an account that is still wanted.
func lockCode(ctx context.Context, tx *db.PlatformTx, id uuid.UUID) (mailedCode, error) {
	return db.One[mailedCode](ctx, tx, `
		select id, user_id, purpose from one_time_codes
		where id = $1 and user_id is not null and used_at is null and expires_at > now()
		for update`, id)
}

// fillCode gives the request its code, which from then on is the one that counts.
func fillCode(ctx context.Context, tx *db.PlatformTx, row mailedCode, hash []byte, life time.Duration) error {
	_, err := db.Exec(ctx, tx, `
		delete from one_time_codes where user_id = $1 and purpose = $2 and id <> $3 and code_hash is not null`,
		row.UserID, row.Purpose, row.ID)
	if err != nil {
		return err
	}
	return db.Must(db.Exec(ctx, tx, `
		update one_time_codes set code_hash = $2, expires_at = now() + $3::interval where id = $1`, row.ID, hash, interval(life)))
}

// readCode finds a code that could be used now.
func readCode(ctx context.Context, q db.PlatformQueryer, p purpose, hash []byte) (mailedCode, error) {
	return db.One[mailedCode](ctx, q, `
		select id, user_id, purpose from one_time_codes
		where code_hash = $1 and purpose = $2 and used_at is null and expires_at > now()`, hash, p)
}

// useCode takes a code: of any number of uses one finds it.
func useCode(ctx context.Context, tx *db.PlatformTx, p purpose, hash []byte) (mailedCode, error) {
	return db.One[mailedCode](ctx, tx, `
		update one_time_codes set used_at = now()
		where code_hash = $1 and purpose = $2 and used_at is null and expires_at > now()
		returning id, user_id, purpose`, hash, p)
}

// endCodes ends what was mailed to a person: a new password makes old letters worthless.
func endCodes(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID) error {
	_, err := db.Exec(ctx, tx, `delete from one_time_codes where user_id = $1 and used_at is null`, userID)
	return err
}
