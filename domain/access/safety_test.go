package access

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/attempts"
	"baraza/domain/factors"
	"baraza/domain/mail"
	"baraza/tenancy"
)

const otherPassword = "another nine plain words"

// deliver does what the mail jobs of a person do, and returns the letters to them that
// are new, oldest first.
func (i *instance) deliver(t testing.TB, user User) []mail.KeptMessage {
	t.Helper()
	before := len(i.letters(t, user.Email))
	codes, err := db.All[uuid.UUID](t.Context(), i.codes.DB, `
		select id from one_time_codes where user_id = $1 and code_hash is null order by id`, user.ID)
	require.NoError(t, err)
	for _, id := range codes {
		require.NoError(t, i.codes.Mail(t.Context(), MailCode{CodeID: id}))
	}
	notices, err := db.All[mail.Kind](t.Context(), i.codes.DB, `
		with done as (
			delete from river.river_job where kind = $1 and args->'args'->>'user_id' = $2 returning id, args->'args'->>'notice' as notice
		)
		select notice from done order by id`, MailNotice{}.Kind(), user.ID.String())
	require.NoError(t, err)
	for _, notice := range notices {
		require.NoError(t, i.codes.Notify(t.Context(), MailNotice{UserID: user.ID, Notice: notice}))
	}
	return i.letters(t, user.Email)[before:]
}

// letters are those to an address that the mailbox keeps, oldest first.
func (i *instance) letters(t testing.TB, address string) (list []mail.KeptMessage) {
	t.Helper()
	page, err := i.mailbox.List(t.Context(), domain.None{})
	require.NoError(t, err)
	for n := len(page.Items) - 1; n >= 0; n-- {
		if page.Items[n].To == address {
			list = append(list, page.Items[n])
		}
	}
	return list
}

// linkIn returns where the letter's link leads, and its token.
func linkIn(t testing.TB, m mail.KeptMessage) (page, token string) {
	t.Helper()
	link := regexp.MustCompile(`https?://\S+`).FindString(m.Text)
	u, err := url.Parse(link)
	require.NoError(t, err)
	require.Contains(t, m.HTML, `href="`+link+`"`)
	return u.Scheme + "://" + u.Host + u.Path, u.Query().Get("token")
}

func codeIn(t testing.TB, m mail.KeptMessage) string {
	t.Helper()
	code := regexp.MustCompile(`(?m)^\d{6}$`).FindString(m.Text)
	require.NotEmpty(t, code, m.Text)
	return code
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

// TN-10.
func TestChangePassword(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := newInstance(t, d)
		return d, i, i.register(t)
	}

	t.Run("ends_every_session_and_begins_one", func(t *testing.T) {
		_, i, session := setup(t)
		i.deliver(t, session.User)
		stranger, elsewhere := i.register(t), i.signIn(t, session.User, goodPassword)
		_, err := i.passwords.Forgot(t.Context(), ForgotPassword{Email: session.User.Email})
		require.NoError(t, err)
		_, token := linkIn(t, i.deliver(t, session.User)[0])

		next, err := i.passwords.Change(i.as(t, session), ChangePassword{CurrentPassword: goodPassword, NewPassword: otherPassword})
		require.NoError(t, err)
		i.over(t, session)
		i.over(t, elsewhere)
		i.as(t, stranger)
		require.Equal(t, session.Tenant.ID, tenancy.From(i.as(t, next)).TenantID)
		require.Equal(t, []string{"Your password was changed"}, subjects(i.deliver(t, session.User)))

		_, err = i.accounts.Login(t.Context(), Login{Email: session.User.Email, Password: goodPassword})
		require.ErrorIs(t, err, ErrInvalidCredentials)
		i.signIn(t, session.User, otherPassword)
		_, err = i.passwords.Reset(t.Context(), ResetPassword{Token: token, NewPassword: "a third one of nine words"})
		require.ErrorIs(t, err, ErrExpired, "a link from before it")
		i.signIn(t, stranger.User, goodPassword)
	})

	t.Run("wants_the_old_one_and_a_new_one", func(t *testing.T) {
		_, i, session := setup(t)
		ctx := i.as(t, session)
		_, err := i.passwords.Change(ctx, ChangePassword{CurrentPassword: "not this one", NewPassword: otherPassword})
		require.ErrorIs(t, err, ErrInvalidCredentials)
		for password, code := range map[string]string{goodPassword: "invalid", "short": "too_short", "password123": "too_common", strings.Repeat("x", 129): "too_long"} {
			_, err := i.passwords.Change(ctx, ChangePassword{CurrentPassword: goodPassword, NewPassword: password})
			require.Equal(t, domain.Invalid, domain.As(err).Kind, password)
			require.Equal(t, []string{"new_password", code}, []string{domain.As(err).Fields[0].Field, domain.As(err).Fields[0].Code})
		}
		i.as(t, session)
	})
}

