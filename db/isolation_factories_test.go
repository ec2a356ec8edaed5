package db_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/db"
)

// row is a row of a tenant table without its tenant: values by column.
type row map[string]any

// factories make a valid row of each tenant table, unlike any other, that points at
// rows of the same world. A new tenant table brings its line here.
func factories() map[string]func(*world) row {
	return map[string]func(*world) row{
		"tenant_keys": func(*world) row { return row{"wrapped": []byte("wrapped")} },
		"roles": func(w *world) row {
			return row{"id": db.NewID(), "name": w.name("role"), "permissions": []string{"team.view"}, "scopes": []string{}}
		},
		"memberships": func(w *world) row {
			return row{"id": db.NewID(), "user_id": db.NewID(), "role_id": w.row("roles")["id"], "name": w.name("member"), "email": w.name("m") + "@example.test"}
		},
		"invitations": func(w *world) row {
			return row{"id": db.NewID(), "email": w.name("m"), "email_lower": w.name("m"), "role_id": w.row("roles")["id"], "inviter_id": db.NewID(),
				"inviter_name": w.name("member"), "token_hash": []byte(w.name("token")), "expires_at": w.now}
		},
		"rights_changes":    func(*world) row { return row{"id": db.NewID(), "user_id": db.NewID()} },
		"security_settings": func(*world) row { return row{"password_max_age_days": int32(90)} },
		"appearances":       func(*world) row { return row{"accent": "#0b5c58"} },
		"teams":             func(w *world) row { return row{"id": db.NewID(), "name": w.name("team")} },
		"team_members": func(w *world) row {
			return row{"team_id": w.row("teams")["id"], "user_id": w.spare("memberships")["user_id"]}
		},
		"channels": func(w *world) row {
			return row{"id": db.NewID(), "kind": "whatsapp", "name": w.name("channel"), "status": "connected", "identity_scope": "waba",
				"sealed_credentials": []byte("sealed"), "token_last4": "4821", "team_id": w.row("teams")["id"]}
		},
		"channel_routes": func(w *world) row {
			return row{"provider": "whatsapp", "routing_key": w.name("number"), "channel_id": w.row("channels")["id"], "simulated": true}
		},
		"contacts": func(w *world) row {
			return row{"id": db.NewID(), "name": w.name("contact"), "first_seen_at": w.now, "last_seen_at": w.now}
		},
		"contact_identities": func(w *world) row {
			return row{"id": db.NewID(), "contact_id": w.row("contacts")["id"], "family": "whatsapp", "scope": "waba"}
		},
		"identity_keys": func(w *world) row {
			return row{"kind": "wa_phone", "scope": "waba", "value": w.name("key"), "identity_id": w.row("contact_identities")["id"]}
		},
		"conversation_numbers": func(*world) row { return row{"next": int64(100)} },
		"conversations": func(w *world) row {
			return row{"id": db.NewID(), "number": w.count(), "channel_id": w.row("channels")["id"], "contact_id": w.row("contacts")["id"],
				"identity_id": w.row("contact_identities")["id"], "status": "closed", "opened_at": w.now, "last_message_at": w.now}
		},
		"messages": func(w *world) row {
			return row{"id": db.NewID(), "conversation_id": w.row("conversations")["id"], "channel_id": w.row("channels")["id"], "seq": w.count(),
				"direction": "in", "kind": "text", "text": w.name("text"), "status": "received", "provider_id": w.name("wamid"), "sender_kind": "contact"}
		},
		"message_attempts": func(w *world) row { return row{"message_id": w.row("messages")["id"], "n": int32(w.count())} },
		"message_reactions": func(w *world) row {
			return row{"message_id": w.row("messages")["id"], "sender_kind": "user", "sender_id": db.NewID(), "emoji": "👍", "at": w.now}
		},
		"media": func(w *world) row {
			return row{"id": db.NewID(), "message_id": w.row("messages")["id"], "position": int32(w.count()), "kind": "image", "mime": "image/jpeg",
				"provider_media_id": w.name("media")}
		},
		"conversation_events": func(w *world) row {
			return row{"id": db.NewID(), "conversation_id": w.row("conversations")["id"], "seq": w.count(), "kind": "resolved", "actor_kind": "system"}
		},
		"read_markers": func(w *world) row {
			return row{"user_id": db.NewID(), "conversation_id": w.row("conversations")["id"], "seq": w.count(), "inbound_count": int64(1)}
		},
		"activities": func(*world) row { return row{"id": db.NewID(), "user_id": db.NewID(), "type": "PAGE_VIEW"} },
		"api_keys": func(w *world) row {
			return row{"id": db.NewID(), "name": w.name("key"), "kind": "server", "prefix": "sk_", "scopes": []string{"team.view"}}
		},
		"token_lookups": func(w *world) row {
			return row{"token_hash": []byte(w.name("hash")), "api_key_id": w.row("api_keys")["id"]}
		},
		"idempotency_keys": func(w *world) row {
			return row{"caller": db.NewID(), "path": "/api/channels", "key": w.name("idempotency"), "request_hash": []byte("hash")}
		},
		"audit_entries": func(w *world) row {
			return row{"id": db.NewID(), "actor_kind": "system", "action": w.name("role.changed"), "object": "role"}
		},
		"audit_heads": func(w *world) row {
			return row{"chain_no": w.count(), "hash": []byte("hash"), "signed_at": w.now, "signature": []byte("signature")}
		},
		"changes": func(w *world) row {
			return row{"id": db.NewID(), "at": w.now, "name": "team.created", "entity": "team", "entity_id": db.NewID()}
		},
	}
}

