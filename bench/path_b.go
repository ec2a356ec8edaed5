package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats-server/v2/server"

	"baraza/bench/load"
	"baraza/bench/machine"
	"baraza/bench/measure"
)

const (
	// The program lets a person have ten sockets and 500 a second come in.
	socketsPerPerson = 10
	connectRate      = 450
	eventBytes       = 120
	// Events under way at once: one shows what a single delivery costs, many let the
	// server write several in one go.
	windowSingle, windowMany, windowTenants = 1, 16, 256
)

// pathB is one event on its way to many sockets. Events are announced over NATS, as by
// another instance: Postgres has no part in it.
func pathB(ctx context.Context, s *suite) (err error) {
	b := &socketPath{suite: s}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := b.prepare(ctx); err != nil {
		return err
	}
	if err := b.same("b", func() (float64, error) {
		rate, _, err := b.rawFan(b.least, b.raw, b.frame, s.size.window/4)
		return rate, err
	}); err != nil {
		return err
	}
	for _, part := range []func(context.Context) error{b.storm, b.oneTopic, b.slowOnes, b.manyTenants, b.idle} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

type socketPath struct {
	*suite
	nats    *server.Server
	least   *least
	raw     *child // its connections are raw
	crowd   *child
	one     workspace   // W1: all sockets in one topic
	many    []workspace // W2: ten sockets each
	tokens  []string    // of one
	tokens2 []string    // of many
	frame   int         // bytes on the wire
}

// n is how many sockets W1, W2 and W4 have.
func (b *socketPath) n() int { return b.size.sockets[0] }

func (b *socketPath) close() error {
	var errs []error
	for _, c := range []*child{b.crowd, b.raw} {
		if c != nil {
			errs = append(errs, c.stop())
		}
	}
	if b.least != nil {
		errs = append(errs, b.least.stop())
	}
	errs = append(errs, b.stage.stop())
	if b.nats != nil {
		b.nats.Shutdown()
		b.nats.WaitForShutdown()
	}
	return errors.Join(errs...)
}

func (b *socketPath) prepare(ctx context.Context) (err error) {
	if err := b.startNATS(); err != nil {
		return err
	}
	mark := b.mark()
	if b.one, err = b.stage.newWorkspace(ctx, "bench-one-"+mark, b.n()/socketsPerPerson-1); err != nil {
		return err
	}
	for i := range b.size.sockets[len(b.size.sockets)-1] / socketsPerPerson {
		w, err := b.stage.newWorkspace(ctx, fmt.Sprintf("bench-many-%s-%d", mark, i), 0)
		if err != nil {
			return err
		}
		b.many = append(b.many, w)
	}
	if b.least, err = startLeast(); err != nil {
		return err
	}
	if b.raw, err = startChild("crowd"); err != nil {
		return err
	}
	if err := b.raw.ask(load.Command{Open: &load.Open{Address: b.least.Raw, N: b.n(), Rate: 5000}}, nil); err != nil {
		return err
	}
	if b.crowd, err = startChild("crowd"); err != nil {
		return err
	}
	if err := b.restart(ctx); err != nil {
		return err
	}
	// How large a frame of ours is decides how large the floor's are.
	if err := b.open(b.tokens, min(b.n(), 2*socketsPerPerson), 0); err != nil {
		return err
	}
	got, err := b.publish(load.Publish{Tenants: []uuid.UUID{b.one.tenant}, Each: min(b.n(), 2*socketsPerPerson), Bytes: eventBytes, Span: time.Second / 2, Window: windowSingle})
	if err != nil {
		return err
	}
	b.frame = int(got.Bytes / got.Frames)
	return b.crowd.ask(load.Command{Leave: true}, nil)
}

func (b *socketPath) startNATS() (err error) {
	b.nats, err = server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: filepath.Join(b.stage.dir, "path-b-nats"), SyncAlways: true,
		MaxPayload: 4 << 20, NoSigs: true, NoLog: true,
	})
	if err != nil {
		return fmt.Errorf("make a NATS server: %w", err)
	}
	b.nats.Start()
	if !b.nats.ReadyForConnections(10 * time.Second) {
		return errors.New("the NATS server does not start")
	}
	return nil
}

