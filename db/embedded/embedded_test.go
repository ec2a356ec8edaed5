package embedded

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"
)

// holdEnv makes the test binary a process that starts a server in the named
// directory, says so, and waits to be killed.
const holdEnv = "BARAZA_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdEnv); dir != "" {
		os.Exit(hold(dir))
	}
	goleak.VerifyTestMain(m)
}

func hold(dir string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	server, err := Start(ctx, fast(dir))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("ready", server.child.process.Pid)
	<-ctx.Done()
	if err := server.Stop(context.Background()); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

func fast(dir string) Config {
	return Config{Dir: dir, BinDir: os.Getenv("BARAZA_PG_BIN"), Settings: map[string]string{"fsync": "off"}}
}

// openDir is a directory the unprivileged user may enter; t.TempDir is not.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "baraza-test-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o711))
	return dir
}

func startIn(t *testing.T, config Config) *Server {
	t.Helper()
	server, err := Start(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { stop(t, server) })
	return server
}

func stop(t *testing.T, server *Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	require.NoError(t, server.Stop(ctx))
	require.NoError(t, server.Err())
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) // some tests end the server first
	return conn
}

func value[T any](t *testing.T, conn *pgx.Conn, sql string) T {
	t.Helper()
	var v T
	require.NoError(t, conn.QueryRow(t.Context(), sql).Scan(&v))
	return v
}

// gone also holds for a process nobody has reaped yet, as happens in a container without an init.
func gone(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

// SECURITY G12, §1.1: what a commit promises, and who may connect how.
func TestServerIsDurableAndClosed(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	server := startIn(t, Config{Dir: dir, BinDir: os.Getenv("BARAZA_PG_BIN")})
	conn := connect(t, server.AdminURL("postgres"))
	for setting, want := range map[string]string{
		"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on",
		"password_encryption": "scram-sha-256", "jit": "off", "listen_addresses": "127.0.0.1",
		"log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0", "server_encoding": "UTF8",
	} {
		require.Equal(t, want, value[string](t, conn, "show "+setting), setting)
	}
	require.Equal(t, "ΆÉ", value[string](t, conn, `select upper('άé')`), "letters beyond ASCII have cases")
	require.Zero(t, value[int](t, conn, `select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'`))

	t.Run("a wrong password is refused on socket and port", func(t *testing.T) {
		for _, address := range []string{
			server.URL(Superuser, "wrong", "postgres"),
			fmt.Sprintf("postgres://%s:wrong@127.0.0.1:%d/postgres", Superuser, server.Port()),
		} {
			_, err := pgx.Connect(t.Context(), address)
			require.ErrorContains(t, err, "password authentication failed")
		}
	})
	t.Run("secrets and socket are private", func(t *testing.T) {
		for path, mode := range map[string]os.FileMode{"passwords.json": 0o400, "socket": 0o700, "cluster": 0o700} {
			info, err := os.Stat(filepath.Join(dir, path))
			require.NoError(t, err)
			require.Equal(t, mode, info.Mode().Perm(), path)
		}
		require.NoFileExists(t, filepath.Join(dir, "initdb.password"))
	})
	t.Run("the server is not root and knows nothing of our environment", func(t *testing.T) {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", server.child.process.Pid))
		require.NoError(t, err)
		require.NotContains(t, string(status), "\nUid:\t0\t")
		environment, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", server.child.process.Pid))
		require.NoError(t, err)
		require.NotContains(t, string(environment), "HOME=")
	})
	t.Run("a second process is told", func(t *testing.T) {
		_, err := Start(t.Context(), fast(dir))
		require.ErrorContains(t, err, "another Baraza is using the data directory")
	})
}

// Root starts Baraza in a folder nobody else may enter, as in /root.
func TestClosedFolder(t *testing.T) {
	t.Parallel()
	closed := openDir(t)
	require.NoError(t, os.Chmod(closed, 0o700))
	config := fast(filepath.Join(closed, "data", "postgres"))
	config.Shelter = openDir(t)
	for n := range 2 {
		server := startIn(t, config)
		conn := connect(t, server.AdminURL("postgres"))
		_, err := conn.Exec(t.Context(), `create table if not exists kept (n int); insert into kept values (`+strconv.Itoa(n)+`)`)
		require.NoError(t, err)
		require.Equal(t, n+1, value[int](t, conn, `select count(*)::int from kept`), "a start finds what the one before left")
		stop(t, server)
	}
	moved, err := filepath.Glob(filepath.Join(config.Shelter, "*", "cluster"))
	require.NoError(t, err)
	require.Len(t, moved, map[bool]int{true: 1}[os.Geteuid() == 0], "a normal user's own folder is his to enter")
	if len(moved) == 1 {
		require.NoError(t, os.RemoveAll(filepath.Dir(moved[0])))
		_, err := Start(t.Context(), config)
		require.ErrorContains(t, err, "is gone", "no new database in place of a lost one")
	}
}

func TestRestartKeepsDataPasswordsAndAddress(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	first := startIn(t, fast(dir))
	_, err := connect(t, first.AdminURL("postgres")).Exec(t.Context(), `create table kept as select 42 as answer`)
	require.NoError(t, err)
	pid := first.child.process.Pid
	stop(t, first)
	require.True(t, gone(pid))
	require.NoFileExists(t, filepath.Join(dir, "cluster", "postmaster.pid"), "a clean shutdown")

	began := time.Now()
	second := startIn(t, fast(dir))
	t.Logf("start with existing data: %s", time.Since(began))
	require.Equal(t, first.AdminURL("postgres"), second.AdminURL("postgres"))
	require.Equal(t, first.Passwords(), second.Passwords())
	require.Equal(t, 42, value[int](t, connect(t, second.AdminURL("postgres")), `select answer from kept`))
}

func TestTakenPortIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir, other := openDir(t), startIn(t, fast(openDir(t)))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "port"), []byte(strconv.Itoa(other.Port())), 0o600))
	server := startIn(t, fast(dir))
	require.NotEqual(t, other.Port(), server.Port())
}

func TestLongPathGetsAShortSocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openDir(t), strings.Repeat("long-", 20), "postgres")
	for range 2 {
		server := startIn(t, fast(dir))
		require.LessOrEqual(t, len(server.socket), 80)
		require.Equal(t, 1, value[int](t, connect(t, server.AdminURL("postgres")), `select 1`))
		target, err := os.Readlink(filepath.Join(dir, "socket"))
		require.NoError(t, err)
		require.Equal(t, server.socket, target)
		t.Cleanup(func() { require.NoError(t, os.RemoveAll(target)) })
		stop(t, server)
	}
}

// The parent is killed: nothing stays behind, and the next start recovers.
func TestKilledParentTakesTheServerWithIt(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), holdEnv+"="+dir)
	out, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	var pid int
	_, err = fmt.Fscanf(out, "ready %d\n", &pid)
	require.NoError(t, err)
	require.NoError(t, parent.Process.Kill())
	require.Error(t, parent.Wait())

	server := startIn(t, fast(dir))
	require.True(t, gone(pid))
	require.NotEqual(t, pid, server.child.process.Pid)
	require.Equal(t, 1, value[int](t, connect(t, server.AdminURL("postgres")), `select 1`))
}

// A server that outlived its parent (no parent-death signal, or debugged by hand).
func TestLeftOverServerIsStopped(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	server := startIn(t, fast(dir))
	stop(t, server)

	account, err := chooseAccount(filepath.Join(dir, "cluster"), "")
	require.NoError(t, err)
	c := cluster{dir: dir, data: filepath.Join(dir, "cluster"), account: account, binaries: server.binaries}
	config := fast(dir)
	config.Logger = zap.NewNop()
	stray, _, err := c.launch(t.Context(), server.socket, config)
	require.NoError(t, err)

	next := startIn(t, fast(dir))
	<-stray.done
	require.Equal(t, 1, value[int](t, connect(t, next.AdminURL("postgres")), `select 1`))
}

// A pid file after a reboot names a process that is somebody else's.
func TestStalePidFileHarmsNobody(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	stop(t, startIn(t, fast(dir)))
	bystander := exec.Command("sleep", "60")
	require.NoError(t, bystander.Start())
	t.Cleanup(func() {
		require.NoError(t, bystander.Process.Kill())
		require.Error(t, bystander.Wait())
	})
	pidFile := filepath.Join(dir, "cluster", "postmaster.pid")
	require.NoError(t, os.WriteFile(pidFile, fmt.Appendf(nil, "%d\n%s\n", bystander.Process.Pid, dir), 0o644))
	account, err := chooseAccount(filepath.Join(dir, "cluster"), "")
	require.NoError(t, err)
	if account.stepDown {
		require.NoError(t, os.Chown(pidFile, int(account.uid), int(account.gid)))
	}
	_, err = Start(t.Context(), fast(dir))
	if err != nil {
		// The server itself keeps away from a living process of its own user.
		require.ErrorContains(t, err, "lock file")
	}
	require.False(t, gone(bystander.Process.Pid))
}

