package access

import (
	"context"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
)

// refreshToken is a row; clear is the token itself, which is not in it.
type refreshToken struct {
	SessionID   uuid.UUID `db:"session_id"`
	Used        bool      `db:"used"`
	WithinGrace bool      `db:"within_grace"`
	Successor   []byte    `db:"successor"`
	TTLSeconds  float64   `db:"ttl_seconds"`
	clear       string
	// first says that this use made it.
	first bool
}

func (t refreshToken) ttl() time.Duration {
	return time.Duration(t.TTLSeconds * float64(time.Second)).Truncate(time.Second)
}

// useRefreshToken decides which of several uses is the first; NotFound for the
// others, which wait here for its commit.
func useRefreshToken(ctx context.Context, tx *db.PlatformTx, token string, successor []byte) (uuid.UUID, error) {
	return db.One[uuid.UUID](ctx, tx, `
		update refresh_tokens
		set used_at = clock_timestamp(), successor = $2
		where token_hash = $1 and used_at is null and expires_at > now()
		returning session_id`, domain.HashOf(token), successor)
}

// insertRefreshToken gives the session a token that lives 7 days, never longer than
// the session.
func insertRefreshToken(ctx context.Context, tx *db.PlatformTx, sessionID uuid.UUID, token string) (refreshToken, error) {
	row, err := db.One[refreshToken](ctx, tx, `
		insert into refresh_tokens (token_hash, session_id, expires_at)
		select $1, id, least(now() + $3::interval, expires_at) from login_sessions where id = $2
		returning session_id, extract(epoch from expires_at - now())::float8 as ttl_seconds`,
		domain.HashOf(token), sessionID, interval(refreshLife))
	row.clear = token
	return row, err
}

// readRefreshToken finds a token that has not run out, whether or not it was exchanged.
func readRefreshToken(ctx context.Context, q db.PlatformQueryer, token string) (refreshToken, error) {
	return db.One[refreshToken](ctx, q, `
		select session_id, used_at is not null as used,
		       used_at is not null and used_at > clock_timestamp() - $2::interval as within_grace,
		       successor, extract(epoch from expires_at - now())::float8 as ttl_seconds
		from refresh_tokens
		where token_hash = $1 and expires_at > now()`, domain.HashOf(token), interval(refreshGrace))
}
