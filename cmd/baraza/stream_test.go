package main

import (
	"math"
	"path/filepath"
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
