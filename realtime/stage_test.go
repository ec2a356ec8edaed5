package realtime

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap/zaptest"

	"baraza/bus"
	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

func TestMain(m *testing.M) {
	// dbtest's own handles and cluster live as long as the process.
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/jackc/pgx/v5/pgxpool.(*Pool).backgroundHealthCheck"),
		goleak.IgnoreAnyFunction("database/sql.(*DB).connectionOpener"),
		goleak.IgnoreAnyFunction("baraza/db/embedded.(*Server).releaseWhenDone"),
		goleak.IgnoreAnyFunction("baraza/db/embedded.startChild.func1"),
		goleak.IgnoreAnyFunction("os/exec.(*Cmd).writerDescriptor.func1"))
}

const origin = "https://baraza.example"

// stage is a tenant's rows, a bus and one or more hubs on them.
type stage struct {
	dbtest.DB
	t   testing.TB
	bus *bus.Bus
	// live announces what it commits, like the product's handle; DB.Tenant loses every frame.
	live *db.Tenant
	rows rows
	hub  *Hub
	at   *httptest.Server
	desk desk
	stop func()
}

func newStage(t testing.TB, change ...func(*Config)) *stage {
	t.Helper()
	s := &stage{DB: dbtest.New(t), t: t}
	var err error
	s.bus, err = bus.Open(t.Context(), bus.Config{Dir: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.bus.Close()) })
	s.hub, s.at, s.live, s.stop = s.instance(change...)
	return s
}

// instance starts one more hub on the same database and bus.
func (s *stage) instance(change ...func(*Config)) (*Hub, *httptest.Server, *db.Tenant, func()) {
	s.t.Helper()
	log := zaptest.NewLogger(s.t)
	publisher := NewPublisher(s.bus, log)
	tenant, err := db.OpenTenant(s.t.Context(), db.TenantConfig{URL: s.URLs.App, MaxConns: 8, OnCommit: publisher.OnCommit, Patience: 20 * time.Second})
	require.NoError(s.t, err)
	r := rows{db: tenant}
	config := Config{
		Name: "b7", Bus: s.bus, Tenant: tenant, Platform: s.Platform, Publisher: publisher, Log: log, Origins: []string{origin},
		Authenticate: s.desk.authenticate, TakeTicket: s.desk.takeTicket, Renew: s.desk.renew,
		Visible: r.visible, Counts: r.counts, Load: r.load, Markers: r.markers,
		SweepEvery: time.Hour, UserSockets: 2000, // a test that wants others asks for them
	}
	for _, c := range change {
		c(&config)
	}
	hub, err := New(config)
	require.NoError(s.t, err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := hub.Serve(w, r); err != nil {
			writeProblem(w, err)
		}
	}))
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	done := make(chan error, 1)
	go func() { done <- hub.Run(ctx) }()
	dbtest.Eventually(s.t, "the first horizon", func() bool { return hub.horizon.Load() != nil })
	stop := sync.OnceFunc(func() {
		if s.t.Failed() {
			s.t.Logf("%+v %+v", hub.Counts(), s.bus.Metrics())
		}
		cancel()
		require.NoError(s.t, <-done)
		server.Close()
		require.NoError(s.t, tenant.Close())
	})
	s.t.Cleanup(stop)
	s.rows = r
	return hub, server, tenant, stop
}

// writeProblem is what the HTTP edge does with an error, in short.
func writeProblem(w http.ResponseWriter, err error) {
	e := domain.As(err)
	status := map[domain.Kind]int{
		domain.Unauthenticated: 401, domain.Denied: 403, domain.Malformed: 400, domain.TooMany: 429, domain.Unavailable: 503,
	}[e.Kind]
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(max(status, 400))
	fmt.Fprintf(w, `{"status":%d,"code":%q}`, status, e.Code)
}

// desk knows who is signed in: by token, cookie and ticket.
type desk struct {
	mu      sync.Mutex
	logins  map[uuid.UUID]*login
	tickets map[string]uuid.UUID
}

type login struct {
	scope tenancy.Scope
	ends  time.Time
	err   error
}

func (d *desk) signIn(s tenancy.Scope) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.logins == nil {
		d.logins, d.tickets = map[uuid.UUID]*login{}, map[string]uuid.UUID{}
	}
	d.logins[s.SessionID] = &login{scope: s}
	return s.SessionID.String()
}

func (d *desk) change(session uuid.UUID, fn func(*login)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	fn(d.logins[session])
}

func (d *desk) ticket(session uuid.UUID) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	ticket := uuid.NewString()
	d.tickets[ticket] = session
	return ticket
}

func (d *desk) find(session uuid.UUID) (tenancy.Scope, time.Time, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.logins[session]
	if l == nil {
		return tenancy.Scope{}, time.Time{}, domain.ErrUnauthenticated
	}
	return l.scope, l.ends, l.err
}

func (d *desk) authenticate(r *http.Request) (tenancy.Scope, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if cookie, err := r.Cookie("access"); err == nil && token == "" {
		token = cookie.Value
	}
	session, err := uuid.Parse(token)
	if err != nil {
		return tenancy.Scope{}, domain.ErrUnauthenticated
	}
	scope, _, err := d.find(session)
	return scope, err
}

func (d *desk) takeTicket(_ context.Context, ticket string) (tenancy.Scope, error) {
	d.mu.Lock()
	session, ok := d.tickets[ticket]
	delete(d.tickets, ticket)
	d.mu.Unlock()
	if !ok {
		return tenancy.Scope{}, domain.ErrUnauthenticated
	}
	scope, _, err := d.find(session)
	return scope, err
}

func (d *desk) renew(ctx context.Context) (tenancy.Scope, time.Time, error) {
	return d.find(tenancy.From(ctx).SessionID)
}