func subjects(letters []mail.KeptMessage) []string {
	list := []string{}
	for _, m := range letters {
		list = append(list, m.Subject)
	}
	return list
}

// TN-10, S15.
func TestResetPassword(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := newInstance(t, d)
		session := i.register(t)
		i.deliver(t, session.User)
		return d, i, session
	}
	link := func(t *testing.T, i *instance, user User) (token string) {
		t.Helper()
		_, err := i.passwords.Forgot(t.Context(), ForgotPassword{Email: spelledOtherwise(user.Email)})
		require.NoError(t, err)
		letters := i.deliver(t, user)
		require.Len(t, letters, 1)
		page, token := linkIn(t, letters[0])
		require.Equal(t, "https://baraza.test/reset-password", page, "the configured address")
		return token
	}

	t.Run("one_of_a_hundred_at_once_wins", func(t *testing.T) {
		_, i, session := setup(t)
		token := link(t, i, session.User)
		won := 0
		for _, err := range parallel(100, func(int) error {
			_, err := i.passwords.Reset(t.Context(), ResetPassword{Token: token, NewPassword: otherPassword})
			for errors.Is(err, ErrTooManyAttempts) && domain.As(err).RetryAfter == tooManyAttempts { // the queue of hashes
				_, err = i.passwords.Reset(t.Context(), ResetPassword{Token: token, NewPassword: otherPassword})
			}
			return err
		}) {
			if err == nil {
				won++
				continue
			}
			require.ErrorIs(t, err, ErrExpired)
		}
		require.Equal(t, 1, won)
		i.over(t, session)
		again := i.signIn(t, session.User, otherPassword)
		require.True(t, again.User.EmailVerified, "they read their mail")
		require.Equal(t, []string{"Your password was changed"}, subjects(i.deliver(t, session.User)))
	})

	// S14: statements, answers and what is left behind tell nothing.
	t.Run("known_and_unknown_are_answered_alike", func(t *testing.T) {
		d, i, session := setup(t)
		nobody := email("nobody")
		var counts []int
		for _, address := range []string{session.User.Email, nobody} {
			before, err := db.One[int](t.Context(), d.Platform, `select count(*) from one_time_codes where user_id is not distinct from (select id from users where email_lower = $1)`, cleanEmail(address))
			require.NoError(t, err)
			out, err := i.passwords.Forgot(t.Context(), ForgotPassword{Email: address})
			require.NoError(t, err)
			require.Equal(t, domain.None{}, out)
			after, err := db.One[int](t.Context(), d.Platform, `select count(*) from one_time_codes where user_id is not distinct from (select id from users where email_lower = $1)`, cleanEmail(address))
			require.NoError(t, err)
			counts = append(counts, min(1, after-before)) // others ask for nobody's at the same time
		}
		require.Equal(t, []int{1, 1}, counts)
		rows, err := db.All[uuid.UUID](t.Context(), d.Platform, `select id from one_time_codes where user_id is null`)
		require.NoError(t, err)
		for _, id := range rows {
			require.NoError(t, i.codes.Mail(t.Context(), MailCode{CodeID: id}), "comes to nothing")
		}
		require.Empty(t, i.letters(t, nobody))
	})

	t.Run("three_an_hour_and_the_rest_is_silent", func(t *testing.T) {
		d, i, session := setup(t)
		for _, err := range parallel(40, func(int) error {
			_, err := i.passwords.Forgot(t.Context(), ForgotPassword{Email: session.User.Email})
			return err
		}) {
			require.NoError(t, err)
		}
		n, err := db.One[int](t.Context(), d.Platform, `select count(*) from one_time_codes where user_id = $1 and purpose = 'reset_password'`, session.User.ID)
		require.NoError(t, err)
		require.Equal(t, 3, n)
	})

	t.Run("the_newest_link_counts_until_it_runs_out", func(t *testing.T) {
		d, i, session := setup(t)
		first := link(t, i, session.User)
		second := link(t, i, session.User)
		reset := func(token string) error {
			_, err := i.passwords.Reset(t.Context(), ResetPassword{Token: token, NewPassword: otherPassword})
			return err
		}
		require.ErrorIs(t, reset(first), ErrExpired)
		for _, token := range []string{"", "x", second + "x", second[1:], strings.ToUpper(second)} {
			sameRefusal(t, ErrExpired, reset(token))
		}
		run(t, d, `update one_time_codes set expires_at = now() - interval '1 second' where user_id = $1`, session.User.ID)
		require.ErrorIs(t, reset(second), ErrExpired)
		i.as(t, session)
	})

	t.Run("a_link_of_another_purpose_opens_nothing", func(t *testing.T) {
		_, i, session := setup(t)
		_, err := i.emails.Resend(i.as(t, session), domain.None{})
		require.NoError(t, err)
		_, verify := linkIn(t, i.deliver(t, session.User)[0])
		_, err = i.passwords.Reset(t.Context(), ResetPassword{Token: verify, NewPassword: otherPassword})
		require.ErrorIs(t, err, ErrExpired)
		_, err = i.emails.Verify(t.Context(), VerifyEmail{Token: link(t, i, session.User)})
		require.ErrorIs(t, err, ErrExpired)
	})

	t.Run("a_second_factor_is_asked_all_the_same", func(t *testing.T) {
		_, i, session := setup(t)
		app := i.turnOnFactor(t, session)
		i.deliver(t, session.User)
		token := link(t, i, session.User)
		in := ResetPassword{Token: token, NewPassword: otherPassword}
		_, err := i.passwords.Reset(t.Context(), in)
		require.ErrorIs(t, err, ErrTOTPRequired)
		in.TOTP = "000000"
		_, err = i.passwords.Reset(t.Context(), in)
		require.ErrorIs(t, err, factors.ErrInvalid)
		in.TOTP = app.code()
		_, err = i.passwords.Reset(t.Context(), in)
		require.NoError(t, err, "the refusals spent nothing")
	})

	t.Run("a_letter_tried_again_makes_another_link", func(t *testing.T) {
		d, i, session := setup(t)
		link(t, i, session.User)
		id, err := db.One[uuid.UUID](t.Context(), d.Platform, `select id from one_time_codes where user_id = $1 and purpose = 'reset_password'`, session.User.ID)
		require.NoError(t, err)
		require.NoError(t, i.codes.Mail(t.Context(), MailCode{CodeID: id}))
		letters := i.letters(t, session.User.Email)
		_, token := linkIn(t, letters[len(letters)-1])
		_, err = i.passwords.Reset(t.Context(), ResetPassword{Token: token, NewPassword: otherPassword})
		require.NoError(t, err)
		require.NoError(t, i.codes.Mail(t.Context(), MailCode{CodeID: id}), "used: nothing to do")
		stored, err := db.One[bool](t.Context(), d.Platform, `select exists (select from one_time_codes c where c::text like '%' || $1 || '%')`, token)
		require.NoError(t, err)
		require.False(t, stored, "only its hash is")
	})
}

