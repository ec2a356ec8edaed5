package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
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

// CH-06, CH-07, CH-15, OP-32 (SECURITY D1, D3, D13): kill -9 of the program, of its
// Postgres and of one of Postgres's processes, and an end to every connection, while
// customers write and agents answer. Every acknowledged message is stored once and in
// its sender's order; nothing is sent twice, and what is unknown is settled.
func TestKilled(t *testing.T) {
	t.Parallel()
	g := newGraph(t)
	p := newProgram(t, map[string]string{"BARAZA_META_GRAPH_URL": g.URL}).ready()
	crowd := newCrowd(t, p, g)

	for n := range trials(t) {
		for _, victim := range []string{"postgres", "backend", "connections", "program"} {
			if victim == "connections" && trials(t) == 1 {
				continue // a backend that is killed ends them all, less politely
			}
			r := crowd.round(trial{Fault: "kill " + victim, Trial: n + 1}, func() {
				switch victim {
				case "program":
					p.kill()
					p.ready()
					return
				case "postgres":
					old := p.postmaster()
					require.NoError(t, syscall.Kill(old, syscall.SIGKILL))
					eventually(t, "another postmaster", func() bool { return p.postmaster() != old })
				case "backend": // the postmaster ends all others and recovers
					p.signalBackends(syscall.SIGKILL, 1)
				case "connections":
					p.signalBackends(syscall.SIGTERM, 100)
				}
				p.waitReady()
			})
			if victim == "program" {
				require.GreaterOrEqual(t, r.Unknown, killInFlight, "whoever was cut off does not know")
			}
		}
	}
	p.stop(syscall.SIGTERM)
}

// signalBackends signals some of Postgres's processes that work for the program, and
// waits until they are gone.
func (p *program) signalBackends(signal syscall.Signal, most int) {
	p.t.Helper()
	backends := p.backends()
	require.NotEmpty(p.t, backends)
	backends = backends[:min(most, len(backends))]
	for _, pid := range backends {
		if err := syscall.Kill(pid, signal); !errors.Is(err, syscall.ESRCH) {
			require.NoError(p.t, err)
		}
	}
	eventually(p.t, "the end of backends", func() bool {
		left := p.backends()
		return !slices.ContainsFunc(backends, func(pid int) bool { return slices.Contains(left, pid) })
	})
}

// backends are the processes of the embedded Postgres that serve the tenants' pool.
func (p *program) backends() (found []int) {
	p.t.Helper()
	for _, pid := range processesIn(p.t, filepath.Join(p.dir, "data", "postgres")) {
		line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err == nil && strings.Contains(string(line), "baraza_app ") {
			found = append(found, pid)
		}
	}
	return found
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

// round lets everybody write, has the fault in the middle, and waits until all is
// acknowledged. Customers go on through it, however long the machine takes to get
// there: a fault that nobody wrote through would prove nothing. Then the ledger is
// closed: what is stored is held against what was acknowledged.
func (c *crowd) round(r trial, fault func()) trial {
	c.t.Helper()
	var writing errgroup.Group
	var acknowledged atomic.Int64
	strikes, over := make(chan struct{}), make(chan struct{})
	for _, s := range c.senders {
		writing.Go(func() error {
			pace := time.NewTicker(100 * time.Millisecond)
			defer pace.Stop()
			for before, after := 0, 0; after < killAfter; {
				select {
				case <-strikes:
					select {
					case <-over:
						after++
					default: // it lasts
					}
				default:
					if before++; before > killMost {
						return errors.New("the fault did not come")
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
	// Answers are kept back, so that calls are under way when the fault comes.
	c.graph.keep()
	sends := make([]sent, killSends*min(5, trials(c.t)))
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
	before, began := acknowledged.Load(), time.Now()
	fault()
	r.Seconds = time.Since(began).Seconds()
	close(over)
	c.graph.release()
	require.NoError(c.t, writing.Wait())
	require.Greater(c.t, acknowledged.Load(), before, "customers wrote before the fault and after it")
	c.verify(&r, sends)
	r.record(c.t)
	return r
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

// verify closes the ledger of a round.
func (c *crowd) verify(r *trial, sends []sent) {
	c.t.Helper()
	// Whoever answers next wakes what a dead worker left; without it the rescue takes
	// over after two minutes.
	for _, s := range c.senders {
		one, err := c.write(s, "and another thing")
		require.NoError(c.t, err)
		sends = append(sends, one)
	}
	r.Sends = len(sends)
	for _, one := range sends {
		status := c.outcome(one, "queued")
		require.Contains(c.t, []string{"sent", "unknown"}, status)
		keys := c.graph.keysOf(one.id.String())
		switch {
		case len(keys) > 1:
			r.CalledTwice++
		case status == "sent":
			require.Len(c.t, keys, 1)
			r.Sent++
		default:
			r.Unknown++
			if len(keys) == 1 { // the platform took it, and says so in time
				body := one.sender.line.status("wamid.late."+keys[0], one.sender.phone, "delivered", keys[0])
				answer, err := post(c.p.url, body, appSecret)
				require.NoError(c.t, err)
				require.Equal(c.t, http.StatusOK, answer.status)
				if c.outcome(one, "unknown") != "delivered" {
					r.Unsettled++
				}
			}
		}
	}
	for _, s := range c.senders {
		var thread []message
		eventually(c.t, "what was acknowledged", func() bool {
			thread = s.line.owner.thread(s.conversation)
			return c.inbound(thread) >= s.last
		})
		r.count(s, thread)
	}
	for _, owner := range c.owners {
		require.Len(c.t, owner.conversations(), killSenders/2, "one conversation per customer")
	}
	require.Zero(c.t, c.p.scrape(`baraza_inbound_items_total{outcome="failed"}`))
}

// outcome waits until a send has left a status.
func (c *crowd) outcome(one sent, left string) (status string) {
	c.t.Helper()
	eventually(c.t, "the outcome of a send that is "+left, func() bool {
		status = one.sender.line.owner.message(one.id).Status
		return status != left
	})
	return status
}

func (c *crowd) inbound(thread []message) (n int) {
	for _, m := range thread {
		if m.Direction == "in" {
			n++
		}
	}
	return n
}
