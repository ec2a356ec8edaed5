package access

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"baraza/db"
	"baraza/tenancy"
)

const (
	// pollEvery and rightsLife are each well below the second in which a lost right ends.
	pollEvery = 500 * time.Millisecond
	// pollOverlap is read again each time: a row becomes visible at its commit, which
	// is later than its time.
	pollOverlap = 15 * time.Second
	// seenLife is longer than any row stays within the overlap.
	seenLife   = time.Minute
	sweepEvery = 10 * time.Minute
)

// RevocationKind says what ended.
type RevocationKind string

const (
	// SessionEnded names a login session.
	SessionEnded RevocationKind = "session"
	// MembershipChanged names a person and a tenant: role, teams or status are others
	// than before. Rights.Read says which they are.
	MembershipChanged RevocationKind = "membership"
	// TenantChanged names a tenant that was suspended, or is no longer.
	TenantChanged RevocationKind = "tenant"
)

// Revocation is the end of rights somebody may be using.
type Revocation struct {
	ID        uuid.UUID      `db:"id"          json:"id"`
	Kind      RevocationKind `db:"kind"        json:"kind"`
	SessionID uuid.UUID      `db:"for_session" json:"session_id"`
	UserID    uuid.UUID      `db:"for_user"    json:"user_id"`
	TenantID  uuid.UUID      `db:"for_tenant"  json:"tenant_id"`
}

// Concerns says whether the revocation is about what acts as s.
func (r Revocation) Concerns(s tenancy.Scope) bool {
	switch r.Kind {
	case SessionEnded:
		return r.SessionID == s.SessionID
	case MembershipChanged:
		return r.UserID == s.UserID && r.TenantID == s.TenantID
	case TenantChanged:
		return r.TenantID == s.TenantID
	}
	return false
}

// Revocations make what ended be over on every instance within a second.
type Revocations struct {
	DB     *db.Platform
	Rights *Rights
	// OnRevoke is told what this instance ended, after the commit: cmd publishes it for
	// the others, who pass it to Drop. A lost message costs half a second. Optional.
	OnRevoke func(Revocation)
	// Revoked is told each revocation once, whoever made it: the hub closes the sockets
	// it concerns. It must not block. Optional.
	Revoked func(Revocation)
	Log     *zap.Logger

	mu   sync.Mutex
	seen map[uuid.UUID]time.Time
}

// End runs fn in a transaction, records what fn says ended in the same one, and acts
// on it here and elsewhere after the commit: what was rolled back ends nothing.
func (r *Revocations) End(ctx context.Context, fn func(*db.PlatformTx) ([]Revocation, error)) error {
	var ended []Revocation
	err := r.DB.Tx(ctx, func(tx *db.PlatformTx) (err error) {
		if ended, err = fn(tx); err != nil {
			return err
		}
		for i := range ended {
			ended[i].ID = db.NewID()
		}
		return insertRevocations(ctx, tx, ended)
	})
	if err != nil {
		return err
	}
	r.tell(ended)
	return nil
}

// Change is End for what a tenant does to its own people: fn runs in a transaction of
// the tenant's and returns whose rights there are others than before.
func (r *Revocations) Change(ctx context.Context, tenant *db.Tenant, fn func(*db.Tx) ([]uuid.UUID, error)) error {
	var changed []Revocation
	err := tenant.Tx(ctx, func(tx *db.Tx) error {
		people, err := fn(tx)
		if err != nil {
			return err
		}
		for _, user := range people {
			changed = append(changed, Revocation{ID: db.NewID(), Kind: MembershipChanged, UserID: user, TenantID: tx.Tenant()})
		}
		return insertRightsChanges(ctx, tx, changed)
	})
	if err != nil {
		return err
	}
	r.tell(changed)
	return nil
}

// tell acts on what this instance ended, and has the others told.
func (r *Revocations) tell(list []Revocation) {
	for _, one := range list {
		r.Drop(one)
		if r.OnRevoke != nil {
			r.OnRevoke(one)
		}
	}
}

// Drop acts on a revocation, once, however often it is told.
func (r *Revocations) Drop(one Revocation) {
	r.mu.Lock()
	_, seen := r.seen[one.ID]
	if r.seen == nil {
		r.seen = map[uuid.UUID]time.Time{}
	}
	r.seen[one.ID] = time.Now()
	r.mu.Unlock()
	if seen {
		return
	}
	r.Rights.drop(one)
	if r.Revoked != nil {
		r.Revoked(one)
	}
}

// Run reads what other instances ended, in case their messages are lost, and now and
// then removes what has run out. It goes on while Postgres is away: rights are then
// not found at all.
func (r *Revocations) Run(ctx context.Context) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	var position, swept time.Time
	healthy := true
	for {
		now, err := r.poll(ctx, position)
		if err == nil && time.Since(swept) > sweepEvery {
			swept = time.Now()
			err = sweep(ctx, r.DB)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && healthy:
			r.Log.Error("revocations cannot be read", zap.Error(err))
		case err == nil && !healthy:
			r.Log.Info("revocations are read again")
		}
		healthy = err == nil
		if !now.IsZero() {
			position = now
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// poll acts on what was recorded since position, a time of the database's clock, and
// returns the next one.
func (r *Revocations) poll(ctx context.Context, position time.Time) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r.forget()
	now, list, err := listRevocations(ctx, r.DB, position)
	if err != nil {
		return time.Time{}, err
	}
	for _, one := range list {
		r.Drop(one)
	}
	return now, nil
}

func (r *Revocations) forget() {
	r.Rights.forget()
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, at := range r.seen {
		if time.Since(at) > seenLife {
			delete(r.seen, id)
		}
	}
}
