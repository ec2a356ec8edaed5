package access

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/factors"
	"baraza/domain/mail"
	"baraza/tenancy"
)

const (
	linkLife      = 30 * time.Minute
	loginCodeLife = 10 * time.Minute
	// codeWait is how long a request waits for its letter to be written.
	codeWait = time.Hour
)

// purpose says what a mailed code is for.
type purpose string

const (
	resetPassword purpose = "reset_password"
	verifyEmail   purpose = "verify_email"
	loginCode     purpose = "login_code"
)

// ErrExpired is a link that ran out, was used, or never was.
var ErrExpired = &domain.Error{Kind: domain.Gone, Code: "expired", Detail: "This link has run out or was used already. Ask for a new one."}

// Codes are the links and codes that go out by mail, and the notices of what happened
// to an account.
type Codes struct {
	DB     *db.Platform
	Master tenancy.Master
	Post   *mail.Post
	// BaseURL is where links lead: the installation's, never what a request says.
	BaseURL string
}

// MailCode is the job that makes a code and mails it. A request of who has no account
// comes to nothing here, where nobody can see how long that takes.
type MailCode struct {
	CodeID uuid.UUID `json:"code_id"`
}

// Kind names the job.
func (MailCode) Kind() string { return "access.mail_code" }

// Queue is that of all mail.
func (MailCode) Queue() string { return mail.Queue }

// MailNotice is the job that tells a person what happened to their account.
type MailNotice struct {
	UserID uuid.UUID `json:"user_id"`
	Notice mail.Kind `json:"notice"`
}

// Kind names the job.
func (MailNotice) Kind() string { return "access.mail_notice" }

// Queue is that of all mail.
func (MailNotice) Queue() string { return mail.Queue }

// request has a code mailed to the person of an e-mail, if there is one, after the
// commit. Both cases run the same statements.
func (c *Codes) request(ctx context.Context, tx *db.PlatformTx, p purpose, email string) error {
	id := db.NewID()
	if err := insertCode(ctx, tx, id, p, email); err != nil {
		return err
	}
	return db.PlatformEnqueue(ctx, tx, MailCode{CodeID: id})
}

func notify(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, kind mail.Kind) error {
	return db.PlatformEnqueue(ctx, tx, MailNotice{UserID: userID, Notice: kind})
}

// Mail makes the code and sends it. Tried again it makes another one, and the one
// before no longer counts.
func (c *Codes) Mail(ctx context.Context, job MailCode) error {
	var letter mail.Letter
	err := c.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		row, err := lockCode(ctx, tx, job.CodeID)
		if err != nil {
			return err
		}
		user, err := personByID(ctx, tx, row.UserID)
		if err != nil {
			return err
		}
		var hash []byte
		var life time.Duration
		letter, hash, life = c.letter(user, row.Purpose)
		return fillCode(ctx, tx, row, hash, life)
	})
	if errors.Is(err, domain.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return c.Post.Send(ctx, letter)
}

// letter makes the code of a purpose, and returns its letter and its hash.
func (c *Codes) letter(user person, p purpose) (mail.Letter, []byte, time.Duration) {
	letter := mail.Letter{Kind: mail.Kind(p), To: user.Email, Language: user.Locale, Name: user.Name}
	if p == loginCode {
		letter.Code, letter.Minutes = newLoginCode(), int(loginCodeLife.Minutes())
		return letter, c.loginHash(user.ID, letter.Code), loginCodeLife
	}
	random := make([]byte, 32)
	rand.Read(random) // never fails: it ends the process instead
	token := base64.RawURLEncoding.EncodeToString(random)
	page := map[purpose]string{resetPassword: "/reset-password", verifyEmail: "/verify-email"}[p]
	letter.Link = c.BaseURL + page + "?" + url.Values{"token": {token}}.Encode()
	letter.Minutes = int(linkLife.Minutes())
	return letter, domain.HashOf(token), linkLife
}

// Notify sends a notice.
func (c *Codes) Notify(ctx context.Context, job MailNotice) error {
	user, err := personByID(ctx, c.DB, job.UserID)
	if errors.Is(err, domain.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return c.Post.Send(ctx, mail.Letter{Kind: job.Notice, To: user.Email, Language: user.Locale, Name: user.Name})
}

// spendLogin takes a mailed sign-in code, once.
func (c *Codes) spendLogin(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, code string) error {
	_, err := useCode(ctx, tx, loginCode, c.loginHash(userID, strings.ReplaceAll(code, " ", "")))
	if errors.Is(err, domain.ErrNotFound) {
		return factors.ErrInvalid
	}
	return err
}

// loginHash is keyed, and the person is in it: six digits alone could be found from
// their hash, and be somebody else's.
func (c *Codes) loginHash(userID uuid.UUID, code string) []byte {
	mac := hmac.New(sha256.New, c.Master.Derive("login codes"))
	mac.Write(userID[:])
	mac.Write([]byte(code))
	return mac.Sum(nil)
}

func newLoginCode() string {
	random := make([]byte, 8)
	rand.Read(random) // never fails: it ends the process instead
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(random)%1_000_000)
}
