package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

const (
	killSenders  = 20  // over two workspaces
	killAfter    = 10  // messages of each sender from the kill on
	killMost     = 600 // of each sender before it: a load is bounded
	killSends    = 20  // of agents, per kill
	killInFlight = 5   // of these at least, when it comes
)

// CH-06, CH-07, CH-15, OP-32 (SECURITY D1, D3): kill -9 of the program and of its
// Postgres while customers write and agents answer. Every acknowledged message is
// stored once and in its sender's order; nothing is sent twice.
func TestKilled(t *testing.T) {
	t.Parallel()
	g := newGraph(t)
	p := newProgram(t, map[string]string{"BARAZA_META_GRAPH_URL": g.URL}).ready()
	crowd := newCrowd(t, p, g)

	for _, victim := range []string{"postgres", "program"} {
		crowd.round(func() {
			killed := time.Now()
			if victim == "program" {
				p.kill()
				p.ready()
			} else {
				old := p.postmaster()
				require.NoError(t, syscall.Kill(old, syscall.SIGKILL))
				eventually(t, "another postmaster", func() bool { return p.postmaster() != old })
				p.waitReady()
			}
			t.Logf("kill -9 of %s to ready: %s", victim, time.Since(killed).Round(10*time.Millisecond))
		})
		unknown := crowd.verify()
		if victim == "program" {
			require.GreaterOrEqual(t, unknown, killInFlight, "whoever was cut off does not know")
		}
	}
	p.stop(syscall.SIGTERM)
}

// postmaster is the process id of the embedded Postgres, as it was last written down.
func (p *program) postmaster() (pid int) {
	p.t.Helper()
	eventually(p.t, "the postmaster's process id", func() bool {
		text, err := os.ReadFile(filepath.Join(p.dir, "data", "postgres", "cluster", "postmaster.pid"))
		if err != nil {
			return false // between two starts
		}
		first, _, _ := strings.Cut(string(text), "\n")
		pid, err = strconv.Atoi(first)
		return err == nil
	})
	return pid
}

// crowd is what writes during the kills: customers by webhooks, agents by the API.
type crowd struct {
	t       *testing.T
	p       *program
	graph   *graph
	owners  []*person
	senders []*sender
	sends   []sent
}

// sender is a customer who numbers their messages and waits for each acknowledgement,
// as the order of a platform's deliveries would have it.
type sender struct {
	line         *line
	phone        string
	conversation uuid.UUID
	last         int // number of the last acknowledged message
}

// sent is a message of an agent.
type sent struct {
	sender *sender
	id     uuid.UUID
}

func newCrowd(t *testing.T, p *program, g *graph) *crowd {
	c := &crowd{t: t, p: p, graph: g}
	for i, name := range []string{"a", "b"} {
		owner := p.register("kill-" + name)
		c.owners = append(c.owners, owner)
		l := owner.connect(fmt.Sprintf("41829066715100%d", i), fmt.Sprintf("30157792044100%d", i))
		for n := range killSenders / 2 {
			c.senders = append(c.senders, &sender{line: l, phone: fmt.Sprintf("25470000%d%03d", i, n)})
		}
	}
	for _, s := range c.senders {
		require.NoError(t, c.deliver(s))
	}
	byPhone := map[string]uuid.UUID{}
	eventually(t, "a conversation with everybody", func() bool {
		for _, owner := range c.owners {
			for _, one := range owner.conversations() {
				byPhone[one.Contact.Identity.Value] = one.ID
			}
		}
		return len(byPhone) == killSenders
	})
	for _, s := range c.senders {
		s.conversation = byPhone["+"+s.phone]
		require.NotEqual(t, uuid.Nil, s.conversation)
	}
	return c
}

// deliver sends the next message, and as Meta does the same again until it is
// acknowledged.
func (c *crowd) deliver(s *sender) error {
	n := s.last + 1
	body := s.line.webhook(inboundText{fmt.Sprintf("wamid.%s.%d", s.phone, n), s.phone, "Customer " + s.phone, strconv.Itoa(n), time.Now()})
	err := poll(patience, "an acknowledgement", func() bool {
		r, err := post(c.p.url, body, appSecret)
		return err == nil && r.status == http.StatusOK
	})
	s.last = n
	return err
}

