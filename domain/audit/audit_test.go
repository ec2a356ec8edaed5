package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/csv"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

type stage struct {
	dbtest.DB
	log       *Log
	sequencer *Sequencer
	logged    *observer.ObservedLogs
}

// newStage has a database of its own: the sequencer works for all tenants.
func newStage(t *testing.T) stage {
	t.Helper()
	d := dbtest.Own(t)
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	cursors, err := tenancy.NewCursors(make([]byte, 32))
	require.NoError(t, err)
	core, logged := observer.New(zap.InfoLevel)
	return stage{d, &Log{DB: d.Tenant, Cursors: cursors, Key: public}, &Sequencer{DB: d.Platform, Key: private, Log: zap.New(core)}, logged}
}

func (s stage) record(t *testing.T, ctx context.Context, acts ...Act) {
	t.Helper()
	require.NoError(t, s.Tenant.Tx(ctx, func(tx *db.Tx) error { return Record(ctx, tx, acts...) }))
}

func (s stage) list(t *testing.T, ctx context.Context, in List) []Entry {
	t.Helper()
	var all []Entry
	for {
		page, err := s.log.List(ctx, in)
		require.NoError(t, err)
		all = append(all, page.Items...)
		if page.NextCursor == nil {
			return all
		}
		in.Cursor = *page.NextCursor
	}
}

// admin runs SQL as a superuser, whom no trigger stops.
func (s stage) admin(t *testing.T, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URLs.Admin)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.Background())) }()
	for _, sql := range append([]string{"set session_replication_role = replica"}, statements...) {
		_, err := conn.Exec(t.Context(), sql)
		require.NoError(t, err, sql)
	}
}

// TN-15: who, what, where from, before and after; with the act or not at all.
func TestRecord(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx := domain.WithRequest(s.A, domain.Request{IP: "203.0.113.7", UserAgent: "Firefox", ID: "request-1"})
	role := db.NewID()
	was, is := Changed(map[string]any{"name": "Night", "scopes": []string{"own"}}, map[string]any{"name": "Late", "scopes": []string{"own"}})
	s.record(t, ctx, Act{Action: RoleChanged, ObjectID: role, Before: was, After: is})

	entries := s.list(t, s.A, List{})
	require.Len(t, entries, 1)
	e := entries[0]
	require.Equal(t, "role.changed", e.Action)
	require.Equal(t, "role", e.Object)
	require.Equal(t, role, *e.ObjectID)
	require.Equal(t, tenancy.From(s.A).UserID, *e.Actor.ID)
	require.NotNil(t, e.Actor.Name)
	require.JSONEq(t, `{"name":"Night"}`, string(e.Before))
	require.JSONEq(t, `{"name":"Late"}`, string(e.After))
	require.Equal(t, []string{"203.0.113.7", "Firefox", "request-1"}, []string{e.IP, e.UserAgent, e.RequestID})
	one, err := s.log.Get(s.A, Get{e.ID})
	require.NoError(t, err)
	require.Equal(t, e, one)

	failed := errors.New("the act failed")
	err = s.Tenant.Tx(s.A, func(tx *db.Tx) error {
		return errors.Join(Record(s.A, tx, Act{Action: RoleDeleted, ObjectID: role}), failed)
	})
	require.ErrorIs(t, err, failed)
	require.Len(t, s.list(t, s.A, List{}), 1)

	// An act of the platform's, and one of nobody's.
	person := db.NewID()
	require.NoError(t, s.Platform.Tx(t.Context(), func(tx *db.PlatformTx) error {
		return RecordFor(t.Context(), tx, tenancy.From(s.A).TenantID, Act{Action: SignedIn, Actor: person}, Act{Action: SignInFailed})
	}))
	entries = s.list(t, s.A, List{Filter: Filter{Object: "session"}})
	require.Equal(t, []string{"system", "user"}, []string{entries[0].Actor.Kind, entries[1].Actor.Kind})
	require.Nil(t, entries[1].Actor.Name, "no member by that id")

	require.Empty(t, s.list(t, s.B, List{}))
	_, err = s.log.Get(s.B, Get{e.ID})
	require.ErrorIs(t, err, domain.ErrNotFound)
}

