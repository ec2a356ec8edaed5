package tenancy

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// note is where a connection remembers, in its CustomData, which tenant it carries.
const note = "baraza.tenant"

// Guard is the wall's gate: its PrepareConn is the tenant pool's hook and the only
// code that sets app.tenant_id.
type Guard struct {
	// VerifyEvery n reads the setting back on about 1 in n acquires that could skip
	// the round trip. 1 (always, as in all tests) to 1,000 (production).
	VerifyEvery int

	mismatches atomic.Int64
}

// Mismatches counts connections found to carry another tenant than they remembered.
// Each one was destroyed before use; any value but 0 is a defect worth a page.
func (g *Guard) Mismatches() int64 { return g.mismatches.Load() }

// PrepareConn runs on every acquire (pgxpool.Config.PrepareConn). It sets the
// scope's tenant on the connection, skipping the round trip when the connection
// already carries it. Without a scope it refuses with ErrNoScope.
func (g *Guard) PrepareConn(ctx context.Context, conn *pgx.Conn) (bool, error) {
	tenant := From(ctx).TenantID
	if tenant == uuid.Nil {
		return true, ErrNoScope
	}
	carries := conn.PgConn().CustomData()
	if noted, ok := carries[note].(uuid.UUID); ok && noted == tenant {
		if g.VerifyEvery > 1 && rand.IntN(g.VerifyEvery) != 0 {
			return true, nil
		}
		return g.verify(ctx, conn, tenant)
	}
	// The note goes first: cancelled half-way, the connection must not be believed.
	delete(carries, note)
	if _, err := conn.Exec(ctx, `select set_config('app.tenant_id', $1, false)`, tenant.String()); err != nil {
		return false, fmt.Errorf("set tenant on connection: %w", err)
	}
	carries[note] = tenant
	return true, nil
}

// verify destroys a connection whose setting differs from its note; the pool then
// takes another one.
func (g *Guard) verify(ctx context.Context, conn *pgx.Conn, tenant uuid.UUID) (bool, error) {
	var set string
	err := conn.QueryRow(ctx, `select coalesce(current_setting('app.tenant_id', true), '')`).Scan(&set)
	if err != nil {
		return false, fmt.Errorf("read tenant of connection: %w", err)
	}
	if set != tenant.String() {
		g.mismatches.Add(1)
		return false, nil
	}
	return true, nil
}
