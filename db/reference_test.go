package db_test

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
)

// loose are the columns of tenant tables that hold an id and are no foreign key, and why a
// row of another tenant's behind one shows and changes nothing.
var loose = map[string]string{
	"changes.entity_id":       "what changed is read again under row-level security; the row outlives what it tells of",
	"changes.conversation_id": "what changed is read again under row-level security; the row outlives what it tells of",
	"changes.user_id":         "compared with the reader's own id, and read by nobody else",

	"conversations.assignee_id":     "joined to memberships under row-level security: somebody else's name is not found",
	"conversations.offered_to":      "compared with the reader's own id; no name is read by it",
	"conversations.team_id":         "joined to teams under row-level security, and compared with the reader's own teams",
	"conversations.previous_id":     "shown as it is and written from a row of this tenant; whoever follows it gets a 404",
	"conversations.last_message_id": "joined to messages under row-level security",

	"api_keys.created_by":    "shown as it is; a key outlives whoever made it",
	"rights_changes.user_id": "has a person's rights in this tenant read again, which changes nothing by itself",
	"invitations.team_ids":   "joined to teams of this tenant when somebody comes in; one of another tenant is not found",
	"invitations.inviter_id": "shown to nobody: the name beside it is what is shown",

	"audit_entries.actor_id":       "shown as it is; an entry outlives whoever it names",
	"audit_entries.request_id":     "the name of a request, of no row",
	"audit_entries.object_id":      "shown as it is; an entry outlives what it names",
	"conversation_events.actor_id": "shown as it is, with the name written beside it",
	"activities.user_id":           "the person who acts, never what a request names",
	"memberships.user_id":          "people are global; written by the platform alone",
	"messages.sender_id":           "shown as it is, with the name written beside it",
	"messages.client_id":           "made by the sender; unique in its tenant",
	"messages.reply_to_id":         "joined to messages under row-level security",
	"message_reactions.sender_id":  "shown as it is, with the name written beside it",
	"idempotency_keys.caller":      "compared with the caller's own id",
	"read_markers.user_id":         "compared with the reader's own id",

	"channels.phone_number_id":      "the platform's own id",
	"channels.waba_id":              "the platform's own id",
	"channels.page_id":              "the platform's own id",
	"channels.ig_id":                "the platform's own id",
	"messages.provider_id":          "the platform's own id, looked up under row-level security",
	"messages.reply_to_provider_id": "the platform's own id, looked up under row-level security",
	"message_attempts.provider_id":  "the platform's own id",
	"media.provider_media_id":       "the platform's own id",
}

// reference is a foreign key of a tenant table to another one: columns without tenant_id.
type reference struct {
	Name, From, To string
	Columns, Keys  []string
}

// I4, SE-02: a row that points at another tenant's is refused by the database, whoever writes it and
// whatever the code before it checked: as the app behind the wall, and as a superuser in front of it.
func TestForeignReferencesAreRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	admin := connect(t, d.URLs.Admin)
	tables := tenantTables(t, admin)
	rows, err := admin.Query(t.Context(), `
		select k.conname as name, f.relname as from, r.relname as to,
		       array(select a.attname::text from unnest(k.conkey) with ordinality c(n, i) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.n
		             where a.attname <> 'tenant_id' order by c.i) as columns,
		       array(select a.attname::text from unnest(k.confkey) with ordinality c(n, i) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = c.n
		             where a.attname <> 'tenant_id' order by c.i) as keys
		from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class r on r.oid = k.confrelid
		where k.contype = 'f' and not f.relispartition
		order by 1`)
	require.NoError(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[reference])
	require.NoError(t, err)

	ours, theirs := newWorld(t, admin, tables), newWorld(t, admin, tables)
	wall := &stage{pool: openHandle(t, d, db.TenantConfig{MaxConns: 1}), worlds: [2]*world{ours, theirs}}
	tried, held := 0, map[string]bool{}
	for _, r := range list {
		from, tenant := tables[r.From]
		if !tenant || len(r.Columns) == 0 {
			continue // a global table's, or the tenant itself
		}
		for _, column := range r.Columns {
			held[r.From+"."+column] = true
		}
		require.Contains(t, tables, r.To, "%s points at a table of no tenant: nothing keeps two tenants apart there", r.Name)
		foreign := theirs.row(r.To)
		wrong := ours.fresh(r.From)
		for i, column := range r.Columns {
			wrong[column] = foreign[r.Keys[i]]
		}
		try := func(who string, run func(sql string, args ...any) error) {
			sql, args := insert(r.From, wrong.of(ours.tenant))
			require.Equal(t, "23503", sqlState(run(sql, args...)), "%s: a new row, as %s", r.Name, who)
			set := make([]string, len(r.Columns))
			existing := ours.spare(r.From)
			where, args := attack{table: from}.keyOf(existing.of(ours.tenant))
			for i, column := range r.Columns {
				args = append(args, foreign[r.Keys[i]])
				set[i] = column + " = $" + strconv.Itoa(len(args))
			}
			require.Equal(t, "23503", sqlState(run(`update `+r.From+` set `+strings.Join(set, ", ")+` where `+where, args...)), "%s: an old row, as %s", r.Name, who)
			tried += 2
		}
		try("superuser", func(sql string, args ...any) error {
			_, err := admin.Exec(t.Context(), sql, args...)
			return err
		})
		if from.Insert && from.Update {
			try("baraza_app", func(sql string, args ...any) (err error) {
				wall.as(t, 0, func(ctx context.Context, c *pgx.Conn) { _, err = c.Exec(ctx, sql, args...) })
				return err
			})
		}
	}
	t.Logf("%d references tried over %d columns", tried, len(held))
	require.Greater(t, tried, 40)

	t.Run("every_other_id_is_in_a_reasoned_list", func(t *testing.T) {
		rows, err := admin.Query(t.Context(), `
			select c.relname || '.' || a.attname
			from pg_attribute a join pg_class c on c.oid = a.attrelid
			where c.oid = any($1::text[]::regclass[]::oid[]) and a.attnum > 0 and not a.attisdropped
			  and a.attname not in ('id', 'tenant_id')
			  and (a.atttypid in ('uuid'::regtype, 'uuid[]'::regtype) or a.attname ~ '_ids?$')`, slices.Collect(maps.Keys(tables)))
		require.NoError(t, err)
		columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		known := map[string]bool{}
		for _, column := range columns {
			known[column] = true
			if !held[column] {
				assert.NotEmpty(t, loose[column], "%s holds an id and is no foreign key: make it one, or say in loose what keeps tenants apart there", column)
			}
		}
		for column := range loose {
			require.True(t, known[column] && !held[column], "%s of loose is gone, or a foreign key by now", column)
		}
	})
}