func TestKilledServerIsReportedAndStartsAgain(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	server := startIn(t, fast(dir))
	conn := connect(t, server.AdminURL("postgres"))
	_, err := conn.Exec(t.Context(), `select 1`)
	require.NoError(t, err)
	require.NoError(t, server.Err())
	require.NoError(t, server.child.process.Kill())
	<-server.Done()
	require.ErrorContains(t, server.Err(), "signal: killed")

	again := startIn(t, fast(dir))
	require.Equal(t, 1, value[int](t, connect(t, again.AdminURL("postgres")), `select 1`))
}

func TestStopCutsSessionsShort(t *testing.T) {
	t.Parallel()
	server := startIn(t, fast(openDir(t)))
	conn := connect(t, server.AdminURL("postgres"))
	busy := make(chan error)
	go func() {
		_, err := conn.Exec(context.Background(), `select pg_sleep(60)`)
		busy <- err
	}()
	stop(t, server)
	require.Error(t, <-busy)
}

func TestSentencesOfRefusal(t *testing.T) {
	t.Parallel()
	fake := func(t *testing.T, version string) string {
		dir := openDir(t)
		for _, name := range []string{"postgres", "initdb"} {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\necho 'postgres (PostgreSQL) "+version+"'\n"), 0o755))
		}
		return dir
	}
	t.Run("too old", func(t *testing.T) {
		t.Parallel()
		_, err := Start(t.Context(), Config{Dir: openDir(t), BinDir: fake(t, "14.9")})
		require.ErrorContains(t, err, "PostgreSQL 14.9 in ")
		require.ErrorContains(t, err, "is too old: Baraza needs 15 or newer")
	})
	t.Run("no binaries where they were said to be", func(t *testing.T) {
		t.Parallel()
		_, err := Start(t.Context(), Config{Dir: openDir(t), BinDir: openDir(t)})
		require.ErrorContains(t, err, "BARAZA_PG_BIN names")
	})
	t.Run("data of another version", func(t *testing.T) {
		t.Parallel()
		dir := openDir(t)
		require.NoError(t, os.Mkdir(filepath.Join(dir, "cluster"), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "cluster", "PG_VERSION"), []byte("12\n"), 0o600))
		_, err := Start(t.Context(), fast(dir))
		require.ErrorContains(t, err, "the data was made by PostgreSQL 12 and only")
		require.ErrorContains(t, err, "install PostgreSQL 12, or dump the data there and restore it here")
	})
	t.Run("something else where the data goes", func(t *testing.T) {
		t.Parallel()
		dir := openDir(t)
		require.NoError(t, os.Mkdir(filepath.Join(dir, "cluster"), 0o700))
		_, err := Start(t.Context(), fast(dir))
		require.ErrorContains(t, err, "is no PostgreSQL data")
	})
	t.Run("passwords gone", func(t *testing.T) {
		t.Parallel()
		dir := openDir(t)
		stop(t, startIn(t, fast(dir)))
		require.NoError(t, os.Remove(filepath.Join(dir, "passwords.json")))
		_, err := Start(t.Context(), fast(dir))
		require.ErrorContains(t, err, "passwords.json is gone")
	})
	t.Run("a start that was called off", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := Start(ctx, fast(openDir(t)))
		require.ErrorIs(t, err, context.Canceled)
	})
	t.Run("not ours to write, or not theirs to enter", func(t *testing.T) {
		t.Parallel()
		if os.Geteuid() != 0 {
			_, err := Start(t.Context(), fast("/proc/baraza"))
			require.ErrorContains(t, err, "the data directory /proc/baraza cannot be made")
			return
		}
		closed := filepath.Join(openDir(t), "closed")
		require.NoError(t, os.Mkdir(closed, 0o700))
		config := fast(filepath.Join(closed, "postgres"))
		config.Shelter = filepath.Join(closed, "shelter")
		_, err := Start(t.Context(), config)
		require.ErrorContains(t, err, "who may not enter "+closed)
		require.ErrorContains(t, err, "move it where everybody may pass, or start Baraza as a normal user")
	})
}