// SECURITY §4: neither the program nor the owner of the table changes an entry.
func TestEntriesAreKept(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.record(t, s.A, Act{Action: RoleCreated, ObjectID: db.NewID()})
	require.NoError(t, s.sequencer.Chain(t.Context()))
	for _, sql := range []string{
		`update audit_entries set action = 'x'`, `delete from audit_entries`, `truncate audit_entries`,
		`update audit_entries set chain_no = 7, hash = '\x00'`, `update audit_entries set chain_no = null, hash = null`,
	} {
		for name, url := range map[string]string{"app": s.URLs.App, "platform": s.URLs.Platform, "owner": s.URLs.Migrate} {
			conn, err := pgx.Connect(t.Context(), url)
			require.NoError(t, err)
			_, err = conn.Exec(t.Context(), `select set_config('app.tenant_id', $1, false)`, tenancy.From(s.A).TenantID.String())
			require.NoError(t, err)
			tag, err := conn.Exec(t.Context(), sql)
			require.True(t, err != nil || tag.RowsAffected() == 0, "%s: %s", name, sql)
			require.NoError(t, conn.Close(context.Background()))
		}
	}
	require.Equal(t, "role.created", s.list(t, s.A, List{})[0].Action)
}

func TestList(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	role, team := db.NewID(), db.NewID()
	start := time.Now()
	for range 3 {
		s.record(t, s.A, Act{Action: RoleChanged, ObjectID: role}, Act{Action: TeamChanged, ObjectID: team})
	}
	other := db.NewID()
	s.record(t, s.A, Act{Action: RoleChanged, ObjectID: team, Actor: other})
	actor := tenancy.From(s.A).UserID
	later, earlier := domain.At(start.Add(time.Hour)), domain.At(start.Add(-time.Hour))
	for name, c := range map[string]struct {
		in   List
		want int
	}{
		"everything":        {List{Paging: tenancy.Paging{Limit: 2}}, 7},
		"action":            {List{Filter: Filter{Action: "role.changed"}, Paging: tenancy.Paging{Limit: 2}}, 4},
		"object":            {List{Filter: Filter{Object: "team"}}, 3},
		"one object":        {List{Filter: Filter{ObjectID: &team}, Paging: tenancy.Paging{Limit: 2}}, 4},
		"its action":        {List{Filter: Filter{ObjectID: &team, Action: "role.changed"}}, 1},
		"person":            {List{Filter: Filter{Actor: &actor}, Paging: tenancy.Paging{Limit: 4}}, 6},
		"person and action": {List{Filter: Filter{Actor: &other, Action: "team.changed"}}, 0},
		"since":             {List{Filter: Filter{From: &earlier}}, 7},
		"since tomorrow":    {List{Filter: Filter{From: &later}}, 0},
		"until yesterday":   {List{Filter: Filter{To: &earlier}}, 0},
	} {
		got := s.list(t, s.A, c.in)
		require.Len(t, got, c.want, name)
		for i := 1; i < len(got); i++ {
			require.Positive(t, bytes.Compare(got[i-1].ID[:], got[i].ID[:]), "%s: the newest first", name)
		}
		require.Empty(t, s.list(t, s.B, List{Filter: Filter{Action: c.in.Action}}), name)
	}
	page, err := s.log.List(s.A, List{Paging: tenancy.Paging{Limit: 2}})
	require.NoError(t, err)
	_, err = s.log.List(s.A, List{Filter: Filter{Object: "team"}, Paging: tenancy.Paging{Limit: 2, Cursor: *page.NextCursor}})
	require.ErrorIs(t, err, domain.ErrBadCursor, "a cursor belongs to its filter")
}

