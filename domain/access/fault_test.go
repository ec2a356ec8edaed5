package access

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
)

// faults is a tracer that has one statement of a context fail.
type faults struct{}

type faultKey struct{}

// failing returns a context whose nth statement does not reach the server.
func failing(ctx context.Context, nth int) (context.Context, *atomic.Int64) {
	left := &atomic.Int64{}
	left.Store(int64(nth))
	return context.WithValue(ctx, faultKey{}, left), left
}

func (faults) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	left, ok := ctx.Value(faultKey{}).(*atomic.Int64)
	if !ok || left.Add(-1) != 0 {
		return ctx
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	return ended
}

func (faults) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Whichever statement fails, the use case says so, leaves nothing half done, and
// works when tried again.
func TestEveryStatementMayFail(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		platform, err := db.OpenPlatform(t.Context(), d.URLs.Platform, 2, faults{})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, platform.Close()) })
		tenant, err := db.OpenTenant(t.Context(), db.TenantConfig{URL: d.URLs.App, MaxConns: 2, Tracer: faults{}})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, tenant.Close()) })
		d.Database = &dbtest.Database{Tenant: tenant, Platform: platform, Statements: d.Statements, URLs: d.URLs}
		i := newInstance(t, d)
		return d, i, i.register(t)
	}
	// each fails one statement after the other until none is left to fail.
	each := func(t *testing.T, do func(context.Context) error, untouched func(t *testing.T)) {
		t.Helper()
		for nth := 1; ; nth++ {
			require.Less(t, nth, 40)
			ctx, left := failing(t.Context(), nth)
			err := do(ctx)
			if left.Load() > 0 {
				require.NoError(t, err)
				require.Greater(t, nth, 1, "no statement at all")
				return
			}
			require.Error(t, err, "statement %d failed unnoticed", nth)
			if untouched != nil {
				untouched(t)
			}
		}
	}
	count := func(t *testing.T, d dbtest.DB, query string, args ...any) int {
		t.Helper()
		n, err := db.One[int](t.Context(), d.Platform, query, args...)
		require.NoError(t, err)
		return n
	}

	t.Run("register", func(t *testing.T) {
		d, i, _ := setup(t)
		someone, err := newPerson("Wanjiku", email("faults"), goodPassword)
		require.NoError(t, err)
		tenantName := "Faults " + someone.ID.String()
		each(t, func(ctx context.Context) error {
			if err := i.accounts.mayRegister(ctx, d.Platform, someone.Email); err != nil {
				return err
			}
			return d.Platform.Tx(ctx, func(tx *db.PlatformTx) error {
				_, err := i.accounts.enroll(ctx, tx, someone, tenantName)
				return err
			})
		}, func(t *testing.T) {
			require.Zero(t, count(t, d, `select count(*) from users where id = $1`, someone.ID))
			require.Zero(t, count(t, d, `select count(*) from tenants where name = $1`, tenantName))
		})
	})

	t.Run("login", func(t *testing.T) {
		d, i, session := setup(t)
		sessions := `select count(*) from login_sessions where user_id = $1`
		each(t, func(ctx context.Context) error {
			_, err := i.accounts.Login(ctx, Login{Email: session.User.Email, Password: goodPassword})
			return err
		}, func(t *testing.T) { require.Equal(t, 1, count(t, d, sessions, session.User.ID)) })
	})

	t.Run("refresh", func(t *testing.T) {
		d, i, session := setup(t)
		each(t, func(ctx context.Context) error {
			_, err := i.sessions.Refresh(ctx, Refresh{RefreshToken: session.RefreshToken})
			return err
		}, func(t *testing.T) {
			row, err := readRefreshToken(t.Context(), d.Platform, session.RefreshToken)
			require.NoError(t, err)
			require.False(t, row.Used)
		})
		each(t, func(ctx context.Context) error {
			_, err := i.sessions.Refresh(ctx, Refresh{RefreshToken: session.RefreshToken})
			return err
		}, nil)
	})

	t.Run("late_reuse", func(t *testing.T) {
		d, i, session := setup(t)
		_, err := i.sessions.Refresh(t.Context(), Refresh{RefreshToken: session.RefreshToken})
		require.NoError(t, err)
		run(t, d, `update refresh_tokens set used_at = used_at - interval '1 minute' where token_hash = $1`, domain.HashOf(session.RefreshToken))
		each(t, func(ctx context.Context) error {
			_, err := i.sessions.Refresh(ctx, Refresh{RefreshToken: session.RefreshToken})
			if domain.As(err).Code == ErrSessionRevoked.Code {
				return nil
			}
			return err
		}, func(t *testing.T) { i.as(t, session) })
	})

	t.Run("switch_and_logout", func(t *testing.T) {
		_, i, session := setup(t)
		scoped := i.as(t, session)
		do := func(use func(context.Context) error) func(context.Context) error {
			return func(ctx context.Context) error { return use(withScopeOf(ctx, scoped)) }
		}
		each(t, do(func(ctx context.Context) error {
			_, err := i.sessions.Switch(ctx, Switch{TenantID: session.Tenant.ID})
			return err
		}), nil)
		each(t, do(func(ctx context.Context) error { _, err := i.sessions.EndsAt(ctx); return err }), nil)
		each(t, do(func(ctx context.Context) error {
			_, err := i.sessions.Logout(ctx, Logout{All: true})
			return err
		}), func(t *testing.T) { i.as(t, session) })
	})

	t.Run("me", func(t *testing.T) {
		_, i, session := setup(t)
		scoped := i.as(t, session)
		each(t, func(ctx context.Context) error {
			_, err := i.accounts.Me(withScopeOf(ctx, scoped), domain.None{})
			return err
		}, nil)
		in := UpdateMe{Name: domain.Optional[string]{Set: true, Value: "Another"}}
		each(t, func(ctx context.Context) error {
			_, err := i.accounts.UpdateMe(withScopeOf(ctx, scoped), in)
			return err
		}, func(t *testing.T) {
			me, err := i.accounts.Me(scoped, domain.None{})
			require.NoError(t, err)
			require.Equal(t, session.User.Name, me.User.Name)
		})
	})

	t.Run("reset", func(t *testing.T) {
		d, i, session := setup(t)
		_, err := i.passwords.Forgot(t.Context(), ForgotPassword{Email: session.User.Email})
		require.NoError(t, err)
		letters := i.deliver(t, session.User)
		_, token := linkIn(t, letters[len(letters)-1])
		hash := func() string {
			text, err := db.One[string](t.Context(), d.Platform, `select password_hash from users where id = $1`, session.User.ID)
			require.NoError(t, err)
			return text
		}
		before := hash()
		each(t, func(ctx context.Context) error {
			_, err := i.passwords.Reset(ctx, ResetPassword{Token: token, NewPassword: otherPassword})
			return err
		}, func(t *testing.T) {
			require.Equal(t, before, hash())
			i.as(t, session)
		})
		i.over(t, session)
	})

	t.Run("second_factor", func(t *testing.T) {
		_, i, session := setup(t)
		a := i.turnOnFactor(t, session)
		scoped := i.as(t, session)
		each(t, func(ctx context.Context) error {
			_, err := i.accounts.Login(ctx, Login{Email: session.User.Email, Password: goodPassword, TOTP: a.code()})
			return err
		}, nil)
		each(t, func(ctx context.Context) error {
			_, err := i.twoFactor.Disable(withScopeOf(ctx, scoped), ProveFactor{Password: goodPassword, Code: a.code()})
			return err
		}, func(t *testing.T) {
			me, err := i.accounts.Me(scoped, domain.None{})
			require.NoError(t, err)
			require.True(t, me.User.TOTPEnabled)
		})
	})

	t.Run("mail", func(t *testing.T) {
		d, i, session := setup(t)
		id, err := db.One[uuid.UUID](t.Context(), d.Platform, `select id from one_time_codes where user_id = $1`, session.User.ID)
		require.NoError(t, err)
		each(t, func(ctx context.Context) error {
			run(t, d, `with forgotten as (delete from mail_counts) update users set name = name where id = $1`, session.User.ID)
			return i.codes.Mail(ctx, MailCode{CodeID: id})
		}, nil)
	})

	t.Run("members", func(t *testing.T) {
		d, i, session := setup(t)
		scoped := i.as(t, session)
		each(t, func(ctx context.Context) error {
			_, err := grantableRole(withScopeOf(ctx, scoped), d.Tenant, "agent")
			return err
		}, nil)
	})

	t.Run("ticket_and_rights", func(t *testing.T) {
		_, i, session := setup(t)
		scoped := i.as(t, session)
		var ticket Ticket
		each(t, func(ctx context.Context) (err error) {
			ticket, err = i.tickets.Create(withScopeOf(ctx, scoped), domain.None{})
			return err
		}, nil)
		ctx, _ := failing(t.Context(), 1)
		_, err := i.tickets.Take(ctx, ticket.Ticket)
		require.Error(t, err)
		_, err = i.tickets.Take(t.Context(), ticket.Ticket)
		require.NoError(t, err, "not spent by the failure")
		each(t, func(ctx context.Context) error {
			i.rights.kept = nil
			_, err := i.rights.Authenticate(ctx, session.AccessToken)
			return err
		}, nil)
	})

	t.Run("upkeep", func(t *testing.T) {
		d, i, _ := setup(t)
		each(t, func(ctx context.Context) error { return sweep(ctx, d.Platform) }, nil)
		each(t, func(ctx context.Context) error { return i.tokens.Load(ctx) }, nil)
		each(t, func(ctx context.Context) error {
			i.tokens.keys.Load().readAt = i.tokens.keys.Load().readAt.Add(-keyReloadEvery)
			_, err := i.tokens.publicKey(ctx, "unknown")
			if domain.As(err).Code == domain.ErrUnauthenticated.Code {
				return nil
			}
			return err
		}, nil)
	})
}
