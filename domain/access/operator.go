package access

import (
	"context"

	"baraza/db"
)

// SignupOpen says whether a stranger may register: always in SaaS mode, and in
// whitelabel mode until the first tenant exists.
func (a *Accounts) SignupOpen(ctx context.Context) (bool, error) {
	if a.Mode != Whitelabel {
		return true, nil
	}
	exists, err := anyTenant(ctx, a.DB)
	return !exists, err
}

// SetPassword gives a person a new password at the operator's word and ends all their
// sessions. An unknown e-mail is domain.ErrNotFound.
func (a *Accounts) SetPassword(ctx context.Context, email, password string) error {
	if err := checkPassword(password); err != nil {
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
		if err := db.Must(db.Exec(ctx, tx, `
			update users set password_hash = $2, password_changed_at = now() where id = $1`, user.ID, hash)); err != nil {
			return nil, err
		}
		return endSessionsOf(ctx, tx, user.ID)
	})
}
