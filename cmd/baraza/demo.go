package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"

	"go.uber.org/zap"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/channels"
	"baraza/integrations/meta/simulator"
	"baraza/tenancy"
)

// demoWorkspace is an invented company with its people and a simulated number.
type demoWorkspace struct {
	name, subject, line string
	people              []demoPerson // the first is the owner
}

type demoPerson struct{ name, email, role string }

var demoWorkspaces = []demoWorkspace{
	{"Kavaleri Coffee", simulator.Coffee, "Coffee orders", []demoPerson{
		{"Wanjiku Mwangi", "wanjiku@kavaleri.test", "owner"},
		{"Daniel Odhiambo", "daniel@kavaleri.test", "admin"},
		{"Sarah Njeri", "sarah@kavaleri.test", "agent"},
	}},
	{"Lantern Bikes", simulator.Bikes, "Workshop", []demoPerson{
		{"Lulu Achieng", "lulu@lantern.test", "owner"},
		{"Hassan Ali", "hassan@lantern.test", "agent"},
	}},
}

// demo makes the workspaces that are missing, prints their passwords once, and lets
// simulated customers write to their numbers until the context ends.
func (a *app) demo(ctx context.Context, play *simulator.Server, out io.Writer) error {
	if play == nil {
		return errors.New("the demo needs the simulator inside this process; set BARAZA_SIMULATOR=on")
	}
	fmt.Fprintf(out, "\nDemo workspaces on %s\n", a.config.BaseURL)
	for _, w := range demoWorkspaces {
		if err := a.demoWorkspace(ctx, w, out); err != nil {
			return fmt.Errorf("demo workspace %s: %w", w.name, err)
		}
	}
	fmt.Fprint(out, "Passwords are shown once. Lost them? Stop the server and run: baraza demo password\n\n")
	lines, err := a.demoLines(ctx)
	if err != nil {
		return err
	}
	crowd := &simulator.Crowd{Server: play, Lines: lines, Seed: 7}
	a.log.Info("demo customers are writing", zap.Int("lines", len(lines)))
	return crowd.Run(ctx)
}

// demoWorkspace makes one workspace with its people and line unless its owner exists.
func (a *app) demoWorkspace(ctx context.Context, w demoWorkspace, out io.Writer) error {
	owner := w.people[0]
	secret := demoPassword()
	made, err := a.services.Accounts.Register(ctx, access.Register{TenantName: w.name, Name: owner.name, Email: owner.email, Password: secret})
	if errors.Is(err, access.ErrEmailKnown) {
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  %s\n    %-24s %-6s %s\n", w.name, owner.email, owner.role, secret)
	scope, err := a.rights.Authenticate(ctx, made.AccessToken)
	if err != nil {
		return err
	}
	as := tenancy.With(ctx, scope)
	for _, p := range w.people[1:] {
		secret := demoPassword()
		if _, err := a.services.Members.Create(as, access.CreateMember{Name: p.name, Email: p.email, Role: p.role, Password: secret}); err != nil {
			return err
		}
		fmt.Fprintf(out, "    %-24s %-6s %s\n", p.email, p.role, secret)
	}
	_, err = a.services.Channels.ConnectSimulated(as, channels.ConnectSimulated{Kind: channels.WhatsApp, Name: w.line})
	return err
}

// demoLines are the simulated numbers of the demo workspaces.
func (a *app) demoLines(ctx context.Context) ([]simulator.Line, error) {
	var lines []simulator.Line
	for _, w := range demoWorkspaces {
		numbers, err := db.All[string](ctx, a.platform, `
			select r.routing_key
			from channel_routes r
			join memberships m on m.tenant_id = r.tenant_id
			join users u on u.id = m.user_id
			where r.simulated and u.email_lower = $1
			order by r.channel_id
			limit 1`, w.people[0].email)
		if err != nil {
			return nil, err
		}
		for _, number := range numbers {
			lines = append(lines, simulator.Line{PhoneNumberID: number, Subject: w.subject})
		}
	}
	return lines, nil
}

// demoPassword is sixteen letters in four groups: easy to type, hard to guess (79 bits).
func demoPassword() string {
	const alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
	parts := make([]string, 4)
	for i := range parts {
		var b strings.Builder
		for range 4 {
			n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
			if err != nil {
				panic(err) // the system gives no random numbers: nothing is safe
			}
			b.WriteByte(alphabet[n.Int64()])
		}
		parts[i] = b.String()
	}
	return strings.Join(parts, "-")
}

type demoCommand struct {
	Password demoPasswordCommand `cmd:"" help:"Give the people of the demo workspaces new passwords and print them. The server must not be running on the same data folder."`
}

type demoPasswordCommand struct{}

func (demoPasswordCommand) Run(c *Config, e environmentOf) error {
	return withApp(c, e, func(ctx context.Context, a *app) error {
		for _, w := range demoWorkspaces {
			fmt.Fprintln(e.stdout, w.name)
			for _, p := range w.people {
				secret := demoPassword()
				err := a.services.Accounts.SetPassword(ctx, p.email, secret)
				if errors.Is(err, domain.ErrNotFound) {
					continue
				}
				if err != nil {
					return err
				}
				fmt.Fprintf(e.stdout, "  %-24s %-6s %s\n", p.email, p.role, secret)
			}
		}
		return nil
	})
}

// withApp puts the product together without serving it, for one command.
func withApp(c *Config, e environmentOf, do func(context.Context, *app) error) (err error) {
	log, err := quiet(c, e)
	if err != nil {
		return err
	}
	engines, err := openEngines(e.ctx, c, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engines.close(e.ctx)) }()
	a, err := newApp(e.ctx, c, log, engines, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.makePartitions(e.ctx); err != nil {
		return err
	}
	return do(e.ctx, a)
}