// SE-22, SECURITY S45.
func TestChain(t *testing.T) {
	t.Parallel()

	// chainOf returns a stage whose tenant A has n chained entries, B two, and the ends signed.
	chainOf := func(t *testing.T, n int) stage {
		s := newStage(t)
		for i := range n {
			s.record(t, s.A, Act{Action: RoleChanged, ObjectID: db.NewID(), After: map[string]any{"n": i, "name": "é\u2028"}})
		}
		s.record(t, s.B, Act{Action: RoleCreated}, Act{Action: RoleDeleted})
		require.NoError(t, s.sequencer.Chain(t.Context()))
		require.NoError(t, s.sequencer.Sign(t.Context(), time.Now()))
		return s
	}
	verify := func(t *testing.T, s stage, ctx context.Context) Proof {
		t.Helper()
		p, err := s.log.Verify(ctx, domain.None{})
		require.NoError(t, err)
		return p
	}

	t.Run("is_whole", func(t *testing.T) {
		t.Parallel()
		s := chainOf(t, 5)
		s.record(t, s.A, Act{Action: RoleCreated})
		p := verify(t, s, s.A)
		require.Equal(t, "whole", p.State, "%+v", p.Broken)
		require.Equal(t, []int64{5, 1, 5}, []int64{p.Entries, p.Waiting, p.Signed.ChainNo})
		require.EqualValues(t, 2, verify(t, s, s.B).Entries)
		require.NoError(t, s.sequencer.Chain(t.Context()))
		require.EqualValues(t, 6, verify(t, s, s.A).Entries)
		// The end travels to the log, where the database's owner does not reach.
		require.Len(t, s.logged.FilterMessage("audit chain signed").All(), 2)
		require.NoError(t, s.sequencer.Sign(t.Context(), time.Now()))
		require.Len(t, s.logged.FilterMessage("audit chain signed").All(), 3, "only the chain that grew")
	})

	t.Run("is_longer_than_a_batch", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		acts := make([]Act, chainBatch+7)
		for i := range acts {
			acts[i] = Act{Action: RoleChanged}
		}
		s.record(t, s.A, acts...)
		require.NoError(t, s.sequencer.Chain(t.Context()))
		p := verify(t, s, s.A)
		require.Equal(t, "whole", p.State)
		require.EqualValues(t, len(acts), p.Entries)
		require.Zero(t, p.Waiting)
	})

	for name, c := range map[string]struct {
		sql    string // $a is the tenant
		no     int64
		reason string
	}{
		"altered":            {`update audit_entries set after = '{"n": 99}' where tenant_id = '$a' and chain_no = 3`, 3, "changed"},
		"altered actor":      {`update audit_entries set actor_id = gen_random_uuid() where tenant_id = '$a' and chain_no = 1`, 1, "changed"},
		"deleted":            {`delete from audit_entries where tenant_id = '$a' and chain_no = 2`, 2, "missing"},
		"cut short":          {`delete from audit_entries where tenant_id = '$a' and chain_no >= 4`, 4, "missing"},
		"all gone":           {`delete from audit_entries where tenant_id = '$a'`, 1, "missing"},
		"swapped":            {`update audit_entries set chain_no = -chain_no where tenant_id = '$a' and chain_no in (2, 3); update audit_entries set chain_no = 5 + chain_no where tenant_id = '$a' and chain_no < 0`, 2, "changed"},
		"inserted":           {`update audit_entries set chain_no = chain_no + 100 where tenant_id = '$a' and chain_no > 2; update audit_entries set chain_no = chain_no - 99 where tenant_id = '$a' and chain_no > 100; insert into audit_entries (tenant_id, id, actor_kind, action, object, chain_no, hash) values ('$a', gen_random_uuid(), 'system', 'role.created', 'role', 3, '\x00')`, 3, "changed"},
		"moved from another": {`update audit_entries set tenant_id = '$a', chain_no = 6 where tenant_id <> '$a' and chain_no = 1`, 6, "changed"},
		"signed by another":  {`update audit_heads set signature = decode(repeat('00', 64), 'hex') where tenant_id = '$a'`, 5, "signature"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := chainOf(t, 5)
			s.admin(t, expand(c.sql, tenancy.From(s.A).TenantID)...)
			p := verify(t, s, s.A)
			require.Equal(t, "broken", p.State)
			require.Equal(t, c.no, p.Broken.ChainNo)
			require.Equal(t, c.reason, p.Broken.Reason)
		})
	}

	// Whoever rewrites the whole chain with right hashes cannot sign its end.
	t.Run("written_anew", func(t *testing.T) {
		t.Parallel()
		s := chainOf(t, 5)
		s.admin(t, expand(`update audit_entries set chain_no = null, hash = null where tenant_id = '$a'; delete from audit_entries where tenant_id = '$a' and after->>'n' = '0'`,
			tenancy.From(s.A).TenantID)...)
		require.NoError(t, s.sequencer.Chain(t.Context()))
		s.record(t, s.A, Act{Action: RoleCreated})
		require.NoError(t, s.sequencer.Chain(t.Context()))
		p := verify(t, s, s.A)
		require.Equal(t, "broken", p.State)
		require.EqualValues(t, 5, p.Broken.ChainNo)
	})

	t.Run("two_sequencers_make_one_chain", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 2)
		for range 2 {
			go func() {
				for ctx.Err() == nil {
					if err := s.sequencer.Chain(context.WithoutCancel(ctx)); err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
		}
		for range 40 {
			s.record(t, s.A, Act{Action: RoleChanged}, Act{Action: RoleChanged})
		}
		dbtest.Eventually(t, "all chained", func() bool {
			p, err := s.log.Verify(s.A, domain.None{})
			return err == nil && p.Waiting == 0
		})
		stop()
		require.NoError(t, errors.Join(<-done, <-done))
		p := verify(t, s, s.A)
		require.Equal(t, "whole", p.State)
		require.EqualValues(t, 80, p.Entries)
	})
}

