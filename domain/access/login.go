package access

import (
	"context"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
)

// Login is a person's credentials. TenantID chooses among their tenants; without it
// they come back to the one they were in last.
type Login struct {
	Email        string    `json:"email"         validate:"required,max=254"`
	Password     string    `json:"password"      validate:"required,max=1000"`
	TOTP         string    `json:"totp"          validate:"max=20"`
	RecoveryCode string    `json:"recovery_code" validate:"max=40"`
	TenantID     uuid.UUID `json:"tenant_id"`
	Device       string    `json:"device"        validate:"max=80"`
	// DeviceToken is what a browser was given that signed in before.
	DeviceToken string `cookie:"device" json:"-"`
}

// Login signs in. A wrong password and an unknown e-mail give the same
// ErrInvalidCredentials after the same work; ErrTOTPRequired when a code is needed
// besides, factors.ErrInvalid when it is not right.
func (a *Accounts) Login(ctx context.Context, in Login) (Session, error) {
	session, err := a.login(ctx, in)
	return session, a.refused(ctx, in.Email, err)
}

func (a *Accounts) login(ctx context.Context, in Login) (Session, error) {
	known, err := knownDevice(ctx, a.DB, in.Email, in.DeviceToken)
	if err != nil {
		return Session{}, err
	}
	user, err := a.Gate.password(ctx, in.Email, in.Password, known)
	if err != nil {
		return Session{}, err
	}
	all, err := listPlaces(ctx, a.DB, user.ID)
	if err != nil {
		return Session{}, err
	}
	d, given := demandOf(user, all, known), proof{code: in.TOTP, recovery: in.RecoveryCode}
	var session Session
	err = a.Gate.through(ctx, user.ID, d, given, func() error {
		return a.DB.Tx(ctx, func(tx *db.PlatformTx) (err error) {
			if err := a.Gate.pass(ctx, tx, user.ID, d, given); err != nil {
				return err
			}
			session, err = a.Sessions.open(ctx, tx, user, openSession{Tenant: in.TenantID, Device: in.Device})
			if err != nil {
				return err
			}
			if known {
				return seeDevice(ctx, tx, in.DeviceToken)
			}
			session.deviceToken, err = rememberDevice(ctx, tx, user.ID)
			return err
		})
	})
	return session, err
}

// LoginCode is credentials for which a code is wanted.
type LoginCode struct {
	Email    string `json:"email"    validate:"required,max=254"`
	Password string `json:"password" validate:"required,max=1000"`
	// DeviceToken is what a browser was given that signed in before.
	DeviceToken string `cookie:"device" json:"-"`
}

// MailCode mails a code that Login takes as totp, if a sign-in of this person would
// take one. At most three a day.
func (a *Accounts) MailCode(ctx context.Context, in LoginCode) (domain.None, error) {
	known, err := knownDevice(ctx, a.DB, in.Email, in.DeviceToken)
	if err != nil {
		return domain.None{}, err
	}
	user, err := a.Gate.password(ctx, in.Email, in.Password, known)
	if err != nil {
		return domain.None{}, a.refused(ctx, in.Email, err)
	}
	all, err := listPlaces(ctx, a.DB, user.ID)
	if err != nil || !demandOf(user, all, known).mail {
		return domain.None{}, err
	}
	if err := a.Gate.Counter.Take(ctx, mailTries(loginCode), user.ID.String()); err != nil {
		return domain.None{}, err
	}
	return domain.None{}, a.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		return a.Gate.Codes.request(ctx, tx, loginCode, user.Email)
	})
}
