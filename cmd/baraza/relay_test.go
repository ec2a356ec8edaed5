//go:build proof

package main

import (
	"fmt"
	"net"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// relay is a link that can forget its connections, as a router does that was started
// again: what they carry is dropped and neither end is told. New ones work.
type relay struct {
	*proxy
	forgotten atomic.Pointer[atomic.Bool] // of the connections made since the last time
}

func newRelay(t *testing.T, upstream string) *relay {
	t.Helper()
	r := &relay{}
	r.forgotten.Store(&atomic.Bool{})
	r.proxy = newProxy(t, upstream, func(near, far net.Conn) (there, back func()) {
		forgotten := r.forgotten.Load()
		return func() { pass(near, far, forgotten) }, func() { pass(far, near, forgotten) }
	})
	return r
}

func pass(from, to net.Conn, forgotten *atomic.Bool) {
	data := make([]byte, 64<<10)
	for {
		n, err := from.Read(data)
		if forgotten.Load() {
			if err != nil {
				return // nor is the other end told of this
			}
			continue
		}
		if _, writeErr := to.Write(data[:n]); err != nil || writeErr != nil {
			to.Close() //nolint:errcheck // it is over
			return
		}
	}
}

func (r *relay) forget() { r.forgotten.Swap(&atomic.Bool{}).Store(true) }

// CH-06, OP-32 (SECURITY D7): the connections to an engine are dead and nobody says so.
// Nothing waits for them for minutes: the program makes new ones, reads its shards
// again, stores webhooks and sends. It waits for the kernel to notice, almost a minute:
// part of make proof.
func TestForgottenConnections(t *testing.T) {
	t.Parallel()
	store, g, n := newDatabase(t, true), newGraph(t), newNATS(t)
	toPostgres, toNATS := newRelay(t, fmt.Sprintf("127.0.0.1:%d", cluster(t).Port())), newRelay(t, n.address)
	env := store.settings()
	pg := toPostgres.address
	env["DATABASE_URL"], env["BARAZA_PLATFORM_DATABASE_URL"] = through(t, store.url("baraza_app"), pg), through(t, store.url("baraza_platform"), pg)
	env["NATS_URL"], env["BARAZA_META_GRAPH_URL"] = "nats://"+toNATS.address, g.URL
	p := newProgram(t, env).ready()
	owner := p.register("links")
	l := owner.connect("418290667158500", "301577920448500")
	s := &sender{line: l, phone: "254700000950"}
	crowd := &crowd{t: t, p: p, graph: g, senders: []*sender{s}}
	require.NoError(t, crowd.deliver(s))
	var list []conversation
	eventually(t, "the conversation", func() bool {
		list = owner.conversations()
		return len(list) == 1
	})
	s.conversation = list[0].ID

	for _, link := range []*relay{toPostgres, toNATS} {
		link.forget()
	}
	began := time.Now()
	for range 5 {
		require.NoError(t, crowd.deliver(s))
	}
	taken := time.Since(began)
	one, err := crowd.write(s, "answer")
	require.NoError(t, err)
	require.Equal(t, "sent", crowd.outcome(one, "queued"))
	var thread []message
	eventually(t, "what was acknowledged", func() bool {
		thread = owner.thread(s.conversation)
		return crowd.inbound(thread) >= s.last
	})
	t.Logf("webhooks taken after %s", taken)
	r := trial{Fault: "connections forgotten", Trial: 1, Seconds: time.Since(began).Seconds(), Sends: 1, Sent: 1}
	r.count(s, thread)
	r.record(t)
	// The server ends the forgotten session that holds the shards' locks, and the program
	// takes them again.
	eventually(t, "the locks to be noticed", func() bool { return p.scrape(`baraza_inbound_failures_total{reason="locks"}`) > 0 })
	require.NoError(t, crowd.deliver(s))
	eventually(t, "the shards to be read again", func() bool { return crowd.inbound(owner.thread(s.conversation)) >= s.last })
	p.stop(syscall.SIGTERM)
}
