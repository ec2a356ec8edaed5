// Package domain holds the few words every other package shares: the error that
// crosses package borders, and the page a list answers with.
//
// Always true: it imports nothing of ours, and it knows no HTTP status, no
// Postgres code and no provider. A code of API.md §1.3, once given, never changes.
package domain

import (
	"errors"
	"fmt"
	"time"
)

// Kind is what a caller can do about an error.
type Kind int

const (
	// Internal is a defect or a missing dependency nobody foresaw; retrying may help, the caller cannot.
	Internal Kind = iota
	// Malformed input could not be read at all.
	Malformed
	// Unauthenticated means no, or no longer valid, proof of who is asking.
	Unauthenticated
	// Denied means the caller is known and may not.
	Denied
	// NotFound covers what never existed and what belongs to somebody else, indistinguishably.
	NotFound
	// Conflict means the state of things does not allow it now.
	Conflict
	// Gone means it existed and has run out.
	Gone
	// TooLarge means a stated size limit was passed.
	TooLarge
	// Unsupported means the media type is not accepted.
	Unsupported
	// Invalid input was read and breaks a rule.
	Invalid
	// TooMany means a rate or a queue is exhausted; RetryAfter says when to come back.
	TooMany
	// Provider means an outside platform refused or failed.
	Provider
	// Unavailable means a dependency is away; RetryAfter says when to come back.
	Unavailable
)

// Error is the one error type that crosses packages.
type Error struct {
	Kind   Kind
	Code   string // stable, from API.md §1.3
	Detail string // a sentence for people; never a provider's or a database's text
	Fields []FieldError
	// Extra members of the problem document, where the contract names them
	// (`allowed`, `owner`, `last_seq`, …).
	Extra      map[string]any
	RetryAfter time.Duration // 0 unless Kind is TooMany or Unavailable
	Cause      error         // for the log; never leaves the process
}

// FieldError names one member of the input, by its JSON path.
type FieldError struct {
	Field  string `json:"field"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %v", e.Code, e.Cause)
	}
	if e.Detail != "" {
		return e.Code + ": " + e.Detail
	}
	return e.Code
}

func (e *Error) Unwrap() error { return e.Cause }

// Is compares codes, so that a copy with more detail still matches its variable.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// With returns a copy that carries a cause for the log.
func (e *Error) With(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Saying returns a copy with another sentence.
func (e *Error) Saying(detail string) *Error {
	c := *e
	c.Detail = detail
	return &c
}

// Naming returns a copy with extra members for the problem document.
func (e *Error) Naming(extra map[string]any) *Error {
	c := *e
	c.Extra = extra
	return &c
}

// Errors used by many packages. A rule's own error lives beside the rule.
var (
	ErrNotFound        = &Error{Kind: NotFound, Code: "not_found", Detail: "There is nothing here."}
	ErrDenied          = &Error{Kind: Denied, Code: "permission_denied", Detail: "Your role does not allow this."}
	ErrUnauthenticated = &Error{Kind: Unauthenticated, Code: "unauthenticated", Detail: "Sign in first."}
	ErrExists          = &Error{Kind: Conflict, Code: "already_exists", Detail: "This already exists."}
	ErrVersionConflict = &Error{Kind: Conflict, Code: "version_conflict", Detail: "Somebody changed this meanwhile. Read it again."}
	ErrUnavailable     = &Error{Kind: Unavailable, Code: "unavailable", Detail: "A part of the service is away. Try again shortly.", RetryAfter: 2 * time.Second}
	ErrInternal        = &Error{Kind: Internal, Code: "internal", Detail: "Something went wrong on our side."}
	ErrBadCursor       = &Error{Kind: Malformed, Code: "bad_cursor", Detail: "This cursor does not belong to this list."}
)

// InvalidField is a validation_failed error about one member.
func InvalidField(field, code, detail string) *Error {
	return &Error{Kind: Invalid, Code: "validation_failed", Detail: "1 field needs attention", Fields: []FieldError{{field, code, detail}}}
}

// BadParameter is a malformed path, query or header parameter.
func BadParameter(field, detail string) *Error {
	return &Error{Kind: Malformed, Code: "bad_parameter", Detail: detail, Fields: []FieldError{{field, "bad_parameter", detail}}}
}

// As returns the *Error inside err, or an internal one that wraps it.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return ErrInternal.With(err)
}
