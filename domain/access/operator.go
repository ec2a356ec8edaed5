package access

import (
	"context"

	"baraza/db"
	"baraza/domain/audit"
	"baraza/domain/passwords"
)

// SetPassword gives a person a new password at the operator's word and ends all their
// sessions. An unknown e-mail is domain.ErrNotFound.
func (a *Accounts) SetPassword(ctx context.Context, email, password string) error {
	if err := passwords.Check("password", password); err != nil {
		return err
	}
	user, err := personByEmail(ctx, a.DB, email)
	if err != nil {
		return err
	}
	hash, err := a.Hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	return a.Sessions.Revocations.End(ctx, func(tx *db.PlatformTx) ([]Revocation, error) {
		return setPassword(ctx, tx, user, hash, audit.PasswordReset)
	})
}
