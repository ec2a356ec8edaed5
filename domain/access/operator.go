package access

import (
	"context"
	netmail "net/mail"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/domain/passwords"
	"baraza/tenancy"
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

// NewOperator is somebody who is to run the installation.
type NewOperator struct{ Name, Email, Password string }

// ErrOperator is somebody who runs the installation already.
var ErrOperator = domain.ErrExists.Saying("This person is a platform admin already.")

// CreateOperator makes a person who runs the installation. admit comes first in the
// transaction and may refuse. A known e-mail is ErrEmailKnown.
func (a *Accounts) CreateOperator(ctx context.Context, in NewOperator, admit func(*db.PlatformTx) error) error {
	return a.createOperator(ctx, in, admit, func(*db.PlatformTx, person) error { return nil })
}

// EnterOperator is CreateOperator, and signs them in.
func (a *Accounts) EnterOperator(ctx context.Context, in NewOperator, admit func(*db.PlatformTx) error) (Session, error) {
	var session Session
	err := a.createOperator(ctx, in, admit, func(tx *db.PlatformTx, user person) (err error) {
		session, err = a.Sessions.open(ctx, tx, user, openSession{})
		return err
	})
	return session, err
}

func (a *Accounts) createOperator(ctx context.Context, in NewOperator, admit func(*db.PlatformTx) error, then func(*db.PlatformTx, person) error) error {
	someone, err := newPerson(in.Name, in.Email, in.Password)
	if err != nil {
		return err
	}
	if address, err := netmail.ParseAddress(someone.Email); err != nil || address.Address != someone.Email {
		return domain.InvalidField("email", "invalid_email", "is no e-mail address")
	}
	if someone.PasswordHash, err = a.Hasher.Hash(ctx, in.Password); err != nil {
		return err
	}
	return a.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		if err := admit(tx); err != nil {
			return err
		}
		user, err := insertPerson(ctx, tx, someone)
		if err != nil {
			return err
		}
		if user, err = setOperator(ctx, tx, user.ID); err != nil {
			return err
		}
		return then(tx, user)
	})
}

// Promote makes the person of an e-mail an operator; their password stays. An unknown
// one is domain.ErrNotFound, one who is it already ErrOperator.
func (a *Accounts) Promote(ctx context.Context, email string, admit func(*db.PlatformTx) error) error {
	return a.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		if err := admit(tx); err != nil {
			return err
		}
		user, err := personByEmail(ctx, tx, email)
		if err != nil {
			return err
		}
		if user.PlatformRole != nil {
			return ErrOperator
		}
		_, err = setOperator(ctx, tx, user.ID)
		return err
	})
}

// Known says whether an e-mail has an account.
func (a *Accounts) Known(ctx context.Context, email string) (bool, error) {
	return db.One[bool](ctx, a.DB, `select exists (select from users where email_lower = $1)`, cleanEmail(email))
}

// AnyOperator says whether anybody runs the installation.
func AnyOperator(ctx context.Context, q db.PlatformQueryer) (bool, error) {
	return db.One[bool](ctx, q, `select exists (select from users where platform_role is not null)`)
}

// setOperator makes a person an operator. Nothing else does.
func setOperator(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID) (person, error) {
	user, err := db.One[person](ctx, tx, `update users set platform_role = 'admin' where id = $1 returning `+personColumns, userID)
	if err != nil {
		return user, err
	}
	act := audit.Act{Action: audit.OperatorCreated, ObjectID: userID}
	return user, audit.RecordFor(ctx, tx, audit.Platform, act)
}

// CreateTenant names a workspace of the caller's own.
type CreateTenant struct {
	Name string `json:"name" validate:"required,max=80"`
}

// CreateTenant makes a workspace the caller owns and moves the session there. It is an
// operator's: whether others may sign up does not matter.
func (a *Accounts) CreateTenant(ctx context.Context, in CreateTenant) (Session, error) {
	name, err := domain.Name("name", in.Name)
	if err != nil {
		return Session{}, err
	}
	var id uuid.UUID
	err = a.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		owner, err := personByID(ctx, tx, tenancy.From(ctx).UserID)
		if err != nil {
			return err
		}
		if id, err = a.makeTenant(ctx, tx, name, owner); err != nil {
			return err
		}
		return audit.RecordFor(ctx, tx, audit.Platform, audit.Act{Action: audit.TenantCreated, ObjectID: id})
	})
	if err != nil {
		return Session{}, err
	}
	return a.Sessions.Switch(ctx, Switch{TenantID: id})
}
