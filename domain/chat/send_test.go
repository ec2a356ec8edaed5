package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/channels"
	"baraza/integrations/meta"
	"baraza/tenancy"
)

// graph is a server that speaks the Graph API's send call and does with each call what the test says.
type graph struct {
	*httptest.Server
	mu    sync.Mutex
	texts []string // in the order the calls came
	keys  []string
	do    func(n int, w http.ResponseWriter)
}

func newGraph(t *testing.T) *graph {
	g := &graph{do: func(n int, w http.ResponseWriter) { accept(n, w) }}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var m struct {
			Text struct{ Body string }
			Key  string `json:"biz_opaque_callback_data"`
		}
		_ = json.Unmarshal(body, &m)
		g.mu.Lock()
		g.texts, g.keys = append(g.texts, m.Text.Body), append(g.keys, m.Key)
		n, do := len(g.texts), g.do
		g.mu.Unlock()
		do(n, w)
	}))
	t.Cleanup(g.Close)
	return g
}

// sentTexts and sentKeys are those of the calls so far.
func (g *graph) sentTexts() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.texts)
}

func (g *graph) sentKeys() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.keys)
}

func (g *graph) answerWith(do func(n int, w http.ResponseWriter)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.do = do
}

func accept(n int, w http.ResponseWriter) {
	fmt.Fprintf(w, `{"messaging_product":"whatsapp","contacts":[],"messages":[{"id":"wamid.sent%d"}]}`, n)
}

// hangUp takes the message and drops the connection without an answer.
func hangUp(_ int, w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		conn.Close()
	}
}

func refuse(status, code int) func(int, http.ResponseWriter) {
	return func(_ int, w http.ResponseWriter) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":{"message":"(#%d) x","type":"OAuthException","code":%d,"fbtrace_id":"x"}}`, code, code)
	}
}

// sending is a fixture with a queued conversation and a platform.
type sending struct {
	fixture
	graph        *graph
	outbox       *Outbox
	conversation uuid.UUID
}

func setupSending(t *testing.T) sending {
	f := setup(t)
	g := newGraph(t)
	client := meta.NewClient(meta.ClientConfig{BaseURL: g.URL})
	t.Cleanup(client.Close)
	keys := &tenancy.Keys{Master: dbtest.Master(t), Wrapped: func(ctx context.Context) ([]byte, error) {
		return db.One[[]byte](ctx, f.Tenant, `select wrapped from tenant_keys`)
	}}
	sealCredentials(t, f, keys)
	_, err := f.receiver.Receive(system(f.A), []Inbound{text(f.channelA, customer("254711000222", "Otieno"), "wamid.in", "hi", time.Now())})
	require.NoError(t, err)
	return sending{f, g, &Outbox{DB: f.Tenant, Channels: &channels.Dispatcher{DB: f.Tenant, Keys: keys,
		Real: map[string]channels.Connector{channels.WhatsApp: client}}}, f.only(t, f.A).ID}
}

func sealCredentials(t *testing.T, f fixture, keys *tenancy.Keys) {
	t.Helper()
	sealed, err := keys.Seal(f.A, tenancy.Place{Table: "channels", Column: "sealed_credentials", Row: f.channelA}, []byte(`{"access_token":"EAAfixtureToken"}`))
	require.NoError(t, err)
	require.NoError(t, f.Tenant.Tx(f.A, func(tx *db.Tx) error {
		return db.Must(db.Exec(f.A, tx, `update channels set sealed_credentials = $2 where id = $1`, f.channelA, sealed))
	}))
}

func (s sending) send(t *testing.T, body string) Message {
	t.Helper()
	m, err := s.messages.Send(s.A, SendMessage{ConversationID: s.conversation, ClientID: db.NewID(), Kind: "text", Text: body})
	require.NoError(t, err)
	return m
}

func (s sending) drain(t *testing.T) {
	t.Helper()
	require.NoError(t, s.outbox.Drain(system(s.A), SendQueued{s.conversation}))
}

