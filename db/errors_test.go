package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"baraza/domain"
	"baraza/tenancy"
)

const private = "Wanjiru 4521"

// violation is a database error that quotes what it should not: the text of a row.
func violation(code, constraint string) *pgconn.PgError {
	return &pgconn.PgError{
		Severity: "ERROR", Code: code, ConstraintName: constraint, TableName: "contacts",
		Message: `invalid "` + private + `"`, Detail: "Key (name)=(" + private + ") already exists.", Hint: private, Where: private,
	}
}

// SE-23, S39: each failure becomes the one error a client can act on, and no value of a row leaves with it.
func TestTranslate(t *testing.T) {
	t.Parallel()
	pg := func(code string) error { return violation(code, "contacts_name_key") }
	_, nobody := pgconn.Connect(t.Context(), "postgres://baraza_app:"+url.QueryEscape(private)+"@127.0.0.1:1/baraza")
	require.Error(t, nobody)
	for _, c := range []struct {
		name string
		err  error
		want *domain.Error
	}{
		{"unique", pg("23505"), domain.ErrExists},
		{"a number taken", violation("23505", "channel_routes_taken_idx"), ErrTaken},
		{"a number taken here", violation("23505", "channel_routes_pkey"), ErrTaken},
		{"foreign key", pg("23503"), domain.ErrNotFound},
		{"no rows, sql", sql.ErrNoRows, domain.ErrNotFound},
		{"no rows, pgx", pgx.ErrNoRows, domain.ErrNotFound},
		{"no rows, wrapped", fmt.Errorf("read: %w", pgx.ErrNoRows), domain.ErrNotFound},
		{"statement timeout", pg("57014"), domain.ErrUnavailable},
		{"lock timeout", pg("55P03"), domain.ErrUnavailable},
		{"deadlock", pg("40P01"), domain.ErrUnavailable},
		{"serialization", pg("40001"), domain.ErrUnavailable},
		{"connection", pg("08006"), domain.ErrUnavailable},
		{"terminated", pg("57P01"), domain.ErrUnavailable},
		{"starting up", pg("57P03"), domain.ErrUnavailable},
		{"too many connections", pg("53300"), domain.ErrUnavailable},
		{"disk full", pg("53100"), domain.ErrUnavailable},
		{"idle in transaction", pg("25P03"), domain.ErrUnavailable},
		{"refused", &net.OpError{Op: "dial", Err: errors.New("connection refused")}, domain.ErrUnavailable},
		{"nobody listens", nobody, domain.ErrUnavailable},
		{"closed", net.ErrClosed, domain.ErrUnavailable},
		{"closed pool", errors.New("closed pool"), domain.ErrUnavailable},
		{"conn closed", errors.New("conn closed"), domain.ErrUnavailable},
		{"cut", fmt.Errorf("receive message: %w", io.ErrUnexpectedEOF), domain.ErrUnavailable},
		{"bad connection", driver.ErrBadConn, domain.ErrUnavailable},
		{"the wall", pg("42501"), domain.ErrInternal},
		{"not null", pg("23502"), domain.ErrInternal},
		{"check", pg("23514"), domain.ErrInternal},
		{"cast", pg("22P02"), domain.ErrInternal},
		{"syntax", pg("42601"), domain.ErrInternal},
		{"unknown", errors.New("something else"), domain.ErrInternal},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, err := range []error{c.err, fmt.Errorf("wrapped: %w", c.err)} {
				got := translate(t.Context(), err)
				require.ErrorIs(t, got, c.want)
				require.NotContains(t, got.Error(), private)
				require.Equal(t, c.want.RetryAfter, domain.As(got).RetryAfter)
				require.Equal(t, c.want.Kind, domain.As(got).Kind)
				if c.want == domain.ErrUnavailable {
					require.Positive(t, domain.As(got).RetryAfter)
				}
			}
		})
	}

	t.Run("what_took_too_long_can_be_told_from_what_is_away", func(t *testing.T) {
		t.Parallel()
		require.ErrorIs(t, translate(t.Context(), pg("57014")), ErrTooSlow)
		require.NotErrorIs(t, translate(t.Context(), pg("57P01")), ErrTooSlow)
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		require.NotErrorIs(t, translate(cancelled, pg("57014")), ErrTooSlow, "we ended it ourselves")
	})

	t.Run("what_is_known_already_passes", func(t *testing.T) {
		t.Parallel()
		require.NoError(t, translate(t.Context(), nil))
		require.Equal(t, error(domain.ErrDenied), translate(t.Context(), domain.ErrDenied))
		wrapped := fmt.Errorf("resolve: %w", domain.ErrExists)
		require.Equal(t, wrapped, translate(t.Context(), wrapped))
		require.ErrorIs(t, translate(t.Context(), tenancy.ErrNoScope), tenancy.ErrNoScope)
		require.ErrorIs(t, translateAcquire(t.Context(), tenancy.ErrNoScope), tenancy.ErrNoScope)
	})

	t.Run("after_the_end_of_the_context_that_is_the_reason", func(t *testing.T) {
		t.Parallel()
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
		defer cancel()
		for ctx, reason := range map[context.Context]error{cancelled: context.Canceled, late: context.DeadlineExceeded} {
			for _, err := range []error{driver.ErrBadConn, pg("57014"), pg("22P02"), pg("23505"), reason} {
				for _, got := range []error{translate(ctx, err), translateAcquire(ctx, err)} {
					require.ErrorIs(t, got, domain.ErrUnavailable)
					require.NotContains(t, got.Error(), private)
				}
				require.ErrorIs(t, translate(ctx, err), reason)
			}
		}
	})

	t.Run("a_connection_that_could_not_be_had", func(t *testing.T) {
		t.Parallel()
		got := translateAcquire(t.Context(), fmt.Errorf("acquire: %w", context.DeadlineExceeded))
		require.ErrorIs(t, got, domain.ErrUnavailable)
		require.ErrorContains(t, got, "no connection")
		require.ErrorIs(t, translateAcquire(t.Context(), pg("57P01")), domain.ErrUnavailable)
		require.ErrorIs(t, translateAcquire(t.Context(), errors.New("odd")), domain.ErrInternal)
	})
}

// SE-23: an error may be about a connection string, but never tells its password.
func TestRedacted(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"postgres://baraza_app:open-sesame@db:5432/baraza",
		"postgres://baraza_app:open-sesame@db/baraza?password=open-sesame",
		"postgres://:open-sesame@db/baraza",
		"cannot reach postgres://a:open-sesame@one/x,postgres://b:open-sesame@two/x: refused",
		"postgres://a:open@sesame@db/baraza",
		"postgres://a:pw/open-sesame@db/baraza",
		"host=db user=a password=open-sesame dbname=x",
		"host=db password='open-sesame' dbname=x",
		"host=db password='two open-sesame words' dbname=x",
		"host=db password = open-sesame dbname=x",
		`host=db password='it\'s open-sesame' dbname=x`,
		"host=db PASSWORD=open-sesame",
	} {
		got := Redacted(errors.New(text)).Error()
		require.NotContains(t, got, "sesame", text)
		require.Contains(t, got, "••••", text)
	}
	plain := fmt.Errorf("dial tcp db:5432: %w", net.ErrClosed)
	require.Equal(t, plain, Redacted(plain), "what holds no password stays itself")
	require.Equal(t, "postgres://baraza_app:••••@db:5432/baraza is away", Redacted(errors.New("postgres://baraza_app:open@db:5432/baraza is away")).Error())
}
