package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"baraza/bench/load"
	"baraza/bench/machine"
	"baraza/bench/measure"
	"baraza/bench/sql"
	"baraza/db"
	"baraza/domain/channels"
	"baraza/domain/chat"
	"baraza/tenancy"
)

// receiveClients are pgbench's connections, and as many callers of the use case.
const receiveClients = 8

// pathA is a provider's POST on its way to disk and to an agent's screen.
func pathA(ctx context.Context, s *suite) (err error) {
	a := &inboundPath{suite: s}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.prepare(ctx); err != nil {
		return err
	}
	if err := s.same("a", func() (float64, error) {
		out, err := s.stage.pgbench(ctx, a.floor1, receiveClients, s.size.window/2, 0)
		return out.rate, err
	}); err != nil {
		return err
	}
	if err := s.streamFloors(ctx); err != nil {
		return err
	}
	most, err := a.saturate(ctx)
	if err != nil {
		return err
	}
	if err := a.profiles(ctx); err != nil {
		return err
	}
	for _, share := range []int{25, 50, 75} {
		if err := a.hold(ctx, share, most); err != nil {
			return err
		}
	}
	return nil
}

type inboundPath struct {
	*suite
	workspace workspace
	// alone is for the floors and the use case in this process: nobody looks at it, or
	// the program's sweep would show all of theirs on the screens.
	alone           workspace
	provider        *provider
	screens         *screens
	least           *least
	js              *stream
	floor1, floor16 script

	tenant   *db.Tenant // the use case in this process
	receiver *chat.Receiver
}

func (a *inboundPath) close() error {
	var errs []error
	if a.screens != nil {
		a.screens.close()
	}
	if a.js != nil {
		a.js.close()
	}
	if a.least != nil {
		errs = append(errs, a.least.stop())
	}
	if a.tenant != nil {
		errs = append(errs, a.tenant.Close())
	}
	return errors.Join(append(errs, a.stage.stop())...)
}

func (a *inboundPath) prepare(ctx context.Context) (err error) {
	for name, w := range map[string]*workspace{"inbound": &a.workspace, "alone": &a.alone} {
		if *w, err = a.stage.newWorkspace(ctx, "bench-"+name+"-"+a.mark(), 9); err != nil {
			return err
		}
		if err := customerRows(ctx, a.stage, *w); err != nil {
			return err
		}
	}
	if err := a.stage.start(ctx, ""); err != nil {
		return err
	}
	tokens, err := a.stage.tokens(ctx, a.workspace)
	if err != nil {
		return err
	}
	if a.screens, err = openScreens(a.stage.app.address, tokens); err != nil {
		return err
	}
	a.provider = &provider{number: a.workspace.number}
	settled, err := measure.WarmUp(5, func() (float64, error) {
		out, _, err := a.flood(ctx, 1, time.Second, maxMessages/10)
		if err != nil {
			return 0, err
		}
		return measure.Micros(out.Latency.Quantile(0.5)), nil
	})
	if err != nil {
		return err
	}
	if !settled {
		a.say("path a did not settle while it warmed up")
	}
	if a.least, err = startLeast(); err != nil {
		return err
	}
	if a.js, err = openStream(ctx, filepath.Join(a.stage.dir, "path-a-nats")); err != nil {
		return err
	}
	return a.scripts(ctx)
}

// scripts records what the use case sends and makes the floor of it.
func (a *inboundPath) scripts(ctx context.Context) (err error) {
	recorder := &sql.Recorder{}
	recorded, err := db.OpenTenant(ctx, db.TenantConfig{URL: a.stage.url("baraza_app"), MaxConns: 1, VerifyEvery: 1000, Tracer: recorder})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, recorded.Close()) }()
	a.receiver = &chat.Receiver{DB: recorded, Numbers: &chat.Numbers{}}
	for range 2 { // the first one reserves conversation numbers, too
		recorder.Take()
		if err := a.receive(ctx, 0, 1); err != nil {
			return err
		}
	}
	statements := recorder.Take()
	for n, into := range map[int]*script{1: &a.floor1, 16: &a.floor16} {
		text, variables, err := sql.Receive(statements, sql.Batch{
			Messages: n, Clients: receiveClients, Customers: customers, Channel: a.alone.channel.String(), Text: text(0)})
		if err != nil {
			return err
		}
		*into = script{fmt.Sprintf("receive-%d", n), text, variables, "baraza_app", []string{"app.tenant_id=" + a.alone.tenant.String()}}
	}
	a.tenant, err = db.OpenTenant(ctx, db.TenantConfig{URL: a.stage.url("baraza_app"), MaxConns: receiveClients, VerifyEvery: 1000})
	a.receiver.DB = a.tenant
	return err
}

// flood posts as fast as it is answered and waits until all is on the screen. The
// span is until then.
func (a *inboundPath) flood(ctx context.Context, perPost int, span time.Duration, limit int) (*load.Outcome, float64, error) {
	posts := limit / perPost
	first := a.provider.next
	l := load.Load{Address: a.stage.app.address, Connections: postConnections, Status: 200, Request: func(i int) []byte {
		return a.provider.webhook(first+i*perPost, perPost)
	}}
	out, err := l.Closed(ctx, span, posts)
	if err != nil {
		return out, 0, fmt.Errorf("%w\n%s", err, a.stage.app.log.String())
	}
	a.provider.reserve(out.Done * perPost)
	last, err := a.screens.await(ctx, first, out.Done*perPost)
	if err != nil {
		return out, 0, err
	}
	return out, float64(out.Done*perPost) / last.Sub(out.Began).Seconds(), nil
}

// saturated is one way to be busy, over its rounds.
type saturated struct {
	name    string
	rates   []float64
	usages  []machine.Usage
	done    []float64
	latency measure.Histogram
}

