package access

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/passwords"
	"baraza/tenancy"
)

// Newcomers are people who come into a tenant that waits for them.
type Newcomers struct {
	Platform *db.Platform
	Sessions *Sessions
	Hasher   *passwords.Hasher
	Codes    *Codes
}

// Newcomer is somebody who may have an account, or gets one.
type Newcomer struct {
	Email string
	// Name and Password of who has no account yet.
	Name, Password string
}

// Place is where somebody comes in, as what, and into which teams besides Everyone.
type Place struct {
	TenantID, RoleID uuid.UUID
	Teams            []uuid.UUID
}

// Join brings a person into a tenant: a new one, or the caller when they are signed in
// as this e-mail. admit says in the same transaction where they may come in. A known
// e-mail that is not the caller's is ErrEmailKnown: its person signs in first. Somebody
// who is a member there already is ErrMember.
func (n *Newcomers) Join(ctx context.Context, in Newcomer, admit func(*db.PlatformTx, uuid.UUID) (Place, error)) (Session, error) {
	caller := tenancy.From(ctx).UserID
	if caller != uuid.Nil {
		return n.joinAs(ctx, caller, in, admit)
	}
	someone, err := newPerson(in.Name, in.Email, in.Password)
	if err != nil {
		return Session{}, err
	}
	if someone.PasswordHash, err = n.Hasher.Hash(ctx, in.Password); err != nil {
		return Session{}, err
	}
	var session Session
	err = n.Platform.Tx(ctx, func(tx *db.PlatformTx) error {
		someone, err := insertPerson(ctx, tx, someone)
		if err != nil {
			return err
		}
		place, err := n.enter(ctx, tx, someone, admit)
		if err != nil {
			return err
		}
		if err := n.Codes.request(ctx, tx, verifyEmail, someone.Email); err != nil {
			return err
		}
		session, err = n.Sessions.open(ctx, tx, someone, openSession{Tenant: place.TenantID})
		return err
	})
	return session, err
}

// joinAs brings the caller in and moves their session there.
func (n *Newcomers) joinAs(ctx context.Context, caller uuid.UUID, in Newcomer, admit func(*db.PlatformTx, uuid.UUID) (Place, error)) (Session, error) {
	var place Place
	err := n.Platform.Tx(ctx, func(tx *db.PlatformTx) error {
		user, err := personByID(ctx, tx, caller)
		if err != nil {
			return err
		}
		if cleanEmail(user.Email) != cleanEmail(in.Email) {
			return errOtherAddress
		}
		place, err = n.enter(ctx, tx, user, admit)
		return err
	})
	if err != nil {
		return Session{}, err
	}
	return n.Sessions.Switch(ctx, Switch{TenantID: place.TenantID})
}

func (n *Newcomers) enter(ctx context.Context, tx *db.PlatformTx, user person, admit func(*db.PlatformTx, uuid.UUID) (Place, error)) (Place, error) {
	place, err := admit(tx, user.ID)
	if err != nil {
		return place, err
	}
	err = insertMembership(ctx, tx, place.TenantID, place.RoleID, user)
	if errors.Is(err, domain.ErrExists) {
		return place, ErrMember.With(err)
	}
	if err != nil {
		return place, err
	}
	return place, insertTeamMember(ctx, tx, place, user.ID)
}

// Refusals to who comes in.
var (
	ErrMember       = domain.ErrExists.Saying("This person is a member of the workspace already.")
	errOtherAddress = domain.ErrDenied.Saying("This invitation is for another e-mail address. Sign in with that one.")
)

// Known says whether an e-mail has an account, and in which language its person reads.
func (n *Newcomers) Known(ctx context.Context, email string) (language string, known bool, err error) {
	user, err := personByEmail(ctx, n.Platform, email)
	if errors.Is(err, domain.ErrNotFound) {
		return "", false, nil
	}
	return user.Locale, err == nil, err
}
