package realtime

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"go.uber.org/zap"

	"baraza/bus"
	"baraza/db"
	"baraza/domain"
)

// messageLimit is where a commit's announcement is cut into several messages.
const messageLimit = 512 << 10

// Publisher tells every instance what was committed. What does not arrive is delivered
// by the sweep, so nothing here waits and nothing fails.
type Publisher struct {
	bus *bus.Bus
	log *zap.Logger
	// origin marks our own messages: the local hub has their contents already.
	origin uuid.UUID
	hub    atomic.Pointer[Hub]
}

// NewPublisher makes one per process. The Hub it is given to in Config gets its commits
// directly.
func NewPublisher(b *bus.Bus, log *zap.Logger) *Publisher {
	return &Publisher{bus: b, log: log, origin: db.NewID()}
}

func (p *Publisher) attach(h *Hub) { p.hub.Store(h) }

// announcement is what instances tell each other on a tenant's subject, after the
// sixteen bytes of the origin.
type announcement struct {
	Changes []announced `json:"changes,omitempty"`
	Relay   *relayed    `json:"relay,omitempty"`
}

type announced struct {
	ID             uuid.UUID    `json:"id"`
	Name           string       `json:"name"`
	Entity         string       `json:"entity"`
	EntityID       uuid.UUID    `json:"entity_id"`
	ConversationID uuid.UUID    `json:"conversation_id"`
	UserID         uuid.UUID    `json:"user_id"`
	At             time.Time    `json:"at"`
	Live           *domain.Live `json:"live,omitempty"`
}

// OnCommit is db.TenantConfig.OnCommit. A change whose Live is a domain.Live goes out
// as it is; any other is read back by whoever has somebody to show it to.
func (p *Publisher) OnCommit(_ context.Context, tenant uuid.UUID, changes []db.Change) {
	if h := p.hub.Load(); h != nil {
		h.take(tenant, changes)
	}
	var a announcement
	size := 0
	for _, c := range changes {
		one := announced{c.ID, c.Name, c.Entity, c.EntityID, c.ConversationID, c.UserID, c.At, nil}
		n := 300
		if live, ok := c.Live.(domain.Live); ok && len(live.Data)+len(live.Masked) < messageLimit {
			one.Live = &live
			n += len(live.Data) + len(live.Masked)
		}
		if size += n; size > messageLimit {
			p.announce(tenant, a)
			a.Changes, size = nil, n
		}
		a.Changes = append(a.Changes, one)
	}
	p.announce(tenant, a)
}

func (p *Publisher) announce(tenant uuid.UUID, a announcement) {
	text, err := json.Marshal(a)
	if err == nil {
		err = p.bus.PublishLive(tenant, append(p.origin[:], text...))
	}
	if err != nil {
		p.log.Debug("frame not published", zap.Stringer("tenant_id", tenant), zap.Error(err))
	}
}

// hear takes what another instance announced.
func (h *Hub) hear(tenant uuid.UUID, message []byte) {
	own := h.config.Publisher.origin
	if len(message) < len(own) || uuid.UUID(message[:len(own)]) == own {
		return
	}
	var a announcement
	if err := json.Unmarshal(message[len(own):], &a); err != nil {
		h.config.Log.Error("announcement cannot be read", zap.Stringer("tenant_id", tenant), zap.Error(err))
		return
	}
	if a.Relay != nil {
		h.relay(tenant, *a.Relay)
	}
	if len(a.Changes) == 0 {
		return
	}
	changes := make([]db.Change, len(a.Changes))
	for i, c := range a.Changes {
		changes[i] = db.Change{ID: c.ID, Name: c.Name, Entity: c.Entity, EntityID: c.EntityID, ConversationID: c.ConversationID, UserID: c.UserID, At: c.At}
		if c.Live != nil {
			changes[i].Live = *c.Live
		}
	}
	h.take(tenant, changes)
}

// take has the tenant's shard pass the changes on, if there is anybody to tell.
func (h *Hub) take(tenant uuid.UUID, changes []db.Change) {
	if !h.known(tenant) {
		return
	}
	s := h.shardOf(tenant)
	offered := s.offer(func(ctx context.Context) {
		if _, err := s.deliver(ctx, tenant, changes); err != nil && ctx.Err() == nil {
			h.count.Dropped.Add(int64(len(changes)))
			h.config.Log.Warn("frames left to the sweep", zap.Stringer("tenant_id", tenant), zap.Error(err))
		}
	})
	if !offered {
		h.count.Dropped.Add(int64(len(changes)))
	}
}
