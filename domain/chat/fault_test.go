package chat

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain/channels"
)

// fault is what happens to one statement.
type fault string

const (
	unsent     fault = "unsent"     // it does not reach the server
	killed     fault = "killed"     // the server's process for the connection ends before it
	unanswered fault = "unanswered" // the server does it, and the answer is lost on the way
)

// saboteur is a tracer that has one statement of a context meet a fault.
type saboteur struct {
	proxy *toxiproxy.Proxy
	admin *pgxpool.Pool
}

// plan is which statement of a context meets which fault.
type plan struct {
	fault fault
	only  string // the text of the statements that count; "" for all
	left  atomic.Int64
	hit   *pgx.Conn
}

type planKey struct{}

func (s *saboteur) TraceQueryStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	return s.strike(ctx, conn, data.SQL)
}

// A batch is one statement: its parts travel together.
func (s *saboteur) TraceBatchStart(ctx context.Context, conn *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return s.strike(ctx, conn, "")
}

func (*saboteur) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

func (s *saboteur) TraceBatchEnd(ctx context.Context, conn *pgx.Conn, _ pgx.TraceBatchEndData) {
	s.relent(ctx, conn)
}

func (s *saboteur) strike(ctx context.Context, conn *pgx.Conn, sql string) context.Context {
	p, ok := ctx.Value(planKey{}).(*plan)
	if !ok || p.only != "" && p.only != sql || p.left.Add(-1) != 0 {
		return ctx
	}
	p.hit = conn
	switch p.fault {
	case unsent:
		ended, cancel := context.WithCancel(ctx)
		cancel()
		return ended
	case killed:
		if _, err := s.admin.Exec(context.WithoutCancel(ctx), `select pg_terminate_backend($1)`, conn.PgConn().PID()); err != nil {
			panic(err)
		}
	case unanswered:
		reset := strings.NewReader(`{"name":"reset","type":"reset_peer","stream":"downstream","attributes":{"timeout":0}}`)
		if _, err := s.proxy.Toxics.AddToxicJson(reset); err != nil {
			panic(err)
		}
	}
	return ctx
}

func (s *saboteur) TraceQueryEnd(ctx context.Context, conn *pgx.Conn, _ pgx.TraceQueryEndData) {
	s.relent(ctx, conn)
}

func (s *saboteur) relent(ctx context.Context, conn *pgx.Conn) {
	p, ok := ctx.Value(planKey{}).(*plan)
	if !ok || p.hit != conn {
		return
	}
	p.hit = nil
	if p.fault == unanswered {
		if err := s.proxy.Toxics.RemoveToxic(context.WithoutCancel(ctx), "reset"); err != nil {
			panic(err)
		}
	}
}

// fragile is a sending whose statements meet faults.
type fragile struct {
	sending
	admin *pgxpool.Pool
}

func setupFragile(t *testing.T) fragile {
	s := setupSending(t)
	admin, err := pgxpool.New(t.Context(), s.URLs.Admin)
	require.NoError(t, err)
	t.Cleanup(admin.Close)
	address, upstream := overTCP(t, s.URLs.App)
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	proxy := toxiproxy.NewProxy(server, "postgres", "127.0.0.1:0", upstream)
	require.NoError(t, proxy.Start())
	t.Cleanup(proxy.Stop)
	address.Host, address.RawQuery = proxy.Listen, ""
	tenant, err := db.OpenTenant(t.Context(), db.TenantConfig{URL: address.String(), MaxConns: 2, Tracer: &saboteur{proxy, admin}, Patience: 20 * time.Second})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, tenant.Close()) })
	s.Database = &dbtest.Database{Tenant: tenant, Platform: s.Platform, Statements: s.Statements, URLs: s.URLs}
	s.receiver = &Receiver{DB: tenant, Numbers: &Numbers{}}
	s.messages = &Messages{DB: tenant, Horizon: s.messages.Horizon}
	s.conversations = &Conversations{DB: tenant, Cursors: s.conversations.Cursors, Horizon: s.conversations.Horizon}
	s.outbox = &Outbox{DB: tenant, Channels: &channels.Dispatcher{DB: tenant, Keys: s.outbox.Channels.Keys, Real: s.outbox.Channels.Real}}
	return fragile{s, admin}
}

// overTCP is where the server listens on the network, which it does beside its socket.
func overTCP(t *testing.T, address string) (*url.URL, string) {
	t.Helper()
	config, err := pgx.ParseConfig(address)
	require.NoError(t, err)
	host := config.Host
	if strings.HasPrefix(host, "/") {
		host = "127.0.0.1"
	}
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u, net.JoinHostPort(host, strconv.Itoa(int(config.Port)))
}

