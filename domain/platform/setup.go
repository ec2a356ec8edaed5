package platform

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"sync"
	"time"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/attempts"
)

const (
	linkLife = time.Hour
	// checkedFor is how long an answer of the checks is given again: anybody may ask.
	checkedFor = 3 * time.Second
)

// setupTries is the limit of wrong tokens, per address.
var setupTries = attempts.Limit{Kind: "setup", Max: 10, Every: 15 * time.Minute}

// Refusals of the set-up.
var (
	errWrongLink = &domain.Error{Kind: domain.Unauthenticated, Code: "invalid_credentials",
		Detail: "This is not the set-up link that was printed last. A start of the program prints a new one and ends the one before."}
	errExpiredLink = &domain.Error{Kind: domain.Gone, Code: "expired", Detail: "This set-up link has run out. Start the program again: it prints a new one."}
	errSetUp       = &domain.Error{Kind: domain.Gone, Code: "expired", Detail: "This installation is set up already. Sign in."}
)

// Setup makes the first operator.
type Setup struct {
	DB           *db.Platform
	Accounts     *access.Accounts
	Installation *Installation
	Counter      *attempts.Counter
	// Run looks at the machine.
	Run func(context.Context) []Check

	mu        sync.Mutex
	checked   []Check
	checkedAt time.Time
}

// Check is one part of the machine, as it was found.
type Check struct {
	Name string `json:"name" enum:"database,streams,storage,mail,clock"`
	// State is ok, warn (works, but look at it) or failed.
	State string `json:"state" enum:"ok,warn,failed"`
	// Value is the figure that was looked at: bytes free, milliseconds off; null for none.
	Value *int64 `json:"value"`
	// Detail says what was found, for who mends it.
	Detail string `json:"detail"`
}

// SetupState says whether the installation waits for its first operator.
type SetupState struct {
	Needed bool `json:"needed"`
	// Checks are made only while it does.
	Checks []Check `json:"checks"`
	// Settings as far as they are decided.
	Settings *SetupSettings `json:"settings"`
}

// SetupSettings are what the form begins with.
type SetupSettings struct {
	Mode    string   `json:"mode" enum:"saas,whitelabel"`
	BaseURL string   `json:"base_url"`
	Fixed   []string `json:"fixed"`
	Mail    bool     `json:"mail"`
}

// Get answers anybody. Once somebody operates the installation there is no more to say.
func (s *Setup) Get(ctx context.Context, _ domain.None) (SetupState, error) {
	operated, err := access.AnyOperator(ctx, s.DB)
	if err != nil || operated {
		return SetupState{Checks: []Check{}}, err
	}
	settings, err := s.Installation.Get(ctx, domain.None{})
	if err != nil {
		return SetupState{}, err
	}
	base := settings.BaseURLNow
	if settings.BaseURL != nil {
		base = *settings.BaseURL
	}
	return SetupState{
		Needed: true, Checks: s.checks(ctx),
		Settings: &SetupSettings{Mode: settings.Mode, BaseURL: base, Fixed: settings.Fixed, Mail: settings.Mail.Server},
	}, nil
}

func (s *Setup) checks(ctx context.Context) []Check {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.checkedAt) > checkedFor {
		s.checked, s.checkedAt = s.Run(ctx), time.Now()
	}
	return s.checked
}

// Link makes a token for the set-up page and ends the one before; "" when somebody
// operates the installation.
func (s *Setup) Link(ctx context.Context) (token string, err error) {
	random := make([]byte, 32)
	rand.Read(random) // never fails: it ends the process instead
	token = base64.RawURLEncoding.EncodeToString(random)
	err = s.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		if err := lockLink(ctx, tx); err != nil {
			return err
		}
		operated, err := access.AnyOperator(ctx, tx)
		if err != nil {
			return err
		}
		if operated {
			token = ""
			return endLink(ctx, tx)
		}
		return storeLink(ctx, tx, domain.HashOf(token))
	})
	return token, err
}

// Empty says whether there is nobody at all: no operator and no workspace.
func (s *Setup) Empty(ctx context.Context) (bool, error) {
	operated, err := access.AnyOperator(ctx, s.DB)
	if err != nil || operated {
		return false, err
	}
	inhabited, err := access.AnyTenant(ctx, s.DB)
	return !inhabited, err
}