// TN-11: an address is verified by who reads its mail.
func TestVerifyEmail(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	session, other := i.register(t), i.register(t)
	require.False(t, session.User.EmailVerified)
	letters := i.deliver(t, session.User)
	require.Equal(t, []string{"Confirm your e-mail address"}, subjects(letters), "sign-up sends one")
	page, token := linkIn(t, letters[0])
	require.Equal(t, "https://baraza.test/verify-email", page)

	won := 0
	for _, err := range parallel(20, func(int) error { _, err := i.emails.Verify(t.Context(), VerifyEmail{Token: token}); return err }) {
		if err == nil {
			won++
			continue
		}
		require.ErrorIs(t, err, ErrExpired)
	}
	require.Equal(t, 1, won)
	me, err := i.accounts.Me(i.as(t, session), domain.None{})
	require.NoError(t, err)
	require.True(t, me.User.EmailVerified)
	me, err = i.accounts.Me(i.as(t, other), domain.None{})
	require.NoError(t, err)
	require.False(t, me.User.EmailVerified)

	// Who is verified gets no more letters, others three a day.
	_, err = i.emails.Resend(i.as(t, session), domain.None{})
	require.NoError(t, err)
	require.Empty(t, i.deliver(t, session.User))
	passed := 0
	for _, err := range parallel(20, func(int) error { _, err := i.emails.Resend(i.as(t, other), domain.None{}); return err }) {
		if err == nil {
			passed++
			continue
		}
		require.ErrorIs(t, err, attempts.ErrTooMany)
	}
	require.Equal(t, 3, passed)
	require.Len(t, i.deliver(t, other.User), 3, "of the four asked for, sign-up's included")
}

