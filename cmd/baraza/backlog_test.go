package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"baraza/bus"
	"baraza/integrations/meta"
)

// CH-06: a start after a long pause, on another stream, with a backlog in it: everything
// is read from its first message, and nothing is put aside because the days between
// have no partition.
func TestBacklogOnAnotherStream(t *testing.T) {
	t.Parallel()
	store := newDatabase(t, true)
	admin := store.admin()
	env := store.settings()
	env["NATS_URL"] = newStream(t).url
	p := newProgram(t, env).ready()
	owner := p.register("backlog")
	l := owner.connect("418290667155000", "301577920445000")
	text := func(n int) []byte {
		return l.webhook(inboundText{fmt.Sprintf("wamid.backlog.%d", n), "254700000701", "Moraa", fmt.Sprint(n), time.Now()})
	}
	stored := func() []string { return all[string](t, admin, `select text from messages order by seq`) }
	for n := range 3 {
		r, err := post(p.url, text(n), appSecret)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.status)
	}
	eventually(t, "the first stream", func() bool { return len(stored()) == 3 })
	p.stop(syscall.SIGTERM)

	for _, partition := range all[string](t, admin, `select inhrelid::regclass::text from pg_inherits where inhparent = 'changes'::regclass`) {
		alter(t, store, "drop table "+partition)
	}
	second := newStream(t) // longer already than the position in the first
	for n := 3; n < 8; n++ {
		items, err := meta.Split(text(n))
		require.NoError(t, err)
		data, err := json.Marshal(meta.Envelope{ReceivedAt: time.Now(), Items: items})
		require.NoError(t, err)
		require.NoError(t, second.bus.Publish(t.Context(), bus.Inbound, items[0].Shard(), map[string]string{headerSigner: meta.SignerMeta}, data))
	}
	for i, variable := range p.env {
		if variable == "NATS_URL="+env["NATS_URL"] {
			p.env[i] = "NATS_URL=" + second.url
		}
	}
	p.ready()
	eventually(t, "the second stream", func() bool { return len(stored()) == 8 })
	require.Equal(t, []string{"0", "1", "2", "3", "4", "5", "6", "7"}, stored())
	require.Zero(t, one[int](t, admin, `select count(*) from inbound_failures`))
	p.stop(syscall.SIGTERM)
}
