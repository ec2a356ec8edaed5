package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Walk the audit chains of all workspaces; ends with 1 when one does not hold."`
}

type auditVerifyCommand struct{}

var errBrokenChain = errors.New("an audit chain does not hold")

// Run prints one line per workspace.
func (auditVerifyCommand) Run(c *Config, e environmentOf) error {
	return withApp(c, e, func(ctx context.Context, a *app) error {
		type workspace struct {
			ID   uuid.UUID `db:"id"`
			Slug string    `db:"slug"`
		}
		list, err := db.All[workspace](ctx, a.platform, `select id, slug from tenants order by slug`)
		if err != nil {
			return err
		}
		var broken error
		for _, w := range list {
			proof, err := a.services.Audit.Verify(tenancy.With(ctx, tenancy.System(w.ID)), domain.None{})
			if err != nil {
				return err
			}
			fmt.Fprintf(e.stdout, "%s %s: %s, %d entries, %d waiting", w.ID, w.Slug, proof.State, proof.Entries, proof.Waiting)
			if proof.Signed != nil {
				fmt.Fprintf(e.stdout, ", signed to %d at %s", proof.Signed.ChainNo, proof.Signed.SignedAt.Format(time.RFC3339))
			}
			if proof.Broken != nil {
				fmt.Fprintf(e.stdout, ", broken at %d: %s", proof.Broken.ChainNo, proof.Broken.Reason)
				broken = errBrokenChain
			}
			fmt.Fprintln(e.stdout)
		}
		return broken
	})
}
