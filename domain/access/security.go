package access

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/audit"
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

// ETag is the settings' version: what they are.
func (s SecuritySettings) ETag() string {
	return fmt.Sprintf("%t-%t-%t-%d", s.Require2FA, s.EmailCodes, s.NewDeviceCodes, s.PasswordMaxAgeDays)
}

// unlike returns the members that are others in o.
func (s SecuritySettings) unlike(o SecuritySettings) map[string]any {
	members := map[string]any{}
	for _, one := range []struct {
		name        string
		here, there any
	}{
		{"require_2fa", s.Require2FA, o.Require2FA}, {"email_codes", s.EmailCodes, o.EmailCodes},
		{"new_device_codes", s.NewDeviceCodes, o.NewDeviceCodes}, {"password_max_age_days", s.PasswordMaxAgeDays, o.PasswordMaxAgeDays},
	} {
		if one.here != one.there {
			members[one.name] = one.here
		}
	}
	return members
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
	// IfMatch is the version they were read with; empty for any.
	IfMatch string `header:"If-Match" json:"-"`
}

// Set makes the settings hold for all members within a second. It does not lock out
// the caller, who needs a second factor before they demand one.
func (s *Security) Set(ctx context.Context, in SetSecurity) (SecuritySettings, error) {
	caller := tenancy.From(ctx)
	settings := SecuritySettings{in.Require2FA, in.EmailCodes, in.NewDeviceCodes, in.PasswordMaxAgeDays}
	return settings, s.Revocations.End(ctx, func(tx *db.PlatformTx) ([]Revocation, error) {
		before, err := lockSecurity(ctx, tx, caller.TenantID)
		if err != nil {
			return nil, err
		}
		if err := domain.CheckVersion(in.IfMatch, before.ETag()); err != nil {
			return nil, err
		}
		user, err := personByID(ctx, tx, caller.UserID)
		if err != nil {
			return nil, err
		}
		if in.Require2FA && !user.TOTPEnabled {
			return nil, domain.InvalidField("require_2fa", "invalid", "would lock you out: turn on two-factor sign-in for yourself first")
		}
		if err := updateSecurity(ctx, tx, caller.TenantID, settings); err != nil {
			return nil, err
		}
		act := audit.Act{
			Action: audit.SecurityChanged, ObjectID: caller.TenantID, Before: before.unlike(settings), After: settings.unlike(before),
		}
		return []Revocation{{Kind: TenantChanged, TenantID: caller.TenantID}}, record(ctx, tx, caller.TenantID, act)
	})
}

func readSecurity(ctx context.Context, q db.Queryer) (SecuritySettings, error) {
	return db.One[SecuritySettings](ctx, q, `
		select require_2fa, email_codes, new_device_codes, password_max_age_days from security_settings`)
}

// lockSecurity returns the settings, made with everything off if there are none, and
// lets one change follow the other.
func lockSecurity(ctx context.Context, tx *db.PlatformTx, tenantID uuid.UUID) (SecuritySettings, error) {
	return db.One[SecuritySettings](ctx, tx, `
		insert into security_settings (tenant_id) values ($1)
		on conflict (tenant_id) do update set updated_at = now()
		returning require_2fa, email_codes, new_device_codes, password_max_age_days`, tenantID)
}

func updateSecurity(ctx context.Context, tx *db.PlatformTx, tenantID uuid.UUID, to SecuritySettings) error {
	return db.Must(db.Exec(ctx, tx, `
		update security_settings
		set require_2fa = $2, email_codes = $3, new_device_codes = $4, password_max_age_days = $5, updated_at = now()
		where tenant_id = $1`, tenantID, to.Require2FA, to.EmailCodes, to.NewDeviceCodes, to.PasswordMaxAgeDays))
}