// restart gives a program without a past: memory is then nobody else's.
func (b *socketPath) restart(ctx context.Context) (err error) {
	if err := b.stage.stop(); err != nil {
		return err
	}
	if err := b.stage.start(ctx, b.nats.ClientURL()); err != nil {
		return err
	}
	if b.tokens, err = b.stage.tokens(ctx, b.one); err != nil {
		return err
	}
	b.tokens2, err = b.stage.tokens(ctx, b.many...)
	return err
}

// open lets sockets come; people have as many as they may.
func (b *socketPath) open(tokens []string, n, slow int) error {
	var opened load.Opened
	err := b.crowd.ask(load.Command{Open: &load.Open{
		Address: b.stage.app.address, Path: "/api/ws", Tokens: tokens, N: n, Rate: connectRate, Subscribe: `["inbox"]`, Slow: slow}}, &opened)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, b.stage.app.log.String())
	}
	if opened.Refused > 0 {
		b.say("%d upgrades were refused at first", opened.Refused)
	}
	return nil
}

func (b *socketPath) publish(p load.Publish) (got load.Published, err error) {
	p.NATS = b.nats.ClientURL()
	err = b.crowd.ask(load.Command{Publish: &p}, &got)
	return got, err
}

func (b *socketPath) watchAll(window func() error) (machine.Usage, error) {
	return b.watch(map[string]int{"clients": b.crowd.pid(), "least": b.least.pid()}, window)
}

// storm is W4: everybody connects at once, as fast as the program lets them in.
func (b *socketPath) storm(ctx context.Context) error {
	var usages []machine.Usage
	var ours, postgres []float64
	for range b.size.rounds {
		usage, err := b.watchAll(func() error { return b.open(b.tokens, b.n(), 0) })
		if err != nil {
			return err
		}
		per := usage.PerOperation(float64(b.n()))
		ours, postgres, usages = append(ours, per["baraza"]), append(postgres, per["postgres"]), append(usages, usage)
		if err := b.crowd.ask(load.Command{Leave: true}, nil); err != nil {
			return err
		}
	}
	rss, err := machine.RSS(b.stage.app.pid())
	if err != nil {
		return err
	}
	b.add(Point{
		Path: "b", Name: fmt.Sprintf("w4.%d", b.n()), CPU: map[string]float64{"baraza": measure.Median(ours), "postgres": measure.Median(postgres)},
		RSS: map[string]int64{"baraza": rss}, Taint: taints(usages...),
		Claims: []Claim{{ID: "b.w4.cpu", Interval: measure.Of(ours), Unit: "µs", Of: "CPU per connection"}},
	})
	if err := b.perf(ctx, "b-connect", func() error { return b.open(b.tokens, b.n(), 0) }); err != nil || b.profile == "" {
		return err
	}
	return b.crowd.ask(load.Command{Leave: true}, nil)
}

// fan is one way of delivering, over its rounds.
type fan struct {
	name    string
	rates   []float64
	cpu     []float64 // of the server, per delivery
	usages  []machine.Usage
	last    load.Published
	deliver func() (load.Published, error)
}