// each has one statement of do after the other meet each fault, until none is left to
// meet it, and calls then after every time.
func (f fragile) each(t *testing.T, do func(context.Context) error, then func(t *testing.T, failed error)) {
	t.Helper()
	for _, kind := range []fault{unsent, killed, unanswered} {
		for nth := int64(1); ; nth++ {
			require.Less(t, nth, int64(60))
			p := &plan{fault: kind}
			if kind == unanswered {
				p.only = "commit" // before it, an answer lost is a connection lost
			}
			p.left.Store(nth)
			err := do(context.WithValue(t.Context(), planKey{}, p))
			if p.left.Load() > 0 {
				require.NoError(t, err)
				require.Greater(t, nth, int64(1), "no statement at all")
				break
			}
			t.Run(fmt.Sprintf("%s_%d", kind, nth), func(t *testing.T) { then(t, err) }) //nolint:paralleltest // one after the other
		}
	}
}

// scoped carries the plan of ctx and the scope of who.
func scoped(ctx, who context.Context) context.Context {
	return context.WithValue(who, planKey{}, ctx.Value(planKey{}))
}

func (f fragile) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, f.admin.QueryRow(t.Context(), query, args...).Scan(&n))
	return n
}

// jobs are the jobs there are for the conversation.
func (f fragile) jobs(t *testing.T) int {
	t.Helper()
	return f.count(t, `select count(*) from river.river_job where args->'args'->>'conversation_id' = $1`, f.conversation.String())
}

