package bus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"baraza/domain"
)

// Stream is one of the product's streams; there is no way to name another.
type Stream int

// Inbound holds what providers sent us until it is in Postgres, and 8 days of it for replays.
const Inbound Stream = 0

func streams() []Stream { return []Stream{Inbound} }

// Shards is how many ordered lanes a stream has.
const Shards = 16

const (
	maxAge = 8 * 24 * time.Hour
	// AlarmAt and notReadyAt are the shares of a stream's limit at which people are
	// told and at which an instance asks for no more traffic.
	AlarmAt    = 0.80
	notReadyAt = 0.95
	// publishTimeout bounds the wait for an ack when the caller does not.
	publishTimeout = 5 * time.Second

	probeStream  = "PROBE"
	probeSubject = "probe"
)

func (s Stream) String() string { return [...]string{"INBOUND"}[s] }

func (s Stream) subject(shard int) string {
	return fmt.Sprintf("%s.%02d", strings.ToLower(s.String()), shard)
}

func (s Stream) checkShard(shard int) error {
	if shard < 0 || shard >= Shards {
		return fmt.Errorf("stream %s has no shard %d", s, shard)
	}
	return nil
}

var (
	// ErrFull means the stream, or the disk under it, has no room: nothing was stored.
	ErrFull = errors.New("the stream is full")
	// ErrAway means nobody confirmed the message. It may be stored all the same:
	// whoever sends it again must be able to send it twice.
	ErrAway = errors.New("the stream is away")
	// ErrPastEnd means a reader's position lies beyond the stream's end: the stream
	// is not the one the position was taken from.
	ErrPastEnd = errors.New("the position is past the end of the stream")
)

// ensureStreams creates the streams, or brings existing ones to what is needed,
// and refuses to go on with anything weaker.
func (b *Bus) ensureStreams(ctx context.Context, config Config) error {
	for _, stream := range streams() {
		want := jetstream.StreamConfig{
			Name:        stream.String(),
			Subjects:    []string{strings.ToLower(stream.String()) + ".*"},
			Storage:     jetstream.FileStorage,
			Retention:   jetstream.LimitsPolicy,
			Discard:     jetstream.DiscardNew,
			MaxAge:      maxAge,
			MaxMsgs:     -1,
			MaxBytes:    config.MaxBytes,
			Replicas:    config.Replicas,
			AllowDirect: true,
		}
		if err := b.limitBytes(ctx, &want); err != nil {
			return err
		}
		if err := b.ensureStream(ctx, want); err != nil {
			return err
		}
	}
	return b.ensureStream(ctx, jetstream.StreamConfig{
		Name: probeStream, Subjects: []string{probeSubject}, Storage: jetstream.FileStorage, Replicas: config.Replicas,
		Discard: jetstream.DiscardOld, MaxMsgs: 1, MaxBytes: -1,
	})
}

func (b *Bus) ensureStream(ctx context.Context, want jetstream.StreamConfig) error {
	stream, err := b.js.CreateOrUpdateStream(ctx, want)
	if err != nil {
		return fmt.Errorf("make stream %s: %w", want.Name, err)
	}
	got := stream.CachedInfo().Config
	if got.Storage != want.Storage || got.Retention != want.Retention || got.Discard != want.Discard ||
		got.MaxAge != want.MaxAge || got.MaxBytes != want.MaxBytes || got.Replicas != want.Replicas {
		return fmt.Errorf("stream %s is not set up as it must be (on disk, refusing when full, kept %s)", want.Name, want.MaxAge)
	}
	return nil
}

// limitBytes keeps an embedded stream to 70 % of the disk that is free or its own,
// and never sets a limit below what is stored: the server would drop the oldest.
func (b *Bus) limitBytes(ctx context.Context, want *jetstream.StreamConfig) error {
	var stored int64
	existing, err := b.js.Stream(ctx, want.Name)
	switch {
	case err == nil:
		stored = int64(existing.CachedInfo().State.Bytes)
	case !errors.Is(err, jetstream.ErrStreamNotFound):
		return fmt.Errorf("look for stream %s: %w", want.Name, err)
	}
	if b.embedded != nil {
		free, err := freeBytes(b.embedded.dir)
		if err != nil {
			return err
		}
		want.MaxBytes = min(want.MaxBytes, (free+stored)*7/10)
	}
	want.MaxBytes = max(want.MaxBytes, stored)
	return nil
}

