package audit

import (
	"context"

	"github.com/google/uuid"

	"baraza/db"
)

type namedRow struct {
	entryRow
	ActorName *string `db:"actor_name"`
}

const namedSelect = `
	select ` + entryColumns + `, coalesce(m.name, k.name) actor_name
	from audit_entries e
	left join memberships m on m.user_id = e.actor_id and e.actor_kind = 'user'
	left join api_keys k on k.id = e.actor_id and e.actor_kind = 'api_key'`

// listEntries walks the index of what is asked for most narrowly; the rest is checked
// on the way. Ids are made in the order of time.
func listEntries(ctx context.Context, q db.Queryer, in Filter, before uuid.UUID, limit int) ([]namedRow, error) {
	from, to := in.bounds()
	where := `$2::uuid is null and $3::uuid is null and $4 = ''`
	switch {
	case in.ObjectID != nil:
		where = `e.object_id = $3 and ($2::uuid is null or e.actor_id = $2) and ($4 = '' or e.action = $4)`
	case in.Actor != nil:
		where = `e.actor_id = $2 and $3::uuid is null and ($4 = '' or e.action = $4)`
	case in.Action != "":
		where = `e.action = $4 and $2::uuid is null and $3::uuid is null`
	}
	return db.All[namedRow](ctx, q, namedSelect+`
		where e.id < $1 and e.id >= $6 and e.id < $7
		  and ($5 = '' or e.object = $5)
		  and `+where+`
		order by e.id desc
		limit $8`, before, in.Actor, in.ObjectID, in.Action, in.Object, from, to, limit)
}

func getEntry(ctx context.Context, q db.Queryer, id uuid.UUID) (namedRow, error) {
	return db.One[namedRow](ctx, q, namedSelect+`
		where e.id = $1`, id)
}
