// Package realtime shows open screens what changed, as it changes: the socket of
// API.md §5, its topics, its replay and its end.
//
// Always true: a frame goes to connections of its own tenant whose rights reach the
// row, and to no other. A cursor given to a client lies below every change that client
// was not handed, so a frame may be lost and a change may not: what is lost between
// commit and publish is delivered by the next sweep, what is lost with the socket by
// replay. Nothing waits for a slow reader. Losing a right, a session or a tenant ends
// the socket or narrows it at once.
package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"baraza/bus"
	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// Config is what a Hub needs. Functions with a context get the scope in it: the
// person's, or the tenant's own (tenancy.System) for Load and Markers.
type Config struct {
	// Name of this instance, as hello shows it.
	Name      string
	Bus       *bus.Bus
	Tenant    *db.Tenant
	Platform  *db.Platform
	Publisher *Publisher
	Log       *zap.Logger

	// Origins a browser may come from: that of the base URL and those configured, as
	// browsers write them (scheme://host[:port], lower case, no default port).
	Origins []string
	// Authenticate reads cookie or bearer, as for any request.
	Authenticate func(*http.Request) (tenancy.Scope, error)
	// TakeTicket spends a one-time ticket and says whose it was.
	TakeTicket func(ctx context.Context, ticket string) (tenancy.Scope, error)
	// Renew reads the rights of the context's login again, past any cache, and when the
	// login ends at the latest (zero: never). An error is its end.
	Renew func(context.Context) (tenancy.Scope, time.Time, error)

	// Visible is nil when the person may see the conversation, else domain.ErrNotFound.
	Visible func(ctx context.Context, conversation uuid.UUID) error
	// Counts of the inbox, a JSON object.
	Counts func(context.Context) (json.RawMessage, error)
	// Load makes the frames of changes from the rows as they are now, one each; a zero
	// Live for what is gone.
	Load func(context.Context, []db.Change) ([]domain.Live, error)
	// Markers of these people in these conversations; who has none is left out.
	Markers func(ctx context.Context, conversations, users []uuid.UUID) ([]domain.Marker, error)
	// SetAvailability is what a presence frame chooses. Nil: it is refused.
	SetAvailability func(ctx context.Context, availability, reason string) error

	// SweepEvery is how late a lost frame may be. Defaults to 5 s.
	SweepEvery time.Duration
	// PingEvery is how often a peer is pinged, Silence after how long without a sign
	// it is closed. Default to 20 s and 45 s.
	PingEvery, Silence time.Duration
	// CursorEvery is how often a connection nothing happens to is given a cursor.
	// Defaults to 10 s.
	CursorEvery time.Duration
	// CountsEvery is how often counts.changed is told. Defaults to 1 s.
	CountsEvery time.Duration
	// Queries is how many statements the hub runs at once. Defaults to 4.
	Queries int
	// UserSockets, TenantSockets and Upgrades (per second) are the limits of this
	// instance. Default to 10, 2,000 and 500.
	UserSockets, TenantSockets, Upgrades int
}

const shardCount = 64

// Hub holds the sockets of this instance.
type Hub struct {
	config  Config
	count   counts
	shards  [shardCount]*shard
	lanes   []*lane
	wheel   wheel
	queries chan struct{}
	gate    *gate
	origins map[string]bool
	// horizon of the last sweep; nil before Run has read the first one.
	horizon atomic.Pointer[horizon]
	clock   atomic.Int64    // Unix milliseconds, as of the last tick
	base    context.Context // of what sockets ask for; set before horizon

	mu      sync.Mutex
	closed  bool // no new sockets
	tenants map[uuid.UUID]*tenantSockets

	// readers are joined connections, sockets those not closed yet, tasks what runs for
	// them, writers wait for slow peers.
	readers, sockets, tasks, writers sync.WaitGroup
	serial                           atomic.Uint32 // deals connections to lanes
	onlyCursor                       *body
}