// later lets the database's clock run ahead for the conversation: leases and pauses
// are over.
func (s sending) later(t *testing.T) {
	t.Helper()
	require.NoError(t, s.Tenant.Tx(s.A, func(tx *db.Tx) error {
		_, err := db.Exec(s.A, tx, `update messages set next_attempt_at = now() - interval '1 second' where conversation_id = $1 and next_attempt_at is not null`, s.conversation)
		if err != nil {
			return err
		}
		return db.Must(db.Exec(s.A, tx, `update conversations set sending_until = now() - interval '1 second' where id = $1`, s.conversation))
	}))
}

func (s sending) get(t *testing.T, m Message) MessageDetail {
	t.Helper()
	got, err := s.messages.Get(s.A, GetMessage{m.ID})
	require.NoError(t, err)
	return got
}

func TestSend(t *testing.T) {
	t.Parallel()

	t.Run("queues_the_message_takes_the_conversation_and_enqueues_one_job", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		m := s.send(t, "On its way")
		require.Equal(t, MessageQueued, m.Status)
		require.EqualValues(t, 4, m.Seq, "opening, their message, the taking, ours")
		c, err := s.conversations.Get(s.A, GetConversation{s.conversation})
		require.NoError(t, err)
		require.Equal(t, StatusActive, c.Status)
		require.Equal(t, tenancy.From(s.A).UserID, c.Assignee.ID)
		require.Nil(t, c.WaitingSince)
		require.Zero(t, c.Unread, "answered is read")
		require.Equal(t, []SendQueued{{s.conversation}}, dbtest.Jobs[SendQueued](t, s.DB, s.A))
		s.dense(t, s.A, s.conversation)
	})

	// CH-15, S44: 100 parallel POSTs with one client id are one message and one job.
	t.Run("a_repeated_client_id_is_one_message", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		in := SendMessage{ConversationID: s.conversation, ClientID: db.NewID(), Kind: "text", Text: "once"}
		results := make([]Message, 100)
		errs := make([]error, 100)
		var wait sync.WaitGroup
		gate := make(chan struct{}, 8)
		for i := range results {
			wait.Go(func() {
				gate <- struct{}{}
				defer func() { <-gate }()
				results[i], errs[i] = s.messages.Send(s.A, in)
			})
		}
		wait.Wait()
		fresh := 0
		for i, m := range results {
			require.NoError(t, errs[i])
			require.Equal(t, results[0].ID, m.ID)
			if !m.Replayed() {
				fresh++
			}
		}
		require.Equal(t, 1, fresh)
		require.Len(t, dbtest.Jobs[SendQueued](t, s.DB, s.A), 1)
		in.Text = "another"
		_, err := s.messages.Send(s.A, in)
		require.ErrorIs(t, err, ErrClientIDReused)
	})

	// CH-19 (server side): free text after 24 hours is refused and nothing is stored.
	t.Run("outside_the_window_it_is_refused", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		_, err := f.receiver.Receive(system(f.A), []Inbound{text(f.channelA, customer("254711000222", ""), "wamid.in", "hi", time.Now().Add(-25*time.Hour))})
		require.NoError(t, err)
		c := f.only(t, f.A)
		_, err = f.messages.Send(f.A, SendMessage{ConversationID: c.ID, ClientID: db.NewID(), Kind: "text", Text: "late"})
		require.ErrorIs(t, err, ErrWindowClosed)
		require.Equal(t, []string{"template"}, domain.As(err).Extra["allowed"])
		require.Equal(t, []string{"hi"}, f.texts(t, f.A, c.ID))
	})

	t.Run("if_last_seq_and_owner_epoch_refuse_a_stale_writer", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		seen, epoch := int64(1), int64(7)
		_, err := s.messages.Send(s.A, SendMessage{ConversationID: s.conversation, ClientID: db.NewID(), Kind: "text", Text: "x", IfLastSeq: &seen})
		require.ErrorIs(t, err, ErrNewerMessages)
		_, err = s.messages.Send(s.A, SendMessage{ConversationID: s.conversation, ClientID: db.NewID(), Kind: "text", Text: "x", ExpectedOwnerEpoch: &epoch})
		require.ErrorIs(t, err, ErrStaleOwner)
	})

	// A program writes for the workspace, in its own name: it takes no conversation and is no human reply.
	t.Run("a_key_answers_and_owns_nothing", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		key := func(ctx context.Context) context.Context {
			scope := tenancy.Scope{TenantID: tenancy.From(ctx).TenantID, KeyID: db.NewID(), Permissions: tenancy.Grant(tenancy.ConversationReply), Rows: tenancy.RowScope{All: true}}
			require.NoError(t, s.Tenant.Tx(ctx, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `insert into api_keys (id, name, kind, prefix, scopes) values ($1, 'Shop', 'server', 'sk_', '{}')`, scope.KeyID)
				return err
			}))
			return tenancy.With(ctx, scope)
		}
		ours, theirs := key(s.A), key(s.B)
		in := SendMessage{ConversationID: s.conversation, ClientID: db.NewID(), Kind: "text", Text: "It left the shop"}
		_, err := s.messages.Send(theirs, in)
		require.ErrorIs(t, err, domain.ErrNotFound)
		m, err := s.messages.Send(ours, in)
		require.NoError(t, err)
		id := tenancy.From(ours).KeyID
		require.Equal(t, Sender{"system", &id, "Shop"}, m.Sender)
		again, err := s.messages.Send(ours, in)
		require.NoError(t, err)
		require.True(t, again.Replayed())
		require.Equal(t, m.ID, again.ID)
		c, err := s.conversations.Get(s.A, GetConversation{s.conversation})
		require.NoError(t, err)
		require.Equal(t, StatusQueued, c.Status)
		require.Nil(t, c.Assignee)
		require.Nil(t, c.WaitingSince, "any public reply ends the wait")
		human, err := db.One[bool](s.A, s.Tenant, `select first_human_reply_at is not null from conversations where id = $1`, s.conversation)
		require.NoError(t, err)
		require.False(t, human)
		s.drain(t)
		require.Equal(t, MessageSent, s.get(t, m).Status)
		// What it wrote itself is nothing new to it; to anybody else it is.
		in.ClientID, in.IfLastSeq = db.NewID(), new(int64(2))
		_, err = s.messages.Send(ours, in)
		require.NoError(t, err)
		in.ClientID = db.NewID()
		_, err = s.messages.Send(s.A, in)
		require.ErrorIs(t, err, ErrNewerMessages)
		s.send(t, "I take it from here")
		s.dense(t, s.A, s.conversation)
	})

	t.Run("other_tenant_and_other_scope_see_and_change_nothing", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		m := s.send(t, "ours")
		in := SendMessage{ConversationID: s.conversation, ClientID: db.NewID(), Kind: "text", Text: "mine?"}
		_, err := s.messages.Send(s.B, in)
		require.ErrorIs(t, err, domain.ErrNotFound)
		_, err = s.messages.Retry(s.B, RetryMessage{ID: m.ID})
		require.ErrorIs(t, err, domain.ErrNotFound)
		_, err = s.conversations.Read(s.B, MarkRead{ConversationID: s.conversation})
		require.ErrorIs(t, err, domain.ErrNotFound)
		require.NoError(t, s.outbox.Drain(system(s.A), SendQueued{s.conversation}))
		require.ErrorIs(t, s.outbox.Drain(system(s.B), SendQueued{s.conversation}), domain.ErrNotFound)
		// An agent of the same tenant with scope own: the conversation is assigned to somebody else.
		agent := s.NewMember(t, tenancy.From(s.A).TenantID, "agent")
		_, err = s.messages.Send(agent, in)
		require.ErrorIs(t, err, domain.ErrNotFound)
		require.Empty(t, dbtest.Jobs[SendQueued](t, s.DB, s.B))
	})

	// PERFORMANCE §3: one transaction, at most five round trips between begin and commit.
	t.Run("a_send_costs_five_round_trips_at_most", func(t *testing.T) {
		t.Parallel()
		setupSending(t).send(t, "the first job of a process asks for the server's version, once")
		s := setupSending(t)
		ctx, counter := dbtest.Counted(s.A)
		_, err := s.messages.Send(ctx, SendMessage{ConversationID: s.conversation, ClientID: db.NewID(), Kind: "text", Text: "x"})
		require.NoError(t, err)
		require.LessOrEqual(t, counter.Trips(), 5+2, "%q", counter.SQL)
	})
}

