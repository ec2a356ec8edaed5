// Package people owns who is in a workspace and what each of them may do there: roles,
// members, invitations, teams, and what the workspace is called.
//
// Always true: nobody gives, changes or takes away what they could not have given
// themselves; a workspace always has an owner who can sign in; whoever leaves keeps no
// open conversation; and a change of rights is felt within a second, on open sockets
// too, because it is written down in the transaction that makes it.
package people

import (
	"context"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"baraza/domain"
	"baraza/tenancy"
)

// anyMember lets whoever is in a workspace in: the routes that need nothing else also
// know people who are in none.
func anyMember(ctx context.Context) (tenancy.Scope, error) {
	scope := tenancy.From(ctx)
	if scope.TenantID == uuid.Nil {
		return scope, domain.ErrDenied
	}
	return scope, nil
}

// name returns what something is called, without the space around it.
func name(given string) (string, error) {
	given = strings.TrimSpace(given)
	switch {
	case given == "":
		return "", domain.InvalidField("name", "required", "is required")
	case strings.ContainsFunc(given, unicode.IsControl):
		return "", domain.InvalidField("name", "invalid", "must not contain control characters")
	}
	return given, nil
}

// Paging asks for a page of a list.
type Paging struct {
	Limit  int    `query:"limit"  json:"-" validate:"omitempty,min=1,max=200"`
	Cursor string `query:"cursor" json:"-" validate:"max=1024"`
}

const defaultLimit = 50

func (p Paging) limit() int {
	if p.Limit > 0 {
		return p.Limit
	}
	return defaultLimit
}

// pageOf makes a page of rows that were read one more than asked for: that one says
// whether there is another page.
func pageOf[T any](ctx context.Context, cursors *tenancy.Cursors, list string, p Paging, rows []T, place func(T) uuid.UUID) (domain.Page[T], error) {
	page := domain.Page[T]{Items: rows}
	if len(rows) <= p.limit() {
		return page, nil
	}
	page.Items = rows[:p.limit()]
	next, err := cursors.Seal(ctx, list, place(page.Items[p.limit()-1]))
	page.NextCursor = &next
	return page, err
}

// from is the place a page goes on from; first where it begins.
func (p Paging) from(ctx context.Context, cursors *tenancy.Cursors, list string, first uuid.UUID) (uuid.UUID, error) {
	if p.Cursor == "" {
		return first, nil
	}
	return first, cursors.Open(ctx, list, p.Cursor, &first)
}
