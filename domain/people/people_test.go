package people

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zaptest"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/factors"
	"baraza/domain/mail"
	"baraza/domain/passwords"
	"baraza/domain/passwords/passwordstest"
	"baraza/tenancy"
)

// TestMain makes this program its own hash worker.
func TestMain(m *testing.M) { passwordstest.Main(m) }

// fixture is two workspaces with all built-in roles, and the package wired on them.
type fixture struct {
	dbtest.DB
	tokens      *access.Tokens
	rights      *access.Rights
	revocations *access.Revocations
	cursors     *tenancy.Cursors
	roles       *Roles
	members     *Members
	invitations *Invitations
	teams       *Teams
	mailbox     *mail.Mailbox
}

func setup(t *testing.T) *fixture {
	t.Helper()
	d := dbtest.New(t)
	f := &fixture{DB: d}
	var err error
	f.cursors, err = tenancy.NewCursors(make([]byte, 32))
	require.NoError(t, err)
	f.tokens = &access.Tokens{DB: d.Platform, Master: dbtest.Master(t), BaseURL: "https://baraza.test"}
	require.NoError(t, f.tokens.Load(t.Context()))
	f.rights = &access.Rights{DB: d.Platform, Tokens: f.tokens}
	f.revocations = &access.Revocations{DB: d.Platform, Rights: f.rights, Log: zaptest.NewLogger(t)}
	f.teams = &Teams{DB: d.Tenant, Revocations: f.revocations, Cursors: f.cursors}
	f.roles = &Roles{DB: d.Tenant, Revocations: f.revocations, Cursors: f.cursors}
	sessions := &access.Sessions{DB: d.Platform, Tokens: f.tokens, Revocations: f.revocations}
	gate := &access.Gate{DB: d.Platform, Factors: &factors.Factors{Master: dbtest.Master(t), Issuer: "Baraza"}}
	f.members = &Members{
		DB: d.Tenant, Sessions: sessions, TwoFactor: &access.TwoFactor{DB: d.Platform, Gate: gate, Revocations: f.revocations},
		Revocations: f.revocations, Cursors: f.cursors,
	}
	program, err := os.Executable()
	require.NoError(t, err)
	hasher := passwords.NewHasher(program)
	t.Cleanup(hasher.Close)
	f.mailbox = &mail.Mailbox{DB: d.Platform, Master: dbtest.Master(t), Log: zaptest.NewLogger(t)}
	f.invitations = &Invitations{
		DB: d.Tenant, Platform: d.Platform, Cursors: f.cursors, Master: dbtest.Master(t), BaseURL: "https://baraza.test",
		Post:      &mail.Post{DB: d.Platform, Sender: f.mailbox, Log: zaptest.NewLogger(t)},
		Newcomers: &access.Newcomers{Platform: d.Platform, Sessions: sessions, Hasher: hasher, Codes: &access.Codes{DB: d.Platform}},
	}
	return f
}

// member is a new member of ctx's workspace with a built-in role.
func (f *fixture) member(t *testing.T, ctx context.Context, role string) context.Context {
	t.Helper()
	return f.NewMember(t, tenancy.From(ctx).TenantID, role)
}

// role is the id of a built-in role of ctx's workspace; somebody has it.
func (f *fixture) role(t *testing.T, ctx context.Context, key string) uuid.UUID {
	t.Helper()
	id, err := db.One[uuid.UUID](ctx, f.Tenant, `select id from roles where key = $1`, key)
	if errors.Is(err, domain.ErrNotFound) {
		f.member(t, ctx, key)
		return f.role(t, ctx, key)
	}
	require.NoError(t, err)
	return id
}

// give gives a member a role, as an operator would.
func (f *fixture) give(t *testing.T, who context.Context, role uuid.UUID) {
	t.Helper()
	f.run(t, who, `update memberships set role_id = $2 where user_id = $1`, tenancy.From(who).UserID, role)
}

// run changes rows of ctx's workspace.
func (f *fixture) run(t *testing.T, ctx context.Context, statement string, args ...any) {
	t.Helper()
	err := f.Tenant.Tx(ctx, func(tx *db.Tx) error { return db.Must(db.Exec(ctx, tx, statement, args...)) })
	require.NoError(t, err)
}