// fans takes the floor and ours in turn and adds a point for each.
func (b *socketPath) fans(list []*fan, ids map[string]string) error {
	var floorRates, floorCPU []float64
	var floorUsages []machine.Usage
	steps := []func(int) error{func(int) error {
		rate, usage, err := b.rawFan(b.least, b.raw, b.frame, b.size.window/2)
		floorRates, floorUsages = append(floorRates, rate), append(floorUsages, usage)
		floorCPU = append(floorCPU, usage.PerOperation(rate * usage.Span.Seconds())["least"])
		return err
	}}
	for _, f := range list {
		steps = append(steps, func(int) error {
			usage, err := b.watchAll(func() (err error) {
				f.last, err = f.deliver()
				return err
			})
			if err != nil {
				return err
			}
			f.rates = append(f.rates, float64(f.last.Frames)/f.last.Seconds)
			f.cpu, f.usages = append(f.cpu, usage.PerOperation(float64(f.last.Frames))["baraza"]), append(f.usages, usage)
			return nil
		})
	}
	if err := measure.Rounds(b.size.rounds, steps...); err != nil {
		return err
	}
	b.add(Point{Path: "b", Name: list[0].name + ".floor", Class: "D0", Rate: measure.Median(floorRates), CPU: map[string]float64{"least": measure.Median(floorCPU)},
		Taint: taints(floorUsages...)})
	for _, f := range list {
		p := Point{Path: "b", Name: f.name, Class: "D0", Rate: measure.Median(f.rates), Latency: f.last.Latency, Taint: taints(f.usages...),
			CPU: map[string]float64{"baraza": measure.Median(f.cpu)}}
		for name, of := range map[string]Claim{
			"": {Interval: measure.Of(measure.Ratios(f.rates, floorRates)), Value: measure.Median(f.rates), Floor: measure.Median(floorRates), Of: "deliveries/s"},
			".cpu": {Interval: measure.Of(measure.Ratios(floorCPU, f.cpu)), Value: measure.Median(f.cpu), Floor: measure.Median(floorCPU),
				Of: "server µs per delivery"},
		} {
			of.ID, of.Unit = ids[f.name]+name, "×"
			p.Claims = append(p.Claims, of)
		}
		b.add(p)
	}
	return nil
}

// oneTopic is W1.
func (b *socketPath) oneTopic(ctx context.Context) error {
	if err := b.open(b.tokens, b.n(), 0); err != nil {
		return err
	}
	deliver := func(window int) func() (load.Published, error) {
		return func() (load.Published, error) {
			return b.publish(load.Publish{Tenants: []uuid.UUID{b.one.tenant}, Each: b.n(), Bytes: eventBytes, Span: b.size.window / 2, Window: window})
		}
	}
	err := b.fans([]*fan{{name: "w1", deliver: deliver(windowMany)}, {name: "w1.single", deliver: deliver(windowSingle)}},
		map[string]string{"w1": "b.w1", "w1.single": "b.w1.single"})
	if err != nil {
		return err
	}
	rss, err := machine.RSS(b.stage.app.pid())
	if err != nil {
		return err
	}
	b.add(Point{Path: "b", Name: fmt.Sprintf("rss.%d", b.n()), RSS: map[string]int64{"baraza": rss},
		Claims: []Claim{{ID: "b.rss", Interval: measure.Of([]float64{float64(rss) / 1e6}), Unit: "MB", Of: "resident after the fan-out"}}})
	if err := b.perf(ctx, "b-fanout", func() error {
		_, err := deliver(windowMany)()
		return err
	}); err != nil {
		return err
	}
	return b.crowd.ask(load.Command{Leave: true}, nil)
}

// manyTenants is W2.
func (b *socketPath) manyTenants(context.Context) error {
	some := b.many[:b.n()/socketsPerPerson]
	var tenants []uuid.UUID
	for _, w := range some {
		tenants = append(tenants, w.tenant)
	}
	if err := b.open(b.tokens2[:len(some)], b.n(), 0); err != nil {
		return err
	}
	err := b.fans([]*fan{{name: "w2", deliver: func() (load.Published, error) {
		return b.publish(load.Publish{Tenants: tenants, Each: socketsPerPerson, Bytes: eventBytes, Span: b.size.window / 2, Window: windowTenants})
	}}}, map[string]string{"w2": "b.w2"})
	if err != nil {
		return err
	}
	return b.crowd.ask(load.Command{Leave: true}, nil)
}