// SECURITY D3: whichever statement of the ways in and out fails, is killed with its
// connection, or is done and its answer lost: what is tried again ends as if nothing had
// happened, once.
func TestEveryStatementMayFail(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC().Truncate(time.Second)

	// CH-07: everything or nothing; repeated, once and in order.
	t.Run("receive", func(t *testing.T) {
		t.Parallel()
		f := setupFragile(t)
		n := 0
		var batch []Inbound
		f.each(t, func(ctx context.Context) error {
			n++
			someone := customer(fmt.Sprint(254720000000+n), "")
			batch = []Inbound{
				text(f.channelA, someone, fmt.Sprintf("wamid.%d.1", n), fmt.Sprint(n, " one"), now),
				text(f.channelA, someone, fmt.Sprintf("wamid.%d.2", n), fmt.Sprint(n, " two"), now),
				{f.channelA, channels.Event{At: now.Add(time.Duration(n) * time.Second), Reaction: &channels.InboundReaction{
					From: customer("254711000222", "Otieno"), ProviderID: fmt.Sprint("wamid.r", n), Target: "wamid.in", Emoji: fmt.Sprint(n)}}},
			}
			_, err := f.receiver.Receive(scoped(ctx, system(f.A)), batch)
			return err
		}, func(t *testing.T, failed error) {
			stored := f.count(t, `select count(*) from messages where channel_id = $1 and text like $2`, f.channelA, fmt.Sprint(n, " %"))
			if failed == nil {
				require.Equal(t, 2, stored, "a loss inside was made good")
			} else {
				require.Contains(t, []int{0, 2}, stored, "everything or nothing")
			}
			for range 2 {
				_, err := f.receiver.Receive(system(f.A), batch)
				require.NoError(t, err)
			}
			var conversation uuid.UUID
			require.NoError(t, f.admin.QueryRow(t.Context(), `select distinct conversation_id from messages where channel_id = $1 and text like $2`,
				f.channelA, fmt.Sprint(n, " %")).Scan(&conversation))
			require.Equal(t, []string{fmt.Sprint(n, " one"), fmt.Sprint(n, " two")}, f.texts(t, f.A, conversation))
			f.dense(t, f.A, conversation)
			require.Equal(t, 2, f.count(t, `select count(*) from changes where conversation_id = $1 and name = 'message.created'`, conversation), "announced once")
			require.Equal(t, 1, f.count(t, `select count(*) from message_reactions r join messages m on m.id = r.message_id where m.conversation_id = $1 and r.emoji = $2`,
				f.conversation, fmt.Sprint(n)))
		})
		tenant := f.count(t, `select count(*) from conversations where channel_id = $1`, f.channelA)
		require.Equal(t, tenant, f.count(t, `select count(distinct number) from conversations where channel_id = $1`, f.channelA))
	})

	// Numbers of conversations whose reservation was rolled back belong to whoever comes next.
	t.Run("reserve", func(t *testing.T) {
		t.Parallel()
		f := setupFragile(t)
		receive := func(ctx context.Context, r *Receiver, n int) error {
			someone := customer(fmt.Sprint(254730000000+n), "")
			_, err := r.Receive(scoped(ctx, system(f.A)), []Inbound{text(f.channelA, someone, fmt.Sprint("wamid.", n), "hi", now)})
			return err
		}
		p := &plan{fault: unsent, only: "commit"}
		p.left.Store(1)
		require.Error(t, receive(context.WithValue(t.Context(), planKey{}, p), f.receiver, 0))
		another := &Receiver{DB: f.Tenant, Numbers: &Numbers{}}
		for n := range 2 * retries {
			require.NoError(t, receive(t.Context(), another, 10+n))
		}
		require.NoError(t, receive(t.Context(), f.receiver, 0))
	})

	// CH-15: the client id makes every repeat harmless.
	t.Run("send", func(t *testing.T) {
		t.Parallel()
		f := setupFragile(t)
		var in SendMessage
		jobs := f.jobs(t)
		f.each(t, func(ctx context.Context) error {
			in = SendMessage{ConversationID: f.conversation, ClientID: db.NewID(), Kind: "text", Text: "hello"}
			jobs++
			_, err := f.messages.Send(scoped(ctx, f.A), in)
			return err
		}, func(t *testing.T, failed error) {
			require.Error(t, failed)
			for range 2 {
				m, err := f.messages.Send(f.A, in)
				require.NoError(t, err)
				require.Equal(t, MessageQueued, m.Status)
				require.Equal(t, 1, f.count(t, `select count(*) from changes where entity_id = $1 and name = 'message.created'`, m.ID))
			}
			require.Equal(t, 1, f.count(t, `select count(*) from messages where client_id = $1`, in.ClientID))
			require.Equal(t, jobs, f.jobs(t), "one job")
			f.dense(t, f.A, f.conversation)
		})
	})

	t.Run("retry", func(t *testing.T) {
		t.Parallel()
		f := setupFragile(t)
		m := f.send(t, "hello")
		jobs := f.jobs(t)
		fail := func() {
			_, err := f.admin.Exec(t.Context(), `update messages set status = 'failed', attempt = 1, error = '{"code":"131000","title":"x","detail":"","retryable":true}' where id = $1`, m.ID)
			require.NoError(t, err)
		}
		f.each(t, func(ctx context.Context) error {
			fail()
			jobs++
			_, err := f.messages.Retry(scoped(ctx, f.A), RetryMessage{ID: m.ID})
			return err
		}, func(t *testing.T, failed error) {
			require.Error(t, failed)
			again, err := f.messages.Retry(f.A, RetryMessage{ID: m.ID})
			require.NoError(t, err)
			require.Equal(t, MessageQueued, again.Status)
			require.Equal(t, jobs, f.jobs(t), "one job")
		})
	})

	// CH-15, CH-16: one call each, whatever happens; what became of it is known, or
	// settled by its status.
	t.Run("drain", func(t *testing.T) {
		t.Parallel()
		f := setupFragile(t)
		var sent []Message
		n, unknown := 0, 0
		f.each(t, func(ctx context.Context) error {
			n++
			sent = []Message{f.send(t, fmt.Sprint(n, " first"))}
			if ctx.Value(planKey{}).(*plan).fault == unanswered {
				// The commit that settles the first opens the second's attempt.
				sent = append(sent, f.send(t, fmt.Sprint(n, " second")))
			}
			return f.outbox.Drain(scoped(ctx, system(f.A)), SendQueued{f.conversation})
		}, func(t *testing.T, failed error) {
			for range 3 { // as the job would be tried again, and the leases end
				f.later(t)
				f.drain(t)
			}
			keys := f.graph.sentKeys()
			for _, m := range sent {
				calls := 0
				for _, key := range keys {
					if strings.HasPrefix(key, m.ID.String()+":") {
						calls++
					}
				}
				got := f.get(t, m)
				if got.Status == MessageSent {
					require.Equal(t, 1, calls)
					continue
				}
				require.Equal(t, MessageUnknown, got.Status, "%v", failed)
				require.Zero(t, calls, "what was answered is known")
				unknown++
				settled := status(f.channelA, fmt.Sprint("wamid.late.", m.ID), "delivered", time.Now())
				settled.Event.Status.ClientKey = clientKey(m.ID, 1)
				_, err := f.receiver.Receive(system(f.A), []Inbound{settled})
				require.NoError(t, err)
				require.Equal(t, MessageDelivered, f.get(t, m).Status)
			}
		})
		t.Logf("%d drains, %d messages unknown", n, unknown)
		var previous int
		for _, body := range f.graph.sentTexts() {
			var number int
			_, err := fmt.Sscan(body, &number)
			require.NoError(t, err)
			require.GreaterOrEqual(t, number, previous, "in order")
			previous = number
		}
	})
}
