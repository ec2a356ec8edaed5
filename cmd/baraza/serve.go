package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"baraza/db"
	"baraza/domain/activity"
	"baraza/integrations/meta/simulator"
)

type serveCommand struct {
	Demo bool `help:"Make two demo workspaces with simulated customers who keep writing."`
}

// Run serves until it is told to stop, or a part of it cannot go on.
func (s serveCommand) Run(c *Config, e environmentOf) error {
	if err := c.complete(); err != nil {
		return err
	}
	log, err := logger(c, e.stdout)
	if err != nil {
		return err
	}
	log.Info("starting", zap.String("version", version()), zap.Any("config", c.masked()))
	return serve(e.ctx, c, s.Demo, log, e.stdout)
}

// serve reads as the system in order: the port, the engines, the product, the edges.
func serve(ctx context.Context, c *Config, demo bool, log *zap.Logger, out io.Writer) (err error) {
	started := time.Now()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", c.Listen, err)
	}
	defer listener.Close() //nolint:errcheck // closed by the server already, unless it never ran

	e, err := openEngines(ctx, c, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.close(ctx)) }()

	if err := adoptBaseURL(ctx, c, e); err != nil {
		return err
	}
	play, graph, err := newSimulator(c, e, listener.Addr().String(), log)
	if err != nil {
		return err
	}
	a, err := newApp(ctx, c, log, e, graph)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	server, err := a.server()
	if err != nil {
		return err
	}
	stopListening, err := a.listen()
	if err != nil {
		return err
	}
	defer stopListening()

	// What is written on a day without a partition fails, and would be put aside.
	if err := a.makePartitions(ctx); err != nil {
		return err
	}

	if !demo {
		show := func(text string) error { _, err := io.WriteString(out, text); return err }
		if err := a.printSetupLink(ctx, listener.Addr().String(), show); err != nil {
			return err
		}
	}

	// Work goes on until the last request is answered.
	group, failed := errgroup.WithContext(ctx)
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	part := func(name string, run func(context.Context) error) {
		group.Go(func() error {
			if err := run(work); err != nil && work.Err() == nil {
				stopWork()
				return fmt.Errorf("%s: %w", name, err)
			}
			return nil
		})
	}
	group.Go(func() error {
		defer stopWork()
		return server.Serve(failed, listener)
	})
	part("revocations", a.revocations.Run)
	part("realtime", a.hub.Run)
	part("idempotency", a.idempotency.Run)
	part("partitions", a.keepPartitions)
	part("housekeeping", a.keepHouse)
	part("embedded postgres", e.supervise)
	if c.plays("worker") {
		part("inbound", a.inbound.Run)
		part("jobs", a.runner.Run)
		part("audit", a.chain.Run)
	}
	if play != nil {
		part("simulator", play.Run)
	}
	if demo {
		part("demo", func(ctx context.Context) error { return a.demo(ctx, play, out) })
	}
	log.Info("ready", zap.String("url", c.BaseURL), zap.Duration("after", time.Since(started)))
	return group.Wait()
}

// newSimulator makes the simulator inside this process and says where its Graph API
// is. A simulator of its own process is only named; switched off there is none.
func newSimulator(c *Config, e *engines, listen string, log *zap.Logger) (*simulator.Server, string, error) {
	switch c.Simulator {
	case "off":
		return nil, "", nil
	case "on":
	default:
		return nil, c.Simulator, nil
	}
	s, err := simulator.New(simulator.Config{
		CallbackURL: "http://" + loopbackOf(listen) + "/webhooks/meta", AppSecret: simulatorSecret(e.master), Log: log.Named("simulator"),
		Profile: simulator.DemoProfile(),
	})
	if err != nil {
		return nil, "", err
	}
	if err := s.Listen(); err != nil {
		return nil, "", err
	}
	return s, s.URL(), nil
}

// loopbackOf is where this machine reaches a listener that may listen everywhere.
func loopbackOf(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// makePartitions makes the partitions of changes from today on. It drops none: that
// would wait for a running dump.
func (a *app) makePartitions(ctx context.Context) error {
	if _, err := db.Exec(ctx, a.platform, `select maintain_changes(7, 10000)`); err != nil {
		return fmt.Errorf("make the partitions of changes: %w", err)
	}
	return nil
}

// keepHouse removes every hour what is kept for a time only.
func (a *app) keepHouse(ctx context.Context) error {
	old := &activity.Sweeper{DB: a.platform}
	for ctx.Err() == nil {
		for what, sweep := range map[string]func(context.Context) error{
			"counts of mail": a.post.Sweep,
			"activities":     func(ctx context.Context) error { return old.Sweep(ctx, time.Now()) },
		} {
			if err := sweep(ctx); err != nil && ctx.Err() == nil {
				a.log.Error("what is too old could not be swept", zap.String("what", what), zap.Error(err))
			}
		}
		wait(ctx, time.Hour)
	}
	return nil
}

// keepPartitions makes tomorrow's partitions of changes and drops those that are
// past replay: at start and every hour.
func (a *app) keepPartitions(ctx context.Context) error {
	for ctx.Err() == nil {
		if _, err := db.Exec(ctx, a.platform, `select maintain_changes(7, 3)`); err != nil && ctx.Err() == nil {
			a.log.Error("partitions could not be kept", zap.Error(err))
			wait(ctx, time.Minute)
			continue
		}
		wait(ctx, time.Hour)
	}
	return nil
}
