package bus

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
)

const (
	// A subscriber this far behind loses frames; they can be fetched again.
	pendingMessages = 65_536
	pendingBytes    = 32 << 20
	flushTimeout    = 2 * time.Second
)

// Signal is one of the things every process is told at once.
type Signal string

const (
	// Revoked says that sessions, memberships or roles lost rights.
	Revoked Signal = "revoked"
	// ChannelsChanged says that routing keys point elsewhere.
	ChannelsChanged Signal = "channels"
	// KeysChanged says that an API key ended or is another than before.
	KeysChanged Signal = "keys"
)

func signals() []Signal { return []Signal{Revoked, ChannelsChanged, KeysChanged} }

func liveSubject(tenant uuid.UUID) string { return "live." + tenant.String() }

func (s Signal) subject() (string, error) {
	if !slices.Contains(signals(), s) {
		return "", fmt.Errorf("there is no signal %q", string(s))
	}
	return "signal." + string(s), nil
}

// PublishLive sends a frame to every instance that listens for the tenant, this
// one included. It may be lost; what it tells is in Postgres already.
func (b *Bus) PublishLive(tenant uuid.UUID, data []byte) error {
	return b.send(liveSubject(tenant), data)
}

// SubscribeLive calls take with each frame of the tenant, one at a time, from when
// it returns until stop is called; a frame in flight may still arrive after that.
func (b *Bus) SubscribeLive(tenant uuid.UUID, take func([]byte)) (stop func(), err error) {
	return b.subscribe(liveSubject(tenant), take)
}

// PublishSignal tells every process, this one included. It may be lost.
func (b *Bus) PublishSignal(signal Signal, data []byte) error {
	subject, err := signal.subject()
	if err != nil {
		return err
	}
	return b.send(subject, data)
}

// SubscribeSignal is SubscribeLive for a signal.
func (b *Bus) SubscribeSignal(signal Signal, take func([]byte)) (stop func(), err error) {
	subject, err := signal.subject()
	if err != nil {
		return nil, err
	}
	return b.subscribe(subject, take)
}

func (b *Bus) send(subject string, data []byte) error {
	if err := b.conn.Publish(subject, data); err != nil {
		return fmt.Errorf("publish a frame: %w", err)
	}
	b.counts.liveOut.Add(1)
	return nil
}

func (b *Bus) subscribe(subject string, take func([]byte)) (func(), error) {
	subscription, err := b.conn.Subscribe(subject, func(msg *nats.Msg) {
		b.counts.liveIn.Add(1)
		take(msg.Data)
	})
	if err != nil {
		return nil, fmt.Errorf("subscribe to frames: %w", err)
	}
	stop := func() {
		// It fails only on a closed connection, which has no subscriptions.
		_ = subscription.Unsubscribe()
	}
	if err := subscription.SetPendingLimits(pendingMessages, pendingBytes); err != nil {
		stop()
		return nil, fmt.Errorf("subscribe to frames: %w", err)
	}
	// The server knows of it before the caller reads what it might have missed.
	if err := b.conn.FlushTimeout(flushTimeout); err != nil {
		stop()
		return nil, fmt.Errorf("subscribe to frames: %w", err)
	}
	return stop, nil
}
