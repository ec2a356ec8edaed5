package access

import (
	"context"
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/passwords"
	"baraza/tenancy"
)

// Mode says who may sign up.
type Mode string

const (
	// SaaS lets everybody make a tenant of their own.
	SaaS Mode = "saas"
	// Whitelabel lets the first one, while there is no tenant.
	Whitelabel Mode = "whitelabel"
	// Closed lets nobody.
	Closed Mode = "closed"
)

// Accounts are people's own: how they come in, and who they are.
type Accounts struct {
	DB       *db.Platform
	Sessions *Sessions
	Hasher   *passwords.Hasher
	Gate     *Gate
	Master   tenancy.Master
	// Mode decides who may sign up; it is asked in the transaction of the signing up.
	Mode func(context.Context, db.PlatformQueryer) (Mode, error)
}

// User is a person as they see themselves.
type User struct {
	ID            uuid.UUID      `json:"id"`
	Name          string         `json:"name"`
	Email         string         `json:"email"`
	EmailVerified bool           `json:"email_verified"`
	TOTPEnabled   bool           `json:"totp_enabled"`
	AvatarURL     *string        `json:"avatar_url"`
	Locale        string         `json:"locale"`
	Timezone      string         `json:"timezone"`
	Preferences   jsontext.Value `json:"preferences"`
	PlatformRole  *string        `json:"platform_role"`
	CreatedAt     domain.Time    `json:"created_at"`
}

// Register makes a person and the tenant they own.
type Register struct {
	TenantName string `json:"tenant_name" validate:"required,max=80"`
	Name       string `json:"name"        validate:"required,max=80"`
	Email      string `json:"email"       validate:"required,email,max=254"`
	Password   string `json:"password"    validate:"required"`
}

// Register makes person, tenant, its key, roles, team and owner in one transaction,
// and signs the person in. ErrEmailKnown for a known e-mail; ErrSignupClosed
// where sign-up is closed, and in whitelabel mode once a tenant exists.
func (a *Accounts) Register(ctx context.Context, in Register) (Session, error) {
	tenantName, err := domain.Name("tenant_name", in.TenantName)
	if err != nil {
		return Session{}, err
	}
	person, err := newPerson(in.Name, in.Email, in.Password)
	if err != nil {
		return Session{}, err
	}
	// Asked again by enroll; here it saves the hash.
	if err := a.mayRegister(ctx, a.DB, person.Email); err != nil {
		return Session{}, err
	}
	if person.PasswordHash, err = a.Hasher.Hash(ctx, in.Password); err != nil {
		return Session{}, err
	}
	var session Session
	err = a.DB.Tx(ctx, func(tx *db.PlatformTx) (err error) {
		session, err = a.enroll(ctx, tx, person, tenantName)
		return err
	})
	return session, err
}

// enroll writes what Register promises.
func (a *Accounts) enroll(ctx context.Context, tx *db.PlatformTx, new person, tenantName string) (Session, error) {
	mode, err := a.Mode(ctx, tx)
	if err != nil {
		return Session{}, err
	}
	if mode != SaaS {
		if err := lockTenants(ctx, tx); err != nil {
			return Session{}, err
		}
		if err := a.mayRegister(ctx, tx, new.Email); err != nil {
			return Session{}, err
		}
	}
	owner, err := insertPerson(ctx, tx, new)
	if err != nil {
		return Session{}, err
	}
	tenantID, err := a.makeTenant(ctx, tx, tenantName, owner)
	if err != nil {
		return Session{}, err
	}
	if err := a.Gate.Codes.request(ctx, tx, verifyEmail, owner.Email); err != nil {
		return Session{}, err
	}
	return a.Sessions.open(ctx, tx, owner, openSession{Tenant: tenantID})
}

// SignupOpen says whether a stranger may register: in SaaS mode, and in whitelabel mode
// while there is no tenant.
func (a *Accounts) SignupOpen(ctx context.Context) (bool, error) { return a.open(ctx, a.DB) }

func (a *Accounts) open(ctx context.Context, q db.PlatformQueryer) (bool, error) {
	mode, err := a.Mode(ctx, q)
	if err != nil || mode != Whitelabel {
		return mode == SaaS, err
	}
	exists, err := AnyTenant(ctx, q)
	return !exists, err
}

func (a *Accounts) mayRegister(ctx context.Context, q db.PlatformQueryer, email string) error {
	open, err := a.open(ctx, q)
	if err != nil {
		return err
	}
	if !open {
		return ErrSignupClosed
	}
	_, err = personByEmail(ctx, q, email)
	switch {
	case err == nil:
		return ErrEmailKnown
	case errors.Is(err, domain.ErrNotFound):
		return nil
	}
	return err
}

// makeTenant makes a tenant with all it needs before its owner's first request.
func (a *Accounts) makeTenant(ctx context.Context, tx *db.PlatformTx, name string, owner person) (uuid.UUID, error) {
	id, err := insertTenant(ctx, tx, name)
	if err != nil {
		return id, err
	}
	wrapped, err := a.Master.NewTenantKey(id)
	if err != nil {
		return id, err
	}
	if err := insertTenantKey(ctx, tx, id, wrapped); err != nil {
		return id, err
	}
	role, err := insertBuiltinRoles(ctx, tx, id)
	if err != nil {
		return id, err
	}
	if err := insertEveryone(ctx, tx, id); err != nil {
		return id, err
	}
	return id, insertMembership(ctx, tx, id, role, owner)
}

// person is a row of users.
type person struct {
	ID            uuid.UUID   `db:"id"`
	Name          string      `db:"name"`
	Email         string      `db:"email"`
	PasswordHash  string      `db:"password_hash"`
	EmailVerified bool        `db:"email_verified"`
	Locale        string      `db:"locale"`
	Timezone      string      `db:"timezone"`
	Preferences   string      `db:"preferences"`
	CreatedAt     domain.Time `db:"created_at"`
	TOTPEnabled   bool        `db:"totp_enabled"`
	PlatformRole  *string     `db:"platform_role"`
}

func (p person) user() User {
	return User{
		ID: p.ID, Name: p.Name, Email: p.Email, EmailVerified: p.EmailVerified, TOTPEnabled: p.TOTPEnabled, Locale: p.Locale,
		Timezone: p.Timezone, Preferences: jsontext.Value(p.Preferences), PlatformRole: p.PlatformRole, CreatedAt: p.CreatedAt,
	}
}

// newPerson checks what somebody who is to have an account is called by.
func newPerson(given, email, password string) (person, error) {
	clean, err := domain.Name("name", given)
	if err != nil {
		return person{}, err
	}
	return person{ID: db.NewID(), Name: clean, Email: strings.TrimSpace(email)}, passwords.Check("password", password)
}

// cleanEmail is what two spellings of one address have in common.
func cleanEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
