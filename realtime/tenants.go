package realtime

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"baraza/domain"
	"baraza/tenancy"
)

// tenantSockets are the connections of one tenant. Live frames of a tenant are
// subscribed to while it has one here, and no longer.
type tenantSockets struct {
	id uuid.UUID
	// horizon below which the tenant's changes were handed to its connections.
	horizon atomic.Pointer[horizon]
	// misses counts the sweeps in a row that could not deliver; the sweep's own.
	misses int

	// Guarded by the hub's lock.
	connections map[*connection]struct{}
	users       map[uuid.UUID]int

	mu   sync.Mutex
	stop func() // ends the subscription
}

var (
	errGoing    = &domain.Error{Kind: domain.Unavailable, Code: "unavailable", Detail: "This server is about to restart. Connect again.", RetryAfter: retryUpgrade}
	errCrowded  = &domain.Error{Kind: domain.TooMany, Code: "rate_limited", Detail: "Too many connections at once.", RetryAfter: retryUpgrade}
	errUserFull = &domain.Error{Kind: domain.TooMany, Code: "rate_limited", Detail: "You have too many open connections.", RetryAfter: retryFull}
	errFull     = &domain.Error{Kind: domain.TooMany, Code: "rate_limited", Detail: "The workspace has too many open connections.", RetryAfter: retryFull}
)

// join counts the connection in, within the limits, and makes sure its tenant's
// frames arrive. leave is due after it, error or not.
func (h *Hub) join(c *connection) error {
	user := c.rights.Load().UserID
	h.mu.Lock()
	t := h.tenants[c.tenant]
	switch {
	case h.closed:
		h.mu.Unlock()
		return errGoing
	case t != nil && len(t.connections) >= h.config.TenantSockets:
		h.mu.Unlock()
		return errFull
	case t != nil && user != uuid.Nil && t.users[user] >= h.config.UserSockets:
		h.mu.Unlock()
		return errUserFull
	}
	if t == nil {
		t = &tenantSockets{id: c.tenant, connections: map[*connection]struct{}{}, users: map[uuid.UUID]int{}}
		t.horizon.Store(h.horizon.Load())
		h.tenants[c.tenant] = t
	}
	t.connections[c] = struct{}{}
	t.users[user]++
	c.home = t
	h.readers.Add(1)
	h.mu.Unlock()
	if err := h.listen(t); err != nil {
		h.leave(c)
		return domain.ErrUnavailable.With(err)
	}
	return nil
}

// listen subscribes to the tenant's frames, once.
func (h *Hub) listen(t *tenantSockets) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stop != nil {
		return nil
	}
	stop, err := h.config.Bus.SubscribeLive(t.id, func(data []byte) { h.hear(t.id, data) })
	if err != nil {
		return err
	}
	t.stop = stop
	return nil
}

// leave takes the connection out; the last one of a tenant ends its subscription.
func (h *Hub) leave(c *connection) {
	defer h.readers.Done()
	t, user := c.home, c.rights.Load().UserID
	h.mu.Lock()
	delete(t.connections, c)
	if t.users[user]--; t.users[user] == 0 {
		delete(t.users, user)
	}
	last := len(t.connections) == 0
	if last {
		delete(h.tenants, t.id)
	}
	h.mu.Unlock()
	if !last {
		return
	}
	t.mu.Lock()
	if t.stop != nil {
		t.stop()
	}
	t.mu.Unlock()
	// Unheard from now on, read.changed would leave a wrong marker behind.
	shard := h.shardOf(t.id)
	select {
	case shard.in <- func(context.Context) { delete(shard.markers, t.id) }:
	case <-h.base.Done():
	}
}

// known says whether the tenant has a socket here.
func (h *Hub) known(tenant uuid.UUID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.tenants[tenant] != nil
}

// presentTenants lists the tenants that have a socket here.
func (h *Hub) presentTenants() []*tenantSockets {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]*tenantSockets, 0, len(h.tenants))
	for _, t := range h.tenants {
		list = append(list, t)
	}
	return list
}

// connectionsOf lists the tenant's connections.
func (h *Hub) connectionsOf(t *tenantSockets) []*connection {
	h.mu.Lock()
	defer h.mu.Unlock()
	return t.all()
}

func (t *tenantSockets) all() []*connection {
	list := make([]*connection, 0, len(t.connections))
	for c := range t.connections {
		list = append(list, c)
	}
	return list
}

// connections lists all of them.
func (h *Hub) connections() []*connection {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []*connection
	for _, t := range h.tenants {
		list = append(list, t.all()...)
	}
	return list
}

// shutDoor lets nobody in any more and lists who is in.
func (h *Hub) shutDoor() []*connection {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	return h.connections()
}

// Cursor is the context's person's place in the changes of their tenant, for X-Cursor:
// taken before a read, it serves as since. Empty while the hub does not run.
func (h *Hub) Cursor(ctx context.Context) string {
	at := h.horizon.Load()
	if at == nil {
		return ""
	}
	return at.cursor(uint32(tenancy.From(ctx).Version))
}

// Sockets counts the open connections per tenant.
func (h *Hub) Sockets() map[uuid.UUID]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make(map[uuid.UUID]int, len(h.tenants))
	for id, t := range h.tenants {
		list[id] = len(t.connections)
	}
	return list
}