func (b *saturated) postgres() []float64 {
	list := make([]float64, len(b.usages))
	for i, u := range b.usages {
		list[i] = float64(u.CPU["postgres"].Microseconds()) / b.done[i]
	}
	return list
}

// saturate finds what the machine can do, floor and ours in turn, and returns our
// messages per second with one per webhook.
func (a *inboundPath) saturate(ctx context.Context) (float64, error) {
	names := []string{"floor.receive.1", "floor.receive.16", "receive.1", "receive.16", "max.1", "max.5"}
	ways := make([]*saturated, len(names))
	steps := make([]func(int) error, len(names))
	for i, name := range names {
		b := &saturated{name: name}
		ways[i] = b
		steps[i] = func(int) error {
			if err := a.stage.checkpoint(ctx); err != nil {
				return err
			}
			usage, err := a.watch(nil, func() error { return a.saturateOnce(ctx, b) })
			b.usages = append(b.usages, usage)
			return err
		}
	}
	if err := measure.Rounds(a.size.rounds, steps...); err != nil {
		return 0, err
	}
	floor1, floor16, use1, use16, max1, max5 := ways[0], ways[1], ways[2], ways[3], ways[4], ways[5]
	ratio := func(b, floor *saturated, id, of string) Claim {
		return Claim{ID: id, Interval: measure.Of(measure.Ratios(b.rates, floor.rates)), Unit: "×", Value: measure.Median(b.rates),
			Floor: measure.Median(floor.rates), Of: of}
	}
	claims := map[*saturated][]Claim{
		use1:  {ratio(use1, floor1, "a.receive.1", "messages/s in process, against F2")},
		use16: {ratio(use16, floor16, "a.receive.16", "messages/s in process, 16 per transaction, against F2 with 16")},
		max1: {
			ratio(max1, floor1, "a.max.1", "messages/s, against F2"),
			{ID: "a.rate", Interval: measure.Of(max1.rates), Unit: "/s", Of: "messages/s"},
			{ID: "a.postgres_cpu", Interval: measure.Of(measure.Ratios(floor1.postgres(), max1.postgres())), Unit: "×",
				Value: measure.Median(max1.postgres()), Floor: measure.Median(floor1.postgres()), Of: "Postgres µs per message"},
		},
		max5: {ratio(max5, floor1, "a.max.5", "messages/s, against F2")},
	}
	for _, b := range ways {
		n := 0.0
		for _, done := range b.done {
			n += done
		}
		a.add(Point{Path: "a", Name: b.name, Class: "D2", Rate: measure.Median(b.rates), Latency: b.latency.Quantiles(),
			CPU: machine.Sum(b.usages...).PerOperation(n), Claims: claims[b], Taint: taints(b.usages...)})
	}
	return measure.Median(max1.rates), nil
}

func (a *inboundPath) saturateOnce(ctx context.Context, b *saturated) error {
	note := func(rate, done float64, latency *measure.Histogram) {
		b.rates, b.done = append(b.rates, rate), append(b.done, done)
		b.latency.Merge(latency)
	}
	switch b.name {
	case "floor.receive.1", "floor.receive.16":
		sc, n := a.floor1, 1.0
		if b.name == "floor.receive.16" {
			sc, n = a.floor16, 16
		}
		out, err := a.stage.pgbench(ctx, sc, receiveClients, a.size.window, 0)
		note(out.rate*n, float64(out.done)*n, &out.latency)
		return err
	case "receive.1", "receive.16":
		n := 1
		if b.name == "receive.16" {
			n = 16
		}
		latency, span, err := a.receiveAll(ctx, n)
		done := float64(latency.Count()) * float64(n)
		note(done/span.Seconds(), done, latency)
		return err
	}
	perPost := 1
	if b.name == "max.5" {
		perPost = 5
	}
	out, rate, err := a.flood(ctx, perPost, a.size.window, 200_000)
	if err != nil {
		return err
	}
	note(rate, float64(out.Done*perPost), &out.Latency)
	return nil
}

// receive calls the use case for one batch of customers that only this caller has.
func (a *inboundPath) receive(ctx context.Context, caller, n int) error {
	batch := make([]chat.Inbound, n)
	now := time.Now()
	for i := range batch {
		customer := (int(now.UnixMicro())+i)%(customers/receiveClients)*receiveClients + caller
		batch[i] = chat.Inbound{ChannelID: a.alone.channel, Event: channels.Event{At: now, Message: &channels.InboundMessage{
			ProviderID: "wamid.use." + db.NewID().String(), Kind: "text", Text: text(0), OpensWindow: true,
			From: channels.Sender{Name: "Noor Haddad", Keys: []channels.IdentityKey{{Kind: "wa_phone", Value: "+" + phone(customer)}}},
		}}}
	}
	_, err := a.receiver.Receive(tenancy.With(ctx, tenancy.System(a.alone.tenant)), batch)
	return err
}

// receiveAll has all callers store batches of n for a window.
func (a *inboundPath) receiveAll(ctx context.Context, n int) (*measure.Histogram, time.Duration, error) {
	began := time.Now()
	all, err := together(receiveClients, a.size.window, func(caller int) func() error {
		return func() error { return a.receive(ctx, caller, n) }
	})
	return all, time.Since(began), err
}

// profiles takes windows of its own: a recorder costs what it measures.
func (a *inboundPath) profiles(ctx context.Context) error {
	for name, perPost := range map[string]int{"a-1-per-post": 1, "a-5-per-post": 5} {
		if err := a.perf(ctx, name, func() error {
			_, _, err := a.flood(ctx, perPost, a.size.window, 200_000)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}
