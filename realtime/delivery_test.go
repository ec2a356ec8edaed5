package realtime

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/tenancy"
)

func TestHello(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.open(s.A)
	hello := c.seen[0]
	require.Equal(t, "b7", hello.Server)
	require.Len(t, hello.Cursor, cursorWidth)
	var session map[string]any
	require.NoError(t, json.Unmarshal(hello.Session, &session))
	require.Equal(t, c.scope.SessionID.String(), session["id"])
	require.Equal(t, c.scope.UserID.String(), session["user_id"])
	require.Equal(t, c.scope.TenantID.String(), session["tenant_id"])
	require.Contains(t, session, "expires_at")

	c.say(map[string]any{"type": "ping", "ref": "9"})
	pong := c.until("pong", func(f frame) bool { return f.Type == "pong" })
	require.Equal(t, "9", pong.Ref)
	require.Nil(t, pong.Counts, "counts come with the inbox")
	require.NotEmpty(t, pong.Cursor)

	c.subscribe("", "inbox")
	s.conversation(s.A, uuid.Nil, c.scope.UserID)
	c.say(map[string]any{"type": "ping"})
	require.JSONEq(t, `{"open":1}`, string(c.until("pong", func(f frame) bool { return f.Type == "pong" }).Counts))
}

// CH-33: what happens reaches every open screen, across two instances.
func TestTwoInstances(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	_, other, _, _ := s.instance()
	here, there := s.open(s.A), s.openAt(other, s.A)
	conversation := s.conversation(s.A, uuid.Nil, here.scope.UserID)
	here.subscribe("", "inbox")
	there.subscribe("", "conversation:"+conversation.String())

	for _, known := range []bool{true, false} {
		id := receive(t, s.A, s.live, conversation, "is anybody there?", known)
		for c, topic := range map[*client]string{here: "inbox", there: "conversation:" + conversation.String()} {
			f := c.event("message.created")
			require.Equal(t, topic, f.Topic)
			require.Contains(t, string(f.Data), id.String())
			require.NotEmpty(t, f.At)
		}
	}
	require.Zero(t, s.hub.Counts().Swept)
}

// An event goes out once per connection, under the narrowest topic.
func TestNarrowestTopic(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.open(s.A)
	conversation := s.conversation(s.A, uuid.Nil, c.scope.UserID)
	c.subscribe("", "inbox", "me", "conversation:"+conversation.String())
	id := receive(t, s.A, s.live, conversation, "once", true)
	require.Equal(t, "conversation:"+conversation.String(), c.event("message.created").Topic)
	c.quiet("message.created")

	c.say(map[string]any{"type": "unsubscribe", "topics": []string{"conversation:" + conversation.String()}})
	c.quiet()
	receive(t, s.A, s.live, conversation, "twice", true)
	f := c.event("message.created")
	require.Equal(t, "inbox", f.Topic)
	require.NotContains(t, string(f.Data), id.String())
}

// CH-31: unread in a frame is the reader's own, and follows read.changed.
func TestUnreadIsTheReadersOwn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	colleague := s.NewMember(t, tenancy.From(s.A).TenantID, "owner")
	a, b := s.open(s.A), s.open(colleague)
	conversation := s.conversation(s.A, uuid.Nil, a.scope.UserID)
	a.subscribe("", "inbox", "conversation:"+conversation.String())
	b.subscribe("", "inbox")
	unread := func(c *client) float64 {
		var data struct{ Conversation struct{ Unread float64 } }
		require.NoError(t, json.Unmarshal(c.event("message.created").Data, &data))
		return data.Conversation.Unread
	}

	receive(t, s.A, s.live, conversation, "one", true)
	require.Equal(t, []float64{1, 1}, []float64{unread(a), unread(b)})
	markRead(t, s.A, s.live, conversation)
	a.event("read.changed")
	receive(t, s.A, s.live, conversation, "two", true)
	require.Equal(t, []float64{1, 2}, []float64{unread(a), unread(b)})
	receive(t, s.A, s.live, conversation, "three", false)
	require.Equal(t, []float64{2, 3}, []float64{unread(a), unread(b)})
	b.quiet("read.changed")
}

