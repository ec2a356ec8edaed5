package usage

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/google/uuid"

	"baraza/db"
)

type tenantRow struct {
	Plan     string `db:"plan"`
	Timezone string `db:"timezone"`
}

func tenantByID(ctx context.Context, q db.PlatformQueryer, id uuid.UUID) (tenantRow, error) {
	return db.One[tenantRow](ctx, q, `select plan, timezone from tenants where id = $1`, id)
}

// drift is how far the time in an id may be from the one in the row.
const drift = time.Hour

// count reads one statement's view. Ids are made in the order of time, so of what grows
// for ever the primary key gives the period's rows; created_at decides.
func count(ctx context.Context, q db.Queryer, from time.Time) (Used, error) {
	return db.One[Used](ctx, q, `
		select (select count(*) from memberships where status = 'active') seats,
		       (select count(*) from invitations where accepted_at is null and revoked_at is null and expires_at > now()) invitations,
		       (select count(*) from channels where not simulated and status <> 'disabled') channels,
		       (select count(*) from api_keys where revoked_at is null and (expires_at is null or expires_at > now())) api_keys,
		       (select count(*) from conversations where id >= $2 and created_at >= $1 and not simulated) conversations,
		       m.received messages_received, m.sent messages_sent,
		       (select count(distinct user_id) from activities where id >= $2 and at >= $1) active_users
		from (select count(*) filter (where direction = 'in') received,
		             count(*) filter (where direction = 'out' and status in ('sent', 'delivered', 'read')) sent
		      from messages
		      where id >= $2 and created_at >= $1
		        and channel_id not in (select id from channels where simulated)) m`,
		from, firstID(from.Add(-drift)))
}

// firstID is below every id made at the moment or later.
func firstID(at time.Time) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[:], uint64(at.UnixMilli())<<16) //nolint:gosec // not before 1970
	return id
}
