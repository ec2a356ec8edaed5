package factors

import (
	"context"

	"github.com/google/uuid"

	"baraza/db"
)

// factor is a row of second_factors.
type factor struct {
	UserID    uuid.UUID `db:"user_id"`
	Sealed    []byte    `db:"sealed_secret"`
	LastStep  int64     `db:"last_step"`
	Confirmed bool      `db:"confirmed"`
}

// lockFactor puts uses of one person's factor in line: the second reads the step the
// first has spent.
func lockFactor(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID) (factor, error) {
	return db.One[factor](ctx, tx, `
		select user_id, sealed_secret, last_step, confirmed_at is not null as confirmed
		from second_factors where user_id = $1 for update`, userID)
}

func upsertFactor(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, sealed []byte) error {
	n, err := db.Exec(ctx, tx, `
		insert into second_factors as f (user_id, sealed_secret) values ($1, $2)
		on conflict (user_id) do update set sealed_secret = $2, created_at = now() where f.confirmed_at is null`, userID, sealed)
	if err == nil && n == 0 {
		return ErrOn
	}
	return err
}

func confirmFactor(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID) error {
	return db.Must(db.Exec(ctx, tx, `update second_factors set confirmed_at = now() where user_id = $1`, userID))
}

func moveStep(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, step int64) error {
	return db.Must(db.Exec(ctx, tx, `update second_factors set last_step = $2 where user_id = $1 and last_step < $2`, userID, step))
}

func useRecoveryCode(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, hash []byte) error {
	return db.Must(db.Exec(ctx, tx, `
		update recovery_codes set used_at = now() where user_id = $1 and code_hash = $2 and used_at is null`, userID, hash))
}

func replaceRecoveryCodes(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, hashes [][]byte) error {
	if _, err := db.Exec(ctx, tx, `delete from recovery_codes where user_id = $1`, userID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `
		insert into recovery_codes (user_id, code_hash) select $1, unnest($2::bytea[])`, userID, hashes)
	return err
}

func deleteFactor(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID) error {
	return db.Must(db.Exec(ctx, tx, `delete from second_factors where user_id = $1`, userID))
}