// signedIn is the member with a session of their own: their scope is read from the rows.
func (f *fixture) signedIn(t *testing.T, who context.Context) (session uuid.UUID) {
	t.Helper()
	session = db.NewID()
	scope := tenancy.From(who)
	_, err := db.Exec(t.Context(), f.Platform, `
		insert into login_sessions (id, user_id, active_tenant, expires_at) values ($1, $2, $3, now() + interval '1 day')`,
		session, scope.UserID, scope.TenantID)
	require.NoError(t, err)
	return session
}

// acts are the actions in the log of ctx's workspace, about an object, oldest first.
func (f *fixture) acts(t *testing.T, ctx context.Context, object uuid.UUID) []string {
	t.Helper()
	list, err := db.All[string](ctx, f.Tenant, `select action from audit_entries where object_id = $1 order by id`, object)
	require.NoError(t, err)
	return list
}

// told collects whose rights were said to have changed.
func (f *fixture) told() func() []uuid.UUID {
	var mu sync.Mutex
	var list []uuid.UUID
	f.revocations.OnRevoke = func(r access.Revocation) {
		mu.Lock()
		defer mu.Unlock()
		list = append(list, r.UserID)
	}
	return func() []uuid.UUID {
		mu.Lock()
		defer mu.Unlock()
		return list
	}
}

// parallel calls fn n times at once and returns what each said. Who is told to come
// back does: there are more of them than connections.
func parallel(n int, fn func(int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			for errs[i] = fn(i); errors.Is(errs[i], domain.ErrUnavailable); {
				errs[i] = fn(i)
			}
		})
	}
	close(start)
	all.Wait()
	return errs
}

func userID(ctx context.Context) uuid.UUID { return tenancy.From(ctx).UserID }

// field is the member of the input a refusal is about.
func field(t *testing.T, err error) string {
	t.Helper()
	e := domain.As(err)
	require.Equal(t, "validation_failed", e.Code, "%v", err)
	require.Len(t, e.Fields, 1)
	return e.Fields[0].Field
}

// team is a new team of ctx's workspace, with nobody in it.
func (f *fixture) team(t *testing.T, ctx context.Context, name string) uuid.UUID {
	t.Helper()
	id := db.NewID()
	f.run(t, ctx, `insert into teams (id, name) values ($1, $2)`, id, name)
	return id
}

// conversation is one that waits in the queue of a team.
func (f *fixture) conversation(t *testing.T, ctx context.Context, team uuid.UUID) uuid.UUID {
	t.Helper()
	id, channel, contact, identity := db.NewID(), db.NewID(), db.NewID(), db.NewID()
	f.run(t, ctx, `
		insert into channels (id, kind, name, status, identity_scope, sealed_credentials, token_last4, team_id)
		values ($1, 'whatsapp', 'Line', 'connected', 'waba', '', '', $2)`, channel, team)
	f.run(t, ctx, `insert into contacts (id, name, first_seen_at, last_seen_at) values ($1, 'Customer', now(), now())`, contact)
	f.run(t, ctx, `insert into contact_identities (id, contact_id, family, scope) values ($1, $2, 'whatsapp', 'waba')`, identity, contact)
	f.run(t, ctx, `
		insert into conversations (id, number, channel_id, contact_id, identity_id, status, team_id, opened_at, last_message_at)
		values ($1, (select count(*) from conversations), $2, $3, $4, 'queued', $5, now(), now())`, id, channel, contact, identity, team)
	return id
}

// owners are status and assignee of conversations.
func (f *fixture) owners(t *testing.T, ctx context.Context, ids ...uuid.UUID) (list []any) {
	t.Helper()
	type row struct {
		Status   string     `db:"status"`
		Assignee *uuid.UUID `db:"assignee_id"`
	}
	for _, id := range ids {
		r, err := db.One[row](ctx, f.Tenant, `select status, assignee_id from conversations where id = $1`, id)
		require.NoError(t, err)
		list = append(list, r.Status, r.Assignee)
	}
	return list
}

// changes counts what the screens of ctx's workspace are told.
func (f *fixture) changes(t *testing.T, ctx context.Context) int {
	t.Helper()
	n, err := db.One[int](ctx, f.Tenant, `select count(*) from changes`)
	require.NoError(t, err)
	return n
}
