// Package usage says how much of the product a workspace uses.
//
// Always true: a number is a count of rows that are there when it is asked for, never a
// counter kept beside them; simulated lines count for nothing; a limit nobody set is
// null.
package usage

import (
	"context"
	"fmt"
	"time"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// Usage counts for the caller's workspace.
type Usage struct {
	DB *db.Tenant
	// Platform has the plan and the zone of a workspace.
	Platform *db.Platform
	// Now defaults to time.Now.
	Now func() time.Time
}

// Report is what a workspace uses, and how much of it it may.
type Report struct {
	Plan string `json:"plan"`
	// Period is the calendar month in the workspace's zone; what is counted over time is
	// counted in it.
	Period Period      `json:"period"`
	AsOf   domain.Time `json:"as_of"`
	Used   Used        `json:"used"`
	Limits Limits      `json:"limits"`
}

// Period is the moments from From up to, and without, To.
type Period struct {
	From     domain.Time `json:"from"`
	To       domain.Time `json:"to"`
	Timezone string      `json:"timezone"`
}

// Used are the numbers.
type Used struct {
	// Seats are members who are not suspended.
	Seats int64 `db:"seats" json:"seats"`
	// Invitations can still be accepted.
	Invitations int64 `db:"invitations" json:"invitations"`
	// Channels are connected addresses, simulated and disabled ones aside.
	Channels int64 `db:"channels" json:"channels"`
	// APIKeys are neither revoked nor past their end.
	APIKeys int64 `db:"api_keys" json:"api_keys"`
	// Conversations were begun in the period.
	Conversations int64 `db:"conversations" json:"conversations"`
	// MessagesReceived came from customers in the period.
	MessagesReceived int64 `db:"messages_received" json:"messages_received"`
	// MessagesSent were written in the period and taken by the platform.
	MessagesSent int64 `db:"messages_sent" json:"messages_sent"`
	// ActiveUsers did something in the product in the period.
	ActiveUsers int64 `db:"active_users" json:"active_users"`
}

// Limits of a plan on the numbers that can have one; null is none.
type Limits struct {
	Seats         *int64 `json:"seats"`
	Channels      *int64 `json:"channels"`
	Conversations *int64 `json:"conversations"`
	MessagesSent  *int64 `json:"messages_sent"`
}

// Get counts. No plan has a limit yet.
func (u *Usage) Get(ctx context.Context, _ domain.None) (Report, error) {
	now := time.Now
	if u.Now != nil {
		now = u.Now
	}
	at := now()
	tenant, err := tenantByID(ctx, u.Platform, tenancy.From(ctx).TenantID)
	if err != nil {
		return Report{}, err
	}
	zone, err := time.LoadLocation(tenant.Timezone)
	if err != nil {
		return Report{}, fmt.Errorf("zone of the workspace: %w", err)
	}
	from, to := month(at.In(zone))
	used, err := count(ctx, u.DB, from)
	return Report{
		Plan: tenant.Plan, Period: Period{domain.At(from), domain.At(to), tenant.Timezone}, AsOf: domain.At(at), Used: used,
	}, err
}

// month is the calendar month around a moment, in the moment's zone.
func month(at time.Time) (from, to time.Time) {
	from = time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, at.Location())
	return from, from.AddDate(0, 1, 0)
}