func TestDrain(t *testing.T) {
	t.Parallel()

	// CH-16: messages of one conversation leave in order, each once.
	t.Run("sends_in_order_even_when_many_jobs_run", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		want := make([]string, 20)
		for i := range want {
			want[i] = fmt.Sprint("message ", i)
			s.send(t, want[i])
		}
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() { _ = s.outbox.Drain(system(s.A), SendQueued{s.conversation}) })
		}
		wait.Wait()
		s.drain(t)
		require.Equal(t, want, s.graph.sentTexts())
	})

	t.Run("stores_the_provider_id_and_the_attempt", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		m := s.send(t, "hello")
		s.drain(t)
		got := s.get(t, m)
		require.Equal(t, MessageSent, got.Status)
		require.Equal(t, "wamid.sent1", *got.ProviderID)
		require.NotNil(t, got.StatusAt.Sent)
		require.Len(t, got.Attempts, 1)
		require.Equal(t, "sent", *got.Attempts[0].Outcome)
		require.Equal(t, fmt.Sprint(m.ID, ":1"), s.graph.sentKeys()[0])
		s.drain(t)
		require.Len(t, s.graph.sentTexts(), 1, "draining again sends nothing")
	})

	// CH-15, D4, G10: the answer was lost; nothing is repeated, the status webhook settles it.
	t.Run("a_lost_answer_is_unknown_until_its_status_settles_it", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		s.graph.answerWith(hangUp)
		m, next := s.send(t, "first"), s.send(t, "second")
		s.drain(t)
		require.Equal(t, MessageUnknown, s.get(t, m).Status)
		require.Equal(t, MessageUnknown, s.get(t, next).Status, "later messages go on")
		s.drain(t)
		require.Equal(t, []string{"first", "second"}, s.graph.sentTexts(), "one call each")
		_, err := s.messages.Retry(s.A, RetryMessage{ID: m.ID, Force: true})
		require.ErrorIs(t, err, ErrTransition, "not before ten minutes")
		settled := status(s.channelA, "wamid.late", "delivered", time.Now())
		settled.Event.Status.ClientKey = s.graph.sentKeys()[0]
		_, err = s.receiver.Receive(system(s.A), []Inbound{settled})
		require.NoError(t, err)
		got := s.get(t, m)
		require.Equal(t, MessageDelivered, got.Status)
		require.Equal(t, "wamid.late", *got.ProviderID)
	})

	t.Run("a_status_faster_than_the_answer_stands", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		m := s.send(t, "hello")
		s.graph.answerWith(func(n int, w http.ResponseWriter) {
			early := status(s.channelA, fmt.Sprint("wamid.sent", n), "delivered", time.Now())
			early.Event.Status.ClientKey = s.graph.sentKeys()[n-1]
			_, err := s.receiver.Receive(system(s.A), []Inbound{early})
			if err != nil {
				w.WriteHeader(500)
				return
			}
			accept(n, w)
		})
		s.drain(t)
		require.Equal(t, MessageDelivered, s.get(t, m).Status)
	})

	t.Run("a_permanent_refusal_fails_and_a_person_may_retry_what_can_be_retried", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		s.graph.answerWith(refuse(400, 131026))
		m := s.send(t, "hello")
		s.drain(t)
		got := s.get(t, m)
		require.Equal(t, MessageFailed, got.Status)
		require.Equal(t, "131026", got.Error.Code)
		require.NotEmpty(t, got.Error.Title)
	})

	// CH-14: a late status of attempt 1 does not touch attempt 2.
	t.Run("retry_is_attempt_two_of_the_same_message", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		m := s.send(t, "hello")
		require.NoError(t, s.Tenant.Tx(s.A, func(tx *db.Tx) error {
			return db.Must(db.Exec(s.A, tx, `update messages set status = 'failed', attempt = 1, provider_id = 'wamid.one', failed_at = now(),
				error = '{"code":"131000","title":"x","detail":"","retryable":true}' where id = $1`, m.ID))
		}))
		again, err := s.messages.Retry(s.A, RetryMessage{ID: m.ID})
		require.NoError(t, err)
		require.Equal(t, MessageQueued, again.Status)
		require.Equal(t, m.Seq, again.Seq)
		s.drain(t)
		late := status(s.channelA, "wamid.one", "failed", time.Now())
		late.Event.Status.ClientKey = fmt.Sprint(m.ID, ":1")
		_, err = s.receiver.Receive(system(s.A), []Inbound{late})
		require.NoError(t, err)
		got := s.get(t, m)
		require.Equal(t, MessageSent, got.Status)
		require.Nil(t, got.Error)
		require.Equal(t, fmt.Sprint(m.ID, ":2"), s.graph.sentKeys()[0])
	})

	t.Run("throttled_messages_wait_and_later_ones_behind_them", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		s.graph.answerWith(refuse(400, 130429))
		m := s.send(t, "first")
		s.send(t, "second")
		s.drain(t)
		require.Equal(t, MessageQueued, s.get(t, m).Status)
		require.Equal(t, []string{"first"}, s.graph.sentTexts())
		s.graph.answerWith(accept)
		s.later(t)
		s.drain(t)
		require.Equal(t, []string{"first", "first", "second"}, s.graph.sentTexts())
	})

	t.Run("a_dead_credential_parks_the_channel", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		s.graph.answerWith(refuse(401, 190))
		m := s.send(t, "hello")
		s.drain(t)
		require.Equal(t, MessageQueued, s.get(t, m).Status, "it waits")
		state, err := db.One[string](s.A, s.Tenant, `select status from channels where id = $1`, s.channelA)
		require.NoError(t, err)
		require.Equal(t, "reauth_required", state)
		s.drain(t)
		require.Len(t, s.graph.sentTexts(), 1)
	})

	// GROUND §3: an attempt found open after a crash is unknown; later messages go on.
	t.Run("an_attempt_a_dead_process_left_open_is_unknown", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		m, next := s.send(t, "first"), s.send(t, "second")
		claimed, err := s.outbox.claim(system(s.A), s.conversation, nil, false)
		require.NoError(t, err)
		require.Equal(t, m.ID, claimed.ID)
		s.drain(t)
		require.Empty(t, s.graph.sentTexts(), "its lease still holds")
		s.later(t)
		s.drain(t)
		require.Equal(t, MessageUnknown, s.get(t, m).Status)
		require.Equal(t, MessageSent, s.get(t, next).Status)
		require.Equal(t, []string{"second"}, s.graph.sentTexts())
	})

	// The lease ran out during a slow call: whoever took over is not disturbed by the
	// result, which is written down all the same.
	t.Run("a_result_that_comes_after_the_lease_disturbs_nobody", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		slow, next, last := s.send(t, "slow"), s.send(t, "next"), s.send(t, "last")
		first, err := s.outbox.claim(system(s.A), s.conversation, nil, false)
		require.NoError(t, err)
		s.later(t)
		second, err := s.outbox.claim(system(s.A), s.conversation, nil, false)
		require.NoError(t, err)
		require.Equal(t, next.ID, second.ID)
		require.Equal(t, MessageUnknown, s.get(t, slow).Status)

		left, err := s.outbox.claim(system(s.A), s.conversation, &result{*first, "wamid.slow", nil}, false)
		require.NoError(t, err)
		require.Nil(t, left, "the other is at it")
		require.Equal(t, MessageSent, s.get(t, slow).Status, "now it is known")
		require.Equal(t, MessageQueued, s.get(t, next).Status, "its call is under way")

		third, err := s.outbox.claim(system(s.A), s.conversation, &result{*second, "wamid.next", nil}, false)
		require.NoError(t, err)
		require.Equal(t, last.ID, third.ID)
		require.Equal(t, MessageSent, s.get(t, next).Status)
	})

	// SECURITY D8: an instance whose clock is ten minutes off takes no lease away and
	// holds none longer.
	t.Run("a_clock_ten_minutes_off_changes_no_lease_and_no_pause", func(t *testing.T) {
		t.Parallel()
		for _, off := range []time.Duration{-10 * time.Minute, 10 * time.Minute} {
			s := setupSending(t)
			m := s.send(t, "hello")
			s.outbox.Now = func() time.Time { return time.Now().Add(off) }
			_, err := s.outbox.claim(system(s.A), s.conversation, nil, false)
			require.NoError(t, err)
			s.drain(t)
			require.Equal(t, MessageQueued, s.get(t, m).Status, "%s: the lease holds", off)
			ends, err := db.One[float64](s.A, s.Tenant, `select extract(epoch from sending_until - now())::float8 from conversations where id = $1`, s.conversation)
			require.NoError(t, err)
			require.InDelta(t, lease.Seconds()/2, ends, lease.Seconds()/2, "%s", off)

			other := setupSending(t)
			other.graph.answerWith(refuse(400, 130429))
			m = other.send(t, "hello")
			other.outbox.Now = s.outbox.Now
			other.drain(t)
			require.Equal(t, MessageQueued, other.get(t, m).Status)
			pause, err := db.One[float64](other.A, other.Tenant, `select extract(epoch from next_attempt_at - now())::float8 from messages where id = $1`, m.ID)
			require.NoError(t, err)
			require.Less(t, pause, firstBackoff.Seconds()+1, "%s", off)
			other.graph.answerWith(accept)
			other.later(t)
			other.drain(t)
			require.Equal(t, MessageSent, other.get(t, m).Status, "%s", off)
		}
	})

	// The connector panics in the middle of a send: the job runner catches it, and what
	// became of the call stays unknown.
	t.Run("a_panic_during_the_call_is_an_unknown_outcome", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		m, next := s.send(t, "first"), s.send(t, "second")
		real := s.outbox.Channels.Real
		s.outbox.Channels.Real = map[string]channels.Connector{channels.WhatsApp: nil}
		require.Panics(t, func() { s.drain(t) })
		s.outbox.Channels.Real = real
		s.later(t)
		s.drain(t)
		require.Equal(t, MessageUnknown, s.get(t, m).Status)
		require.Equal(t, MessageSent, s.get(t, next).Status)
		require.Equal(t, []string{"second"}, s.graph.sentTexts())
	})

	// Invariant 7: the window is asked again at send.
	t.Run("a_window_that_closed_meanwhile_fails_without_a_call", func(t *testing.T) {
		t.Parallel()
		s := setupSending(t)
		m := s.send(t, "hello")
		s.outbox.Now = func() time.Time { return time.Now().Add(25 * time.Hour) }
		s.drain(t)
		got := s.get(t, m)
		require.Equal(t, MessageFailed, got.Status)
		require.Equal(t, "131047", got.Error.Code)
		require.Empty(t, s.graph.sentTexts())
	})
}
