package access

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/attempts"
	"baraza/domain/factors"
	"baraza/domain/passwords"
	"baraza/tenancy"
)

// app is somebody's authenticator app. Its clock, and its instance's, is the test's:
// each code is of a later step, for a step is spent with its code.
type app struct {
	secret []byte
	now    *time.Time
}

func (a *app) code() string {
	*a.now = a.now.Add(time.Minute)
	mac := hmac.New(sha1.New, a.secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(a.now.Unix()/30)))
	sum := mac.Sum(nil)
	at := sum[19] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000)
}

// turnOnFactor sets up two-factor sign-in for the session's person.
func (i *instance) turnOnFactor(t testing.TB, session Session) *app {
	t.Helper()
	a := i.newApp(t, session)
	_, err := i.twoFactor.Verify(i.as(t, session), VerifyFactor{Code: a.code()})
	require.NoError(t, err)
	return a
}

func (i *instance) newApp(t testing.TB, session Session) *app {
	t.Helper()
	now := time.Now()
	i.gate.Factors.Now = func() time.Time { return now }
	secret, err := i.twoFactor.SetUp(i.as(t, session), SetUpFactor{Password: goodPassword})
	require.NoError(t, err)
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret.Secret)
	require.NoError(t, err)
	return &app{raw, &now}
}

// TN-12, S19.
func TestTwoFactor(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := newInstance(t, d)
		session := i.register(t)
		i.deliver(t, session.User)
		return d, i, session
	}
	login := func(s Session, code string) Login {
		return Login{Email: s.User.Email, Password: goodPassword, TOTP: code}
	}

	t.Run("is_asked_at_every_sign_in_from_then_on", func(t *testing.T) {
		_, i, session := setup(t)
		elsewhere, stranger := i.signIn(t, session.User, goodPassword), i.register(t)
		a := i.newApp(t, session)
		i.signIn(t, session.User, goodPassword) // not on yet
		_, err := i.twoFactor.Verify(i.as(t, session), VerifyFactor{Code: "000000"})
		require.ErrorIs(t, err, factors.ErrInvalid)
		codes, err := i.twoFactor.Verify(i.as(t, session), VerifyFactor{Code: a.code()})
		require.NoError(t, err)
		require.Len(t, codes.RecoveryCodes, 10)
		i.over(t, elsewhere)
		me, err := i.accounts.Me(i.as(t, session), domain.None{})
		require.NoError(t, err)
		require.True(t, me.User.TOTPEnabled)
		require.Equal(t, []string{"Two-factor sign-in is on"}, subjects(i.deliver(t, session.User)))

		_, err = i.accounts.Login(t.Context(), login(session, ""))
		require.ErrorIs(t, err, ErrTOTPRequired)
		require.Equal(t, map[string]any{"methods": []string{"totp", "recovery_code"}}, domain.As(err).Extra)
		wrong := login(session, a.code())
		wrong.Password = "a wrong password"
		_, err = i.accounts.Login(t.Context(), wrong)
		require.ErrorIs(t, err, ErrInvalidCredentials, "the password comes first")

		in := login(session, a.code())
		_, err = i.accounts.Login(t.Context(), in)
		require.NoError(t, err)
		_, err = i.accounts.Login(t.Context(), in)
		require.ErrorIs(t, err, factors.ErrInvalid, "a code is good once")

		in = login(session, "")
		in.RecoveryCode = codes.RecoveryCodes[0]
		_, err = i.accounts.Login(t.Context(), in)
		require.NoError(t, err)
		_, err = i.accounts.Login(t.Context(), in)
		require.ErrorIs(t, err, factors.ErrInvalid)

		// Another person's sign-in is as it was.
		i.signIn(t, stranger.User, goodPassword)
	})

	t.Run("five_of_a_hundred_tries_pass_and_one_of_them_wins", func(t *testing.T) {
		_, i, session := setup(t)
		a := i.turnOnFactor(t, session)
		code := a.code()
		won, tried := 0, 0
		for _, err := range parallel(100, func(int) error {
			_, err := i.accounts.Login(domain.WithRequest(t.Context(), domain.Request{IP: uuid.NewString()}),
				Login{Email: session.User.Email, Password: goodPassword, TOTP: code})
			for errors.Is(err, passwords.ErrBusy) && domain.As(err).RetryAfter == passwords.ErrBusy.RetryAfter { // the queue of hashes
				_, err = i.accounts.Login(domain.WithRequest(t.Context(), domain.Request{IP: uuid.NewString()}),
					Login{Email: session.User.Email, Password: goodPassword, TOTP: code})
			}
			return err
		}) {
			switch {
			case err == nil:
				won++
			case errors.Is(err, factors.ErrInvalid):
				tried++
			default:
				require.ErrorIs(t, err, attempts.ErrTooMany)
			}
		}
		require.Equal(t, 1, won)
		require.Equal(t, 5, tried, "wrong tries; the right one does not count")
		_, err := i.accounts.Login(t.Context(), login(session, a.code()))
		require.ErrorIs(t, err, attempts.ErrTooMany)
	})

	t.Run("goes_with_password_and_code_together", func(t *testing.T) {
		_, i, session := setup(t)
		_, err := i.twoFactor.Disable(i.as(t, session), ProveFactor{Password: goodPassword, Code: "000000"})
		require.ErrorIs(t, err, factors.ErrNotSetUp)
		a := i.turnOnFactor(t, session)
		elsewhere, err := i.accounts.Login(t.Context(), login(session, a.code()))
		require.NoError(t, err)
		ctx := i.as(t, session)
		_, err = i.twoFactor.Disable(ctx, ProveFactor{Password: "a wrong password", Code: a.code()})
		require.ErrorIs(t, err, ErrInvalidCredentials)
		_, err = i.twoFactor.Disable(ctx, ProveFactor{Password: goodPassword, Code: "000000"})
		require.ErrorIs(t, err, factors.ErrInvalid)
		renewed, err := i.twoFactor.RenewCodes(ctx, ProveFactor{Password: goodPassword, Code: a.code()})
		require.NoError(t, err)
		require.Len(t, renewed.RecoveryCodes, 10)
		_, err = i.twoFactor.Disable(ctx, ProveFactor{Password: goodPassword, Code: a.code()})
		require.NoError(t, err)
		i.over(t, elsewhere)
		i.as(t, session)
		i.signIn(t, session.User, goodPassword)
	})
}

