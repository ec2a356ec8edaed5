package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/zap"

	"baraza/bus"
	"baraza/db"
	"baraza/db/embedded"
	"baraza/db/migrate"
	"baraza/tenancy"
)

// database is the product's name for its database in an embedded cluster.
const databaseName = "baraza"

// engines are what the product stands on, embedded or given.
type engines struct {
	postgres       *embedded.Server // nil with a database of its own
	postgresConfig embedded.Config
	app            string // URL as baraza_app
	platform       string // URL as baraza_platform
	bus            *bus.Bus
	master         tenancy.Master
	log            *zap.Logger
}

// openEngines starts or reaches Postgres and NATS, brings an embedded database to
// this binary's schema, and refuses a given one that is not.
func openEngines(ctx context.Context, c *Config, log *zap.Logger) (e *engines, err error) {
	e = &engines{log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, e.close(ctx))
		}
	}()
	if err := os.MkdirAll(c.Data, 0o711); err != nil {
		return e, fmt.Errorf("the data folder %s cannot be made: %w", c.Data, err)
	}
	if err := e.openMaster(c); err != nil {
		return e, err
	}
	if c.embedded() {
		err = e.startPostgres(ctx, c, log)
	} else {
		err = e.reachPostgres(ctx, c)
	}
	if err != nil {
		return e, err
	}
	if err := e.checkPostgres(ctx); err != nil {
		return e, err
	}
	e.bus, err = bus.Open(ctx, bus.Config{URL: c.NATSURL.Reveal(), Dir: filepath.Join(c.Data, "nats"), Logger: log.Named("bus")})
	return e, err
}

func masterPath(c *Config) string { return filepath.Join(c.Data, "master.key") }

// openMaster reads the master key. Embedded, it is made the first time.
func (e *engines) openMaster(c *Config) (err error) {
	if c.MasterKeyFile != "" {
		if e.master, err = tenancy.ReadMaster(c.MasterKeyFile); err != nil {
			return fmt.Errorf("BARAZA_MASTER_KEY_FILE: %w", err)
		}
		return nil
	}
	path := masterPath(c)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		if err := tenancy.NewMasterFile(path); err != nil {
			return err
		}
	}
	e.master, err = tenancy.ReadMaster(path)
	return err
}

func (e *engines) startPostgres(ctx context.Context, c *Config, log *zap.Logger) (err error) {
	e.postgresConfig = embedded.Config{Dir: filepath.Join(c.Data, "postgres"), BinDir: c.PGBin, Logger: log.Named("postgres")}
	_, err = os.Stat(filepath.Join(e.postgresConfig.Dir, "cluster"))
	first := errors.Is(err, os.ErrNotExist)
	e.postgres, err = embedded.Start(ctx, e.postgresConfig)
	if err != nil {
		return err
	}
	passwords := e.postgres.Passwords()
	url := func(role string) string { return e.postgres.URL(role, passwords[role], databaseName) }
	e.app, e.platform = url("baraza_app"), url("baraza_platform")
	if !first && current(ctx, e.app) {
		return nil
	}
	if err := embedded.Prepare(ctx, e.postgres.AdminURL("postgres"), databaseName, db.RolesSQL, passwords); err != nil {
		return err
	}
	return migrate.Up(ctx, url("baraza_migrate"), db.Migrations())
}

// current says whether the schema is this binary's already, so that a start of every
// day prepares nothing.
func current(ctx context.Context, url string) bool {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return false
	}
	defer conn.Close(ctx) //nolint:errcheck // only asked
	return migrate.Check(ctx, conn, db.Migrations()) == nil
}

// reachPostgres finds a given database at this binary's schema.
func (e *engines) reachPostgres(ctx context.Context, c *Config) error {
	e.app, e.platform = c.DatabaseURL.Reveal(), c.PlatformDatabaseURL.Reveal()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, e.app)
	if err != nil {
		return e.about("DATABASE_URL", fmt.Errorf("the database cannot be reached: %w", db.Redacted(err)))
	}
	defer conn.Close(ctx) //nolint:errcheck // only asked
	return e.about("DATABASE_URL", migrate.Check(ctx, conn, db.Migrations()))
}

// checkPostgres refuses a server, or a role on it, that would not keep the product's
// promises.
func (e *engines) checkPostgres(ctx context.Context) error {
	if err := db.CheckServer(ctx, e.app); err != nil {
		return e.about("DATABASE_URL", err)
	}
	if err := db.CheckPlatform(ctx, e.platform); err != nil {
		return e.about("BARAZA_PLATFORM_DATABASE_URL", err)
	}
	return e.about("DATABASE_URL", db.Durable(ctx, e.app))
}

// about names what a database's refusal is about, on one line: the driver lists every
// address it tried, each of them twice.
func (e *engines) about(variable string, err error) error {
	if err == nil {
		return nil
	}
	if e.postgres != nil {
		variable = "the embedded database"
	}
	var said []string
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); !slices.Contains(said, line) {
			said = append(said, line)
		}
	}
	return fmt.Errorf("%s: %s", variable, strings.Join(said, " "))
}

// close stops what was started, Postgres last.
func (e *engines) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	var errs []error
	if e.bus != nil {
		errs = append(errs, e.bus.Close())
	}
	if e.postgres != nil {
		errs = append(errs, e.postgres.Stop(ctx))
	}
	return errors.Join(errs...)
}

// supervise starts an embedded Postgres again when it ends by itself, so that a
// killed postmaster costs seconds. It fails when that does not work.
func (e *engines) supervise(ctx context.Context) error {
	if e.postgres == nil {
		<-ctx.Done()
		return nil
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-e.postgres.Done():
		}
		if ctx.Err() != nil {
			return nil
		}
		e.log.Error("postgres ended by itself and is started again", zap.Error(e.postgres.Err()))
		again, err := embedded.Start(ctx, e.postgresConfig)
		if err != nil {
			return err
		}
		e.postgres = again
	}
}
