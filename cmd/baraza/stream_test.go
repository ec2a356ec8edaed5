package main

import (
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/require"

	"baraza/bus"
)

// stream is a NATS server beside the program, and a way to look into it.
type stream struct {
	t   testing.TB
	url string
	bus *bus.Bus
}

func newStream(t testing.TB) *stream {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: filepath.Join(t.TempDir(), "nats"), SyncAlways: true,
		JetStreamMaxStore: math.MaxInt64 / 2, MaxPayload: 4 << 20, NoLog: true, NoSigs: true,
	})
	require.NoError(t, err)
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	require.True(t, s.ReadyForConnections(patience))
	b, err := bus.Open(t.Context(), bus.Config{URL: s.ClientURL()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return &stream{t, s.ClientURL(), b}
}

// asNATS makes the test binary a NATS server: a process that can be killed.
const asNATS = "RUN_AS_NATS"

// nats is a NATS server of a process of its own.
type nats struct {
	t       *testing.T
	address string
	dir     string
	process *exec.Cmd
}

func newNATS(t *testing.T) *nats {
	t.Helper()
	n := &nats{t: t, address: freeAddress(t), dir: t.TempDir()}
	n.start()
	t.Cleanup(n.kill)
	return n
}

func (n *nats) start() {
	n.t.Helper()
	n.process = exec.Command(os.Args[0], n.address) //nolint:noctx // it is ended by kill
	n.process.Env = append(os.Environ(), asNATS+"="+n.dir)
	require.NoError(n.t, n.process.Start())
	eventually(n.t, "the NATS server", func() bool {
		conn, err := net.Dial("tcp", n.address)
		return err == nil && conn.Close() == nil
	})
}

func (n *nats) kill() {
	if n.process.ProcessState != nil {
		return
	}
	require.NoError(n.t, n.process.Process.Kill())
	require.Error(n.t, n.process.Wait())
}

// serveNATS runs until it is killed.
func serveNATS(dir string) int {
	host, port, err := net.SplitHostPort(os.Args[1])
	if err != nil {
		return 1
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return 1
	}
	s, err := server.NewServer(&server.Options{
		Host: host, Port: number, JetStream: true, StoreDir: dir, SyncAlways: true,
		JetStreamMaxStore: math.MaxInt64 / 2, MaxPayload: 4 << 20, NoLog: true, NoSigs: true,
	})
	if err != nil {
		return 1
	}
	s.Start()
	s.WaitForShutdown()
	return 0
}

// messages is how many the stream holds.
func (s *stream) messages() uint64 {
	s.t.Helper()
	state, err := s.bus.State(s.t.Context(), bus.Inbound)
	require.NoError(s.t, err)
	return state.Messages
}

// drained waits until everything in the stream has been received.
func (s *stream) drained(admin *pgx.Conn) {
	s.t.Helper()
	for shard := range bus.Shards {
		last, err := s.bus.Last(s.t.Context(), bus.Inbound, shard)
		require.NoError(s.t, err)
		eventually(s.t, "the stream to be read", func() bool {
			return one[int64](s.t, admin, `select coalesce(max(seq), 0) from stream_positions where shard = $1`, shard) >= int64(last)
		})
	}
}
