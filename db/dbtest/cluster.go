package dbtest

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"baraza/db"
	"baraza/db/embedded"
	"baraza/db/migrate"
)

// clusterVariable holds the URL of a superuser on a cluster made for tests.
const clusterVariable = "BARAZA_TEST_POSTGRES"

// rolePassword is the same for every role: the cluster holds invented rows, on a
// private socket, for as long as the tests run.
const rolePassword = "for-tests-only"

// patience keeps a busy machine from looking like a database that is away.
const patience = 20 * time.Second

var cluster = sync.OnceValues(func() (string, error) {
	if u := os.Getenv(clusterVariable); u != "" {
		return u, nil
	}
	return startCluster()
})

// startCluster runs a Postgres of this process's own; it ends with the process.
func startCluster() (string, error) {
	dir, err := ownFolder()
	if err != nil {
		return "", err
	}
	server, err := embedded.Start(context.Background(), embedded.Config{
		Dir: dir, Settings: map[string]string{"fsync": "off", "max_connections": "200"},
	})
	if err != nil {
		return "", err
	}
	return server.AdminURL("postgres"), nil
}

// open makes a database from the template (name "" chooses one for this process)
// and opens both handles on it.
func open(ctx context.Context, name string) (*Database, error) {
	admin, err := cluster()
	if err != nil {
		return nil, err
	}
	template, err := template(ctx, admin)
	if err != nil {
		return nil, err
	}
	if name == "" {
		name = fmt.Sprintf("test_%d_%s", os.Getpid(), shortID())
	}
	if err := onCluster(ctx, admin, fmt.Sprintf(`create database %s template %s`, name, template)); err != nil {
		return nil, err
	}
	// Database-level grants and settings are not copied from a template.
	urls, err := prepare(ctx, admin, name)
	if err != nil {
		return nil, err
	}
	statements := &Statements{}
	tenant, err := db.OpenTenant(ctx, db.TenantConfig{URL: urls.App, MaxConns: 40, Tracer: statements, Patience: patience})
	if err != nil {
		return nil, err
	}
	platform, err := db.OpenPlatform(ctx, urls.Platform, 8, nil)
	if err != nil {
		return nil, err
	}
	platform.Patience = patience
	if _, err := db.Exec(ctx, platform, `select maintain_changes(2, 3)`); err != nil {
		return nil, err
	}
	return &Database{Tenant: tenant, Platform: platform, Statements: statements, URLs: urls}, nil
}

func drop(ctx context.Context, name string) error {
	admin, err := cluster()
	if err != nil {
		return err
	}
	return onCluster(ctx, admin, fmt.Sprintf(`drop database if exists %s with (force)`, name))
}

// template makes, once per cluster and set of migrations, the database that others are copied from.
func template(ctx context.Context, admin string) (string, error) {
	sum := fnv.New64a()
	sum.Write([]byte(db.RolesSQL))
	err := fs.WalkDir(db.Migrations(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(db.Migrations(), path)
		sum.Write(text)
		return err
	})
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("template_%x", sum.Sum64())
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return "", fmt.Errorf("reach the test cluster: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // frees the lock either way
	// Test processes run side by side on one cluster: the first makes it, the others wait.
	if _, err := conn.Exec(ctx, `select pg_advisory_lock(7245)`); err != nil {
		return "", err
	}
	var ready bool
	if err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1 and datistemplate)`, name).Scan(&ready); err != nil || ready {
		return name, err
	}
	if _, err := conn.Exec(ctx, `drop database if exists `+name+` with (force)`); err != nil {
		return "", err
	}
	urls, err := prepare(ctx, admin, name)
	if err != nil {
		return "", err
	}
	if err := migrate.Up(ctx, urls.Migrate, db.Migrations()); err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, `alter database `+name+` is_template true`)
	return name, err
}

// prepare runs roles.sql in the database, made if missing, and gives the login roles their password.
func prepare(ctx context.Context, admin, database string) (URLs, error) {
	urls := URLs{Admin: withDatabase(admin, database, "")}
	passwords := map[string]string{}
	for role, u := range map[string]*string{
		"baraza_app": &urls.App, "baraza_platform": &urls.Platform, "baraza_migrate": &urls.Migrate, "baraza_backup": &urls.Backup,
	} {
		passwords[role] = rolePassword
		*u = withDatabase(admin, database, role)
	}
	return urls, embedded.Prepare(ctx, admin, database, db.RolesSQL, passwords)
}

func onCluster(ctx context.Context, admin, statement string) error {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return fmt.Errorf("reach the test cluster: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing left to report
	_, err = conn.Exec(ctx, statement)
	return err
}

// withDatabase is the admin's URL for another database and, unless role is "", another role.
func withDatabase(admin, database, role string) string {
	u, err := url.Parse(admin)
	if err != nil {
		return admin // connecting will say what is wrong with it
	}
	u.Path = "/" + database
	if role != "" {
		u.User = url.UserPassword(role, rolePassword)
	}
	return u.String()
}
