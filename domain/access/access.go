// Package access owns who may come in and what they may do: people, tenants and
// memberships, login sessions with their tokens and tickets, and how all of these end.
//
// Always true: an access token names a person, a login session and a tenant, never a
// right; rights are read from the database and used for less than a second. A
// refresh token is exchanged once, and using it again later ends its session. What
// ends a right is recorded in the transaction that ends it, and every instance acts
// on it within a second, whether or not it was told. Tokens and tickets are stored as
// hashes, passwords as argon2id. Nobody learns by an answer, or its time, whether an
// e-mail has an account; guessing is bounded by what the database counts.
package access

import (
	"strings"
	"time"
	"unicode"

	"baraza/domain"
	"baraza/tenancy"
)

// How long things live.
const (
	accessLife   = 15 * time.Minute
	refreshLife  = 7 * 24 * time.Hour
	sessionLife  = 30 * 24 * time.Hour
	ticketLife   = 30 * time.Second
	refreshGrace = 10 * time.Second
)

// Errors of this package.
var (
	ErrInvalidCredentials = &domain.Error{Kind: domain.Unauthenticated, Code: "invalid_credentials", Detail: "E-mail or password is not right."}
	// ErrTokenExpired asks for a refresh: the access token ran out, or names a tenant
	// the person no longer belongs to.
	ErrTokenExpired = &domain.Error{Kind: domain.Unauthenticated, Code: "token_expired", Detail: "This token has run out. Refresh it."}
	// ErrSessionRevoked asks for a new sign-in.
	ErrSessionRevoked  = &domain.Error{Kind: domain.Unauthenticated, Code: "session_revoked", Detail: "This session has ended. Sign in again."}
	ErrSignupClosed    = &domain.Error{Kind: domain.Denied, Code: "signup_closed", Detail: "Nobody can sign up here. Ask for an invitation."}
	ErrTenantSuspended = &domain.Error{Kind: domain.Denied, Code: "tenant_suspended", Detail: "This workspace is suspended."}
	// ErrFactorOwed and ErrPasswordOwed are all there is until the person has done it.
	ErrFactorOwed   = &domain.Error{Kind: domain.Denied, Code: "mfa_setup_required", Detail: "Your workspace requires two-factor sign-in. Set it up first."}
	ErrPasswordOwed = &domain.Error{Kind: domain.Denied, Code: "password_change_required", Detail: "Your password is too old for your workspace. Change it first."}
	ErrEmailKnown   = &domain.Error{
		Kind: domain.Conflict, Code: "already_exists", Detail: "An account with this e-mail exists already.",
		Fields: []domain.FieldError{{Field: "email", Code: "already_exists", Detail: "belongs to an account already"}},
	}
)

// Owed is the refusal of who has a duty to do first.
func Owed(duty tenancy.Duty) error {
	if duty == tenancy.ChangePassword {
		return ErrPasswordOwed
	}
	return ErrFactorOwed
}

// printable returns at most limit characters of a text a program gave.
func printable(text string, limit int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit])
	}
	return text
}