// SECURITY §2, step-up: password or code, within ten minutes.
func TestStepUp(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	session, other := i.register(t), i.register(t)
	require.NoError(t, CheckRecent(tenancy.From(i.as(t, session))), "signing in is a proof")
	age := func() {
		run(t, d, `update login_sessions set authenticated_at = now() - interval '11 minutes' where user_id in ($1, $2)`, session.User.ID, other.User.ID)
		i.reread(session, other)
		require.ErrorIs(t, CheckRecent(tenancy.From(i.as(t, session))), ErrStepUp)
	}
	age()
	ctx := i.as(t, session)
	_, err := i.twoFactor.StepUp(ctx, StepUp{Password: "a wrong password"})
	require.ErrorIs(t, err, ErrInvalidCredentials)
	_, err = i.twoFactor.StepUp(ctx, StepUp{TOTP: "000000"})
	require.ErrorIs(t, err, factors.ErrInvalid, "there is no app")
	_, err = i.twoFactor.StepUp(ctx, StepUp{Password: goodPassword})
	require.NoError(t, err)
	require.NoError(t, CheckRecent(tenancy.From(i.as(t, session))), "at once")
	require.ErrorIs(t, CheckRecent(tenancy.From(i.as(t, other))), ErrStepUp, "nobody else's")

	a := i.turnOnFactor(t, session)
	age()
	_, err = i.twoFactor.StepUp(ctx, StepUp{TOTP: a.code()})
	require.NoError(t, err)
	require.NoError(t, CheckRecent(tenancy.From(i.as(t, session))))
	require.Error(t, CheckRecent(tenancy.Scope{}), "keys and jobs never prove anything")
}

