package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/zap"

	"baraza/bench/load"
	"baraza/db"
	"baraza/db/embedded"
	"baraza/db/migrate"
	"baraza/tenancy"
)

// database is the product's name for its database.
const database = "baraza"

// appSecret signs the bench's own webhooks.
const appSecret = "bench-app-secret-of-this-run"

// settings of Postgres in every run, printed with every number. Durability is on.
func settings(size size) map[string]string {
	return map[string]string{
		"shared_buffers": size.sharedBuffers, "max_wal_size": "8GB", "checkpoint_timeout": "15min", "wal_compression": "lz4",
		"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on", "jit": "off", "random_page_cost": "1.1", "max_connections": "100",
	}
}

// stage is one Postgres, one binary, and the folder they work in.
type stage struct {
	dir        string
	keep       bool
	binary     string
	masterFile string
	master     tenancy.Master
	postgres   *embedded.Server
	postmaster int
	admin      *pgx.Conn // a superuser's, on the product's database
	app        *program
}

// program is the running server.
type program struct {
	*process
	address string
}

// newStage builds the program, starts Postgres and brings it to the program's schema.
// dir "" is a temporary folder that goes with the stage.
func newStage(ctx context.Context, size size, dir string) (s *stage, err error) {
	s = &stage{dir: dir, keep: dir != ""}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close(ctx))
		}
	}()
	if !s.keep {
		if s.dir, err = os.MkdirTemp("", "baraza-bench-"); err != nil {
			return s, fmt.Errorf("make a folder: %w", err)
		}
	}
	// Started as root, Postgres runs as somebody who must be able to enter.
	if err := errors.Join(os.MkdirAll(s.dir, 0o711), os.Chmod(s.dir, 0o711)); err != nil { //nolint:gosec // passing through is all it gives
		return s, fmt.Errorf("make a folder: %w", err)
	}
	s.binary = filepath.Join(s.dir, "baraza")
	if err := build(ctx, s.binary); err != nil {
		return s, err
	}
	s.masterFile = filepath.Join(s.dir, "master.key")
	if _, err := os.Stat(s.masterFile); errors.Is(err, fs.ErrNotExist) {
		if err := tenancy.NewMasterFile(s.masterFile); err != nil {
			return s, err
		}
	}
	if s.master, err = tenancy.ReadMaster(s.masterFile); err != nil {
		return s, err
	}
	return s, s.startPostgres(ctx, size)
}

func build(ctx context.Context, path string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", path, "baraza/cmd/baraza")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w: %s", err, out)
	}
	return nil
}

func (s *stage) startPostgres(ctx context.Context, size size) (err error) {
	s.postgres, err = embedded.Start(ctx, embedded.Config{Dir: filepath.Join(s.dir, "postgres"), Settings: settings(size), Logger: zap.NewNop()})
	if err != nil {
		return err
	}
	if _, err := os.Stat(s.tool("pgbench")); err != nil {
		return fmt.Errorf("the bench needs PostgreSQL with its tools, and %s has no pgbench", s.postgres.BinDir())
	}
	pid, err := os.ReadFile(filepath.Join(s.dir, "postgres", "cluster", "postmaster.pid"))
	if err != nil {
		return fmt.Errorf("find Postgres: %w", err)
	}
	first, _, _ := strings.Cut(string(pid), "\n")
	if s.postmaster, err = strconv.Atoi(first); err != nil {
		return fmt.Errorf("find Postgres: %w", err)
	}
	if err := embedded.Prepare(ctx, s.postgres.AdminURL("postgres"), database, db.RolesSQL, s.postgres.Passwords()); err != nil {
		return err
	}
	if err := migrate.Up(ctx, s.url("baraza_migrate"), db.Migrations()); err != nil {
		return err
	}
	if s.admin, err = pgx.Connect(ctx, s.postgres.AdminURL(database)); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	_, err = s.admin.Exec(ctx, `select maintain_changes(2, 3)`)
	return err
}

