package platform

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zaptest"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/attempts"
	"baraza/domain/audit"
	"baraza/domain/factors"
	"baraza/domain/mail"
	"baraza/domain/passwords"
	"baraza/domain/passwords/passwordstest"
	"baraza/tenancy"
)

// TestMain makes this program its own hash worker.
func TestMain(m *testing.M) { passwordstest.Main(m) }

const secret = "nine plain words here"

// instance is the package wired as one process has it.
type instance struct {
	*Setup
	rights  *access.Rights
	mailbox *mail.Mailbox
}

func newInstance(t *testing.T, d dbtest.DB) *instance {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	hasher := passwords.NewHasher(program)
	t.Cleanup(hasher.Close)
	log := zaptest.NewLogger(t)
	tokens := &access.Tokens{DB: d.Platform, Master: dbtest.Master(t), BaseURL: "https://baraza.test"}
	require.NoError(t, tokens.Load(t.Context()))
	i := &instance{rights: &access.Rights{DB: d.Platform, Tokens: tokens}}
	revocations := &access.Revocations{DB: d.Platform, Rights: i.rights, Log: log}
	i.mailbox = &mail.Mailbox{DB: d.Platform, Master: dbtest.Master(t), Log: log}
	post := &mail.Post{DB: d.Platform, Sender: i.mailbox, Log: log}
	installation := &Installation{DB: d.Platform, Post: post, BaseURL: "http://127.0.0.1:8080", MailFrom: "Baraza <no-reply@localhost>"}
	counter := &attempts.Counter{DB: d.Platform}
	codes := &access.Codes{DB: d.Platform, Master: dbtest.Master(t), Post: post}
	gate := &access.Gate{
		DB: d.Platform, Hasher: hasher, Counter: counter, Codes: codes, Factors: &factors.Factors{Master: dbtest.Master(t), Issuer: "Baraza"}}
	i.Setup = &Setup{
		DB: d.Platform, Installation: installation, Counter: counter,
		Run: func(context.Context) []Check { return []Check{{Name: "database", State: "ok"}} },
		Accounts: &access.Accounts{
			DB: d.Platform, Hasher: hasher, Gate: gate, Master: dbtest.Master(t), Mode: installation.SignupMode,
			Sessions: &access.Sessions{DB: d.Platform, Tokens: tokens, Revocations: revocations},
		},
	}
	return i
}

func (i *instance) link(t *testing.T) string {
	t.Helper()
	token, err := i.Link(t.Context())
	require.NoError(t, err)
	require.Len(t, token, 43)
	return token
}

func form(token, email string) SetUp {
	return SetUp{Token: token, Name: "Amina Yusuf", Email: email, Password: secret, Mode: "whitelabel"}
}

// as is the context of a request with a session's token; what it owes is done.
func (i *instance) as(t *testing.T, s access.Session) context.Context {
	t.Helper()
	_, err := db.Exec(t.Context(), i.DB, `
		insert into second_factors (user_id, sealed_secret, confirmed_at) values ($1, '', now()) on conflict do nothing`, s.User.ID)
	require.NoError(t, err)
	scope, err := i.rights.Authenticate(t.Context(), s.AccessToken)
	require.NoError(t, err)
	return tenancy.With(t.Context(), scope)
}

func count(t *testing.T, d dbtest.DB, sql string) int {
	t.Helper()
	n, err := db.One[int](t.Context(), d.Platform, sql)
	require.NoError(t, err)
	return n
}

