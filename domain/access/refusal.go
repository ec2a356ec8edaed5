package access

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/domain/factors"
)

// RecordRefusal is the job that keeps a refused sign-in in the logs of the person's
// tenants, and tells them of many. That of an e-mail nobody has comes to nothing here, where nobody can see how
// long that takes.
type RecordRefusal struct {
	RefusalID uuid.UUID `json:"refusal_id"`
}

// Kind names the job.
func (RecordRefusal) Kind() string { return "access.record_refusal" }

// refused has a wrong password or second factor recorded, and returns err. Known and
// unknown e-mails run the same statements. What the limit of guessing stops is not
// recorded: its tries were.
func (a *Accounts) refused(ctx context.Context, email string, err error) error {
	if !errors.Is(err, ErrInvalidCredentials) && !errors.Is(err, factors.ErrInvalid) {
		return err
	}
	failed := a.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		id := db.NewID()
		if err := insertRefusal(ctx, tx, id, email, domain.As(err).Code); err != nil {
			return err
		}
		return db.PlatformEnqueue(ctx, tx, RecordRefusal{id})
	})
	if failed != nil {
		return failed
	}
	return err
}

// RecordRefusal works the job.
func (a *Accounts) RecordRefusal(ctx context.Context, job RecordRefusal) error {
	err := a.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		r, err := takeRefusal(ctx, tx, job.RefusalID)
		if err != nil || r.UserID == nil {
			return err
		}
		all, err := listPlaces(ctx, tx, *r.UserID)
		if err != nil {
			return err
		}
		ctx := domain.WithRequest(ctx, domain.Request{IP: r.IP, UserAgent: r.UserAgent, ID: r.RequestID})
		for _, one := range all {
			if one.Status != "active" {
				continue
			}
			act := audit.Act{Action: audit.SignInFailed, ObjectID: *r.UserID, After: map[string]any{"reason": r.Reason}}
			if err := record(ctx, tx, one.Tenant.ID, act); err != nil {
				return err
			}
		}
		return warn(ctx, tx, *r.UserID)
	})
	if errors.Is(err, domain.ErrNotFound) {
		return nil // done already
	}
	return err
}