// SetUp is the first operator, and what they decide.
type SetUp struct {
	Token    string `json:"token"    validate:"required,max=100"`
	Name     string `json:"name"     validate:"required,max=80"`
	Email    string `json:"email"    validate:"required,email,max=254"`
	Password string `json:"password" validate:"required"`
	Mode     string `json:"mode"     validate:"required,oneof=saas whitelabel"`
	// BaseURL as it is reached from outside; null leaves it as it is.
	BaseURL *string `json:"base_url" validate:"omitempty,max=200"`
}

// SetUp makes the operator and signs them in, once, whoever else tries at the same
// time.
func (s *Setup) SetUp(ctx context.Context, in SetUp) (access.Session, error) {
	from := domain.RequestOf(ctx).IP
	if err := s.Counter.Take(ctx, setupTries, from); err != nil {
		return access.Session{}, err
	}
	// Asked again in the transaction; here it saves the hash, and judges the guess.
	err := checkLink(ctx, s.DB, domain.HashOf(in.Token))
	if !errors.Is(err, errWrongLink) {
		err = errors.Join(err, attempts.GiveBack(ctx, s.DB, setupTries, from))
	}
	if err != nil {
		return access.Session{}, err
	}
	newcomer := access.NewOperator{Name: in.Name, Email: in.Email, Password: in.Password}
	return s.Accounts.EnterOperator(ctx, newcomer, func(tx *db.PlatformTx) error {
		if err := lockLink(ctx, tx); err != nil {
			return err
		}
		if err := checkLink(ctx, tx, domain.HashOf(in.Token)); err != nil {
			return err
		}
		if err := endLink(ctx, tx); err != nil {
			return err
		}
		row, err := lockSettings(ctx, tx)
		if err != nil {
			return err
		}
		if row, err = s.Installation.choose(row, in.Mode, in.BaseURL); err != nil {
			return err
		}
		return updateSettings(ctx, tx, row)
	})
}

// Command makes an operator at the word of who has the machine: password is asked for
// only when the e-mail has no account yet. It says whether it had.
func (s *Setup) Command(ctx context.Context, email, name string, password func() (string, error)) (known bool, err error) {
	admit := func(tx *db.PlatformTx) error {
		if err := lockLink(ctx, tx); err != nil {
			return err
		}
		return endLink(ctx, tx)
	}
	if known, err = s.Accounts.Known(ctx, email); err != nil {
		return known, err
	}
	if known {
		return known, s.Accounts.Promote(ctx, email, admit)
	}
	secret, err := password()
	if err != nil {
		return known, err
	}
	return known, s.Accounts.CreateOperator(ctx, access.NewOperator{Name: name, Email: email, Password: secret}, admit)
}

// checkLink refuses a token that does not make an operator.
func checkLink(ctx context.Context, q db.PlatformQueryer, hash []byte) error {
	operated, err := access.AnyOperator(ctx, q)
	if err != nil {
		return err
	}
	if operated {
		return errSetUp
	}
	live, err := db.One[bool](ctx, q, `select expires_at > now() from setup_token where token_hash = $1`, hash)
	switch {
	case errors.Is(err, domain.ErrNotFound):
		return errWrongLink
	case err != nil:
		return err
	case !live:
		return errExpiredLink
	}
	return nil
}

// lockLink lets one operator, or one link, come about after the other.
func lockLink(ctx context.Context, tx *db.PlatformTx) error {
	_, err := db.Exec(ctx, tx, `lock table setup_token in share row exclusive mode`)
	return err
}

func storeLink(ctx context.Context, tx *db.PlatformTx, hash []byte) error {
	return db.Must(db.Exec(ctx, tx, `
		insert into setup_token (token_hash, expires_at) values ($1, now() + $2::interval)
		on conflict (only_row) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at`, hash, linkLife.String()))
}

func endLink(ctx context.Context, tx *db.PlatformTx) error {
	_, err := db.Exec(ctx, tx, `delete from setup_token`)
	return err
}
