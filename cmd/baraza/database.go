package main

import (
	"context"
	"errors"
	"path/filepath"

	"go.uber.org/zap"

	"baraza/db"
	"baraza/db/embedded"
	"baraza/tenancy"
)

// database is what commands need that work beside a running program.
type database struct {
	tenant   *db.Tenant
	platform *db.Platform
	master   tenancy.Master
	log      *zap.Logger
}

// quiet completes the configuration of a command, whose log says no more than what is
// wrong.
func quiet(c *Config, e environmentOf) (*zap.Logger, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	c.LogLevel = "warn"
	return logger(c, e.stdout)
}

// withDatabase opens the database alone. An embedded one that a program keeps is
// reached; one that nobody keeps is started for as long as do takes.
func withDatabase(c *Config, e environmentOf, do func(context.Context, *database) error) (err error) {
	log, err := quiet(c, e)
	if err != nil {
		return err
	}
	engines := &engines{log: log}
	defer func() { err = errors.Join(err, engines.close(e.ctx)) }()
	if err := engines.openMaster(c); err != nil {
		return err
	}
	if err := engines.openDatabase(e.ctx, c, log); err != nil {
		return err
	}
	d := &database{master: engines.master, log: log}
	if d.tenant, err = db.OpenTenant(e.ctx, db.TenantConfig{URL: engines.app}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.tenant.Close()) }()
	if d.platform, err = db.OpenPlatform(e.ctx, engines.platform, 0, nil); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.platform.Close()) }()
	return do(e.ctx, d)
}

func (e *engines) openDatabase(ctx context.Context, c *Config, log *zap.Logger) error {
	if !c.embedded() {
		return e.reachPostgres(ctx, c)
	}
	err := e.startPostgres(ctx, c, log)
	if !errors.Is(err, embedded.ErrInUse) {
		return err
	}
	config := embedded.Config{Dir: filepath.Join(c.Data, "postgres")}
	if e.app, err = embedded.Reach(config, "baraza_app", databaseName); err != nil {
		return err
	}
	e.platform, err = embedded.Reach(config, "baraza_platform", databaseName)
	return err
}
