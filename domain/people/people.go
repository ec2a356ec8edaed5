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
