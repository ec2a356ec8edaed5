package realtime

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/tenancy"
)

// W5, CH-34: cut anywhere, a hundred times, going on at either instance, with half the
// frames lost between commit and publish, the screen equals the database.
func TestCutsMissNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast)
	_, other, _, _ := s.instance(fast)
	random := rand.New(rand.NewPCG(20261125, 34))
	user := tenancy.From(s.A).UserID
	conversations := make([]uuid.UUID, 5)
	for i := range conversations {
		conversations[i] = s.conversation(s.A, uuid.Nil, user)
	}
	written := map[uuid.UUID]bool{}
	screen := map[uuid.UUID]bool{}
	cursor := ""
	for cut := range 100 {
		c := s.openAt([]*httptest.Server{s.at, other}[random.IntN(2)], s.A)
		if cursor == "" {
			cursor = c.seen[0].Cursor
		}
		write := func() {
			on := s.live
			if random.IntN(2) == 0 {
				on = s.Tenant
			}
			written[receive(t, s.A, on, conversations[random.IntN(len(conversations))], fmt.Sprint("message ", cut), random.IntN(2) == 0)] = true
		}
		write() // while nobody listens
		c.say(map[string]any{"type": "subscribe", "ref": "s", "topics": []string{"inbox"}, "since": cursor})
		for range random.IntN(4) {
			write()
		}
		// Some of it is read, then the line goes dead.
		c.say(map[string]any{"type": "ping"})
		stop := random.IntN(8)
		for i := 0; i < stop; i++ {
			f := c.next()
			if f.Type == "pong" {
				i = stop
			}
			cursor = apply(t, screen, cursor, f)
		}
		require.NoError(t, c.ws.Close())
	}
	c := s.open(s.A)
	reply := c.subscribe(cursor, "inbox")
	require.True(t, reply.Resumed)
	for _, f := range c.seen {
		apply(t, screen, "", f)
	}
	stored, err := db.All[uuid.UUID](s.A, s.Tenant, `select id from messages where conversation_id = any($1)`, conversations)
	require.NoError(t, err)
	require.Len(t, stored, len(written))
	for _, id := range stored {
		require.True(t, screen[id], "message %s is missing", id)
	}
	require.Len(t, screen, len(stored))
}

// apply is what a client does: by id, keeping the newest cursor of any frame.
func apply(t *testing.T, screen map[uuid.UUID]bool, cursor string, f frame) string {
	t.Helper()
	if f.Name == "message.created" {
		var data struct{ Message struct{ ID uuid.UUID } }
		require.NoError(t, json.Unmarshal(f.Data, &data))
		screen[data.Message.ID] = true
	}
	if f.Cursor != "" {
		return f.Cursor
	}
	return cursor
}
