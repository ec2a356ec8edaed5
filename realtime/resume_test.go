package realtime

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

// sweep goes on until what is committed now was swept: other transactions of the
// cluster, other tests' too, hold the horizon back while they last.
func (s *stage) sweep() {
	s.t.Helper()
	all, err := db.One[int64](s.t.Context(), s.Platform, `select pg_snapshot_xmax(pg_current_snapshot())::text::bigint`)
	require.NoError(s.t, err)
	dbtest.Eventually(s.t, "a sweep past everything", func() bool {
		require.NoError(s.t, s.hub.sweepOnce(s.t.Context()))
		return s.hub.horizon.Load().xid >= all
	})
}

func fast(c *Config) { c.SweepEvery = 20 * time.Millisecond }

// G11, CH-34: a frame lost between commit and publish arrives by the sweep, and no
// cursor passes it before.
func TestLostFrameArrivesBySweep(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.open(s.A)
	conversation := s.conversation(s.A, uuid.Nil, c.scope.UserID)
	c.subscribe("", "inbox")
	before := c.seen[0].Cursor

	lost := receive(t, s.A, s.Tenant, conversation, "nobody was told", true)
	kept := receive(t, s.A, s.live, conversation, "somebody was", true)
	f := c.event("message.created")
	require.Contains(t, string(f.Data), kept.String())
	require.Equal(t, before, f.Cursor, "a frame moves no cursor")

	s.sweep()
	f = c.event("message.created")
	require.Contains(t, string(f.Data), lost.String())
	at, _, err := parseCursor(f.Cursor)
	require.NoError(t, err)
	xid, err := db.One[int64](t.Context(), s.Platform, `select xid from changes where entity_id = $1`, lost)
	require.NoError(t, err)
	require.LessOrEqual(t, at.xid, xid, "not even its own")
	require.EqualValues(t, 1, s.hub.Counts().Swept)
	c.say(map[string]any{"type": "ping"})
	require.NotEqual(t, before, c.until("pong", func(f frame) bool { return f.Type == "pong" }).Cursor)

	s.sweep()
	c.quiet("message.created")
}

// A writer that takes long holds the horizon, and its change is not lost for it.
func TestSlowWriterIsNotPassed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.open(s.A)
	conversation := s.conversation(s.A, uuid.Nil, c.scope.UserID)
	c.subscribe("", "inbox")

	var late uuid.UUID
	require.NoError(t, s.Tenant.Tx(s.A, func(tx *db.Tx) error {
		change := db.Change{Name: "conversation.updated", Entity: "conversation", EntityID: conversation, ConversationID: conversation}
		if err := db.AppendChange(s.A, tx, change); err != nil {
			return err
		}
		// While it is open others commit, and the sweep looks.
		receive(t, s.A, s.live, conversation, "meanwhile", true)
		c.event("message.created")
		require.NoError(t, s.hub.sweepOnce(t.Context()))
		late = conversation
		return nil
	}))
	since := c.cursor()
	s.sweep()
	require.Equal(t, late.String(), c.event("conversation.updated").data(t, "id"))

	again := s.open(s.A)
	require.True(t, again.subscribe(since, "inbox").Resumed)
	require.True(t, slices.ContainsFunc(again.seen, func(f frame) bool { return f.Name == "conversation.updated" }), "the cursor lay below it")
}

func (c *client) cursor() string {
	c.t.Helper()
	c.say(map[string]any{"type": "ping"})
	return c.until("pong", func(f frame) bool { return f.Type == "pong" }).Cursor
}

