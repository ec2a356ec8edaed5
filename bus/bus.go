// Package bus is NATS: what comes from outside lands here first, on disk, and
// live frames go out from here to every instance.
//
// Always true: Publish returns nil only when the message is stored (embedded: and
// synced); a full stream refuses new messages and drops none; a reader sees one
// shard in order and without gaps, from a position its caller keeps. Live frames
// and signals may be lost. Subjects are made of tenant ids and closed lists only,
// so no wildcard and no other tenant gets in.
package bus

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
)

// Config says where NATS is and how much it may keep.
type Config struct {
	// URL of a server, or several separated by commas; tls:// for TLS. Empty runs
	// one inside this process.
	URL string
	// CredentialsFile (.creds), NKeyFile (a seed) and CAFile prove who we are to a
	// server and it to us; all optional.
	CredentialsFile, NKeyFile, CAFile string
	// Dir is where the embedded server keeps its streams.
	Dir string
	// MaxBytes bounds one stream. Defaults to 8 GiB; the embedded server takes at
	// most 70 % of what its disk has free.
	MaxBytes int64
	// Replicas of a stream in a cluster. Defaults to 1.
	Replicas int
	// Logger defaults to none.
	Logger *zap.Logger
}

const (
	// smallestPayload is what a server must take: a webhook of 3 MB with its headers.
	smallestPayload = 3_500_000
	connectTimeout  = 10 * time.Second
	pingEvery       = 5 * time.Second
)

// Bus is one connection to NATS, safe for concurrent use.
type Bus struct {
	conn     *nats.Conn
	js       jetstream.JetStream
	embedded *engine // nil with a server of its own
	logger   *zap.Logger
	counts   counts

	mu      sync.Mutex
	base    context.Context //nolint:containedctx // what the next steady is made of
	steady  context.Context //nolint:containedctx // ends when the connection or the embedded JetStream fails
	disturb context.CancelFunc
}

// Open connects, or starts the embedded server, and makes sure the streams exist
// as the product needs them.
func Open(ctx context.Context, config Config) (*Bus, error) {
	if config.Logger == nil {
		config.Logger = zap.NewNop()
	}
	if config.MaxBytes == 0 {
		config.MaxBytes = 8 << 30
	}
	if config.Replicas == 0 {
		config.Replicas = 1
	}
	b := &Bus{logger: config.Logger, base: context.WithoutCancel(ctx)}
	b.steady, b.disturb = context.WithCancel(b.base)
	if err := b.open(ctx, config); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func (b *Bus) open(ctx context.Context, config Config) (err error) {
	if config.URL == "" {
		if b.embedded, err = startEngine(config, b.interrupt); err != nil {
			return err
		}
	}
	if b.conn, err = b.connect(config); err != nil {
		return err
	}
	if limit := b.conn.MaxPayload(); limit < smallestPayload {
		return fmt.Errorf("the NATS server takes messages of at most %d bytes and a webhook may have 3 MB: set max_payload to 4MB there", limit)
	}
	if b.js, err = jetstream.New(b.conn); err != nil {
		return fmt.Errorf("open JetStream: %w", err)
	}
	return b.ensureStreams(ctx, config)
}

func (b *Bus) connect(config Config) (*nats.Conn, error) {
	options := []nats.Option{
		nats.Name("baraza"),
		nats.Timeout(connectTimeout),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		// A connection that a router forgot is given up after the third unanswered ping; the
		// library's own two minutes would refuse webhooks for as long as six.
		nats.PingInterval(pingEvery),
		nats.MaxPingsOutstanding(2),
		// What is published while the server is away fails at once instead of arriving later.
		nats.ReconnectBufSize(-1),
		nats.DisconnectErrHandler(func(conn *nats.Conn, err error) {
			if conn.IsClosed() {
				return // by us
			}
			b.counts.disconnects.Add(1)
			b.logger.Warn("nats is away", zap.Error(err))
			b.interrupt()
		}),
		nats.ReconnectHandler(func(*nats.Conn) {
			b.logger.Info("nats is back")
			b.interrupt()
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			b.counts.slow.Add(1)
			b.logger.Warn("nats dropped or refused something", zap.Error(err))
		}),
	}
	if b.embedded != nil {
		conn, err := nats.Connect("", append(options, nats.InProcessServer(b.embedded.server))...)
		if err != nil {
			return nil, fmt.Errorf("connect to the embedded NATS: %w", err)
		}
		return conn, nil
	}
	if config.CredentialsFile != "" {
		options = append(options, nats.UserCredentials(config.CredentialsFile))
	}
	if config.NKeyFile != "" {
		nkey, err := nats.NkeyOptionFromSeed(config.NKeyFile)
		if err != nil {
			return nil, fmt.Errorf("read the NATS key %s: %w", config.NKeyFile, err)
		}
		options = append(options, nkey)
	}
	if config.CAFile != "" {
		options = append(options, nats.RootCAs(config.CAFile))
	}
	conn, err := nats.Connect(config.URL, options...)
	if err != nil {
		return nil, fmt.Errorf("connect to NATS: %w", err)
	}
	return conn, nil
}

// Close ends the connection and the embedded server. Readers are to be stopped
// first, by their context.
func (b *Bus) Close() error {
	b.disturb()
	if b.conn != nil {
		b.conn.Close()
	}
	if b.embedded == nil {
		return nil
	}
	return b.embedded.stop()
}

// interrupt ends every publish that waits for an answer nobody will give and has
// every reader begin again after its last message.
func (b *Bus) interrupt() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.disturb()
	b.steady, b.disturb = context.WithCancel(b.base)
}

func (b *Bus) undisturbed() context.Context {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.steady
}

// Healthy is nil when a message could be stored now: it stores one, and no stream
// is within 5 % of its limit.
func (b *Bus) Healthy(ctx context.Context) error {
	if err := b.store(ctx, probeSubject, nil, nil); err != nil {
		return err
	}
	for _, stream := range streams() {
		state, err := b.State(ctx, stream)
		if err != nil {
			return err
		}
		if state.Used() >= notReadyAt {
			return fmt.Errorf("stream %s is %.0f %% full", stream, 100*state.Used())
		}
	}
	return nil
}

// Metrics are totals since Open.
type Metrics struct {
	Published     uint64 // messages stored
	Full          uint64 // refused because the stream or its disk is full
	Away          uint64 // not stored because nobody answered
	Read          uint64 // messages handed to readers
	Batches       uint64 // calls of readers' handlers
	ReadRestarts  uint64 // readers that had to begin again after their last message
	LivePublished uint64
	LiveReceived  uint64
	Dropped       uint64 // what NATS reported beside: slow subscribers, refused permissions
	Disconnects   uint64
	Repairs       uint64 // embedded JetStream brought back after a disk error
}

type counts struct {
	published, full, away, read, batches, restarts, liveOut, liveIn, slow, disconnects atomic.Uint64
}

// Metrics reads the counters.
func (b *Bus) Metrics() Metrics {
	m := Metrics{
		Published: b.counts.published.Load(), Full: b.counts.full.Load(), Away: b.counts.away.Load(),
		Read: b.counts.read.Load(), Batches: b.counts.batches.Load(), ReadRestarts: b.counts.restarts.Load(),
		LivePublished: b.counts.liveOut.Load(), LiveReceived: b.counts.liveIn.Load(),
		Dropped: b.counts.slow.Load(), Disconnects: b.counts.disconnects.Load(),
	}
	if b.embedded != nil {
		m.Repairs = b.embedded.repairs.Load()
	}
	return m
}
