package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"baraza/db"
	"baraza/domain/platform"
)

const (
	// checkPatience bounds each check: somebody looks at a page meanwhile.
	checkPatience = 3 * time.Second
	// scarce is what less than is worth a look, and too little to begin with.
	scarce, tooLittle = 5 << 30, 256 << 20
	// clockSkew is SECURITY's: more, and tokens end too early or too late.
	clockSkew = 2 * time.Second
)

// setupChecks looks at the machine, at all its parts at once.
func (a *app) setupChecks(ctx context.Context) []platform.Check {
	checks := []struct {
		name string
		run  func(context.Context) platform.Check
	}{
		{"database", a.checkDatabase}, {"streams", a.checkStreams}, {"storage", a.checkStorage}, {"mail", a.checkMail}, {"clock", a.checkClock},
	}
	found := make([]platform.Check, len(checks))
	var all sync.WaitGroup
	for i, one := range checks {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, checkPatience)
			defer cancel()
			found[i] = one.run(ctx)
			found[i].Name = one.name
		})
	}
	all.Wait()
	return found
}

func passed(detail string) platform.Check { return platform.Check{State: "ok", Detail: detail} }

// failed says no more than what everybody may know: the log has the reason.
func failed(detail string) platform.Check { return platform.Check{State: "failed", Detail: detail} }

func (a *app) checkDatabase(ctx context.Context) platform.Check {
	type found struct {
		Version  string `db:"version"`
		Writable bool   `db:"writable"`
	}
	f, err := db.One[found](ctx, a.platform, `select current_setting('server_version') as version, not pg_is_in_recovery() as writable`)
	switch {
	case err != nil:
		return failed("PostgreSQL does not answer.")
	case !f.Writable:
		return failed("PostgreSQL takes no writes: it follows another server.")
	}
	return passed("PostgreSQL " + f.Version)
}

func (a *app) checkStreams(ctx context.Context) platform.Check {
	if err := a.engines.bus.Healthy(ctx); err != nil {
		return failed("JetStream does not answer.")
	}
	return passed("JetStream takes messages.")
}

// checkStorage writes a file where files go, and looks at what is left there.
func (a *app) checkStorage(context.Context) platform.Check {
	probe, err := os.CreateTemp(a.config.Data, ".setup-")
	if err != nil {
		return failed("The data folder cannot be written.")
	}
	_, err = probe.WriteString("written, and gone again")
	var disk syscall.Statfs_t
	err = errors.Join(err, probe.Sync(), probe.Close(), os.Remove(probe.Name()), syscall.Statfs(filepath.Clean(a.config.Data), &disk))
	if err != nil {
		return failed("The data folder cannot be written.")
	}
	free := int64(disk.Bavail) * disk.Bsize
	check := passed(fmt.Sprintf("%d MiB free.", free>>20))
	check.Value = &free
	switch {
	case free < tooLittle:
		check.State = "failed"
	case free < scarce:
		check.State = "warn"
	}
	return check
}

// checkMail reaches the mail server, without sending anything.
func (a *app) checkMail(ctx context.Context) platform.Check {
	if a.config.SMTPURL == "" {
		return platform.Check{State: "warn", Detail: "No mail server: letters are kept in the mailbox."}
	}
	u, err := url.Parse(a.config.SMTPURL.Reveal())
	if err != nil {
		return failed("The mail server's address cannot be read.")
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"smtps": "465", "smtp": "587", "smtp+plain": "25"}[u.Scheme]
	}
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return failed("The mail server cannot be reached.")
	}
	_ = connection.Close() // nothing was said
	return passed("The mail server can be reached.")
}

// checkClock compares this machine's clock with the database's, less half of the way.
func (a *app) checkClock(ctx context.Context) platform.Check {
	asked := time.Now()
	theirs, err := db.One[time.Time](ctx, a.platform, `select clock_timestamp()`)
	if err != nil {
		return failed("The database's clock cannot be read.")
	}
	way := time.Since(asked)
	off := theirs.Sub(asked.Add(way / 2)).Abs()
	ms := off.Milliseconds()
	check := platform.Check{State: "ok", Value: &ms, Detail: fmt.Sprintf("%d ms from the database's clock.", ms)}
	if off > clockSkew+way {
		check.State = "failed"
	}
	return check
}
