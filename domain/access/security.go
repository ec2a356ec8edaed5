package access

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// SecuritySettings are what a workspace demands of its members' sign-in.
type SecuritySettings struct {
	// Require2FA keeps out, but for setting it up, who has no second factor.
	Require2FA bool `db:"require_2fa" json:"require_2fa"`
	// EmailCodes lets a mailed code do instead of the app's.
	EmailCodes bool `db:"email_codes" json:"email_codes"`
	// NewDeviceCodes asks for a mailed code on a device that is new.
	NewDeviceCodes bool `db:"new_device_codes" json:"new_device_codes"`
	// PasswordMaxAgeDays after which a password must be changed; 0 for never.
	PasswordMaxAgeDays int `db:"password_max_age_days" json:"password_max_age_days"`
}

// Security is the caller's workspace's settings.
type Security struct {
	Tenant      *db.Tenant
	Platform    *db.Platform
	Revocations *Revocations
}

// Get returns the settings; those of nobody who set any are all off.
func (s *Security) Get(ctx context.Context, _ domain.None) (SecuritySettings, error) {
	if tenancy.From(ctx).TenantID == uuid.Nil {
		return SecuritySettings{}, domain.ErrDenied
	}
	settings, err := readSecurity(ctx, s.Tenant)
	if errors.Is(err, domain.ErrNotFound) {
		return SecuritySettings{}, nil
	}
	return settings, err
}

// SetSecurity replaces all of the settings.
type SetSecurity struct {
	Require2FA         bool `json:"require_2fa"`
	EmailCodes         bool `json:"email_codes"`
	NewDeviceCodes     bool `json:"new_device_codes"`
	PasswordMaxAgeDays int  `json:"password_max_age_days" validate:"omitempty,min=30,max=365"`
}

// Set makes the settings hold for all members within a second. It does not lock out
// the caller, who needs a second factor before they demand one.
func (s *Security) Set(ctx context.Context, in SetSecurity) (SecuritySettings, error) {
	caller := tenancy.From(ctx)
	settings := SecuritySettings(in)
	return settings, s.Revocations.End(ctx, func(tx *db.PlatformTx) ([]Revocation, error) {
		user, err := personByID(ctx, tx, caller.UserID)
		if err != nil {
			return nil, err
		}
		if in.Require2FA && !user.TOTPEnabled {
			return nil, domain.InvalidField("require_2fa", "invalid", "would lock you out: turn on two-factor sign-in for yourself first")
		}
		return []Revocation{{Kind: TenantChanged, TenantID: caller.TenantID}}, upsertSecurity(ctx, tx, caller.TenantID, settings)
	})
}

func readSecurity(ctx context.Context, q db.Queryer) (SecuritySettings, error) {
	return db.One[SecuritySettings](ctx, q, `
		select require_2fa, email_codes, new_device_codes, password_max_age_days from security_settings`)
}

func upsertSecurity(ctx context.Context, tx *db.PlatformTx, tenantID uuid.UUID, to SecuritySettings) error {
	_, err := db.Exec(ctx, tx, `
		insert into security_settings (tenant_id, require_2fa, email_codes, new_device_codes, password_max_age_days)
		values ($1, $2, $3, $4, $5)
		on conflict (tenant_id) do update
		set require_2fa = $2, email_codes = $3, new_device_codes = $4, password_max_age_days = $5, updated_at = now()`,
		tenantID, to.Require2FA, to.EmailCodes, to.NewDeviceCodes, to.PasswordMaxAgeDays)
	return err
}