// withoutSystemPostgres starts a server from the folder wd in a process that finds
// no PostgreSQL in the system, and returns the first line it prints.
func withoutSystemPostgres(t *testing.T, wd, dir string) string {
	t.Helper()
	// A mount of its own namespace; a normal user needs a user namespace for it.
	arguments := []string{"-m"}
	if os.Geteuid() != 0 {
		arguments = []string{"-Ucm", "--keep-caps"}
	}
	cmd := exec.CommandContext(t.Context(), "unshare", append(arguments, "sh", "-c",
		`{ [ ! -d /usr/lib/postgresql ] || mount -t tmpfs none /usr/lib/postgresql; } && exec "$0"`, os.Args[0])...)
	cmd.Dir, cmd.Env = wd, []string{"PATH=/usr/bin:/bin", "TMPDIR=" + os.TempDir(), holdEnv + "=" + dir}
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	if strings.HasPrefix(line, "ready") {
		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	}
	_ = cmd.Wait() // a refusal exits 1, and its line is what counts
	return strings.TrimSpace(line)
}

func TestNoPostgresAnywhere(t *testing.T) {
	t.Parallel()
	require.Equal(t, "no PostgreSQL 15 or newer found: run `npm ci` in the project, install the package postgresql, "+
		"name its bin folder in BARAZA_PG_BIN, or give a server in DATABASE_URL", withoutSystemPostgres(t, "/", openDir(t)))
}

// Root runs what differs again as a normal user, from a copy of the
// test binary that user may read.
func TestAsNormalUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return
	}
	nobody, err := chooseAccount("/nonexistent", "nobody")
	require.NoError(t, err)
	dir := openDir(t)
	require.NoError(t, os.Chmod(dir, 0o777))
	copied := copyBinary(t, dir)
	cmd := exec.CommandContext(t.Context(), copied, "-test.run=Server|Restart|KilledParent|LongPath|Refusal")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TMPDIR="+dir, "HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody.uid, Gid: nobody.gid}}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "PASS")
}

func copyBinary(t *testing.T, dir string) string {
	t.Helper()
	from, err := os.Open(os.Args[0])
	require.NoError(t, err)
	defer from.Close()
	path := filepath.Join(dir, "embedded.test")
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	require.NoError(t, err)
	_, err = io.Copy(to, from)
	require.NoError(t, err)
	require.NoError(t, to.Close())
	return path
}

const testRoles = `
do $$ begin
	if not exists (select from pg_roles where rolname = 'baraza_app') then
		create role baraza_app login;
	end if;
end $$;
alter role baraza_app set lock_timeout = '2s';`

// Roles belong to the cluster: without the turn-taking this fails with "tuple concurrently updated".
func TestPrepareInParallel(t *testing.T) {
	t.Parallel()
	server := startIn(t, fast(openDir(t)))
	passwords := map[string]string{"baraza_app": server.Passwords()["baraza_app"]}
	var group errgroup.Group
	for i := range 8 {
		group.Go(func() error {
			return Prepare(t.Context(), server.AdminURL("postgres"), fmt.Sprintf("shop %d", i/2), testRoles, passwords)
		})
	}
	require.NoError(t, group.Wait())

	conn := connect(t, server.URL("baraza_app", passwords["baraza_app"], "shop 3"))
	require.Equal(t, "baraza_app", value[string](t, conn, `select current_user`))
	require.Equal(t, "2s", value[string](t, conn, `show lock_timeout`))

	t.Run("a password that needs preparation is refused", func(t *testing.T) {
		err := Prepare(t.Context(), server.AdminURL("postgres"), "shop 0", testRoles, map[string]string{"baraza_app": "pässword"})
		require.ErrorContains(t, err, "only printable ASCII")
	})
	t.Run("an operator's password may hold anything printable", func(t *testing.T) {
		const password = `it's "/@:% fine`
		require.NoError(t, Prepare(t.Context(), server.AdminURL("postgres"), "shop 0", testRoles, map[string]string{"baraza_app": password}))
		connect(t, server.URL("baraza_app", password, "shop 0"))
		u, err := url.Parse(server.URL("baraza_app", password, "shop 0"))
		require.NoError(t, err)
		require.Equal(t, "/shop 0", u.Path)
	})
}
