package access

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/attempts"
)

// spoken is a tracer that keeps the statements of a context, River's announcements
// aside: those are made once in ten milliseconds, for whomever.
type spoken struct{}

type spokenKey struct{}

func (spoken) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if list, ok := ctx.Value(spokenKey{}).(*[]string); ok && !strings.Contains(data.SQL, "pg_notify") {
		*list = append(*list, data.SQL)
	}
	return ctx
}

func (spoken) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// SE-08, S14: what is asked of the database is the same whether or not an e-mail has an
// account, and so is the answer; the password is hashed in both cases (TestLogin). The
// letter is written by a job.
func TestKnownAndUnknownTakeTheSamePath(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	platform, err := db.OpenPlatform(t.Context(), d.URLs.Platform, 2, spoken{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, platform.Close()) })
	d.Database = &dbtest.Database{Tenant: d.Tenant, Platform: platform, Statements: d.Statements, URLs: d.URLs}
	i := newInstance(t, d)
	session, nobody := i.register(t), email("nobody")

	for name, ask := range map[string]func(context.Context, string) error{
		"login": func(ctx context.Context, address string) error {
			_, err := i.accounts.Login(ctx, Login{Email: address, Password: "a wrong password"})
			return err
		},
		"login_code": func(ctx context.Context, address string) error {
			_, err := i.accounts.MailCode(ctx, LoginCode{Email: address, Password: "a wrong password"})
			return err
		},
		"forgot": func(ctx context.Context, address string) error {
			out, err := i.passwords.Forgot(ctx, ForgotPassword{Email: address})
			require.Equal(t, domain.None{}, out)
			return err
		},
	} {
		statements := func(address string) ([]string, error) {
			var list []string
			err := ask(context.WithValue(t.Context(), spokenKey{}, &list), address)
			return list, err
		}
		for try := 1; try <= 11; try++ {
			known, knownErr := statements(session.User.Email)
			unknown, unknownErr := statements(nobody)
			require.NotEmpty(t, known)
			require.Equal(t, known, unknown, "%s, try %d", name, try)
			if knownErr == nil {
				require.NoError(t, unknownErr)
				continue
			}
			require.Equal(t, domain.As(knownErr).Code, domain.As(unknownErr).Code)
		}
	}
	require.ErrorIs(t, i.counter.Take(t.Context(), signInTries, cleanEmail(session.User.Email)+" "), attempts.ErrTooMany, "the tries counted")
}