// tool is a program of the server's own installation.
func (s *stage) tool(name string) string { return filepath.Join(s.postgres.BinDir(), name) }

// url connects a role to the product's database.
func (s *stage) url(role string) string {
	return s.postgres.URL(role, s.postgres.Passwords()[role], database)
}

// checkpoint before a timed window: none then falls into it, and statistics are those of
// a database that has been running for a while.
func (s *stage) checkpoint(ctx context.Context) error {
	if _, err := s.admin.Exec(ctx, `analyze`); err != nil {
		return err
	}
	_, err := s.admin.Exec(ctx, `checkpoint`)
	return err
}

// baseURL is where the program is, once it has an address.
func (p *program) baseURL() string { return "http://" + p.address }

// start runs the program until it is ready. natsURL "" lets it run its own.
func (s *stage) start(ctx context.Context, natsURL string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("find a free port: %w", err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return err
	}
	cmd := exec.Command(s.binary, "serve") //nolint:noctx // it is asked to end by a signal, as in earnest
	cmd.Dir = s.dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "GOGC=" + os.Getenv("GOGC"), "GOMAXPROCS=" + os.Getenv("GOMAXPROCS"),
		"BARAZA_LISTEN=" + address, "BARAZA_DATA=" + filepath.Join(s.dir, "data"), "BARAZA_MASTER_KEY_FILE=" + s.masterFile,
		"DATABASE_URL=" + s.url("baraza_app"), "BARAZA_PLATFORM_DATABASE_URL=" + s.url("baraza_platform"), "NATS_URL=" + natsURL,
		"BARAZA_META_APP_SECRET=" + appSecret, "BARAZA_SIMULATOR=off", "BARAZA_LOG_LEVEL=warn", "BARAZA_RATE_LIMITS=off",
	}
	p, err := start(cmd)
	if err != nil {
		return err
	}
	s.app = &program{p, address}
	return s.waitReady(ctx)
}

func (s *stage) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	request := load.Request("GET", "/readyz", nil, nil)
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		if status, _, err := load.Once(s.app.address, request); err == nil && status == 200 {
			return nil
		}
		select {
		case <-again.C:
		case <-s.app.ended:
			return fmt.Errorf("the program ended: %w\n%s", s.app.err, s.app.log.String())
		case <-ctx.Done():
			return fmt.Errorf("the program is not ready: %w\n%s", ctx.Err(), s.app.log.String())
		}
	}
}

// stop ends the program and leaves Postgres.
func (s *stage) stop() error {
	if s.app == nil {
		return nil
	}
	p := s.app
	s.app = nil
	if err := p.stop(); err != nil {
		return fmt.Errorf("the program ended with %w\n%s", err, p.log.String())
	}
	return nil
}

// close ends everything, and leaves nothing unless the folder is to be kept.
func (s *stage) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	errs := []error{s.stop()}
	if s.admin != nil {
		errs = append(errs, s.admin.Close(ctx))
	}
	if s.postgres != nil {
		errs = append(errs, s.postgres.Stop(ctx))
	}
	if !s.keep && s.dir != "" {
		errs = append(errs, os.RemoveAll(s.dir))
	}
	return errors.Join(errs...)
}

// postgresEnvironment is how libpq's programs connect as a role, with session settings.
func (s *stage) postgresEnvironment(role string, options ...string) ([]string, error) {
	address := s.postgres.AdminURL(database)
	if role != embedded.Superuser {
		address = s.url(role)
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("read the database's address: %w", err)
	}
	password, _ := u.User.Password()
	env := []string{
		"PATH=" + os.Getenv("PATH"), "PGHOST=" + u.Query().Get("host"), "PGPORT=" + u.Query().Get("port"), "PGUSER=" + u.User.Username(),
		"PGPASSWORD=" + password, "PGDATABASE=" + database,
	}
	var flags []string
	for _, o := range options {
		flags = append(flags, "-c "+o)
	}
	return append(env, "PGOPTIONS="+strings.Join(flags, " ")), nil
}
