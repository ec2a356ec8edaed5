package bus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
)

const (
	// A batch ends at whichever comes first; it never waits to fill.
	batchMessages = 256
	batchBytes    = 1 << 20
	// pullBytes bounds what the server sends ahead of the handler, per reader.
	pullBytes = 8 << 20
	// heartbeat has the server speak up on an idle reader, so that one it forgot notices within twice that.
	heartbeat = 2 * time.Second
	// consumerIdle is after how long the server forgets a reader that went without saying so.
	consumerIdle = 5 * time.Minute
	restartWait  = 200 * time.Millisecond
)

// Message is one message of a stream.
type Message struct {
	Seq    uint64 // rises within the stream; within a shard it has gaps
	Shard  int
	Header map[string]string
	Data   []byte
	At     time.Time // when it was stored
}

var (
	errGap         = errors.New("a message is missing in between")
	errInterrupted = errors.New("the connection was interrupted")
)

// Read hands a shard's messages to handle in order and without gaps, beginning
// with the first whose sequence is from or higher, whatever is waiting at once
// (at most 256 messages or about 1 MB). It goes on over lost connections, and
// returns when ctx ends, with handle's error, or with ErrPastEnd. Nothing is
// acknowledged: the caller keeps the position.
func (b *Bus) Read(ctx context.Context, stream Stream, shard int, from uint64, handle func(context.Context, []Message) error) error {
	if err := stream.checkShard(shard); err != nil {
		return err
	}
	f := follower{bus: b, stream: stream, subject: stream.subject(shard), next: max(from, 1), handle: handle}
	return f.run(ctx)
}

// GetRange hands over the messages of all shards stored between two instants, in
// order, and returns after the last that is there when it is called.
func (b *Bus) GetRange(ctx context.Context, stream Stream, from, to time.Time, handle func(context.Context, []Message) error) error {
	f := follower{bus: b, stream: stream, subject: strings.ToLower(stream.String()) + ".*", since: from, handle: handle}
	state, err := b.State(ctx, stream)
	if err != nil {
		return err
	}
	if state.Messages == 0 || state.LastAt.Before(from) {
		return nil
	}
	f.isEnd = func(m Message) bool { return m.Seq > state.LastSeq || m.At.After(to) }
	return f.run(ctx)
}

// follower reads one subject of a stream through consumers that it replaces as
// often as necessary. The client library's ordered consumer does the same, but
// panics when it is stopped while the server is away (nats.go 1.55).
type follower struct {
	bus     *Bus
	stream  Stream
	subject string
	next    uint64    // first sequence wanted
	since   time.Time // instead of next, until the first message
	isEnd   func(Message) bool
	handle  func(context.Context, []Message) error
	stopped error // what handle returned
	ended   bool
}