// Without contact.view_pii the masked frame goes out; both are encoded once.
func TestMaskedAndEncodedTwiceAtMost(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	auditor := s.NewMember(t, tenancy.From(s.A).TenantID, "auditor")
	readers := map[*client]string{s.open(s.A): "+254711000222", s.open(s.A): "+254711000222", s.open(auditor): "•••• 0222", s.open(auditor): "•••• 0222"}
	for c := range readers {
		c.subscribe("", "inbox")
	}
	conversation := s.conversation(s.A, uuid.Nil, tenancy.From(s.A).UserID)
	before := s.hub.Counts().Encodes
	assign(t, s.A, s.live, conversation, tenancy.From(s.A).UserID, true)
	for c, contact := range readers {
		require.Equal(t, contact, c.event("conversation.updated").data(t, "contact"))
	}
	require.EqualValues(t, 2, s.hub.Counts().Encodes-before)
}

// PRODUCT.md §5.2: an agent sees what is theirs, and is told when it no longer is.
func TestRowScope(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	tenant := tenancy.From(s.A).TenantID
	one, two := s.NewMember(t, tenant, "agent"), s.NewMember(t, tenant, "agent")
	a, b := s.open(one), s.open(two)
	a.subscribe("", "inbox")
	b.subscribe("", "inbox")

	t.Run("not_theirs_is_not_told", func(t *testing.T) {
		mine := s.conversation(s.A, uuid.Nil, a.scope.UserID)
		receive(t, s.A, s.live, mine, "for one", true)
		a.event("message.created")
		b.quiet("message.created", "conversation.updated", removed)
	})
	t.Run("a_queue_of_their_team_is_told", func(t *testing.T) {
		queued := s.conversation(s.A, a.scope.Teams[0], uuid.Nil)
		receive(t, s.A, s.live, queued, "for all", true)
		a.event("message.created")
		b.event("message.created")
	})
	t.Run("whom_it_leaves_is_told_its_id_alone", func(t *testing.T) {
		for _, known := range []bool{true, false} {
			moving := s.conversation(s.A, uuid.Nil, a.scope.UserID)
			a.subscribe("", "conversation:"+moving.String())
			assign(t, s.A, s.live, moving, b.scope.UserID, known)
			require.Equal(t, moving.String(), b.event("conversation.updated").data(t, "id"))
			gone := a.event(removed)
			require.JSONEq(t, `{"id":"`+moving.String()+`"}`, string(gone.Data))
			receive(t, s.A, s.live, moving, "not for one", true)
			b.event("message.created")
			a.quiet("message.created", "conversation.updated", removed)
		}
	})
	t.Run("the_order_of_frames_takes_nothing_away", func(t *testing.T) {
		mine := s.conversation(s.A, uuid.Nil, a.scope.UserID)
		a.subscribe("", "conversation:"+mine.String())
		// A late frame of before: assigned to the other. The row says it is a's.
		late := conversationLive(conversationRow{ID: mine, Assignee: &b.scope.UserID, Status: "active"})
		s.hub.take(tenant, []db.Change{{ID: uuid.New(), Name: "conversation.updated", Entity: "conversation", EntityID: mine, ConversationID: mine, At: time.Now(), Live: late}})
		b.event("conversation.updated")
		receive(t, s.A, s.live, mine, "still mine", true)
		require.Equal(t, "conversation:"+mine.String(), a.event("message.created").Topic)
		a.quiet(removed)
	})
}

