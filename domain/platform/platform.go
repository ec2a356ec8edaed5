// Package platform owns what is true of the whole installation: who may sign up, where
// it is reached, and how its first operator comes about.
//
// Always true: nobody operates an installation whom nobody with access to its machine
// made an operator, by a command or by the link it printed last; that link is good
// once, for an hour, and only its hash is stored; what the environment decides, nobody
// changes here.
package platform

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/audit"
	"baraza/domain/mail"
	"baraza/tenancy"
)

// Installation is what runs here.
type Installation struct {
	DB   *db.Platform
	Post *mail.Post
	// Mode as the environment has it; "" leaves it to the settings.
	Mode string
	// BaseURL is the one in force. BaseURLFixed says that the environment has it.
	BaseURL      string
	BaseURLFixed bool
	// MailServer says that letters leave; otherwise the mailbox keeps them. MailFrom is
	// whom they are from.
	MailServer bool
	MailFrom   string
}

// InstallationSettings are the installation's.
type InstallationSettings struct {
	// Mode saas lets everybody make a workspace, whitelabel the first one only.
	Mode string `json:"mode" enum:"saas,whitelabel"`
	// SignupOpen false lets nobody, in either mode.
	SignupOpen bool `json:"signup_open"`
	// BaseURL is null where it follows from the listen address. It holds from the next start.
	BaseURL *string `json:"base_url"`
	// BaseURLNow is the one in force.
	BaseURLNow string `json:"base_url_now"`
	// Fixed are the members the environment decides.
	Fixed []string `json:"fixed"`
	Mail  MailWay  `json:"mail"`
}

// MailWay is how letters leave.
type MailWay struct {
	// Server is false where the mailbox keeps them.
	Server bool   `json:"server"`
	From   string `json:"from"`
}

// ETag is the settings' version: what they are.
func (s InstallationSettings) ETag() string { return domain.VersionOf(s.members()) }

func (s InstallationSettings) members() map[string]any {
	return map[string]any{"mode": s.Mode, "signup_open": s.SignupOpen, "base_url": s.BaseURL}
}

// Get returns the settings.
func (i *Installation) Get(ctx context.Context, _ domain.None) (InstallationSettings, error) {
	row, err := readSettings(ctx, i.DB)
	return i.settings(row), err
}

// SetSettings replaces what the environment does not decide.
type SetSettings struct {
	Mode       string  `json:"mode"     validate:"required,oneof=saas whitelabel"`
	SignupOpen bool    `json:"signup_open"`
	BaseURL    *string `json:"base_url" validate:"omitempty,max=200"`
	// IfMatch is the version they were read with; empty for any.
	IfMatch string `header:"If-Match" json:"-"`
}

// Set changes the settings. Who may sign up changes at once, the address with the next
// start.
func (i *Installation) Set(ctx context.Context, in SetSettings) (InstallationSettings, error) {
	var after InstallationSettings
	err := i.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		row, err := lockSettings(ctx, tx)
		if err != nil {
			return err
		}
		before := i.settings(row)
		if err := domain.CheckVersion(in.IfMatch, before.ETag()); err != nil {
			return err
		}
		if row, err = i.choose(row, in.Mode, in.BaseURL); err != nil {
			return err
		}
		row.SignupOpen = in.SignupOpen
		after = i.settings(row)
		was, is := audit.Changed(before.members(), after.members())
		if len(is) == 0 {
			return nil
		}
		if err := updateSettings(ctx, tx, row); err != nil {
			return err
		}
		return audit.RecordFor(ctx, tx, audit.Platform, audit.Act{Action: audit.PlatformChanged, Before: was, After: is})
	})
	return after, err
}

// choose puts a mode and an address into the row, unless the environment has others.
func (i *Installation) choose(row settingsRow, mode string, base *string) (settingsRow, error) {
	if i.Mode != "" && mode != i.Mode {
		return row, domain.InvalidField("mode", "invalid", "is decided by BARAZA_MODE")
	}
	if i.Mode == "" {
		row.Mode = &mode
	}
	if i.BaseURLFixed {
		if base != nil && strings.TrimRight(*base, "/") != i.BaseURL {
			return row, domain.InvalidField("base_url", "invalid", "is decided by BARAZA_BASE_URL")
		}
		return row, nil
	}
	row.BaseURL = nil
	if base != nil && strings.TrimSpace(*base) != "" {
		clean := strings.TrimRight(strings.TrimSpace(*base), "/")
		if !isOrigin(clean) {
			return row, domain.InvalidField("base_url", "invalid", "is no address such as https://chat.example.org")
		}
		row.BaseURL = &clean
	}
	return row, nil
}

