package access

import (
	"context"
	"time"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// stepUpLife is how long a proof is good for dangerous acts.
const stepUpLife = 10 * time.Minute

// ErrStepUp asks for the password or a code once more, at POST /api/auth/step-up.
var ErrStepUp = &domain.Error{Kind: domain.Denied, Code: "step_up_required", Detail: "Confirm that it is you: give your password or a code."}

// CheckRecent refuses a dangerous act to who has not proved within ten minutes who
// they are.
func CheckRecent(scope tenancy.Scope) error {
	if time.Since(scope.AuthenticatedAt) > stepUpLife {
		return ErrStepUp
	}
	return nil
}

// StepUp is one of the two: the password, or a code of the app.
type StepUp struct {
	Password string `json:"password" validate:"required_without=TOTP,max=1000"`
	TOTP     string `json:"totp"     validate:"max=20"`
}

// StepUp notes that the caller has just proved who they are.
func (t *TwoFactor) StepUp(ctx context.Context, in StepUp) (domain.None, error) {
	caller := tenancy.From(ctx)
	d, given := demand{app: true}, proof{code: in.TOTP}
	if in.Password != "" {
		d = demand{}
		if _, err := t.Gate.caller(ctx, in.Password); err != nil {
			return domain.None{}, err
		}
	}
	return domain.None{}, t.Gate.through(ctx, caller.UserID, d, given, func() error {
		return t.Revocations.End(ctx, func(tx *db.PlatformTx) ([]Revocation, error) {
			if err := t.Gate.pass(ctx, tx, caller.UserID, d, given); err != nil {
				return nil, err
			}
			return []Revocation{rightsOf(caller)}, markAuthenticated(ctx, tx, caller.SessionID)
		})
	})
}
