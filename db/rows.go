package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jmoiron/sqlx"

	"baraza/domain"
)

// rows is whatever can run a statement: both handles and both transactions.
type rows interface {
	queryer(context.Context) (sqlx.QueryerContext, sqlx.ExecerContext, func(), error)
}

// Queryer reads a tenant's rows: *Tenant (each call on a connection of its own) or
// *Tx. A function that writes takes a *Tx.
type Queryer interface {
	rows
	tenantRows()
}

// PlatformQueryer reads as the platform: *Platform or *PlatformTx.
type PlatformQueryer interface {
	rows
	platformRows()
}

// One returns the first row; none is domain.ErrNotFound. The where clause names a
// unique key.
func One[T any](ctx context.Context, q rows, query string, args ...any) (T, error) {
	var row T
	r, _, done, err := q.queryer(ctx)
	if err != nil {
		return row, err
	}
	defer done()
	return row, translate(ctx, sqlx.GetContext(ctx, r, &row, query, args...))
}

// All returns every row; none is an empty, non-nil slice.
func All[T any](ctx context.Context, q rows, query string, args ...any) ([]T, error) {
	r, _, done, err := q.queryer(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	list := []T{}
	return list, translate(ctx, sqlx.SelectContext(ctx, r, &list, query, args...))
}

// Exec runs a statement and returns the number of rows it touched.
func Exec(ctx context.Context, q rows, query string, args ...any) (int64, error) {
	_, e, done, err := q.queryer(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	result, err := e.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, translate(ctx, err)
	}
	return result.RowsAffected()
}

// Must turns "no row touched" into domain.ErrNotFound.
func Must(n int64, err error) error {
	if err == nil && n == 0 {
		return domain.ErrNotFound
	}
	return err
}

// Texts is a text[] column.
type Texts []string

// typeMaps are not safe for use by two at once, and dear to make.
var typeMaps = sync.Pool{New: func() any { return pgtype.NewMap() }} //nolint:gochecknoglobals // holds nothing of anybody's

// Scan reads the array in Postgres's text form, which is how database/sql gets it.
func (t *Texts) Scan(v any) error {
	if v == nil {
		*t = Texts{}
		return nil
	}
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("cannot scan %T into texts", v)
	}
	types := typeMaps.Get().(*pgtype.Map) //nolint:forcetypeassert // as made above
	defer typeMaps.Put(types)
	return types.Scan(pgtype.TextArrayOID, pgtype.TextFormatCode, []byte(s), (*[]string)(t))
}

// Value writes the array.
func (t Texts) Value() (driver.Value, error) {
	if t == nil {
		return "{}", nil
	}
	types := typeMaps.Get().(*pgtype.Map) //nolint:forcetypeassert // as made above
	defer typeMaps.Put(types)
	b, err := types.Encode(pgtype.TextArrayOID, pgtype.TextFormatCode, []string(t), nil)
	return string(b), err
}

var _ sql.Scanner = (*Texts)(nil)