// SE-08, S13, S14.
func TestGuessing(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := newInstance(t, d)
		return d, i, i.register(t)
	}
	from := func(ip string) Origin { return Origin{IP: ip} }

	t.Run("ten_of_two_hundred_at_once_are_tried", func(t *testing.T) {
		_, i, session := setup(t)
		tried := map[string]int{}
		for _, address := range []string{session.User.Email, email("nobody")} {
			for _, err := range parallel(200, func(n int) error {
				spelled := address
				if n%2 == 0 {
					spelled = spelledOtherwise(address)
				}
				_, err := i.accounts.Login(t.Context(), Login{Email: spelled, Password: "a wrong password", Origin: from("192.0.2.1")})
				return err
			}) {
				if errors.Is(err, ErrInvalidCredentials) {
					tried[address]++
					continue
				}
				require.ErrorIs(t, err, attempts.ErrTooMany)
			}
			require.Equal(t, 10, tried[address], "known or not")
		}
		// The right one does not help there now; elsewhere it does: strangers lock nobody out.
		_, err := i.accounts.Login(t.Context(), Login{Email: session.User.Email, Password: goodPassword, Origin: from("192.0.2.1")})
		require.ErrorIs(t, err, attempts.ErrTooMany)
		_, err = i.accounts.Login(t.Context(), Login{Email: session.User.Email, Password: goodPassword, Origin: from("192.0.2.2")})
		require.NoError(t, err)
	})

	t.Run("right_ones_do_not_count", func(t *testing.T) {
		_, i, session := setup(t)
		for range 12 {
			i.signIn(t, session.User, goodPassword)
		}
	})

	t.Run("wherever_the_password_is_asked", func(t *testing.T) {
		_, i, session := setup(t)
		ctx := i.as(t, session)
		for range 10 {
			_, err := i.twoFactor.SetUp(ctx, SetUpFactor{Password: "a wrong password", Origin: from("192.0.2.1")})
			require.ErrorIs(t, err, ErrInvalidCredentials)
		}
		for what, err := range map[string]error{
			"change": ignored(i.passwords.Change(ctx, ChangePassword{CurrentPassword: goodPassword, NewPassword: otherPassword, Origin: from("192.0.2.1")})),
			"setup":  ignored(i.twoFactor.SetUp(ctx, SetUpFactor{Password: goodPassword, Origin: from("192.0.2.1")})),
			"stepup": ignored(i.twoFactor.StepUp(ctx, StepUp{Password: goodPassword, Origin: from("192.0.2.1")})),
			"code":   ignored(i.accounts.MailCode(t.Context(), LoginCode{Email: session.User.Email, Password: goodPassword, Origin: from("192.0.2.1")})),
			"login":  ignored(i.accounts.Login(t.Context(), Login{Email: session.User.Email, Password: goodPassword, Origin: from("192.0.2.1")})),
		} {
			require.ErrorIs(t, err, attempts.ErrTooMany, what)
		}
	})
}

