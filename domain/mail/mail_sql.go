package mail

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"

	"baraza/db"
	"baraza/domain"
)

// count takes one of the day's letters; false when there is none left. Of any number
// at the same time no more than the limit get one.
func count(ctx context.Context, platform *db.Platform, l Letter) (bool, error) {
	_, err := db.One[int](ctx, platform, `
		insert into mail_counts (address_hash, kind, day, sent)
		values ($1, $2, (now() at time zone 'UTC')::date, 1)
		on conflict (address_hash, kind, day) do update set sent = mail_counts.sent + 1 where mail_counts.sent < $3
		returning sent`, addressHash(l.To), l.Kind, perDay)
	if errors.Is(err, domain.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func uncount(ctx context.Context, platform *db.Platform, l Letter) error {
	_, err := db.Exec(ctx, platform, `
		update mail_counts set sent = sent - 1
		where address_hash = $1 and kind = $2 and day = (now() at time zone 'UTC')::date`, addressHash(l.To), l.Kind)
	return err
}

// addressHash is one for all spellings of an address.
func addressHash(address string) []byte {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(address))))
	return sum[:]
}