// SE-21, TN-28: a fresh installation has nobody; the link makes one operator, who needs a
// second factor, and then nothing makes another.
func TestSetUp(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t)
	i := newInstance(t, d)
	require.Zero(t, count(t, d, `select count(*) from users where platform_role is not null`), "SE-21")

	state, err := i.Get(t.Context(), domain.None{})
	require.NoError(t, err)
	require.True(t, state.Needed)
	require.Equal(t, []Check{{Name: "database", State: "ok"}}, state.Checks)

	token := i.link(t)
	require.Equal(t, 1, count(t, d, `select count(*) from setup_token where token_hash = sha256('`+token+`')`), "only its hash is kept")
	bad := form(token, "amina@acme.test")
	bad.Password = "password"
	_, err = i.SetUp(t.Context(), bad)
	require.Equal(t, "validation_failed", domain.As(err).Code)
	bad = form(token, "amina@acme.test")
	home := "chat.example.org/x"
	bad.BaseURL = &home
	_, err = i.SetUp(t.Context(), bad)
	require.Equal(t, "base_url", domain.As(err).Fields[0].Field, "and the link is good still")

	in := form(token, "amina@acme.test")
	home = "https://chat.example.org"
	in.BaseURL = &home
	session, err := i.SetUp(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, "admin", *session.User.PlatformRole)
	require.Nil(t, session.Tenant)
	require.True(t, session.MFASetupRequired)
	scope, err := i.rights.Authenticate(t.Context(), session.AccessToken)
	require.NoError(t, err)
	require.Equal(t, tenancy.SetUpFactor, scope.Owes)
	require.False(t, scope.May(tenancy.PlatformSettings), "not before the second factor")

	state, err = i.Get(t.Context(), domain.None{})
	require.NoError(t, err)
	require.Equal(t, SetupState{Checks: []Check{}}, state, "whoever asks later learns nothing of the machine")
	_, err = i.SetUp(t.Context(), form(token, "other@acme.test"))
	require.ErrorIs(t, err, errSetUp)
	require.Contains(t, domain.As(err).Detail, "set up already")
	again, err := i.Link(t.Context())
	require.NoError(t, err)
	require.Empty(t, again)
	require.Equal(t, 2, count(t, d, `select count(*) from audit_entries where tenant_id = '`+audit.Platform.String()+`'`), "made, and signed in")
	stored, err := StoredBaseURL(t.Context(), d.Platform)
	require.NoError(t, err)
	require.Equal(t, home, stored)
	mode, err := i.Installation.SignupMode(t.Context(), d.Platform)
	require.NoError(t, err)
	require.Equal(t, access.Whitelabel, mode)
}

// TN-28: of those who have the link at the same time one is made, on two instances too;
// the others are told why. All are past the first look when the first of them commits:
// a dozen fits the queue of hashes, and more would only wait in it.
func TestSetUpOnce(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t)
	instances := []*instance{newInstance(t, d), newInstance(t, d)}
	old := instances[0].link(t)
	token := instances[1].link(t)
	_, err := instances[0].SetUp(t.Context(), form(old, "amina@acme.test"))
	require.ErrorIs(t, err, errWrongLink, "the later start ended it")

	var mu sync.Mutex
	made, codes := 0, map[string]int{}
	var all sync.WaitGroup
	const people = 12
	for n := range people {
		all.Go(func() {
			in := form(token, fmt.Sprintf("amina-%d@acme.test", n))
			from := domain.WithRequest(t.Context(), domain.Request{IP: fmt.Sprintf("203.0.113.%d", n)})
			_, err := instances[n%2].SetUp(from, in)
			for errors.Is(err, domain.ErrUnavailable) {
				_, err = instances[n%2].SetUp(from, in)
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				made++
			} else {
				codes[domain.As(err).Code]++
			}
		})
	}
	all.Wait()
	require.Equal(t, 1, made)
	require.Equal(t, map[string]int{"expired": people - 1}, codes)
	require.Equal(t, 1, count(t, d, `select count(*) from users where email like 'amina-%'`))
}

// TN-28: guessing is bounded, an old link has run out, and both say so.
func TestSetUpRefusals(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t)
	i := newInstance(t, d)
	token := i.link(t)
	for range setupTries.Max {
		_, err := i.SetUp(t.Context(), form("guess", "amina@acme.test"))
		require.ErrorIs(t, err, errWrongLink)
	}
	_, err := i.SetUp(t.Context(), form(token, "amina@acme.test"))
	require.ErrorIs(t, err, attempts.ErrTooMany)
	elsewhere := form(token, "amina@acme.test")
	other := domain.WithRequest(t.Context(), domain.Request{IP: "203.0.113.8"})
	_, err = db.Exec(t.Context(), d.Platform, `update setup_token set expires_at = now() - interval '1 second'`)
	require.NoError(t, err)
	for range setupTries.Max + 1 {
		_, err = i.SetUp(other, elsewhere)
		require.ErrorIs(t, err, errExpiredLink, "whoever has the link is not counted as guessing")
	}
	require.Contains(t, domain.As(err).Detail, "run out")
	elsewhere.Token = i.link(t)
	_, err = i.SetUp(other, elsewhere)
	require.NoError(t, err)
}

// TN-28: the command makes an operator, or makes somebody one, and ends the link.
func TestCommand(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t)
	i := newInstance(t, d)
	token := i.link(t)
	asked := 0
	ask := func() (string, error) { asked++; return secret, nil }
	known, err := i.Command(t.Context(), "amina@acme.test", "Amina", ask)
	require.NoError(t, err)
	require.False(t, known)
	_, err = i.SetUp(t.Context(), form(token, "other@acme.test"))
	require.ErrorIs(t, err, errSetUp)
	known, err = i.Command(t.Context(), "Amina@acme.test", "", ask)
	require.True(t, known)
	require.ErrorIs(t, err, access.ErrOperator)
	for _, bad := range []string{"", "amina", "a@b@c", "Amina <amina@acme.test>"} {
		_, err = i.Command(t.Context(), bad, "Amina", ask)
		require.Equal(t, "email", domain.As(err).Fields[0].Field, bad)
	}
	owner, err := i.Accounts.Register(t.Context(), access.Register{TenantName: "Acme", Name: "Wanjiku", Email: "wanjiku@acme.test", Password: secret})
	require.NoError(t, err)
	require.Nil(t, owner.User.PlatformRole)
	before := asked
	known, err = i.Command(t.Context(), "wanjiku@acme.test", "", ask)
	require.NoError(t, err)
	require.True(t, known)
	require.Equal(t, before, asked, "their password stays")
	require.Equal(t, 2, count(t, d, `select count(*) from users where platform_role is not null`))
}

