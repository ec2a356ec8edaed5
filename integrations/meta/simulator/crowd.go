package simulator

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"
)

// Line is a number whose customers a Crowd plays.
type Line struct {
	PhoneNumberID string
	// Subject is Coffee or Bikes.
	Subject string
}

// Crowd plays the customers of demo lines: they open conversations, the first within a
// second, go on writing every few seconds, and answer a few seconds after an agent.
type Crowd struct {
	Server *Server
	Lines  []Line
	// Seed decides who does what when. The same seed plays the same.
	Seed uint64
}

// The pace of a crowd.
const (
	firstGuests = 4 // write within the first second
	firstGap    = 230 * time.Millisecond
	minPulse    = 5 * time.Second // somebody writes every so often
	maxPulse    = 20 * time.Second
	minAnswer   = 2 * time.Second // a customer answers an agent so fast
	maxAnswer   = 7 * time.Second
)

// Run plays until ctx ends.
func (c *Crowd) Run(ctx context.Context) error {
	var group errgroup.Group
	for _, line := range c.Lines {
		h := fnv.New64a()
		h.Write([]byte(line.PhoneNumberID))
		t := &table{server: c.Server, line: line, chance: rand.New(rand.NewPCG(c.Seed, h.Sum64())), next: map[*guest]time.Time{}}
		for _, p := range personasOf(line.Subject) {
			t.guests = append(t.guests, &guest{persona: p})
		}
		t.chance.Shuffle(len(t.guests), func(i, j int) { t.guests[i], t.guests[j] = t.guests[j], t.guests[i] })
		group.Go(func() error { return t.run(ctx) })
	}
	return group.Wait()
}

// table is one line with its guests.
type table struct {
	server *Server
	line   Line
	chance *rand.Rand
	guests []*guest
	next   map[*guest]time.Time // when a guest writes
	pulse  time.Time            // when somebody writes
}

// guest is a persona in a conversation.
type guest struct {
	persona
	topic, line int
	waiting     bool   // for an answer of the business
	nudged      bool   // has asked again
	pictured    bool   // has sent the photo
	heard       string // id of the business's last message
}

// run is the one place that plays, so that the same seed plays the same.
func (t *table) run(ctx context.Context) error {
	sent, stop := t.server.Watch(t.line.PhoneNumberID)
	defer stop()
	now := time.Now()
	for i := range firstGuests {
		t.next[t.guests[i]] = now.Add(time.Duration(i+1) * firstGap)
	}
	t.pulse = now.Add(time.Second + t.between(minPulse, maxPulse))
	for {
		g, at := t.soonest()
		timer := time.NewTimer(time.Until(at))
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case m := <-sent:
			timer.Stop()
			t.hear(m)
		case <-timer.C:
			unasked := g == nil
			if unasked {
				g = t.choose()
				t.pulse = time.Now().Add(t.between(minPulse, maxPulse))
			}
			delete(t.next, g)
			if in, ok := t.say(g, unasked); ok {
				t.write(ctx, in)
			}
		}
	}
}

// soonest returns who writes next and when; nobody means the pulse.
func (t *table) soonest() (*guest, time.Time) {
	at := t.pulse
	var first *guest
	for _, g := range t.guests { // in their order, so that equal times play the same
		if next, ok := t.next[g]; ok && !next.After(at) && (first == nil || next.Before(at)) {
			first, at = g, next
		}
	}
	return first, at
}

// choose picks who writes unasked: rather somebody who is not waiting for an answer,
// and never somebody who is about to write anyway.
func (t *table) choose() *guest {
	var free, patient, rest []*guest
	for _, g := range t.guests {
		_, planned := t.next[g]
		switch {
		case planned:
		case !g.waiting:
			free = append(free, g)
		case !g.nudged:
			patient = append(patient, g)
		default:
			rest = append(rest, g)
		}
	}
	for _, some := range [][]*guest{free, patient, rest} {
		if len(some) > 0 {
			return some[t.chance.IntN(len(some))]
		}
	}
	return t.guests[t.chance.IntN(len(t.guests))]
}

// hear plans the guest's answer to an agent.
func (t *table) hear(m Sent) {
	for _, g := range t.guests {
		if g.phone == m.To || userIDOf(t.line.PhoneNumberID, g.phone) == m.To {
			g.heard, g.waiting = m.MessageID, false
			t.next[g] = time.Now().Add(t.between(minAnswer, maxAnswer))
			return
		}
	}
}

// say is what a guest does next. After the last line of a topic an answer earns a
// reaction at most; a new topic begins unasked.
func (t *table) say(g *guest, unasked bool) (Inbound, bool) {
	in := Inbound{PhoneNumberID: t.line.PhoneNumberID, From: Customer{Name: g.name, Username: g.username, ID: g.phone}, Kind: "text"}
	over := g.line == len(g.topics[g.topic])
	switch {
	case g.waiting && g.nudged, over && unasked:
		g.topic, g.line, g.nudged = (g.topic+1)%len(g.topics), 0, false
	case g.waiting:
		g.nudged = true
		in.Text = g.impatient
		return in, true
	case over:
		emoji := []string{"👍", "❤️", "🙏", ""}[t.chance.IntN(4)]
		in.Kind, in.Text, in.Target = "reaction", emoji, g.heard
		return in, emoji != ""
	case g.line > 0 && g.photo != "" && !g.pictured && t.chance.IntN(3) == 0:
		g.pictured, g.waiting = true, true
		in.Kind, in.Text = "image", g.photo
		return in, true
	}
	in.Text = g.topics[g.topic][g.line]
	g.line++
	g.waiting = g.line < len(g.topics[g.topic]) // the last line asks nothing
	return in, true
}

func (t *table) write(ctx context.Context, in Inbound) {
	if _, err := t.server.Inbound(ctx, in); err != nil && ctx.Err() == nil {
		t.server.config.Log.Error("a demo customer could not write", zap.Error(err))
	}
}

func (t *table) between(min, max time.Duration) time.Duration {
	return min + time.Duration(t.chance.Int64N(int64(max-min)))
}