// round lets everybody write, kills in the middle, and waits until all is acknowledged.
// Customers go on through the kill, however long the machine takes to get there: a
// kill that nobody wrote through would prove nothing.
func (c *crowd) round(kill func()) {
	c.t.Helper()
	var writing errgroup.Group
	var acknowledged atomic.Int64
	strikes := make(chan struct{})
	for _, s := range c.senders {
		writing.Go(func() error {
			pace := time.NewTicker(100 * time.Millisecond)
			defer pace.Stop()
			for before, after := 0, 0; after < killAfter; {
				select {
				case <-strikes:
					after++
				default:
					if before++; before > killMost {
						return errors.New("the kill did not come")
					}
				}
				if err := c.deliver(s); err != nil {
					return err
				}
				acknowledged.Add(1)
				<-pace.C
			}
			return nil
		})
	}
	// Answers are kept back, so that calls are under way when the kill comes.
	c.graph.keep()
	sends := make([]sent, killSends)
	for n := range sends {
		writing.Go(func() (err error) {
			sends[n], err = c.write(c.senders[n%len(c.senders)], fmt.Sprintf("answer %d", n))
			return err
		})
	}
	eventually(c.t, "messages in flight", func() bool {
		return c.graph.waiting() >= killInFlight && acknowledged.Load() >= killSenders*4
	})
	close(strikes)
	before := acknowledged.Load()
	kill()
	c.graph.release()
	require.NoError(c.t, writing.Wait())
	require.Greater(c.t, acknowledged.Load(), before, "customers wrote before the kill and after it")
	c.sends = sends
}

// write is an agent's answer, repeated under the same client id until it is taken.
func (c *crowd) write(s *sender, text string) (sent, error) {
	client := uuid.Must(uuid.NewV7())
	var m message
	var refused error
	err := poll(patience, "an answer to be taken", func() bool {
		r, err := s.line.owner.write(s.conversation, client, text)
		switch {
		case err != nil, r.status == http.StatusServiceUnavailable:
			return false
		case r.status != http.StatusCreated && r.status != http.StatusOK:
			refused = fmt.Errorf("status %d: %s", r.status, r.body)
		default:
			refused = json.Unmarshal(r.body, &m)
		}
		return true
	})
	return sent{s, m.ID}, errors.Join(err, refused)
}

// verify holds what is stored against what was acknowledged, and returns how many
// sends of the round have an unknown outcome.
func (c *crowd) verify() (unknown int) {
	c.t.Helper()
	// Whoever answers next wakes what a dead worker left; without it the rescue takes
	// over after two minutes.
	for _, s := range c.senders {
		one, err := c.write(s, "and another thing")
		require.NoError(c.t, err)
		c.sends = append(c.sends, one)
	}
	for _, one := range c.sends {
		var m message
		eventually(c.t, "the outcome of a send", func() bool {
			m = one.sender.line.owner.message(one.id)
			return m.Status != "queued"
		})
		require.Contains(c.t, []string{"sent", "unknown"}, m.Status)
		calls := c.graph.callsFor(m.ID.String())
		require.LessOrEqual(c.t, calls, 1, "D3: nothing is sent twice")
		if m.Status == "sent" {
			require.Equal(c.t, 1, calls)
		} else {
			unknown++
		}
	}
	c.sends = nil
	for _, s := range c.senders {
		var thread []message
		eventually(c.t, "what was acknowledged", func() bool {
			thread = s.line.owner.thread(s.conversation)
			return c.inbound(thread) >= s.last
		})
		c.checkOrder(s, thread)
	}
	for _, owner := range c.owners {
		require.Len(c.t, owner.conversations(), killSenders/2, "one conversation per customer")
	}
	require.Zero(c.t, c.p.scrape(`baraza_inbound_items_total{outcome="failed"}`))
	return unknown
}

func (c *crowd) inbound(thread []message) (n int) {
	for _, m := range thread {
		if m.Direction == "in" {
			n++
		}
	}
	return n
}

// checkOrder wants every number once, in order, and a seq without gaps.
func (c *crowd) checkOrder(s *sender, thread []message) {
	c.t.Helper()
	next := 1
	for i, m := range thread {
		require.EqualValues(c.t, i+1, m.Seq, "seq is dense")
		if m.Direction == "in" {
			require.Equal(c.t, strconv.Itoa(next), m.text(), "in the sender's order, once")
			next++
		}
	}
	require.Equal(c.t, s.last+1, next)
}
