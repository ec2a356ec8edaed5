package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"baraza/domain"
	"baraza/tenancy"
)

// ErrTaken is a channel's address that is connected already, here or elsewhere: one
// wording for both.
var ErrTaken = &domain.Error{Kind: domain.Conflict, Code: "channel_taken", Detail: "This address is connected already."}

// ErrTooSlow is a statement that Postgres ended because it took too long. It is
// domain.ErrUnavailable as well; whoever repeats by itself must give up at some point.
var ErrTooSlow = errors.New("the statement took too long")

// byConstraint gives a constraint's violation its own error. Names are Postgres's.
var byConstraint = map[string]*domain.Error{
	"channel_routes_taken_idx": ErrTaken,
	"channel_routes_pkey":      ErrTaken,
}

// translate is the only place where a database error becomes a domain error. What
// it does not know stays an internal error, with the cause for the log.
func translate(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var known *domain.Error
	if errors.As(err, &known) || errors.Is(err, tenancy.ErrNoScope) {
		return err
	}
	// After a deadline the driver says "bad connection" or worse: the context knows why.
	if ctx.Err() != nil {
		return domain.ErrUnavailable.With(fmt.Errorf("%w: %w", ctx.Err(), loggable(err)))
	}
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, pgx.ErrNoRows) {
		return domain.ErrNotFound
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return translatePg(pg)
	}
	var connect *pgconn.ConnectError
	var network *net.OpError
	if errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) || isClosed(err) {
		return domain.ErrUnavailable.With(loggable(err))
	}
	return domain.ErrInternal.With(loggable(err))
}

// loggable is err without what a log must not hold: the message of Postgres may quote
// values, the text of a failed connection its password.
func loggable(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return fmt.Errorf("SQLSTATE %s constraint %q table %q", pg.Code, pg.ConstraintName, pg.TableName)
	}
	return Redacted(err)
}

func translatePg(pg *pgconn.PgError) error {
	cause := loggable(pg)
	if e, ok := byConstraint[pg.ConstraintName]; ok {
		return e.With(cause)
	}
	switch {
	case pg.Code == "23505": // unique_violation
		return domain.ErrExists.With(cause)
	case pg.Code == "23503": // foreign_key_violation: what it points at is not there, or not ours
		return domain.ErrNotFound.With(cause)
	case pg.Code == "57014": // statement_timeout
		return domain.ErrUnavailable.With(fmt.Errorf("%w: %w", ErrTooSlow, cause))
	case pg.Code == "55P03", pg.Code == "25P03", pg.Code == "40P01", pg.Code == "40001":
		// lock_timeout, idle_in_transaction_session_timeout, deadlock, serialization
		return domain.ErrUnavailable.With(cause)
	case strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "57P"), strings.HasPrefix(pg.Code, "53"):
		// connection, shutdown, resources
		return domain.ErrUnavailable.With(cause)
	}
	return domain.ErrInternal.With(cause)
}

// translateAcquire is translate for a connection that could not be had.
func translateAcquire(ctx context.Context, err error) error {
	if errors.Is(err, tenancy.ErrNoScope) {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
		return domain.ErrUnavailable.With(fmt.Errorf("no connection: %w", loggable(err)))
	}
	return translate(ctx, err)
}

func isClosed(err error) bool {
	return errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "closed pool") ||
		strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "unexpected EOF") ||
		strings.Contains(err.Error(), "bad connection") || strings.Contains(err.Error(), "database is closed")
}

// A password may hold an @ or a slash in a URL, and blanks between quotes elsewhere.
var password = regexp.MustCompile(`(://[^:/@\s]*:)\S+(@)|(?i)(password\s*=\s*)(?:'(?:[^'\\]|\\.)*'?|[^\s&]+)`)

// Redacted hides passwords of connection strings in an error's text.
func Redacted(err error) error {
	clean := password.ReplaceAllString(err.Error(), "$1$3••••$2")
	if clean == err.Error() {
		return err
	}
	return errors.New(clean)
}