func (f *follower) run(ctx context.Context) error {
	for {
		err := f.follow(ctx)
		switch {
		case f.stopped != nil:
			return f.stopped
		case f.ended:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, ErrPastEnd):
			return err
		}
		f.bus.counts.restarts.Add(1)
		f.bus.logger.Info("stream reader begins again",
			zap.Stringer("stream", f.stream), zap.String("subject", f.subject), zap.Uint64("from", f.next), zap.Error(err))
		timer := time.NewTimer(restartWait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// follow makes one consumer and hands over what it brings until something breaks.
func (f *follower) follow(ctx context.Context) error {
	undisturbed := f.bus.undisturbed()
	consumer, err := f.consumer(ctx)
	if err != nil {
		return err
	}
	arrived := make(chan jetstream.Msg, batchMessages)
	broken := make(chan error, 1)
	leaving := make(chan struct{})
	consuming, err := consumer.Consume(
		func(msg jetstream.Msg) {
			select {
			case arrived <- msg:
			case <-leaving:
			}
		},
		jetstream.PullMaxMessagesWithBytesLimit(batchMessages, pullBytes),
		jetstream.PullHeartbeat(heartbeat),
		jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
			select {
			case broken <- err:
			default:
			}
		}),
	)
	if err != nil {
		return fmt.Errorf("read stream %s: %w", f.stream, err)
	}
	defer func() {
		close(leaving)
		consuming.Stop()
		<-consuming.Closed()
		f.forget(ctx, consumer.CachedInfo().Name)
	}()
	for delivered := uint64(0); ; {
		select {
		case msg := <-arrived:
			batch, broke := f.collect(msg, arrived, &delivered)
			if err := f.pass(ctx, batch); err != nil {
				return err
			}
			if broke != nil || f.ended {
				return broke
			}
		case err := <-broken:
			return err
		case <-undisturbed.Done():
			return errInterrupted
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (f *follower) consumer(ctx context.Context) (jetstream.Consumer, error) {
	stream, err := f.bus.js.Stream(ctx, f.stream.String())
	if err != nil {
		return nil, fmt.Errorf("read stream %s: %w", f.stream, err)
	}
	config := jetstream.ConsumerConfig{
		AckPolicy:         jetstream.AckNonePolicy,
		FilterSubject:     f.subject,
		MemoryStorage:     true,
		Replicas:          1,
		InactiveThreshold: consumerIdle,
	}
	if f.next == 0 {
		config.DeliverPolicy, config.OptStartTime = jetstream.DeliverByStartTimePolicy, &f.since
	} else {
		config.DeliverPolicy, config.OptStartSeq = jetstream.DeliverByStartSequencePolicy, f.next
		if last := stream.CachedInfo().State.LastSeq; f.next > last+1 {
			return nil, fmt.Errorf("read stream %s from %d, the last is %d: %w", f.stream, f.next, last, ErrPastEnd)
		}
	}
	consumer, err := stream.CreateConsumer(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("read stream %s: %w", f.stream, err)
	}
	return consumer, nil
}

// collect makes a batch of msg and what has arrived behind it. With an error, the
// batch holds what came before it.
func (f *follower) collect(msg jetstream.Msg, arrived <-chan jetstream.Msg, delivered *uint64) ([]Message, error) {
	var batch []Message
	size := 0
	for {
		metadata, err := msg.Metadata()
		if err != nil {
			return batch, fmt.Errorf("read stream %s: %w", f.stream, err)
		}
		// The server numbers what it sends to this consumer; a hole is a lost delivery.
		if metadata.Sequence.Consumer != *delivered+1 {
			return batch, errGap
		}
		*delivered++
		m := Message{
			Seq: metadata.Sequence.Stream, Shard: shardOf(msg.Subject()), Header: firstValues(msg.Headers()),
			Data: msg.Data(), At: metadata.Timestamp,
		}
		if f.isEnd != nil && f.isEnd(m) {
			f.ended = true
			return batch, nil
		}
		if m.Seq >= f.next {
			batch = append(batch, m)
			size += len(m.Data)
			f.next = m.Seq + 1
		}
		if f.isEnd != nil && metadata.NumPending == 0 {
			f.ended = true
			return batch, nil
		}
		if len(batch) >= batchMessages || size >= batchBytes {
			return batch, nil
		}
		select {
		case msg = <-arrived:
		default:
			return batch, nil
		}
	}
}

func (f *follower) pass(ctx context.Context, batch []Message) error {
	if len(batch) == 0 {
		return nil
	}
	if f.stopped = f.handle(ctx, batch); f.stopped != nil {
		return f.stopped
	}
	f.bus.counts.batches.Add(1)
	f.bus.counts.read.Add(uint64(len(batch)))
	return nil
}

// forget tells the server that a consumer is done with. Unheard, it forgets by itself.
func (f *follower) forget(ctx context.Context, name string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := f.bus.js.DeleteConsumer(ctx, f.stream.String(), name); err != nil {
		f.bus.logger.Debug("stream consumer not deleted", zap.Stringer("stream", f.stream), zap.Error(err))
	}
}

// shardOf reads the shard out of a subject this package made.
func shardOf(subject string) int {
	shard, err := strconv.Atoi(subject[strings.LastIndexByte(subject, '.')+1:])
	if err != nil {
		return -1
	}
	return shard
}

func firstValues(header nats.Header) map[string]string {
	if len(header) == 0 {
		return nil
	}
	values := make(map[string]string, len(header))
	for name := range header {
		values[name] = header.Get(name)
	}
	return values
}