func TestResume(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	member := s.NewMember(t, tenancy.From(s.A).TenantID, "agent")
	c := s.open(member)
	mine, other := s.conversation(s.A, uuid.Nil, c.scope.UserID), s.conversation(s.A, uuid.Nil, tenancy.From(s.A).UserID)
	since := c.seen[0].Cursor
	receive(t, s.A, s.Tenant, mine, "one", true)
	receive(t, s.A, s.Tenant, mine, "two", true)
	receive(t, s.A, s.Tenant, other, "not for an agent", true)
	markRead(t, member, s.Tenant, mine)
	markRead(t, s.A, s.Tenant, mine)
	names := func(c *client) (list []string) {
		for _, f := range c.seen {
			if f.Type == "event" {
				list = append(list, f.Topic+" "+f.Name)
			}
		}
		return list
	}

	t.Run("tells_what_was_missed_once_and_in_order", func(t *testing.T) {
		c := s.open(member)
		reply := c.subscribe(since, "inbox")
		require.Equal(t, []string{"inbox message.created", "inbox message.created"}, names(c))
		require.True(t, reply.Resumed)
		require.False(t, reply.Reset)
		require.Equal(t, 2, reply.Replayed)
		for _, f := range c.seen[1:3] {
			require.Equal(t, since, f.Cursor, "cut now, it would be told again")
			require.Contains(t, string(f.Data), `0`)
		}
	})
	t.Run("narrower_topics_replay_what_is_theirs", func(t *testing.T) {
		c := s.open(member)
		c.subscribe(since, "conversation:"+mine.String())
		topic := "conversation:" + mine.String()
		require.Equal(t, []string{topic + " message.created", topic + " message.created", topic + " read.changed"}, names(c))
	})
	t.Run("nothing_without_since", func(t *testing.T) {
		c := s.open(member)
		reply := c.subscribe("", "inbox")
		require.Empty(t, names(c))
		require.False(t, reply.Resumed)
	})
	t.Run("a_place_that_means_nothing_is_reset", func(t *testing.T) {
		at, version, err := parseCursor(since)
		require.NoError(t, err)
		old, future, generation := at, at, at
		old.at = time.Now().Add(-retention - time.Minute)
		future.xid = math.MaxInt64
		generation.generation++
		for what, cursor := range map[string]string{
			"older than retention": old.cursor(version), "of the future": future.cursor(version), "before a restore": generation.cursor(version),
			"with other rights": at.cursor(version + 1), "no cursor": "x", "cut": since[1:],
		} {
			c := s.open(member)
			reply := c.subscribe(cursor, "inbox")
			require.True(t, reply.Reset, what)
			require.False(t, reply.Resumed, what)
			require.Empty(t, names(c), what)
			_, _, err := parseCursor(reply.Cursor)
			require.NoError(t, err, what)
		}
	})
	t.Run("what_left_the_scope_meanwhile_is_taken_off", func(t *testing.T) {
		c := s.open(member)
		since := c.cursor()
		assign(t, s.A, s.Tenant, mine, tenancy.From(s.A).UserID, false)
		again := s.open(member)
		require.True(t, again.subscribe(since, "inbox").Resumed)
		require.Equal(t, []string{"inbox " + removed}, names(again))
		require.JSONEq(t, `{"id":"`+mine.String()+`"}`, string(again.seen[1].Data))
	})
	t.Run("other_tenant_replays_nothing", func(t *testing.T) {
		b := s.open(s.B)
		reply := b.subscribe(since, "inbox", "me")
		require.Zero(t, reply.Replayed)
		require.True(t, reply.Resumed)
	})
	t.Run("one_statement_reads_the_changes", func(t *testing.T) {
		at, _, err := parseCursor(since)
		require.NoError(t, err)
		ctx, counter := dbtest.Counted(s.A)
		_, changes, err := listReplay(ctx, s.Tenant, at.xid)
		require.NoError(t, err)
		require.Len(t, changes, 7)
		require.Equal(t, 1, counter.N())
	})
}

// A conversation that is erased is taken off every list.
func TestReplayOfWhatIsGone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.open(s.A)
	since := c.seen[0].Cursor
	gone := uuid.New()
	require.NoError(t, s.Tenant.Tx(s.A, func(tx *db.Tx) error {
		return db.AppendChange(s.A, tx,
			db.Change{Name: "conversation.updated", Entity: "conversation", EntityID: gone, ConversationID: gone},
			db.Change{Name: "message.created", Entity: "message", EntityID: uuid.New(), ConversationID: gone})
	}))
	reply := c.subscribe(since, "inbox")
	require.Equal(t, 1, reply.Replayed)
	require.Equal(t, removed, c.seen[1].Name)
	require.JSONEq(t, `{"id":"`+gone.String()+`"}`, string(c.seen[1].Data))
}

