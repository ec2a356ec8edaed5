// Package mail writes the product's letters to people, each in the reader's language
// as plain text and HTML, and hands them to whoever carries them.
//
// Always true: an address gets at most three letters a day of one kind, over all
// tenants; a subject holds nothing a person wrote; a letter is kept nowhere in clear.
// Letters leave by jobs: whoever enqueues one does so in the transaction of the act
// it is about.
package mail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"baraza/db"
	"baraza/domain"
)

// Queue is where jobs that send letters belong: a mail server that does not answer
// holds up other letters, and nothing else.
const Queue = "mail"

// perDay is how many letters of a kind an address gets.
const perDay = 3

// Kind is what a letter is about.
type Kind string

// The kinds of letters there are. letters/*.json has the texts.
const (
	ResetPassword   Kind = "reset_password"
	VerifyEmail     Kind = "verify_email"
	LoginCode       Kind = "login_code"
	PasswordChanged Kind = "password_changed"
	PasswordGuessed Kind = "password_guessed"
	SessionReused   Kind = "session_reused"
	FactorOn        Kind = "factor_on"
	FactorOff       Kind = "factor_off"
	Invitation      Kind = "invitation"
	// InvitationReminder goes to who invited.
	InvitationReminder Kind = "invitation_reminder"
	Test               Kind = "test"
)

// Letter is what to tell whom.
type Letter struct {
	Kind Kind
	To   string
	// Language is a tag such as ar-EG; the nearest there is gets chosen, else English.
	Language string
	// Name of the reader; "" when nobody knows it yet.
	Name string
	// Inviter and Workspace are who invites where, in an invitation.
	Inviter, Workspace string
	// Guest is the address whose invitation ran out, in a reminder.
	Guest string
	// Link and Code are what the letter brings, if it brings one.
	Link, Code string
	// Minutes is how long that is good for.
	Minutes int
}

// Message is a letter as it travels.
type Message struct {
	To      string `json:"to"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html"`
}

// Sender carries messages: an SMTP server, or the mailbox where there is none.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Post sends letters.
type Post struct {
	DB     *db.Platform
	Sender Sender
	Log    *zap.Logger
}

// Send writes a letter and hands it over. Past the day's limit of its address it goes
// nowhere, and that is no error: trying again would not help.
func (p *Post) Send(ctx context.Context, l Letter) error {
	err := p.Try(ctx, l)
	if errors.Is(err, errEnough) {
		p.Log.Warn("letter not sent: its address had three today", zap.String("kind", string(l.Kind)))
		return nil
	}
	return err
}

// errEnough is past the day's limit of an address.
var errEnough = &domain.Error{Kind: domain.TooMany, Code: "rate_limited", Detail: "This address had three of these letters today. Try again tomorrow."}

// Try is Send for who waits for it: past the day's limit is an error too.
func (p *Post) Try(ctx context.Context, l Letter) error {
	m, err := write(l)
	if err != nil {
		return err
	}
	allowed, err := count(ctx, p.DB, l)
	if err != nil {
		return err
	}
	if !allowed {
		return errEnough
	}
	if err := p.Sender.Send(ctx, m); err != nil {
		// What did not leave does not count. The context may be what ended.
		detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return errors.Join(fmt.Errorf("send letter %s: %w", l.Kind, err), uncount(detached, p.DB, l))
	}
	return nil
}

// Sweep removes the counts of past days.
func (p *Post) Sweep(ctx context.Context) error {
	_, err := db.Exec(ctx, p.DB, `delete from mail_counts where day < (now() at time zone 'UTC')::date`)
	return err
}