// isOrigin says whether a text is scheme, host and port, and nothing else.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.Scheme+"://"+u.Host == text
}

// SignupMode is access.Accounts.Mode.
func (i *Installation) SignupMode(ctx context.Context, q db.PlatformQueryer) (access.Mode, error) {
	row, err := readSettings(ctx, q)
	if err != nil {
		return access.Closed, err
	}
	s := i.settings(row)
	if !s.SignupOpen {
		return access.Closed, nil
	}
	return access.Mode(s.Mode), nil
}

func (i *Installation) settings(row settingsRow) InstallationSettings {
	s := InstallationSettings{
		Mode: string(access.SaaS), SignupOpen: row.SignupOpen, BaseURL: row.BaseURL, BaseURLNow: i.BaseURL,
		Fixed: []string{}, Mail: MailWay{Server: i.MailServer, From: i.MailFrom},
	}
	switch {
	case i.Mode != "":
		s.Mode, s.Fixed = i.Mode, append(s.Fixed, "mode")
	case row.Mode != nil:
		s.Mode = *row.Mode
	}
	if i.BaseURLFixed {
		s.BaseURL, s.Fixed = &i.BaseURL, append(s.Fixed, "base_url")
	}
	return s
}

// StoredBaseURL is the address the settings name; "" for none.
func StoredBaseURL(ctx context.Context, q db.PlatformQueryer) (string, error) {
	row, err := readSettings(ctx, q)
	if err != nil || row.BaseURL == nil {
		return "", err
	}
	return *row.BaseURL, nil
}

// MailTested says where a test letter went.
type MailTested struct {
	To string `json:"to"`
	// Kept is true where there is no mail server: the letter is in the mailbox.
	Kept bool `json:"kept"`
}

// TestMail sends the caller a letter now, and says how that went: a refusal of the mail
// server is provider_error with what it said.
func (i *Installation) TestMail(ctx context.Context, _ domain.None) (MailTested, error) {
	type row struct {
		Email, Locale, Name string
	}
	user, err := db.One[row](ctx, i.DB, `select email, locale, name from users where id = $1`, tenancy.From(ctx).UserID)
	if err != nil {
		return MailTested{}, err
	}
	err = i.Post.Try(ctx, mail.Letter{Kind: mail.Test, To: user.Email, Language: user.Locale, Name: user.Name})
	var known *domain.Error
	if err != nil && !errors.As(err, &known) {
		return MailTested{}, (&domain.Error{
			Kind: domain.Provider, Code: "provider_error", Detail: "The mail server did not take the letter.",
			Extra: map[string]any{"provider": map[string]any{"message": err.Error()}},
		}).With(err)
	}
	return MailTested{To: user.Email, Kept: !i.MailServer}, err
}

// settingsRow is the row of platform_settings.
type settingsRow struct {
	Mode       *string `db:"mode"`
	SignupOpen bool    `db:"signup_open"`
	BaseURL    *string `db:"base_url"`
}

func readSettings(ctx context.Context, q db.PlatformQueryer) (settingsRow, error) {
	row, err := db.One[settingsRow](ctx, q, `select mode, signup_open, base_url from platform_settings`)
	if errors.Is(err, domain.ErrNotFound) {
		return settingsRow{SignupOpen: true}, nil
	}
	return row, err
}

func lockSettings(ctx context.Context, tx *db.PlatformTx) (settingsRow, error) {
	return db.One[settingsRow](ctx, tx, `
		insert into platform_settings default values on conflict (only_row) do update set updated_at = now()
		returning mode, signup_open, base_url`)
}

func updateSettings(ctx context.Context, tx *db.PlatformTx, row settingsRow) error {
	return db.Must(db.Exec(ctx, tx, `
		update platform_settings set mode = $1, signup_open = $2, base_url = $3, updated_at = now()`, row.Mode, row.SignupOpen, row.BaseURL))
}
