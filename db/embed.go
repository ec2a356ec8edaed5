package db

import (
	"embed"
	"io/fs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// RolesSQL makes the roles and the hardening a dump does not carry; idempotent, run as a superuser.
//
//go:embed roles.sql
var RolesSQL string

//go:embed tenancy_lint.sql
var lintSQL string

// Migrations are the dbmate files this binary was built with.
func Migrations() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the pattern above is wrong: found by any start
	}
	return sub
}
