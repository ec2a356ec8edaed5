package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/tenancy"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Walk the audit chains of all workspaces; ends with 1 when one does not hold."`
}

type auditVerifyCommand struct{}

var errBrokenChain = errors.New("an audit chain does not hold")

// Run prints one line per workspace.
func (auditVerifyCommand) Run(c *Config, e environmentOf) error {
	return withDatabase(c, e, func(ctx context.Context, d *database) error {
		log := &audit.Log{DB: d.tenant, Key: auditKey(d.master).Public().(ed25519.PublicKey)} //nolint:forcetypeassert // as documented
		type workspace struct {
			ID   uuid.UUID `db:"id"`
			Slug string    `db:"slug"`
		}
		list, err := db.All[workspace](ctx, d.platform, `select id, slug from tenants order by slug`)
		if err != nil {
			return err
		}
		list = append(list, workspace{audit.Platform, "(the installation itself)"})
		var broken error
		for _, w := range list {
			proof, err := log.Verify(tenancy.With(ctx, tenancy.System(w.ID)), domain.None{})
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

// auditKey signs the ends of the audit chains.
func auditKey(m tenancy.Master) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(m.Derive("audit heads"))
}
