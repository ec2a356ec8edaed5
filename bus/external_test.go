package bus

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
	"golang.org/x/sync/errgroup"

	"baraza/domain"
)

// natsServer is a binary of the server we embed.
var natsServer string

func buildNatsServer() (string, error) {
	dir, err := os.MkdirTemp("", "baraza-nats-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "nats-server")
	out, err := exec.Command("go", "build", "-o", path, "github.com/nats-io/nats-server/v2").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build nats-server: %w: %s", err, out)
	}
	return path, nil
}

// external is a nats-server process of the test's own.
type external struct {
	t       *testing.T
	port    int
	config  string
	process *exec.Cmd
}

// newExternal starts one that syncs as told ("always", or an interval).
func newExternal(t *testing.T, sync, settings string) *external {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	e := &external{t: t, port: listener.Addr().(*net.TCPAddr).Port}
	require.NoError(t, listener.Close())
	dir := t.TempDir()
	e.config = filepath.Join(dir, "nats.conf")
	require.NoError(t, os.WriteFile(e.config, fmt.Appendf(nil,
		"listen: 127.0.0.1:%d\njetstream { store_dir: %q, sync_interval: %s }\n%s\n", e.port, dir, sync, settings), 0o600))
	e.start()
	t.Cleanup(e.kill)
	return e
}

func (e *external) url() string { return fmt.Sprintf("nats://127.0.0.1:%d", e.port) }

func (e *external) start() {
	e.t.Helper()
	e.process = exec.Command(natsServer, "-c", e.config)
	out, err := e.process.StderrPipe()
	require.NoError(e.t, err)
	require.NoError(e.t, e.process.Start())
	ready := make(chan bool, 1)
	go func() { // ends with the process
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "Server is ready") {
				ready <- true
			}
		}
		close(ready)
	}()
	require.True(e.t, <-ready, "nats-server did not start")
}

func (e *external) kill() {
	if e.process.ProcessState != nil {
		return
	}
	require.NoError(e.t, e.process.Process.Kill())
	require.Error(e.t, e.process.Wait())
}

// SECURITY D1: the server is killed and comes back while messages are written and
// read. Publishers are told at once, and the reader misses nothing.
func TestExternalServerIsKilledAndComesBack(t *testing.T) {
	t.Parallel()
	e := newExternal(t, "always", "max_payload: 4MB")
	b := open(t, Config{URL: e.url(), MaxBytes: 64 << 20})
	const count, kills = 3_000, 3
	group, ctx := errgroup.WithContext(t.Context())
	away := make(chan error, 1)
	var numbers []int
	group.Go(func() (err error) {
		numbers, err = readNumbers(ctx, b, 5, 1, count)
		return err
	})
	group.Go(func() error {
		for n := range count {
			if n > 0 && n%(count/(kills+1)) == 0 {
				e.kill()
				began := time.Now()
				err := b.Publish(ctx, Inbound, 5, nil, number(n))
				if !errors.Is(err, ErrAway) || domain.As(err).Kind != domain.Unavailable || time.Since(began) > publishTimeout/2 {
					return fmt.Errorf("after %s: %w", time.Since(began), err)
				}
				e.start()
			}
			for {
				err := b.Publish(ctx, Inbound, 5, nil, number(n))
				if err == nil {
					break
				}
				if !errors.Is(err, ErrAway) {
					return err
				}
				select {
				case away <- err:
				default:
				}
			}
		}
		return nil
	})
	require.NoError(t, group.Wait())
	previous := -1
	for _, n := range numbers {
		require.Contains(t, []int{previous, previous + 1}, n, "in order; again only what was sent again")
		previous = n
	}
	require.Equal(t, count-1, previous)
	require.NotEmpty(t, away)
	require.NotZero(t, b.Metrics().Disconnects)
}

// Messages that wait for an answer when the server dies do not wait for their time-out.
func TestReaderEndsWhileTheServerIsAway(t *testing.T) {
	t.Parallel()
	e := newExternal(t, "always", "max_payload: 4MB")
	b := open(t, Config{URL: e.url(), MaxBytes: 64 << 20})
	ctx, cancel := context.WithCancel(t.Context())
	reading := make(chan error)
	go func() {
		_, err := readNumbers(ctx, b, 0, 1, 2)
		reading <- err
	}()
	require.NoError(t, b.Publish(t.Context(), Inbound, 0, nil, number(0)))
	require.Eventually(t, func() bool { return b.Metrics().Read == 1 }, 5*time.Second, time.Millisecond)
	e.kill()
	require.Eventually(t, func() bool { return b.Metrics().ReadRestarts > 0 }, 5*time.Second, time.Millisecond)
	require.ErrorIs(t, b.Healthy(t.Context()), ErrAway)
	cancel()
	require.ErrorIs(t, <-reading, context.Canceled)
}

func TestExternalServerThatTakesOnlySmallMessages(t *testing.T) {
	t.Parallel()
	e := newExternal(t, "always", "")
	_, err := Open(t.Context(), Config{URL: e.url()})
	require.ErrorContains(t, err, "the NATS server takes messages of at most 1048576 bytes")
	require.ErrorContains(t, err, "set max_payload to 4MB there")
}

func TestExternalServerThatIsNotThere(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), Config{URL: "nats://127.0.0.1:1"})
	require.ErrorContains(t, err, "connect to NATS")
}

// SECURITY §1.7: an nkey per process role.
func TestExternalServerAsksForAKey(t *testing.T) {
	t.Parallel()
	key, err := nkeys.CreateUser()
	require.NoError(t, err)
	public, err := key.PublicKey()
	require.NoError(t, err)
	seed, err := key.Seed()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "nats.seed")
	require.NoError(t, os.WriteFile(file, seed, 0o400))
	e := newExternal(t, "always", "max_payload: 4MB\nauthorization { users: [ { nkey: "+public+" } ] }")

	_, err = Open(t.Context(), Config{URL: e.url()})
	require.ErrorContains(t, err, "connect to NATS")
	b := open(t, Config{URL: e.url(), NKeyFile: file, MaxBytes: 64 << 20})
	require.NoError(t, b.Healthy(t.Context()))
}

// An orderly end is no outage: a warning nobody can act on hides the next that matters.
func TestClosingIsNoOutage(t *testing.T) {
	t.Parallel()
	e := newExternal(t, "always", "max_payload: 4MB")
	for _, config := range []Config{{Dir: t.TempDir()}, {URL: e.url(), MaxBytes: 64 << 20}} {
		core, lines := observer.New(zap.WarnLevel)
		config.Logger = zap.New(core)
		b, err := Open(t.Context(), config)
		require.NoError(t, err)
		require.NoError(t, b.Publish(t.Context(), Inbound, 0, nil, number(0)))
		closed := make(chan struct{})
		b.conn.SetClosedHandler(func(*nats.Conn) { close(closed) }) // the last of its callbacks
		require.NoError(t, b.Close())
		<-closed
		require.Empty(t, lines.All())
		require.Zero(t, b.Metrics().Disconnects)
	}
}