// I8: no frame of another tenant, whatever is asked for.
func TestOtherTenantGetsNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	tenant := tenancy.From(s.A).TenantID
	theirs := s.conversation(s.A, uuid.Nil, tenancy.From(s.A).UserID)
	a, b := s.open(s.A), s.open(s.B)
	a.subscribe("", "inbox", "conversation:"+theirs.String())

	b.subscribe("", "inbox", "me")
	random := uuid.New()
	for _, topic := range []string{
		"conversation:" + theirs.String(), "conversation:" + random.String(), "conversation:*", "conversation:>", "*", ">", "live.*", "live.>",
		"live." + tenant.String(), "inbox:" + tenant.String(), tenant.String(), "conversation:", "conversation:" + theirs.String() + ".>", "",
		"CONVERSATION:" + theirs.String(), "conversation:{" + theirs.String() + "}", "conversation:urn:uuid:" + theirs.String(), "presence", "analytics:live",
	} {
		require.Empty(t, b.subscribe("", topic).Topics, topic)
		refused := b.seen[len(b.seen)-2]
		require.Equal(t, []string{"error", "not_found", topic}, []string{refused.Type, refused.Code, refused.Topic})
	}
	b.say(map[string]any{"type": "typing", "conversation_id": theirs, "state": "start", "mode": "reply"})
	require.Equal(t, "not_found", b.until("error", func(f frame) bool { return f.Type == "error" }).Code)
	b.say(map[string]any{"type": "presence", "viewing": theirs})
	require.Equal(t, "not_found", b.until("error", func(f frame) bool { return f.Type == "error" }).Code)

	from := len(b.seen)
	for _, known := range []bool{true, false} {
		receive(t, s.A, s.live, theirs, "between us", known)
		a.event("message.created")
	}
	s.sweep()
	b.quiet("message.created", "conversation.updated", "counts.changed", "typing", "viewing")
	for _, f := range b.seen[from:] {
		require.NotContains(t, string(f.Data), theirs.String())
	}
	replayed := b.subscribe(b.seen[0].Cursor, "inbox", "me")
	require.Zero(t, replayed.Replayed)
	a.quiet("typing", "viewing")
}

// CH-35: people in one conversation see each other, and nobody else does.
func TestTypingAndViewing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	_, other, _, _ := s.instance()
	tenant := tenancy.From(s.A).TenantID
	second, third := s.NewMember(t, tenant, "owner"), s.NewMember(t, tenant, "owner")
	a, b, c := s.open(s.A), s.openAt(other, second), s.open(third)
	conversation := s.conversation(s.A, uuid.Nil, a.scope.UserID)
	topic := "conversation:" + conversation.String()
	a.subscribe("", topic)
	b.subscribe("", topic)
	c.subscribe("", "inbox")

	a.say(map[string]any{"type": "typing", "conversation_id": conversation, "state": "start", "mode": "reply"})
	f := b.event("typing")
	require.JSONEq(t, `{"conversation_id":"`+conversation.String()+`","user_id":"`+a.scope.UserID.String()+`","state":"start","mode":"reply"}`, string(f.Data))

	a.say(map[string]any{"type": "presence", "viewing": conversation})
	require.Equal(t, true, b.event("viewing").data(t, "viewing"))
	b.say(map[string]any{"type": "presence", "viewing": conversation})
	require.Equal(t, b.scope.UserID.String(), a.event("viewing").data(t, "user_id"))
	require.Equal(t, a.scope.UserID.String(), b.event("viewing").data(t, "user_id"), "the newcomer is told who was there")
	b.say(map[string]any{"type": "presence", "viewing": nil})
	require.Equal(t, false, a.event("viewing").data(t, "viewing"))
	require.NoError(t, a.ws.Close())
	require.Equal(t, false, b.event("viewing").data(t, "viewing"), "who is gone looks at nothing")
	c.quiet("typing", "viewing")
}

func TestCountsChangedIsToldOnceInAWhile(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(c *Config) { c.CountsEvery = 50 * time.Millisecond })
	c := s.open(s.A)
	c.subscribe("", "inbox")
	conversation := s.conversation(s.A, uuid.Nil, c.scope.UserID)
	for range 5 {
		receive(t, s.A, s.live, conversation, "again", true)
	}
	require.JSONEq(t, `{}`, string(c.event("counts.changed").Data))
}

// The contract's names and no others go out.
func TestUnknownEventGoesNowhere(t *testing.T) {
	t.Parallel()
	require.Zero(t, reachOf("tenant.secret"))
	require.Equal(t, toMe, reachOf("permissions.changed"))
}