// TN-05: who may sign up follows the settings at once, and the environment's word stands.
func TestSettings(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t)
	i := newInstance(t, d)
	session, err := i.SetUp(t.Context(), form(i.link(t), "amina@acme.test"))
	require.NoError(t, err)
	amina := i.as(t, session)
	require.True(t, tenancy.From(amina).May(tenancy.PlatformSettings))

	settings, err := i.Installation.Get(amina, domain.None{})
	require.NoError(t, err)
	require.Equal(t, []any{"whitelabel", true, []string{}}, []any{settings.Mode, settings.SignupOpen, settings.Fixed})
	register := func(name string) error {
		_, err := i.Accounts.Register(t.Context(), access.Register{TenantName: name, Name: "Wanjiku", Email: name + "@acme.test", Password: secret})
		return err
	}
	set := func(mode string, open bool, etag string) error {
		settings, err = i.Installation.Set(amina, SetSettings{Mode: mode, SignupOpen: open, IfMatch: etag})
		return err
	}
	// dbtest's own tenants are there already: whitelabel's first one is not to come.
	require.ErrorIs(t, register("one"), access.ErrSignupClosed)
	require.NoError(t, set("saas", true, settings.ETag()))
	require.NoError(t, register("two"))
	require.ErrorIs(t, set("saas", false, `"other"`), domain.ErrVersionConflict)
	require.NoError(t, set("saas", false, ""))
	require.ErrorIs(t, register("three"), access.ErrSignupClosed)
	require.NoError(t, set("saas", false, ""))
	require.Equal(t, 2, count(t, d, `select count(*) from audit_entries where action = 'platform_settings.changed'`), "no change, no entry")

	made, err := i.Accounts.CreateTenant(amina, access.CreateTenant{Name: " Acme Kenya "})
	require.NoError(t, err, "an operator always may")
	require.Equal(t, "Acme Kenya", made.Tenant.Name)
	require.Equal(t, "owner", *made.Memberships[0].Role.Key)

	fixed := *i.Installation
	fixed.Mode, fixed.BaseURLFixed = "whitelabel", true
	settings, err = fixed.Get(amina, domain.None{})
	require.NoError(t, err)
	require.Equal(t, []any{"whitelabel", []string{"mode", "base_url"}, "http://127.0.0.1:8080"}, []any{settings.Mode, settings.Fixed, *settings.BaseURL})
	_, err = fixed.Set(amina, SetSettings{Mode: "saas"})
	require.Equal(t, "mode", domain.As(err).Fields[0].Field)
	other := "https://elsewhere.example"
	_, err = fixed.Set(amina, SetSettings{Mode: "whitelabel", BaseURL: &other})
	require.Equal(t, "base_url", domain.As(err).Fields[0].Field)
}

type broken struct{}

func (broken) Send(context.Context, mail.Message) error { return errors.New("535 go away") }

// OP-20: a test letter says what became of it.
func TestTestMail(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t)
	i := newInstance(t, d)
	session, err := i.SetUp(t.Context(), form(i.link(t), "amina@acme.test"))
	require.NoError(t, err)
	amina := i.as(t, session)
	tested, err := i.Installation.TestMail(amina, domain.None{})
	require.NoError(t, err)
	require.Equal(t, MailTested{To: "amina@acme.test", Kept: true}, tested)
	page, err := i.mailbox.List(amina, domain.None{})
	require.NoError(t, err)
	require.Equal(t, "Mail works", page.Items[0].Subject)

	i.Installation.Post.Sender = broken{}
	_, err = i.Installation.TestMail(amina, domain.None{})
	e := domain.As(err)
	require.Equal(t, "provider_error", e.Code)
	require.Contains(t, fmt.Sprint(e.Extra), "535 go away")
	i.Installation.Post.Sender = i.mailbox
	for range 2 {
		_, err = i.Installation.TestMail(amina, domain.None{})
		require.NoError(t, err)
	}
	_, err = i.Installation.TestMail(amina, domain.None{})
	require.Equal(t, "rate_limited", domain.As(err).Code)
}
