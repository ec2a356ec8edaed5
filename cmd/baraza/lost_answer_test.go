package main

import (
	"fmt"
	"net/http"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// CH-14, CH-15 (SECURITY D4, G10): the platform takes a message and its answer is lost,
// in each way an answer can be. The call is never repeated by itself; a status settles
// it; and where none comes, it is shown as unknown, and after ten minutes a person may
// decide to send it again.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	store, g := newDatabase(t, true), newGraph(t)
	env := store.settings()
	env["BARAZA_META_GRAPH_URL"] = g.URL
	p := newProgram(t, env).ready()
	admin := store.admin()
	owner := p.register("answers")
	l := owner.connect("418290667158000", "301577920448000")
	ways := []string{mishapDelay, mishapDrop, mishapCut, mishap500, mishapEmpty}
	// One customer per way whose status comes, and one whose does not.
	settled := func(i int) bool { return i%2 == 0 }
	phone := func(i int) string { return fmt.Sprintf("2547000008%02d", i) }
	customers := 2 * len(ways)
	for i := range customers {
		r, err := post(p.url, l.webhook(inboundText{fmt.Sprint("wamid.answers.", i), phone(i), "Customer", "hello", time.Now()}), appSecret)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.status)
	}
	conversations := map[string]uuid.UUID{}
	eventually(t, "the conversations", func() bool {
		for _, c := range owner.conversations() {
			conversations[c.Contact.Identity.Value] = c.ID
		}
		return len(conversations) == customers
	})
	write := func(i int, text string) uuid.UUID {
		r := answered(t, "POST", p.url+"/api/conversations/"+conversations["+"+phone(i)].String()+"/messages", owner.token,
			map[string]any{"client_id": uuid.Must(uuid.NewV7()), "kind": "text", "text": text})
		require.Equal(t, http.StatusCreated, r.status, "%s", r.body)
		var m message
		r.into(t, &m)
		return m.ID
	}
	lost, next := make([]uuid.UUID, customers), make([]uuid.UUID, customers)
	for i := range customers {
		lost[i] = write(i, ways[i/2])
		next[i] = write(i, "and another thing")
	}
	is := func(id uuid.UUID, status string) {
		t.Helper()
		eventually(t, "a message to be "+status, func() bool { return owner.message(id).Status == status })
	}
	retry := func(id uuid.UUID, force bool, status int) {
		t.Helper()
		require.Equal(t, status, answered(t, "POST", p.url+"/api/messages/"+id.String()+"/retry", owner.token, map[string]bool{"force": force}).status)
	}
	for i := range customers {
		is(next[i], "sent") // later messages go on
		m := owner.message(lost[i])
		require.Equal(t, "unknown", m.Status, ways[i/2])
		require.Len(t, m.Attempts, 1)
		require.Equal(t, "unknown", *m.Attempts[0].Outcome)
		retry(lost[i], true, http.StatusConflict) // it may still settle by itself
	}
	for i := range customers {
		if settled(i) {
			r, err := post(p.url, l.status(fmt.Sprint("wamid.settled.", i), phone(i), "delivered", lost[i].String()+":1"), appSecret)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, r.status)
			is(lost[i], "delivered")
		}
	}
	// Ten minutes and one later.
	_, err := admin.Exec(t.Context(), `update message_attempts set started_at = started_at - interval '11 minutes'`)
	require.NoError(t, err)
	for i := range customers {
		require.Equal(t, 1, g.callsFor(lost[i].String()), "%s: one call", ways[i/2])
		require.Equal(t, 1, g.callsFor(next[i].String()))
		if settled(i) {
			continue
		}
		require.Equal(t, "unknown", owner.message(lost[i]).Status, "shown, until a person decides")
		retry(lost[i], false, http.StatusConflict)
		retry(lost[i], true, http.StatusOK)
		is(lost[i], "sent")
		require.Equal(t, []string{lost[i].String() + ":1", lost[i].String() + ":2"}, slices.Sorted(slices.Values(g.keysOf(lost[i].String()))))
		// What became of the first attempt is no news about the second.
		r, err := post(p.url, l.status(fmt.Sprint("wamid.first.", i), phone(i), "failed", lost[i].String()+":1"), appSecret)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.status)
	}
	// Behind each of them in its shard, something that shows.
	for i := range customers {
		r, err := post(p.url, l.status(fmt.Sprint("wamid.next.", i), phone(i), "read", next[i].String()+":1"), appSecret)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.status)
		is(next[i], "read")
		if !settled(i) {
			require.Equal(t, "sent", owner.message(lost[i]).Status)
		}
	}
	p.stop(syscall.SIGTERM)
}
