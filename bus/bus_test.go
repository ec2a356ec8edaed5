package bus

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"baraza/domain"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(smallDiskEnv); dir != "" {
		os.Exit(fillSmallDisk(dir))
	}
	var err error
	if natsServer, err = buildNatsServer(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if err := os.RemoveAll(filepath.Dir(natsServer)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
		os.Exit(code)
	}))
}

func open(t *testing.T, config Config) *Bus {
	t.Helper()
	if config.URL == "" && config.Dir == "" {
		config.Dir = t.TempDir()
	}
	b, err := Open(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func number(n int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

var errEnough = errors.New("read enough")

// readNumbers reads a shard until count different numbers have come and returns
// the numbers; the sequence must rise strictly.
func readNumbers(ctx context.Context, b *Bus, shard int, from uint64, count int) ([]int, error) {
	var numbers []int
	different := map[int]bool{}
	last := uint64(0)
	err := b.Read(ctx, Inbound, shard, from, func(_ context.Context, batch []Message) error {
		for _, m := range batch {
			if m.Seq <= last || m.Shard != shard {
				return fmt.Errorf("message %d of shard %d after %d", m.Seq, m.Shard, last)
			}
			last = m.Seq
			n := int(binary.BigEndian.Uint64(m.Data))
			numbers, different[n] = append(numbers, n), true
		}
		if len(different) >= count {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		return numbers, err
	}
	return numbers, nil
}

func upTo(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}

// SECURITY G1, G2, §10: on disk before the ack, refusing when full, kept 8 days, reachable from nowhere.
func TestEmbeddedStreamIsSetUpAsPromised(t *testing.T) {
	t.Parallel()
	b := open(t, Config{})
	require.True(t, b.embedded.server.JetStreamConfig().SyncAlways)
	require.Nil(t, b.embedded.server.Addr())
	stream, err := b.js.Stream(t.Context(), "INBOUND")
	require.NoError(t, err)
	config := stream.CachedInfo().Config
	require.Equal(t, jetstream.FileStorage, config.Storage)
	require.Equal(t, jetstream.DiscardNew, config.Discard)
	require.Equal(t, 8*24*time.Hour, config.MaxAge)
	require.LessOrEqual(t, config.MaxBytes, int64(8<<30))
	require.NoError(t, b.Healthy(t.Context()))
}

func TestStreamOfAnotherKindIsRefused(t *testing.T) {
	t.Parallel()
	b := open(t, Config{})
	require.NoError(t, b.js.DeleteStream(t.Context(), "INBOUND"))
	_, err := b.js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "INBOUND", Subjects: []string{"inbound.*"}, Storage: jetstream.MemoryStorage})
	require.NoError(t, err)
	require.ErrorContains(t, b.ensureStreams(t.Context(), Config{MaxBytes: 1 << 20, Replicas: 1}), "INBOUND")
}

// SECURITY G2: a full stream refuses, stores nothing of it and drops nothing.
func TestFullStreamRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b, err := Open(t.Context(), Config{Dir: dir, MaxBytes: 1 << 20})
	require.NoError(t, err)
	data := make([]byte, 100_000)
	stored := 0
	for ; stored < 20; stored++ {
		if err = b.Publish(t.Context(), Inbound, 3, nil, data); err != nil {
			break
		}
	}
	require.ErrorIs(t, err, ErrFull)
	require.NotErrorIs(t, err, ErrAway)
	require.Equal(t, domain.Unavailable, domain.As(err).Kind)
	require.Equal(t, 10, stored)
	state, err := b.State(t.Context(), Inbound)
	require.NoError(t, err)
	require.EqualValues(t, stored, state.Messages)
	require.EqualValues(t, 1, state.FirstSeq)
	require.Greater(t, state.Used(), notReadyAt)
	require.ErrorContains(t, b.Healthy(t.Context()), "stream INBOUND is 9")
	require.Equal(t, Metrics{Published: 10, Full: 1}, b.Metrics())
	require.NoError(t, b.Close())

	// A smaller limit would have the server drop the oldest.
	smaller := open(t, Config{Dir: dir, MaxBytes: 1 << 18})
	state, err = smaller.State(t.Context(), Inbound)
	require.NoError(t, err)
	require.EqualValues(t, stored, state.Messages)
}

// SECURITY G5: 16 readers see 40,000 messages in order, none lost, none twice.
func TestReadersSeeEverythingInOrder(t *testing.T) {
	t.Parallel()
	const perShard = 2_500
	// Syncing 40,000 times would measure the disk.
	b := open(t, Config{URL: newExternal(t, "2m", "max_payload: 4MB").url(), MaxBytes: 256 << 20})
	publishing, ctx := errgroup.WithContext(t.Context())
	for shard := range Shards {
		publishing.Go(func() error {
			for n := range perShard {
				if err := b.Publish(ctx, Inbound, shard, nil, number(n)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, publishing.Wait())
	require.EqualValues(t, Shards*perShard, b.Metrics().Published)

	began := time.Now()
	reading, ctx := errgroup.WithContext(t.Context())
	for shard := range Shards {
		reading.Go(func() error {
			numbers, err := readNumbers(ctx, b, shard, 0, perShard)
			if err == nil && !slices.Equal(numbers, upTo(perShard)) {
				err = fmt.Errorf("shard %d is not in order: %v", shard, numbers)
			}
			return err
		})
	}
	require.NoError(t, reading.Wait())
	t.Logf("%d messages in %d batches, %s", Shards*perShard, b.Metrics().Batches+Shards, time.Since(began))
	require.Zero(t, b.Metrics().ReadRestarts)
}

func TestRestartKeepsDataAndPositions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := Open(t.Context(), Config{Dir: dir})
	require.NoError(t, err)
	for n := range 10 {
		require.NoError(t, first.Publish(t.Context(), Inbound, n%2, map[string]string{"signer": "own"}, number(n)))
	}
	before, err := first.State(t.Context(), Inbound)
	require.NoError(t, err)

	t.Run("a second process is told", func(t *testing.T) {
		_, err := Open(t.Context(), Config{Dir: dir})
		require.ErrorContains(t, err, "another Baraza is using the stream directory")
	})

	require.NoError(t, first.Close())
	second := open(t, Config{Dir: dir})
	after, err := second.State(t.Context(), Inbound)
	require.NoError(t, err)
	require.Equal(t, before, after)
	numbers, err := readNumbers(t.Context(), second, 1, 5, 3)
	require.NoError(t, err)
	require.Equal(t, []int{5, 7, 9}, numbers, "from sequence 5 on, this shard only")
	last, err := second.Last(t.Context(), Inbound, 1)
	require.NoError(t, err)
	require.EqualValues(t, 10, last)
	none, err := second.Last(t.Context(), Inbound, 7)
	require.NoError(t, err)
	require.Zero(t, none)
	require.ErrorIs(t, second.Read(t.Context(), Inbound, 0, 1, func(_ context.Context, batch []Message) error {
		require.Equal(t, map[string]string{"signer": "own"}, batch[0].Header)
		require.WithinDuration(t, time.Now(), batch[0].At, time.Minute)
		return errEnough
	}), errEnough)
}

// A webhook may have 3 MB.
func TestLargeMessages(t *testing.T) {
	t.Parallel()
	b := open(t, Config{})
	large := bytes.Repeat([]byte{7}, 3<<20)
	for range 5 {
		require.NoError(t, b.Publish(t.Context(), Inbound, 0, nil, large))
	}
	batches := 0
	err := b.Read(t.Context(), Inbound, 0, 1, func(_ context.Context, batch []Message) error {
		require.Len(t, batch, 1, "a batch ends once it has 1 MB")
		require.Equal(t, large, batch[0].Data)
		if batches++; batches == 5 {
			return errEnough
		}
		return nil
	})
	require.ErrorIs(t, err, errEnough)

	err = b.Publish(t.Context(), Inbound, 0, nil, make([]byte, 5<<20))
	require.Equal(t, domain.TooLarge, domain.As(err).Kind)
	require.ErrorContains(t, b.Publish(t.Context(), Inbound, Shards, nil, nil), "no shard 16")
}

func TestReadBeginsWhereTheStreamDoes(t *testing.T) {
	t.Parallel()
	b := open(t, Config{})
	for n := range 10 {
		require.NoError(t, b.Publish(t.Context(), Inbound, 0, nil, number(n)))
	}
	stream, err := b.js.Stream(t.Context(), "INBOUND")
	require.NoError(t, err)
	require.NoError(t, stream.Purge(t.Context(), jetstream.WithPurgeSequence(7)))

	t.Run("later than asked where older messages are gone", func(t *testing.T) {
		numbers, err := readNumbers(t.Context(), b, 0, 2, 4)
		require.NoError(t, err)
		require.Equal(t, []int{6, 7, 8, 9}, numbers)
	})
	t.Run("not at all past the end, where another stream's position leads", func(t *testing.T) {
		_, err := readNumbers(t.Context(), b, 0, 12, 1)
		require.ErrorIs(t, err, ErrPastEnd)
	})
	t.Run("waiting right at the end, until the context ends", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		arrived, reading := make(chan uint64), make(chan error)
		go func() {
			reading <- b.Read(ctx, Inbound, 0, 11, func(_ context.Context, batch []Message) error {
				arrived <- batch[0].Seq
				return nil
			})
		}()
		require.NoError(t, b.Publish(t.Context(), Inbound, 0, nil, number(10)))
		require.EqualValues(t, 11, <-arrived)
		cancel()
		require.ErrorIs(t, <-reading, context.Canceled)
	})
}

// A consumer the server forgot (its idle time passed while Postgres was away) is replaced without a gap.
func TestReaderOutlivesItsConsumer(t *testing.T) {
	t.Parallel()
	b := open(t, Config{})
	const count = 600
	group, ctx := errgroup.WithContext(t.Context())
	group.Go(func() error {
		numbers, err := readNumbers(ctx, b, 0, 1, count)
		if err == nil && len(numbers) != count {
			err = fmt.Errorf("%d messages", len(numbers))
		}
		return err
	})
	group.Go(func() error {
		for n := range count {
			if n == count/2 {
				stream, err := b.js.Stream(ctx, "INBOUND")
				if err != nil {
					return err
				}
				for name := range stream.ConsumerNames(ctx).Name() {
					if err := stream.DeleteConsumer(ctx, name); err != nil {
						return err
					}
				}
			}
			if err := b.Publish(ctx, Inbound, 0, nil, number(n)); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, group.Wait())
	require.NotZero(t, b.Metrics().ReadRestarts)
}

func TestGetRange(t *testing.T) {
	t.Parallel()
	b := open(t, Config{})
	var at []time.Time
	for n := range 9 {
		require.NoError(t, b.Publish(t.Context(), Inbound, n%3, nil, number(n)))
		require.ErrorIs(t, b.Read(t.Context(), Inbound, n%3, uint64(n+1), func(_ context.Context, batch []Message) error {
			at = append(at, batch[0].At)
			return errEnough
		}), errEnough)
	}
	between := func(from, to time.Time) (numbers []int) {
		require.NoError(t, b.GetRange(t.Context(), Inbound, from, to, func(_ context.Context, batch []Message) error {
			for _, m := range batch {
				require.Equal(t, m.Shard, int(m.Seq-1)%3)
				numbers = append(numbers, int(binary.BigEndian.Uint64(m.Data)))
			}
			return nil
		}))
		return numbers
	}
	require.Equal(t, upTo(9), between(time.Time{}, time.Now()))
	require.Equal(t, []int{2, 3, 4}, between(at[2], at[4]))
	require.Empty(t, between(at[8].Add(time.Nanosecond), time.Now()))
	require.Empty(t, between(at[4], at[3]))
	require.ErrorIs(t, b.GetRange(t.Context(), Inbound, at[0], at[8], func(context.Context, []Message) error { return errEnough }), errEnough)
}

// SECURITY I9: a tenant's frames reach that tenant's listeners only.
func TestLiveFramesStayWithTheirTenant(t *testing.T) {
	t.Parallel()
	b := open(t, Config{})
	tenantA, tenantB := uuid.New(), uuid.New()
	var mu sync.Mutex
	got := map[string][]string{}
	listen := func(name string, tenant uuid.UUID) func() {
		stop, err := b.SubscribeLive(tenant, func(data []byte) {
			mu.Lock()
			defer mu.Unlock()
			got[name] = append(got[name], string(data))
		})
		require.NoError(t, err)
		return stop
	}
	received := func(name string, count int) func() bool {
		return func() bool {
			mu.Lock()
			defer mu.Unlock()
			return len(got[name]) >= count
		}
	}
	stopA, stopB := listen("a", tenantA), listen("b", tenantB)
	defer stopB()
	for i := range 3 {
		require.NoError(t, b.PublishLive(tenantA, fmt.Appendf(nil, "a%d", i)))
	}
	require.NoError(t, b.PublishLive(tenantB, []byte("b0")))
	require.Eventually(t, received("a", 3), 5*time.Second, time.Millisecond)
	require.Eventually(t, received("b", 1), 5*time.Second, time.Millisecond)
	stopA()
	require.NoError(t, b.PublishLive(tenantA, []byte("unheard")))
	require.NoError(t, b.PublishLive(tenantB, []byte("b1")))
	require.Eventually(t, received("b", 2), 5*time.Second, time.Millisecond)
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, map[string][]string{"a": {"a0", "a1", "a2"}, "b": {"b0", "b1"}}, got)
}

func TestSignalsAreAClosedList(t *testing.T) {
	t.Parallel()
	b := open(t, Config{})
	heard := make(chan string, 1)
	stop, err := b.SubscribeSignal(Revoked, func(data []byte) { heard <- string(data) })
	require.NoError(t, err)
	defer stop()
	require.NoError(t, b.PublishSignal(ChannelsChanged, []byte("not this")))
	require.NoError(t, b.PublishSignal(Revoked, []byte("session 1")))
	require.Equal(t, "session 1", <-heard)
	for _, name := range []Signal{">", "*", "", "revoked.x"} {
		require.ErrorContains(t, b.PublishSignal(name, nil), "there is no signal")
		_, err := b.SubscribeSignal(name, func([]byte) {})
		require.ErrorContains(t, err, "there is no signal")
	}
}

func TestUnusableDirectory(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := Open(t.Context(), Config{Dir: filepath.Join(file, "nats")})
	require.ErrorContains(t, err, "cannot be made")
}