// TN-10 to TN-12: what a workspace demands.
func TestSecuritySettings(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := newInstance(t, d)
		session := i.register(t)
		i.deliver(t, session.User)
		return d, i, session
	}
	demand := func(t *testing.T, i *instance, session Session, in SetSecurity) {
		t.Helper()
		_, err := i.security.Set(i.as(t, session), in)
		require.NoError(t, err)
	}

	t.Run("are_off_until_set_and_one_workspaces_own", func(t *testing.T) {
		d, i, session := setup(t)
		ctx := i.as(t, session)
		settings, err := i.security.Get(ctx, domain.None{})
		require.NoError(t, err)
		require.Equal(t, SecuritySettings{}, settings)
		want := SetSecurity{EmailCodes: true, NewDeviceCodes: true, PasswordMaxAgeDays: 90}
		demand(t, i, session, SetSecurity{PasswordMaxAgeDays: 30})
		demand(t, i, session, want)
		settings, err = i.security.Get(ctx, domain.None{})
		require.NoError(t, err)
		require.Equal(t, SecuritySettings{EmailCodes: true, NewDeviceCodes: true, PasswordMaxAgeDays: 90}, settings)
		want.IfMatch = settings.ETag()
		demand(t, i, session, want)
		want.IfMatch, want.EmailCodes = SecuritySettings{}.ETag(), false
		_, err = i.security.Set(ctx, want)
		require.ErrorIs(t, err, domain.ErrVersionConflict)
		settings, err = i.security.Get(d.B, domain.None{})
		require.NoError(t, err)
		require.Equal(t, SecuritySettings{}, settings)
		_, err = i.security.Get(tenancy.With(t.Context(), tenancy.Scope{UserID: session.User.ID}), domain.None{})
		require.ErrorIs(t, err, domain.ErrDenied)
	})

	t.Run("a_second_factor_is_demanded_at_once_and_locks_nobody_out_who_demands_it", func(t *testing.T) {
		d, i, owner := setup(t)
		_, err := i.security.Set(i.as(t, owner), SetSecurity{Require2FA: true})
		require.Equal(t, "require_2fa", domain.As(err).Fields[0].Field)
		i.turnOnFactor(t, owner)
		member := i.register(t)
		join(t, d, member.User, i.as(t, owner), "agent")
		there, err := i.sessions.Switch(i.as(t, member), Switch{TenantID: owner.Tenant.ID})
		require.NoError(t, err)
		require.NotEmpty(t, tenancy.From(i.as(t, there)).Permissions)

		demand(t, i, owner, SetSecurity{Require2FA: true})
		require.NotEmpty(t, tenancy.From(i.as(t, owner)).Permissions)
		scope := tenancy.From(i.as(t, there))
		require.Equal(t, tenancy.SetUpFactor, scope.Owes, "at once")
		require.Empty(t, scope.Permissions)
		_, err = i.tickets.Create(i.as(t, there), domain.None{})
		require.ErrorIs(t, err, ErrFactorOwed)
		require.Empty(t, tenancy.From(i.as(t, member)).Owes, "not in their own workspace")
		again, err := i.accounts.Login(t.Context(), Login{Email: member.User.Email, Password: goodPassword, TenantID: owner.Tenant.ID})
		require.NoError(t, err)
		require.True(t, again.MFASetupRequired)

		a := i.turnOnFactor(t, again)
		require.Empty(t, tenancy.From(i.as(t, again)).Owes, "at once too")
		_, err = i.twoFactor.Disable(i.as(t, again), ProveFactor{Password: goodPassword, Code: a.code()})
		require.ErrorIs(t, err, ErrFactorRequired)
	})

	t.Run("a_password_grows_old", func(t *testing.T) {
		d, i, session := setup(t)
		demand(t, i, session, SetSecurity{PasswordMaxAgeDays: 30})
		require.Empty(t, tenancy.From(i.as(t, session)).Owes)
		run(t, d, `update users set password_changed_at = now() - interval '31 days' where id = $1`, session.User.ID)
		i.reread(session)
		scope := tenancy.From(i.as(t, session))
		require.Equal(t, tenancy.ChangePassword, scope.Owes)
		require.Empty(t, scope.Permissions)
		_, err := i.tickets.Create(i.as(t, session), domain.None{})
		require.ErrorIs(t, err, ErrPasswordOwed)
		next, err := i.passwords.Change(i.as(t, session), ChangePassword{CurrentPassword: goodPassword, NewPassword: otherPassword})
		require.NoError(t, err)
		require.Empty(t, tenancy.From(i.as(t, next)).Owes)
	})

	t.Run("a_new_device_gives_a_mailed_code_once", func(t *testing.T) {
		_, i, session := setup(t)
		demand(t, i, session, SetSecurity{NewDeviceCodes: true})
		in := Login{Email: session.User.Email, Password: goodPassword}
		_, err := i.accounts.Login(t.Context(), in)
		require.ErrorIs(t, err, ErrTOTPRequired)
		require.Equal(t, map[string]any{"methods": []string{"email"}}, domain.As(err).Extra)

		ask := func() error {
			_, err := i.accounts.MailCode(t.Context(), LoginCode{Email: in.Email, Password: in.Password})
			return err
		}
		require.NoError(t, ask())
		first := codeIn(t, i.deliver(t, session.User)[0])
		require.NoError(t, ask())
		second := codeIn(t, i.deliver(t, session.User)[0])
		if first != second {
			in.TOTP = first
			_, err = i.accounts.Login(t.Context(), in)
			require.ErrorIs(t, err, factors.ErrInvalid, "the newest counts")
		}
		in.TOTP = second
		known, err := i.accounts.Login(t.Context(), in)
		require.NoError(t, err)
		_, err = i.accounts.Login(t.Context(), in)
		require.ErrorIs(t, err, factors.ErrInvalid, "once")

		// The browser is known from then on, to this person.
		token, ttl := known.Device()
		require.NotEmpty(t, token)
		require.Greater(t, ttl, 300*24*time.Hour)
		in.TOTP, in.DeviceToken = "", token
		again, err := i.accounts.Login(t.Context(), in)
		require.NoError(t, err)
		token, _ = again.Device()
		require.Empty(t, token)
		other := i.register(t)
		demand(t, i, other, SetSecurity{NewDeviceCodes: true})
		_, err = i.accounts.Login(t.Context(), Login{Email: other.User.Email, Password: goodPassword, DeviceToken: in.DeviceToken})
		require.ErrorIs(t, err, ErrTOTPRequired)

		require.NoError(t, ask())
		require.ErrorIs(t, ask(), attempts.ErrTooMany, "three a day")
		_, err = i.accounts.MailCode(t.Context(), LoginCode{Email: in.Email, Password: "a wrong password"})
		require.ErrorIs(t, err, ErrInvalidCredentials)
		_, err = i.accounts.MailCode(t.Context(), LoginCode{Email: email("nobody"), Password: goodPassword})
		sameRefusal(t, ErrInvalidCredentials, err)
	})

	t.Run("a_mailed_code_does_for_the_apps_where_all_workspaces_say_so", func(t *testing.T) {
		d, i, session := setup(t)
		i.turnOnFactor(t, session)
		i.deliver(t, session.User)
		ask := func() {
			_, err := i.accounts.MailCode(t.Context(), LoginCode{Email: session.User.Email, Password: goodPassword})
			require.NoError(t, err)
		}
		ask()
		require.Empty(t, i.deliver(t, session.User), "nobody said so")
		demand(t, i, session, SetSecurity{EmailCodes: true})
		ask()
		code := codeIn(t, i.deliver(t, session.User)[0])
		in := Login{Email: session.User.Email, Password: goodPassword, TOTP: code}
		join(t, d, session.User, d.B, "owner")
		_, err := i.accounts.Login(t.Context(), in)
		require.ErrorIs(t, err, factors.ErrInvalid, "the other workspace has not")
		run(t, d, `update memberships set status = 'suspended' where user_id = $1 and tenant_id = $2`, session.User.ID, tenancy.From(d.B).TenantID)
		_, err = i.accounts.Login(t.Context(), in)
		require.NoError(t, err)
	})
}