func TestFarBehindIsReset(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.open(s.A)
	_, err := db.Exec(s.A, s.Tenant, `
		insert into changes (id, name, entity, entity_id)
		select gen_random_uuid(), 'channel.status', 'channel', gen_random_uuid() from generate_series(1, $1::int)`, replayLimit+1)
	require.NoError(t, err)
	reply := c.subscribe(c.seen[0].Cursor, "inbox")
	require.True(t, reply.Reset)
	require.Len(t, c.seen, 2)
}

// A sweep reads page after page, however much one transaction wrote.
func TestSweepOfOneLargeTransaction(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.open(s.A)
	c.subscribe("", "inbox")
	_, err := db.Exec(s.A, s.Tenant, `
		insert into changes (id, name, entity, entity_id)
		select gen_random_uuid(), 'note.created', 'note', gen_random_uuid() from generate_series(1, $1::int)`, 2*sweepPage+5)
	require.NoError(t, err)
	before := s.hub.horizon.Load().xid
	s.sweep()
	require.EqualValues(t, 2*sweepPage+5, s.hub.Counts().Swept)
	require.Greater(t, s.hub.horizon.Load().xid, before)
}

// A tenant whose frames cannot be made starts afresh in the end, and stops nobody.
func TestPoisonedTenant(t *testing.T) {
	t.Parallel()
	poisoned := uuid.UUID{}
	s := newStage(t, func(c *Config) {
		load := c.Load
		c.Load = func(ctx context.Context, changes []db.Change) ([]domain.Live, error) {
			if tenancy.From(ctx).TenantID == poisoned {
				return nil, domain.ErrInternal
			}
			return load(ctx, changes)
		}
	})
	poisoned = tenancy.From(s.A).TenantID
	a, b := s.open(s.A), s.open(s.B)
	a.subscribe("", "inbox")
	b.subscribe("", "inbox")
	receive(t, s.A, s.Tenant, s.conversation(s.A, uuid.Nil, a.scope.UserID), "poison", false)
	receive(t, s.B, s.Tenant, s.conversation(s.B, uuid.Nil, b.scope.UserID), "fine", false)
	poison, err := db.One[int64](t.Context(), s.Platform, `select xid from changes where tenant_id = $1`, poisoned)
	require.NoError(t, err)
	passed := func(cursor string) bool {
		at, _, err := parseCursor(cursor)
		require.NoError(t, err)
		return at.xid > poison
	}
	home := s.hub.tenants[poisoned]
	for miss := 1; miss < missLimit; miss++ {
		dbtest.Eventually(t, "a sweep that fails", func() bool {
			require.NoError(t, s.hub.sweepOnce(t.Context()))
			return home.misses == miss
		})
		require.False(t, passed(a.cursor()))
	}
	b.event("message.created")
	dbtest.Eventually(t, "the sweep that gives up", func() bool {
		require.NoError(t, s.hub.sweepOnce(t.Context()))
		return home.misses == 0
	})
	reset := a.until("reset", func(f frame) bool { return f.Type == "subscribed" })
	require.True(t, reset.Reset)
	require.Equal(t, []string{"inbox"}, reset.Topics)
	require.True(t, passed(reset.Cursor))
	b.quiet("message.created")
}

// After a restore cursors of before mean nothing: everybody starts afresh.
func TestRestore(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.open(s.A)
	c.subscribe("", "inbox")
	was := *s.hub.horizon.Load()
	was.generation++ // as if read before the restore
	s.hub.horizon.Store(&was)
	require.NoError(t, s.hub.sweepOnce(t.Context()))
	require.True(t, c.until("reset", func(f frame) bool { return f.Type == "subscribed" }).Reset)
}

// Somebody for whom there is nothing is given a cursor now and then.
func TestCursorAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast, func(c *Config) { c.CursorEvery, c.PingEvery = 50*time.Millisecond, 20*time.Second })
	c := s.open(s.A)
	require.NotEmpty(t, c.until("cursor", func(f frame) bool { return f.Type == "cursor" }).Cursor)
	require.NotEmpty(t, s.hub.Cursor(s.A))
}
