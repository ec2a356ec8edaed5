package access

import (
	"context"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/domain/factors"
	"baraza/domain/mail"
	"baraza/tenancy"
)

// ErrFactorRequired is turning off what the workspace demands.
var ErrFactorRequired = &domain.Error{Kind: domain.Denied, Code: "mfa_setup_required", Detail: "Your workspace requires two-factor sign-in."}

// TwoFactor is the caller's second factor.
type TwoFactor struct {
	DB          *db.Platform
	Gate        *Gate
	Revocations *Revocations
}

// SetUpFactor wants the password once more.
type SetUpFactor struct {
	Password string `json:"password" validate:"required,max=1000"`
}

// SetUp returns a secret for an authenticator app. Nothing changes until Verify.
func (t *TwoFactor) SetUp(ctx context.Context, in SetUpFactor) (factors.Secret, error) {
	user, err := t.Gate.caller(ctx, in.Password)
	if err != nil {
		return factors.Secret{}, err
	}
	var secret factors.Secret
	err = t.DB.Tx(ctx, func(tx *db.PlatformTx) (err error) {
		secret, err = t.Gate.Factors.SetUp(ctx, tx, user.ID, user.Email)
		return err
	})
	return secret, err
}

// VerifyFactor brings the app's first code.
type VerifyFactor struct {
	Code string `json:"code" validate:"required,max=20"`
}

// RecoveryCodes are shown once.
type RecoveryCodes struct {
	RecoveryCodes []string `json:"recovery_codes"`
}

// Verify turns the second factor on. All other sessions, which did without, end.
func (t *TwoFactor) Verify(ctx context.Context, in VerifyFactor) (RecoveryCodes, error) {
	caller := tenancy.From(ctx)
	var answer RecoveryCodes
	err := t.Gate.through(ctx, caller.UserID, demand{app: true}, proof{code: in.Code}, func() error {
		return t.change(ctx, mail.FactorOn, audit.SecondFactorOn, func(tx *db.PlatformTx) (err error) {
			answer.RecoveryCodes, err = t.Gate.Factors.Confirm(ctx, tx, caller.UserID, in.Code)
			if err != nil {
				return err
			}
			return passed(ctx, tx, caller.UserID)
		})
	})
	return answer, err
}

// ProveFactor is password and code together.
type ProveFactor struct {
	Password string `json:"password" validate:"required,max=1000"`
	Code     string `json:"code"     validate:"required,max=20"`
}

// Disable turns the second factor off. ErrFactorRequired where a workspace of the
// person demands one.
func (t *TwoFactor) Disable(ctx context.Context, in ProveFactor) (domain.None, error) {
	all, err := listPlaces(ctx, t.DB, tenancy.From(ctx).UserID)
	if err != nil {
		return domain.None{}, err
	}
	if all.some(func(p SecuritySettings) bool { return p.Require2FA }) {
		return domain.None{}, ErrFactorRequired
	}
	return domain.None{}, t.prove(ctx, in, func(userID uuid.UUID, d demand, given proof) error {
		return t.change(ctx, mail.FactorOff, audit.SecondFactorOff, func(tx *db.PlatformTx) error {
			if err := t.Gate.pass(ctx, tx, userID, d, given); err != nil {
				return err
			}
			return t.Gate.Factors.Remove(ctx, tx, userID)
		})
	})
}

// RenewCodes replaces the recovery codes.
func (t *TwoFactor) RenewCodes(ctx context.Context, in ProveFactor) (RecoveryCodes, error) {
	var answer RecoveryCodes
	err := t.prove(ctx, in, func(userID uuid.UUID, d demand, given proof) error {
		return t.DB.Tx(ctx, func(tx *db.PlatformTx) (err error) {
			if err := t.Gate.pass(ctx, tx, userID, d, given); err != nil {
				return err
			}
			if answer.RecoveryCodes, err = t.Gate.Factors.RenewRecovery(ctx, tx, userID); err != nil {
				return err
			}
			return recordPerson(ctx, tx, userID, audit.RecoveryRenewed)
		})
	})
	return answer, err
}

// prove checks the password and runs fn within the limit of guessing codes.
func (t *TwoFactor) prove(ctx context.Context, in ProveFactor, fn func(uuid.UUID, demand, proof) error) error {
	user, err := t.Gate.caller(ctx, in.Password)
	if err != nil {
		return err
	}
	if !user.TOTPEnabled {
		return factors.ErrNotSetUp
	}
	d, given := demand{app: true}, proof{code: in.Code}
	return t.Gate.through(ctx, user.ID, d, given, func() error { return fn(user.ID, d, given) })
}

// change runs fn, ends the caller's other sessions, has this one's rights read anew
// and tells the person.
func (t *TwoFactor) change(ctx context.Context, notice mail.Kind, act audit.Action, fn func(*db.PlatformTx) error) error {
	caller := tenancy.From(ctx)
	return t.Revocations.End(ctx, func(tx *db.PlatformTx) ([]Revocation, error) {
		if err := fn(tx); err != nil {
			return nil, err
		}
		if err := recordPerson(ctx, tx, caller.UserID, act); err != nil {
			return nil, err
		}
		if err := notify(ctx, tx, caller.UserID, notice); err != nil {
			return nil, err
		}
		ended, err := endOtherSessions(ctx, tx, caller.UserID, caller.SessionID)
		return append(ended, rightsOf(caller)), err
	})
}

// rightsOf has the caller's rights read anew everywhere.
func rightsOf(caller tenancy.Scope) Revocation {
	return Revocation{Kind: MembershipChanged, UserID: caller.UserID, TenantID: caller.TenantID}
}
