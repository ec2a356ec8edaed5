package access

import (
	"context"
	"time"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/attempts"
	"baraza/domain/audit"
	"baraza/tenancy"
)

// mailTries is how often a letter of one kind may be asked for, per person: as often
// as the address would get one.
func mailTries(p purpose) attempts.Limit {
	return attempts.Limit{Kind: "mail_" + string(p), Max: 3, Every: 24 * time.Hour}
}

// Emails are people's addresses, and whether they have shown that they read them.
type Emails struct {
	DB      *db.Platform
	Counter *attempts.Counter
	Codes   *Codes
}

// VerifyEmail brings a link's token.
type VerifyEmail struct {
	Token string `json:"token" validate:"required,max=200"`
}

// Verify notes that the person reads their mail. ErrExpired for a link that was used.
func (e *Emails) Verify(ctx context.Context, in VerifyEmail) (domain.None, error) {
	return domain.None{}, e.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		row, err := useCode(ctx, tx, verifyEmail, domain.HashOf(in.Token))
		if err != nil {
			return expired(err)
		}
		if err := markVerified(ctx, tx, row.UserID); err != nil {
			return err
		}
		return recordPerson(ctx, tx, row.UserID, audit.EmailVerified)
	})
}

// Resend mails the caller another link. A verified address gets none.
func (e *Emails) Resend(ctx context.Context, _ domain.None) (domain.None, error) {
	user, err := personByID(ctx, e.DB, tenancy.From(ctx).UserID)
	if err != nil || user.EmailVerified {
		return domain.None{}, err
	}
	if err := e.Counter.Take(ctx, mailTries(verifyEmail), user.ID.String()); err != nil {
		return domain.None{}, err
	}
	return domain.None{}, e.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		return e.Codes.request(ctx, tx, verifyEmail, user.Email)
	})
}