// New makes a Hub; it takes sockets while Run runs.
func New(config Config) (*Hub, error) {
	if config.Bus == nil || config.Tenant == nil || config.Platform == nil || config.Publisher == nil || config.Log == nil {
		return nil, errors.New("realtime: Bus, Tenant, Platform, Publisher and Log are required")
	}
	if config.Authenticate == nil || config.TakeTicket == nil || config.Renew == nil || config.Visible == nil ||
		config.Counts == nil || config.Load == nil || config.Markers == nil {
		return nil, errors.New("realtime: a function is missing")
	}
	for d, fallback := range map[*time.Duration]time.Duration{
		&config.SweepEvery: 5 * time.Second, &config.PingEvery: 20 * time.Second, &config.Silence: 45 * time.Second,
		&config.CursorEvery: 10 * time.Second, &config.CountsEvery: time.Second,
	} {
		if *d == 0 {
			*d = fallback
		}
	}
	for n, fallback := range map[*int]int{
		&config.Queries: 4, &config.UserSockets: 10, &config.TenantSockets: 2000, &config.Upgrades: 500,
	} {
		if *n == 0 {
			*n = fallback
		}
	}
	h := &Hub{
		config: config, queries: make(chan struct{}, config.Queries), gate: newGate(config.Upgrades),
		origins: map[string]bool{}, tenants: map[uuid.UUID]*tenantSockets{}, onlyCursor: cursorOnly(),
	}
	for _, origin := range config.Origins {
		h.origins[origin] = true
	}
	for i := range h.shards {
		h.shards[i] = newShard(h)
	}
	for range runtime.GOMAXPROCS(0) {
		h.lanes = append(h.lanes, newLane(h))
	}
	h.tickClock()
	config.Publisher.attach(h)
	return h, nil
}

func (h *Hub) tickClock() { h.clock.Store(time.Now().UnixMilli()) }

// Run passes on what happens until ctx ends, then says goodbye to every socket and
// waits for them.
func (h *Hub) Run(ctx context.Context) error {
	first, err := h.firstHorizon(ctx)
	if err != nil {
		return fmt.Errorf("realtime: %w", err)
	}
	// Sockets outlive ctx by their goodbye; what they ask for does not.
	h.base = ctx
	h.horizon.Store(first)
	var writing sync.WaitGroup
	for _, l := range h.lanes {
		writing.Go(l.run)
	}
	group, working := errgroup.WithContext(ctx)
	for _, s := range h.shards {
		group.Go(func() error { return s.run(working) })
	}
	group.Go(func() error { return h.sweep(working) })
	group.Go(func() error { return h.tick(working) })
	err = group.Wait()
	for _, c := range h.shutDoor() {
		c.close(closeGoing, "server leaves")
	}
	h.readers.Wait()
	h.tasks.Wait()
	h.sockets.Wait()
	for _, l := range h.lanes {
		l.stop()
	}
	writing.Wait()
	h.writers.Wait()
	return err
}

// query waits for one of the places for statements: a crowd that reconnects must not
// take the pool from everybody else.
func (h *Hub) query(ctx context.Context) (done func(), err error) {
	select {
	case h.queries <- struct{}{}:
		return func() { <-h.queries }, nil
	case <-ctx.Done():
		return nil, domain.ErrUnavailable.With(ctx.Err())
	}
}

func (h *Hub) shardOf(tenant uuid.UUID) *shard {
	return h.shards[tenant[15]%shardCount] // the end of a UUIDv7 is random
}

// lives completes the changes' frames; those without one are read.
func (h *Hub) lives(ctx context.Context, changes []db.Change) ([]domain.Live, error) {
	lives := make([]domain.Live, len(changes))
	var missing []int
	var unread []db.Change
	for i, c := range changes {
		live, ok := c.Live.(domain.Live)
		if !ok {
			missing, unread = append(missing, i), append(unread, c)
			continue
		}
		lives[i] = live
	}
	if len(missing) == 0 {
		return lives, nil
	}
	done, err := h.query(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	loaded, err := h.config.Load(ctx, unread)
	if err != nil {
		return nil, err
	}
	if len(loaded) != len(unread) {
		return nil, domain.ErrInternal.With(fmt.Errorf("%d frames for %d changes", len(loaded), len(unread)))
	}
	for i, live := range loaded {
		lives[missing[i]] = live
	}
	return lives, nil
}

func (h *Hub) counts(ctx context.Context) (json.RawMessage, error) {
	done, err := h.query(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	return h.config.Counts(ctx)
}

func (h *Hub) visible(ctx context.Context, conversation uuid.UUID) error {
	done, err := h.query(ctx)
	if err != nil {
		return err
	}
	defer done()
	return h.config.Visible(ctx, conversation)
}