// world is a tenant with rows in the tables it was asked for. It is written by a
// superuser, who sees over the wall.
type world struct {
	t      testing.TB
	admin  *pgx.Conn
	tenant uuid.UUID
	tables map[string]table
	rows   map[string]row
	now    time.Time
	n      int64
}

func newWorld(t testing.TB, admin *pgx.Conn, tables map[string]table) *world {
	t.Helper()
	w := &world{t: t, admin: admin, tenant: db.NewID(), tables: tables, rows: map[string]row{}, now: time.Now().UTC().Truncate(time.Microsecond)}
	mustExec(t, admin, `insert into tenants (id, slug, name) values ($1, $2, 'World')`, w.tenant, w.tenant.String())
	return w
}

func (w *world) count() int64 {
	w.n++
	return w.n
}

// name is a text no other row of any world has.
func (w *world) name(kind string) string {
	return fmt.Sprintf("%s %d of %s", kind, w.count(), w.tenant)
}

// row is the row others of this world point at; the first call makes it.
func (w *world) row(table string) row {
	if _, ok := w.rows[table]; !ok {
		w.rows[table] = w.spare(table)
	}
	return w.rows[table]
}

// fresh is a row that could be inserted now.
func (w *world) fresh(table string) row {
	r := factories()[table](w)
	if w.tables[table].single() {
		mustExec(w.t, w.admin, `delete from `+table+` where tenant_id = $1`, w.tenant)
	}
	return r
}

// spare is a new row that nothing points at.
func (w *world) spare(table string) row {
	r := w.fresh(table)
	sql, args := insert(table, r.of(w.tenant))
	mustExec(w.t, w.admin, sql, args...)
	return r
}

// of is the row with its tenant named.
func (r row) of(tenant uuid.UUID) row {
	r = maps.Clone(r)
	r["tenant_id"] = tenant
	return r
}

func insert(table string, r row) (sql string, args []any) {
	columns := slices.Sorted(maps.Keys(r))
	values := make([]string, len(columns))
	for i, column := range columns {
		values[i] = fmt.Sprintf("$%d", i+1)
		args = append(args, r[column])
	}
	return `insert into ` + table + ` (` + strings.Join(columns, ", ") + `) values (` + strings.Join(values, ", ") + `)`, args
}

// table is a tenant table as the catalogue has it.
type table struct {
	Name                           string
	Key                            []string // columns of the primary key
	Columns                        []string // those that can be written
	Partitioned                    bool
	Select, Insert, Update, Delete bool // what baraza_app is granted
}

// single tables hold one row per tenant.
func (t table) single() bool { return len(t.Key) == 1 }

// settable is a column an update may touch without moving the row.
func (t table) settable() string {
	for _, c := range t.Columns {
		if !slices.Contains(t.Key, c) {
			return c
		}
	}
	return t.Key[len(t.Key)-1]
}

// tenantTables asks the catalogue: every table with a tenant_id, in any schema of ours.
func tenantTables(t testing.TB, admin *pgx.Conn) map[string]table {
	t.Helper()
	rows, err := admin.Query(t.Context(), `
		select case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname as name,
		       array(select a.attname::text from pg_index i, unnest(i.indkey) k join pg_attribute a on a.attnum = k
		             where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid) as key,
		       array(select a.attname::text from pg_attribute a
		             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
		       c.relkind = 'p' as partitioned,
		       has_table_privilege('baraza_app', c.oid, 'SELECT') as select, has_table_privilege('baraza_app', c.oid, 'INSERT') as insert,
		       has_table_privilege('baraza_app', c.oid, 'UPDATE') as update, has_table_privilege('baraza_app', c.oid, 'DELETE') as delete
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
		  and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)`)
	require.NoError(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[table])
	require.NoError(t, err)
	tables := map[string]table{}
	for _, table := range list {
		tables[table.Name] = table
	}
	return tables
}
