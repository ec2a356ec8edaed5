package realtime

import (
	"context"
	"time"

	"github.com/google/uuid"

	"baraza/db"
)

const (
	// replayLimit is how far behind a reader may be; past it they start afresh.
	replayLimit = 10_000
	// sweepPage is how many changes a sweep reads at once.
	sweepPage = 10_000
)

// snapshot is what one statement saw: everything below xmin, nothing from xmax on.
type snapshot struct {
	Xmin int64 `db:"xmin"`
	Xmax int64 `db:"xmax"`
}

const snapshotColumns = `
		pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xmin,
		pg_snapshot_xmax(pg_current_snapshot())::text::bigint as xmax`

// changeRow is a row of changes, or none where the snapshot came alone.
type changeRow struct {
	TenantID       *uuid.UUID `db:"tenant_id"`
	ID             *uuid.UUID `db:"id"`
	Xid            *int64     `db:"xid"`
	Name           *string    `db:"name"`
	Entity         *string    `db:"entity"`
	EntityID       *uuid.UUID `db:"entity_id"`
	ConversationID *uuid.UUID `db:"conversation_id"`
	UserID         *uuid.UUID `db:"user_id"`
	At             *time.Time `db:"at"`
}

func (r changeRow) change() db.Change {
	c := db.Change{ID: *r.ID, Name: *r.Name, Entity: *r.Entity, EntityID: *r.EntityID, At: *r.At}
	if r.ConversationID != nil {
		c.ConversationID = *r.ConversationID
	}
	if r.UserID != nil {
		c.UserID = *r.UserID
	}
	return c
}

type replayRow struct {
	snapshot
	changeRow
}

// listReplay reads the tenant's changes from xid on, oldest first: one range of
// (tenant_id, xid, id). One more row than replayLimit says that there are too many.
func listReplay(ctx context.Context, q db.Queryer, xid int64) (snapshot, []db.Change, error) {
	rows, err := db.All[replayRow](ctx, q, `
		select s.xmin, s.xmax, c.*
		from (select `+snapshotColumns+`) s
		left join lateral (
			select tenant_id, id, xid, name, entity, entity_id, conversation_id, user_id, at
			from changes
			where xid >= $1
			order by xid, id
			limit $2) c on true
		order by c.xid, c.id`, xid, replayLimit+1)
	if err != nil {
		return snapshot{}, nil, err
	}
	changes := make([]db.Change, 0, len(rows))
	for _, row := range rows {
		if row.ID != nil {
			changes = append(changes, row.change())
		}
	}
	return rows[0].snapshot, changes, nil
}

type sweepRow struct {
	snapshot
	Generation uuid.UUID `db:"generation"`
	changeRow
}

// place is where a sweep goes on: after the change id of transaction xid.
type place struct {
	xid int64
	id  uuid.UUID
}

type sweptChange struct {
	db.Change
	xid int64
}

// swept is one page of a sweep.
type swept struct {
	snapshot
	generation uint32
	changes    map[uuid.UUID][]sweptChange // by tenant
	next       *place                      // nil on the last page
}

// listSweep reads, of the tenants that have a socket here, the changes from a place on
// and below a transaction, in one statement: a range of (xid).
func listSweep(ctx context.Context, q db.PlatformQueryer, from place, below int64, tenants []uuid.UUID) (swept, error) {
	rows, err := db.All[sweepRow](ctx, q, `
		select s.xmin, s.xmax, s.generation, c.*
		from (select `+snapshotColumns+`, generation from change_generation) s
		left join lateral (
			select tenant_id, id, xid, name, entity, entity_id, conversation_id, user_id, at
			from changes
			where xid >= $1
			  and xid < least(s.xmin, $3)
			  and (xid > $1 or id > $2)
			  and tenant_id = any($4)
			order by xid, id
			limit $5) c on true
		order by c.xid, c.id`, from.xid, from.id, below, tenants, sweepPage)
	if err != nil {
		return swept{}, err
	}
	s := swept{snapshot: rows[0].snapshot, generation: generationOf(rows[0].Generation), changes: map[uuid.UUID][]sweptChange{}}
	for _, row := range rows {
		if row.ID != nil {
			s.changes[*row.TenantID] = append(s.changes[*row.TenantID], sweptChange{row.change(), *row.Xid})
		}
	}
	if last := rows[len(rows)-1]; len(rows) == sweepPage && last.ID != nil {
		s.next = &place{*last.Xid, *last.ID}
	}
	return s, nil
}

// generationOf shortens the generation for the cursor: two of one installation differ.
func generationOf(id uuid.UUID) uint32 {
	return uint32(id[0])<<24 | uint32(id[1])<<16 | uint32(id[2])<<8 | uint32(id[3])
}