// Publish stores one message and returns when it is on disk. Otherwise the error
// is a domain.Error of kind Unavailable that wraps ErrFull or ErrAway, or TooLarge.
func (b *Bus) Publish(ctx context.Context, stream Stream, shard int, header map[string]string, data []byte) error {
	if err := stream.checkShard(shard); err != nil {
		return err
	}
	if err := b.store(ctx, stream.subject(shard), header, data); err != nil {
		return err
	}
	b.counts.published.Add(1)
	return nil
}

func (b *Bus) store(ctx context.Context, subject string, header map[string]string, data []byte) error {
	if b.embedded != nil && b.embedded.broken.Load() {
		b.counts.full.Add(1)
		return domain.ErrUnavailable.With(ErrFull)
	}
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	defer context.AfterFunc(b.undisturbed(), cancel)()

	msg := &nats.Msg{Subject: subject, Data: data}
	if len(header) > 0 {
		msg.Header = make(nats.Header, len(header))
		for name, value := range header {
			msg.Header[name] = []string{value}
		}
	}
	if _, err := b.js.PublishMsg(ctx, msg); err != nil {
		return b.refused(err)
	}
	return nil
}

// refused names the reason for a message that was not confirmed.
func (b *Bus) refused(err error) error {
	var apiError *jetstream.APIError
	switch {
	case errors.Is(err, nats.ErrMaxPayload):
		return (&domain.Error{Kind: domain.TooLarge, Code: "too_large", Detail: "This is too large."}).With(err)
	case errors.As(err, &apiError) && isFull(apiError), b.embedded != nil && b.embedded.broken.Load():
		b.counts.full.Add(1)
		return domain.ErrUnavailable.With(fmt.Errorf("%w: %w", ErrFull, err))
	}
	b.counts.away.Add(1)
	return domain.ErrUnavailable.With(fmt.Errorf("%w: %w", ErrAway, err))
}

// isFull recognises what the server says when it has no room: a limit of the
// stream or a failed write (10077), or of the account or server (10023, 10047).
func isFull(err *jetstream.APIError) bool {
	return err.ErrorCode == 10077 || err.ErrorCode == 10023 || err.ErrorCode == 10047
}

// State is what a stream holds.
type State struct {
	Messages, Bytes, MaxBytes uint64
	FirstSeq, LastSeq         uint64
	FirstAt, LastAt           time.Time
	// CreatedAt tells a stream from another of the same name: positions belong to one of them.
	CreatedAt time.Time
}

// Used is the share of the limit that is taken, 0 to 1.
func (s State) Used() float64 { return float64(s.Bytes) / float64(s.MaxBytes) }

// State asks the server what the stream holds.
func (b *Bus) State(ctx context.Context, stream Stream) (State, error) {
	found, err := b.js.Stream(ctx, stream.String())
	if err != nil {
		return State{}, fmt.Errorf("state of stream %s: %w", stream, err)
	}
	info := found.CachedInfo()
	return State{
		Messages: info.State.Msgs, Bytes: info.State.Bytes, MaxBytes: uint64(info.Config.MaxBytes),
		FirstSeq: info.State.FirstSeq, LastSeq: info.State.LastSeq,
		FirstAt: info.State.FirstTime, LastAt: info.State.LastTime,
		CreatedAt: info.Created,
	}, nil
}

// Last is the sequence of a shard's newest message, 0 when it has none.
func (b *Bus) Last(ctx context.Context, stream Stream, shard int) (uint64, error) {
	if err := stream.checkShard(shard); err != nil {
		return 0, err
	}
	found, err := b.js.Stream(ctx, stream.String())
	if err != nil {
		return 0, fmt.Errorf("last message of stream %s: %w", stream, err)
	}
	msg, err := found.GetLastMsgForSubject(ctx, stream.subject(shard))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("last message of stream %s: %w", stream, err)
	}
	return msg.Sequence, nil
}
