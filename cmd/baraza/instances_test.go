package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// socket is an open screen: what it was sent, and how it ended.
type socket struct {
	t      testing.TB
	conn   *websocket.Conn
	frames chan frame
	closed chan int // the close code
	events []frame  // taken by answers
}

type frame struct {
	ID     string          `json:"id"`
	Type   string          `json:"type"`
	Name   string          `json:"name"`
	Cursor string          `json:"cursor"`
	Data   json.RawMessage `json:"data"`
	// Of an error:
	Ref, Topic, Code, Detail string
}

// watch opens the inbox of a person on one instance.
func watch(t testing.TB, url, query, token string) *socket {
	t.Helper()
	header := http.Header{}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	conn, answer, err := websocket.DefaultDialer.DialContext(t.Context(), strings.Replace(url, "http", "ws", 1)+"/api/ws"+query, header)
	require.NoError(t, err, "%v", answer)
	require.NoError(t, answer.Body.Close())
	s := &socket{t: t, conn: conn, frames: make(chan frame, 1024), closed: make(chan int, 1)}
	t.Cleanup(func() { conn.Close() }) //nolint:errcheck // closed by the server in some tests
	go func() {
		defer close(s.frames)
		for {
			var f frame
			if err := conn.ReadJSON(&f); err != nil {
				code := 0
				if e, ok := err.(*websocket.CloseError); ok {
					code = e.Code
				}
				s.closed <- code
				return
			}
			s.frames <- f
		}
	}()
	require.NoError(t, conn.WriteJSON(map[string]any{"type": "subscribe", "ref": "1", "topics": []string{"inbox", "me"}}))
	s.await("the subscription", func(f frame) bool { return f.Type == "subscribed" })
	return s
}

// await takes frames until one is wanted.
func (s *socket) await(what string, wanted func(frame) bool) {
	s.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		select {
		case f, ok := <-s.frames:
			require.True(s.t, ok, "the socket ended before "+what)
			if wanted(f) {
				return
			}
		case <-deadline.C:
			require.FailNow(s.t, "still waiting for "+what)
		}
	}
}

func (s *socket) awaitText(text string) {
	s.t.Helper()
	s.await(text, func(f frame) bool { return f.Name == "message.created" && strings.Contains(string(f.Data), text) })
}

// OP-04, W9, I10: two instances on one Postgres and one NATS are one installation.
func TestTwoInstances(t *testing.T) {
	t.Parallel()
	store := newDatabase(t, true)
	shared := store.settings()
	shared["NATS_URL"] = newStream(t).url
	shared["BARAZA_SIMULATOR"] = "off"
	shared["BARAZA_BASE_URL"] = "http://" + freeAddress(t) // a balancer's, as it were
	first, second := newProgram(t, shared).ready(), newProgram(t, shared).ready()
	owner := first.register("twins")
	there := &person{t: t, url: second.url, token: owner.token, tenant: owner.tenant, id: owner.id}
	number := owner.connect("418290667153204", "301577920445816")

	// CH-33: what one instance receives reaches the other's sockets, whoever reads the shard.
	here, away := watch(t, first.url, "", owner.token), watch(t, second.url, "", owner.token)
	for i, target := range []string{first.url, second.url} {
		text := fmt.Sprint("crossing ", i)
		body := number.webhook(inboundText{fmt.Sprint("wamid.cross", i), "254711000222", "Otieno", text, time.Now()})
		r, err := post(target, body, appSecret)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.status)
		here.awaitText(text)
		away.awaitText(text)
	}
	require.Len(t, there.conversations(), 1, "a token of one instance is good on the other")

	// SE-24: a ticket of one instance opens one socket on the other.
	var ticket struct{ Ticket string }
	owner.call("POST", "/api/ws/ticket", nil, http.StatusOK, &ticket)
	watch(t, second.url, "?ticket="+ticket.Ticket, "")
	_, answer, err := websocket.DefaultDialer.DialContext(t.Context(), strings.Replace(second.url, "http", "ws", 1)+"/api/ws?ticket="+ticket.Ticket, nil)
	require.Error(t, err)
	require.Equal(t, http.StatusUnauthorized, answer.StatusCode)
	require.NoError(t, answer.Body.Close())

	// SE-25: signing out on one instance closes the session's sockets on the other.
	again := first.signIn("twins@example.test", password)
	stays := watch(t, second.url, "", owner.token)
	goes := watch(t, second.url, "", again.token)
	again.call("POST", "/api/auth/logout", map[string]bool{"all": false}, http.StatusNoContent, nil)
	asked := time.Now()
	select {
	case code := <-goes.closed:
		require.Equal(t, 4001, code)
		t.Logf("logout on one instance to close on the other: %s", time.Since(asked))
	case <-time.After(patience):
		require.FailNow(t, "the socket of an ended session is open")
	}

	// ARCHITECTURE §5: the shards of a killed instance move; senders of every shard are stored by the other.
	first.kill()
	killed := time.Now()
	for i := range 40 {
		body := number.webhook(inboundText{fmt.Sprint("wamid.moved", i), fmt.Sprint(254711000300 + i), "", fmt.Sprint("moved ", i), time.Now()})
		r, err := post(second.url, body, appSecret)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.status)
	}
	within(t, patience, "the shards to move", func() bool { return len(there.conversations()) == 41 })
	t.Logf("kill to everything stored by the other: %s", time.Since(killed))
	missing := map[string]bool{}
	for i := range 40 {
		missing[fmt.Sprintf(`"moved %d"`, i)] = true
	}
	stays.await("every frame", func(f frame) bool {
		for text := range missing {
			if f.Name == "message.created" && strings.Contains(string(f.Data), text) {
				delete(missing, text)
			}
		}
		return len(missing) == 0
	})

	// Two versions: the database was brought to a newer schema, which only adds. The older
	// instance that runs goes on beside the newer one; none of its age is started any more.
	alter(t, store, `insert into schema_migrations values ('99990101000000')`)
	alter(t, store, `alter table messages add column of_a_newer_version text default 'x'`)
	r, err := post(second.url, number.webhook(inboundText{"wamid.newer", "254711000222", "Otieno", "still here", time.Now()}), appSecret)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, r.status)
	stays.awaitText("still here")
	require.Len(t, there.conversations(), 41)
	out, code := first.command("serve")
	require.Equal(t, 1, code, out)
	require.Contains(t, lastLine(out), "the database has migrations this Baraza does not know (99990101000000): start a Baraza at least as new as the database")
}