func expand(sql string, tenant uuid.UUID) []string {
	var list []string
	for _, one := range bytes.Split([]byte(sql), []byte(";")) {
		list = append(list, string(bytes.ReplaceAll(one, []byte("$a"), []byte(tenant.String()))))
	}
	return list
}

// TN-15, SE-27: the export is the list, is safe for spreadsheets, and is itself an entry.
func TestExport(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx := domain.WithRequest(s.A, domain.Request{UserAgent: "=cmd|'/c calc'!A1"})
	for i := range verifyBatch + 3 {
		if i%500 == 0 {
			ctx = domain.WithRequest(ctx, domain.Request{UserAgent: fmt.Sprint("=", i)})
		}
		s.record(t, ctx, Act{Action: RoleChanged, After: map[string]any{"name": "+1"}})
	}
	table, err := s.log.Export(s.A, Filter{Object: "role"})
	require.NoError(t, err)
	name, contentType, write := table.File()
	require.Regexp(t, `^audit-log-\d{4}-\d\d-\d\d\.csv$`, name)
	require.Equal(t, "text/csv; charset=utf-8", contentType)
	var file bytes.Buffer
	require.NoError(t, write(&file))
	rows, err := csv.NewReader(&file).ReadAll()
	require.NoError(t, err)
	entries := s.list(t, s.A, List{Filter: Filter{Object: "role"}, Paging: tenancy.Paging{Limit: 200}})
	require.Len(t, rows, 1+len(entries))
	require.Len(t, entries, verifyBatch+3)
	for i, e := range entries {
		require.Equal(t, e.UserAgent, domain.PlainCell(rows[1+i][10]))
		require.NotContains(t, "=+-@", rows[1+i][10][:1])
	}
	require.Equal(t, string(LogExported), s.list(t, s.A, List{})[0].Action)

	foreign, err := s.log.Export(s.B, Filter{Object: "role"})
	require.NoError(t, err)
	_, _, write = foreign.File()
	file.Reset()
	require.NoError(t, write(&file))
	require.NotContains(t, file.String(), "role")
}
