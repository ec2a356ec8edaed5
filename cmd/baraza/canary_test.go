package main

import (
	"bytes"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// tap is a way to the server that reads all it says there: heads, bodies and frames.
type tap struct {
	url    string
	canary []byte
	sung   atomic.Int64 // how often the canary was in what the server said
	read   atomic.Int64 // bytes
}

func newTap(t *testing.T, url, canary string) *tap {
	t.Helper()
	w := &tap{canary: []byte(canary)}
	way := newProxy(t, strings.TrimPrefix(url, "http://"), func(near, far net.Conn) (there, back func()) {
		return func() { w.pass(near, far, func([]byte) {}) }, func() { w.pass(far, near, w.listen()) }
	})
	w.url = "http://" + way.address
	return w
}

func (w *tap) pass(from, to net.Conn, hear func([]byte)) {
	defer to.Close() //nolint:errcheck // the other direction ends with it
	data := make([]byte, 64<<10)
	for {
		n, err := from.Read(data)
		hear(data[:n])
		if _, writeErr := to.Write(data[:n]); err != nil || writeErr != nil {
			return
		}
	}
}

// listen counts the canary in one connection's bytes, between two reads too.
func (w *tap) listen() func([]byte) {
	var rest []byte
	return func(data []byte) {
		w.read.Add(int64(len(data)))
		rest = append(rest, data...)
		w.sung.Add(int64(bytes.Count(rest, w.canary)))
		if last := bytes.LastIndex(rest, w.canary); last >= 0 {
			rest = rest[last+len(w.canary):]
		}
		rest = bytes.Clone(rest[max(0, len(rest)-len(w.canary)+1):])
	}
}

// as is somebody whose requests and socket go this way.
func (w *tap) as(who *person) *person {
	other := *who
	other.url = w.url
	return &other
}

// singing are what a canary is put into: a workspace's texts, but for those that the
// schema holds to a closed set or a form.
type singing struct {
	t      testing.TB
	admin  *pgx.Conn
	tenant uuid.UUID
	canary string
	where  []text // that took it
}

// text is a column of some rows.
type text struct{ table, column, rows string }

func (x text) String() string { return x.table + "." + x.column }

// globals have keys of their own, by which a workspace is found: with another text
// nothing of it would be found any more.
var globals = map[string]bool{"channel_routes": true, "token_lookups": true}

// sing puts the canary behind every text of the workspace, and behind its people's names.
// Triggers do not run: audit entries are kept from changes as well.
func (s *singing) sing() {
	s.t.Helper()
	texts := []text{{"tenants", "name", `id = $1`}, {"users", "name", `id in (select user_id from memberships where tenant_id = $1)`}}
	for _, table := range tenantTables(s.t, s.admin) {
		if globals[table] {
			continue
		}
		for _, column := range all[string](s.t, s.admin, `
			select attname::text from pg_attribute
			where attrelid = $1::regclass and atttypid = 'text'::regtype and attnum > 0 and not attisdropped and attgenerated = ''`, table) {
			texts = append(texts, text{table, column, `tenant_id = $1`})
		}
	}
	s.exec(`set session_replication_role = replica`)
	defer s.exec(`reset session_replication_role`)
	for _, x := range texts {
		// Every column by itself, so that one with a rule keeps no other from it.
		column := pgx.Identifier{x.column}.Sanitize()
		tag, err := s.admin.Exec(s.t.Context(), `update `+pgx.Identifier{x.table}.Sanitize()+` set `+column+` = `+column+` || $2
			where `+column+` is not null and `+x.rows, s.tenant, s.canary)
		if err == nil && tag.RowsAffected() > 0 {
			s.where = append(s.where, x)
		}
	}
}

// hush takes it away again.
func (s *singing) hush() {
	s.t.Helper()
	s.exec(`set session_replication_role = replica`)
	defer s.exec(`reset session_replication_role`)
	for _, x := range s.where {
		column := pgx.Identifier{x.column}.Sanitize()
		s.exec(`update `+pgx.Identifier{x.table}.Sanitize()+` set `+column+` = replace(`+column+`, $2, '') where `+x.rows, s.tenant, s.canary)
	}
}

func (s *singing) exec(sql string, args ...any) {
	s.t.Helper()
	_, err := s.admin.Exec(s.t.Context(), sql, args...)
	require.NoError(s.t, err, sql)
}

// The tap hears what falls between two reads, and counts nothing twice.
func TestTap(t *testing.T) {
	t.Parallel()
	w := &tap{canary: []byte("canary")}
	hear := w.listen()
	for _, part := range []string{"a can", "ary and a canary", ", no can", "nary, canaryca", "nary", ""} {
		hear([]byte(part))
	}
	require.EqualValues(t, 4, w.sung.Load())
}
