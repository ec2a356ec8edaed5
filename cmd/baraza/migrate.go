package main

import (
	"fmt"

	"baraza/db"
	"baraza/db/migrate"
)

type migrateCommand struct{}

// Run brings a database of its own to this binary's schema, as dbmate would.
func (migrateCommand) Run(c *Config, e environmentOf) error {
	if c.MigrateDatabaseURL == "" {
		return fmt.Errorf("BARAZA_MIGRATE_DATABASE_URL is not set; an embedded database is migrated at every start")
	}
	return migrate.Up(e.ctx, c.MigrateDatabaseURL.Reveal(), db.Migrations())
}
