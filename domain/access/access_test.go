package access

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zaptest"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/attempts"
	"baraza/domain/factors"
	"baraza/domain/mail"
	"baraza/domain/passwords"
	"baraza/domain/passwords/passwordstest"
	"baraza/tenancy"
)

const goodPassword = "nine plain words here"

// TestMain makes this program its own hash worker.
func TestMain(m *testing.M) { passwordstest.Main(m) }

// instance is the package wired as one process has it.
type instance struct {
	tokens      *Tokens
	rights      *Rights
	revocations *Revocations
	sessions    *Sessions
	accounts    *Accounts
	tickets     *Tickets
	members     *Members
	counter     *attempts.Counter
	gate        *Gate
	codes       *Codes
	passwords   *Passwords
	emails      *Emails
	twoFactor   *TwoFactor
	security    *Security
	mailbox     *mail.Mailbox
}

func newInstance(t testing.TB, d dbtest.DB) *instance {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	hasher := passwords.NewHasher(program)
	t.Cleanup(hasher.Close)
	i := &instance{}
	i.tokens = &Tokens{DB: d.Platform, Master: dbtest.Master(t), BaseURL: "https://baraza.test"}
	require.NoError(t, i.tokens.Load(t.Context()))
	i.rights = &Rights{DB: d.Platform, Tokens: i.tokens}
	i.revocations = &Revocations{DB: d.Platform, Rights: i.rights, Log: zaptest.NewLogger(t)}
	i.sessions = &Sessions{DB: d.Platform, Tokens: i.tokens, Revocations: i.revocations}
	i.counter = &attempts.Counter{DB: d.Platform}
	i.mailbox = &mail.Mailbox{DB: d.Platform, Master: dbtest.Master(t), Log: zaptest.NewLogger(t)}
	i.codes = &Codes{
		DB: d.Platform, Master: dbtest.Master(t), BaseURL: "https://baraza.test",
		Post: &mail.Post{DB: d.Platform, Sender: i.mailbox, Log: zaptest.NewLogger(t)},
	}
	i.gate = &Gate{
		DB: d.Platform, Hasher: hasher, Counter: i.counter, Codes: i.codes,
		Factors: &factors.Factors{Master: dbtest.Master(t), Issuer: "Baraza"},
	}
	i.accounts = &Accounts{DB: d.Platform, Sessions: i.sessions, Hasher: hasher, Gate: i.gate, Master: dbtest.Master(t), Mode: always(SaaS)}
	i.passwords = &Passwords{DB: d.Platform, Gate: i.gate, Sessions: i.sessions}
	i.emails = &Emails{DB: d.Platform, Counter: i.counter, Codes: i.codes}
	i.twoFactor = &TwoFactor{DB: d.Platform, Gate: i.gate, Revocations: i.revocations}
	i.security = &Security{Tenant: d.Tenant, Platform: d.Platform, Revocations: i.revocations}
	i.tickets = &Tickets{DB: d.Platform, Rights: i.rights}
	i.members = &Members{Tenant: d.Tenant, Platform: d.Platform, Hasher: hasher}
	return i
}

// always is an installation whose mode does not change.
func always(mode Mode) func(context.Context, db.PlatformQueryer) (Mode, error) {
	return func(context.Context, db.PlatformQueryer) (Mode, error) { return mode, nil }
}

// email is nobody else's.
func email(who string) string { return who + "-" + db.NewID().String() + "@acme.test" }

// register signs somebody up and returns what they get.
func (i *instance) register(t testing.TB) Session {
	t.Helper()
	session, err := i.enroll(t.Context(), "Acme Kenya", email("wanjiku"))
	require.NoError(t, err)
	return session
}

// enroll is Register with a hash that costs nothing; TestRegister proves the real one.
func (i *instance) enroll(ctx context.Context, tenantName, email string) (Session, error) {
	hash, err := argon2id.CreateHash(goodPassword, &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		return Session{}, err
	}
	someone := person{ID: db.NewID(), Name: "Wanjiku Mwangi", Email: email, PasswordHash: hash}
	var session Session
	err = i.accounts.DB.Tx(ctx, func(tx *db.PlatformTx) (err error) {
		session, err = i.accounts.enroll(ctx, tx, someone, tenantName)
		return err
	})
	return session, err
}

// as returns the context of a request with the session's token.
func (i *instance) as(t testing.TB, session Session) context.Context {
	t.Helper()
	scope, err := i.rights.Authenticate(t.Context(), session.AccessToken)
	require.NoError(t, err)
	return tenancy.With(t.Context(), scope)
}

// join makes a person a member of another tenant, as an accepted invitation would.
func join(t testing.TB, d dbtest.DB, user User, tenant context.Context, role string) {
	t.Helper()
	tenantID := tenancy.From(tenant).TenantID
	err := d.Platform.Tx(t.Context(), func(tx *db.PlatformTx) error {
		id, err := db.One[uuid.UUID](t.Context(), tx, `select id from roles where tenant_id = $1 and key = $2`, tenantID, role)
		if err != nil {
			return err
		}
		return insertMembership(t.Context(), tx, tenantID, id, person{ID: user.ID, Name: user.Name, Email: user.Email})
	})
	require.NoError(t, err)
}

// memberNames are the people a tenant's own connection sees, oldest first.
func memberNames(t testing.TB, d dbtest.DB, ctx context.Context) []string {
	t.Helper()
	names, err := db.All[string](ctx, d.Tenant, `select name from memberships order by id`)
	require.NoError(t, err)
	return names
}

// run changes rows as an operator would, or as time does.
func run(t testing.TB, d dbtest.DB, statement string, args ...any) {
	t.Helper()
	n, err := db.Exec(t.Context(), d.Platform, statement, args...)
	require.NoError(t, err)
	require.NotZero(t, n, "no row: %s", statement)
}

// sameRefusal wants two errors a caller cannot tell apart.
func sameRefusal(t testing.TB, want, got error) {
	t.Helper()
	a, b := domain.As(want), domain.As(got)
	require.Equal(t, []any{a.Kind, a.Code, a.Detail, a.Fields, a.Extra, a.RetryAfter}, []any{b.Kind, b.Code, b.Detail, b.Fields, b.Extra, b.RetryAfter})
}

// spelledOtherwise is the same address to a mail server.
func spelledOtherwise(email string) string { return "  " + strings.ToUpper(email) + " " }

// withScopeOf gives ctx the scope of another context.
func withScopeOf(ctx, scoped context.Context) context.Context {
	return tenancy.With(ctx, tenancy.From(scoped))
}

// over wants a session's tokens to be good for nothing.
func (i *instance) over(t testing.TB, s Session) {
	t.Helper()
	_, err := i.rights.Authenticate(t.Context(), s.AccessToken)
	require.ErrorIs(t, err, ErrSessionRevoked)
	_, err = i.sessions.Refresh(t.Context(), Refresh{RefreshToken: s.RefreshToken})
	require.ErrorIs(t, err, ErrSessionRevoked)
}

// reread lets what run changed be seen at once.
func (i *instance) reread(sessions ...Session) {
	for _, s := range sessions {
		i.rights.drop(Revocation{Kind: TenantChanged, TenantID: s.Tenant.ID})
	}
}

func (i *instance) signIn(t testing.TB, user User, password string) Session {
	t.Helper()
	session, err := i.accounts.Login(t.Context(), Login{Email: user.Email, Password: password})
	require.NoError(t, err)
	return session
}
