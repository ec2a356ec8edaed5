package access

import (
	"context"
	"errors"
	"time"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/attempts"
	"baraza/domain/audit"
	"baraza/domain/mail"
	"baraza/domain/passwords"
	"baraza/tenancy"
)

// forgotTries is how often a password may be asked for, per account.
var forgotTries = attempts.Limit{Kind: "forgot", Max: 3, Every: time.Hour}

// Passwords are how people come to a new password.
type Passwords struct {
	DB       *db.Platform
	Gate     *Gate
	Sessions *Sessions
}

// ChangePassword wants the present password and another one.
type ChangePassword struct {
	CurrentPassword string `json:"current_password" validate:"required,max=1000"`
	NewPassword     string `json:"new_password"     validate:"required,max=1000"`
}

// Change sets a new password, ends all sessions of the person, mailed links with them,
// and answers with a new session in the caller's tenant.
func (p *Passwords) Change(ctx context.Context, in ChangePassword) (Session, error) {
	if err := passwords.Check("new_password", in.NewPassword); err != nil {
		return Session{}, err
	}
	user, err := p.Gate.caller(ctx, in.CurrentPassword)
	if err != nil {
		return Session{}, err
	}
	if passwords.Normalized(in.NewPassword) == passwords.Normalized(in.CurrentPassword) {
		return Session{}, domain.InvalidField("new_password", "invalid", "must be another one than now")
	}
	hash, err := p.Gate.Hasher.Hash(ctx, in.NewPassword)
	if err != nil {
		return Session{}, err
	}
	var session Session
	err = p.Sessions.Revocations.End(ctx, func(tx *db.PlatformTx) ([]Revocation, error) {
		ended, err := setPassword(ctx, tx, user, hash, audit.PasswordChanged)
		if err != nil {
			return nil, err
		}
		session, err = p.Sessions.open(ctx, tx, user, openSession{Tenant: tenancy.From(ctx).TenantID})
		return ended, err
	})
	return session, err
}

// setPassword gives a person a new password and ends what the old one gave: sessions
// and mailed links. The person is told.
func setPassword(ctx context.Context, tx *db.PlatformTx, user person, hash string, act audit.Action) ([]Revocation, error) {
	if err := updatePassword(ctx, tx, user.ID, hash); err != nil {
		return nil, err
	}
	if err := recordPerson(ctx, tx, user.ID, act); err != nil {
		return nil, err
	}
	if err := endCodes(ctx, tx, user.ID); err != nil {
		return nil, err
	}
	if err := notify(ctx, tx, user.ID, mail.PasswordChanged); err != nil {
		return nil, err
	}
	return endSessionsOf(ctx, tx, user.ID)
}

// ForgotPassword names an account, or none.
type ForgotPassword struct {
	Email string `json:"email" validate:"required,max=254"`
}

// Forgot mails a link to choose a new password. Known and unknown e-mails, and those
// that asked too often, are answered alike.
func (p *Passwords) Forgot(ctx context.Context, in ForgotPassword) (domain.None, error) {
	err := p.Gate.Counter.Take(ctx, forgotTries, cleanEmail(in.Email))
	if errors.Is(err, attempts.ErrTooMany) {
		return domain.None{}, nil
	}
	if err != nil {
		return domain.None{}, err
	}
	return domain.None{}, p.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		return p.Gate.Codes.request(ctx, tx, resetPassword, in.Email)
	})
}

// ResetPassword brings a link's token. It takes the second factor of who has one.
type ResetPassword struct {
	Token       string `json:"token"        validate:"required,max=200"`
	NewPassword string `json:"new_password" validate:"required,max=1000"`
	TOTP        string `json:"totp"         validate:"max=20"`
}

// Reset sets a new password and ends all sessions of the person. Of any number of
// uses of a link one succeeds; the others, and links that ran out, are ErrExpired. A
// refused code leaves the link as it is.
func (p *Passwords) Reset(ctx context.Context, in ResetPassword) (domain.None, error) {
	if err := passwords.Check("new_password", in.NewPassword); err != nil {
		return domain.None{}, err
	}
	user, err := p.ownerOf(ctx, in.Token)
	if err != nil {
		return domain.None{}, err
	}
	d, given := demand{app: user.TOTPEnabled}, proof{code: in.TOTP}
	return domain.None{}, p.Gate.through(ctx, user.ID, d, given, func() error {
		hash, err := p.Gate.Hasher.Hash(ctx, in.NewPassword)
		if err != nil {
			return err
		}
		return p.Sessions.Revocations.End(ctx, func(tx *db.PlatformTx) ([]Revocation, error) {
			if _, err := useCode(ctx, tx, resetPassword, domain.HashOf(in.Token)); err != nil {
				return nil, expired(err)
			}
			if err := p.Gate.pass(ctx, tx, user.ID, d, given); err != nil {
				return nil, err
			}
			// Whoever read the letter has the address.
			if err := markVerified(ctx, tx, user.ID); err != nil {
				return nil, err
			}
			if err := forgetDevices(ctx, tx, user.ID); err != nil {
				return nil, err
			}
			return setPassword(ctx, tx, user, hash, audit.PasswordReset)
		})
	})
}

// ownerOf returns whom a link was mailed to, before anything is spent on it.
func (p *Passwords) ownerOf(ctx context.Context, token string) (person, error) {
	row, err := readCode(ctx, p.DB, resetPassword, domain.HashOf(token))
	if err != nil {
		return person{}, expired(err)
	}
	return personByID(ctx, p.DB, row.UserID)
}

func expired(err error) error {
	if errors.Is(err, domain.ErrNotFound) {
		return ErrExpired
	}
	return err
}