func ignored[T any](_ T, err error) error { return err }

// SE-07: hashes of bcrypt are accepted and replaced at the first sign-in.
func TestBcrypt(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	session := i.register(t)
	const typed = "cafe\u0301 noir, as it was typed"
	hash, err := bcrypt.GenerateFromPassword([]byte(typed), bcrypt.MinCost)
	require.NoError(t, err)
	run(t, d, `update users set password_hash = $2 where id = $1`, session.User.ID, string(hash))
	_, err = i.accounts.Login(t.Context(), Login{Email: session.User.Email, Password: "another"})
	require.ErrorIs(t, err, ErrInvalidCredentials)
	stored := func() string {
		text, err := db.One[string](t.Context(), d.Platform, `select password_hash from users where id = $1`, session.User.ID)
		require.NoError(t, err)
		return text
	}
	require.Equal(t, string(hash), stored())
	for range 2 {
		i.signIn(t, session.User, typed)
		require.True(t, strings.HasPrefix(stored(), "$argon2id$v=19$m=19456,t=4,p=1$"), stored())
	}
	i.signIn(t, session.User, "caf\u00e9 noir, as it was typed")
}

// TN-13.
func TestSessionList(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	first, stranger := i.register(t), i.register(t)
	second, err := i.accounts.Login(t.Context(), Login{
		Email: first.User.Email, Password: goodPassword,
		Origin: Origin{IP: "192.0.2.7", UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
	})
	require.NoError(t, err)
	third, err := i.accounts.Login(t.Context(), Login{Email: first.User.Email, Password: goodPassword, Device: "Office till"})
	require.NoError(t, err)
	list := func(s Session) []LoginSession {
		page, err := i.sessions.List(i.as(t, s), domain.None{})
		require.NoError(t, err)
		return page.Items
	}
	id := func(s Session) uuid.UUID { return tenancy.From(i.as(t, s)).SessionID }

	items := list(second)
	require.Equal(t, []uuid.UUID{id(third), id(second), id(first)}, []uuid.UUID{items[0].ID, items[1].ID, items[2].ID})
	require.Equal(t, []bool{false, true, false}, []bool{items[0].Current, items[1].Current, items[2].Current})
	require.Equal(t, []string{"Office till", "Firefox, Linux", ""}, []string{items[0].Device, items[1].Device, items[2].Device})
	require.Equal(t, "192.0.2.7", items[1].IP)

	// Somebody else's is nobody's, and stays.
	_, err = i.sessions.End(i.as(t, stranger), EndSession{ID: id(third)})
	require.ErrorIs(t, err, domain.ErrNotFound)
	_, unknown := i.sessions.End(i.as(t, stranger), EndSession{ID: uuid.New()})
	sameRefusal(t, err, unknown)
	require.Len(t, list(stranger), 1)

	// Told to another instance by nothing but the database, it ends there too.
	elsewhere := newInstance(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- elsewhere.revocations.Run(ctx) }()
	elsewhere.as(t, third)
	_, err = i.sessions.End(i.as(t, first), EndSession{ID: id(third)})
	require.NoError(t, err)
	i.over(t, third)
	dbtest.Eventually(t, "the end on the other instance", func() bool {
		_, err := elsewhere.rights.Authenticate(t.Context(), third.AccessToken)
		return errors.Is(err, ErrSessionRevoked)
	})
	cancel()
	require.NoError(t, <-done)

	_, err = i.sessions.EndOthers(i.as(t, first), domain.None{})
	require.NoError(t, err)
	i.over(t, second)
	require.Len(t, list(first), 1)
	i.as(t, stranger)
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":                        "Chrome, Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0":              "Edge, Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":                  "Safari, macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1": "Chrome, iPhone",
		"Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36":    "Samsung Internet, Android",
		"curl/8.5.0": "curl", "Linux": "Linux", "": "", "\u202e<script>": "",
	} {
		require.Equal(t, want, describe(agent), agent)
	}
}
