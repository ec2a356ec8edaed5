package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"baraza/bench/load"
	"baraza/bench/machine"
	"baraza/bench/measure"
)

// fsync is F1: what one fdatasync of 8 kB takes in the data folder, in microseconds.
func (s *stage) fsync(ctx context.Context) (float64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.tool("pg_test_fsync"), "-s", "1", "-f", filepath.Join(s.dir, "fsync"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("pg_test_fsync: %w", err)
	}
	found, err := 0.0, errors.New("pg_test_fsync does not say what fdatasync takes")
	for lines := bufio.NewScanner(out); lines.Scan(); {
		// "fdatasync   31234.567 ops/sec   32 usecs/op"
		if fields := strings.Fields(lines.Text()); len(fields) > 1 && fields[0] == "fdatasync" {
			var perSecond float64
			if perSecond, err = strconv.ParseFloat(fields[1], 64); err == nil {
				found = 1e6 / perSecond
			}
			break
		}
	}
	cancel() // the other methods are nobody's business
	_ = cmd.Wait()
	return found, errors.Join(err, os.RemoveAll(filepath.Join(s.dir, "fsync")))
}

// stream is F1j: a JetStream of its own that syncs each message, in this process.
type stream struct {
	server *server.Server
	conn   *nats.Conn
	js     jetstream.JetStream
}

func openStream(ctx context.Context, dir string) (s *stream, err error) {
	s = &stream{}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	s.server, err = server.NewServer(&server.Options{
		DontListen: true, JetStream: true, StoreDir: dir, SyncAlways: true, MaxPayload: 4 << 20, NoSigs: true, NoLog: true,
	})
	if err != nil {
		return s, fmt.Errorf("make a NATS server: %w", err)
	}
	s.server.Start()
	if s.conn, err = nats.Connect("", nats.InProcessServer(s.server)); err != nil {
		return s, fmt.Errorf("connect to NATS: %w", err)
	}
	if s.js, err = jetstream.New(s.conn); err != nil {
		return s, err
	}
	_, err = s.js.CreateStream(ctx, jetstream.StreamConfig{Name: "FLOOR", Subjects: []string{"floor.*"}, Storage: jetstream.FileStorage})
	return s, err
}

func (s *stream) close() {
	if s.conn != nil {
		s.conn.Close()
	}
	if s.server != nil {
		s.server.Shutdown()
		s.server.WaitForShutdown()
	}
}

// streamMessage is as large as an envelope with one text.
const streamMessage = 1500

// publish has publishers store messages one after another for a span.
func (s *stream) publish(ctx context.Context, publishers int, span time.Duration) (*measure.Histogram, error) {
	return together(publishers, span, func(i int) func() error {
		data, subject := make([]byte, streamMessage), fmt.Sprintf("floor.%d", i%16)
		return func() error {
			_, err := s.js.Publish(ctx, subject, data)
			return err
		}
	})
}

// publishAt stores messages on a schedule, one after another.
func (s *stream) publishAt(ctx context.Context, schedule measure.Schedule) (*measure.Histogram, error) {
	due := make(chan time.Time, schedule.N) // holds them all: the schedule never waits
	var latency measure.Histogram
	var failed error
	var storing sync.WaitGroup
	storing.Go(func() {
		data := make([]byte, streamMessage)
		for at := range due {
			if failed == nil {
				_, failed = s.js.Publish(ctx, "floor.0", data)
				latency.Record(time.Since(at))
			}
		}
	})
	schedule.Pace(ctx, func(_ int, at time.Time) { due <- at })
	close(due)
	storing.Wait()
	return &latency, errors.Join(failed, ctx.Err())
}

// publishPacked stores what waits while a publish is under way as one message.
func (s *stream) publishPacked(ctx context.Context, publishers int, span time.Duration) (*measure.Histogram, error) {
	waiting := make(chan chan error, publishers)
	var packing sync.WaitGroup
	packing.Go(func() {
		data := make([]byte, publishers*streamMessage)
		for first := range waiting {
			pack := []chan error{first}
			for len(pack) < publishers && len(waiting) > 0 {
				pack = append(pack, <-waiting)
			}
			_, err := s.js.Publish(ctx, "floor.0", data[:len(pack)*streamMessage])
			for _, one := range pack {
				one <- err
			}
		}
	})
	latency, err := together(publishers, span, func(int) func() error {
		answer := make(chan error, 1)
		return func() error {
			waiting <- answer
			return <-answer
		}
	})
	close(waiting)
	packing.Wait()
	return latency, err
}

// together has n callers do what make gives each, over and over for a span; an error of
// one ends all.
func together(n int, span time.Duration, make func(i int) func() error) (*measure.Histogram, error) {
	var all measure.Histogram
	var errs []error
	var mu sync.Mutex
	var crowd sync.WaitGroup
	var stop atomic.Bool
	end := time.Now().Add(span)
	for i := range n {
		crowd.Go(func() {
			var latency measure.Histogram
			var err error
			for do := make(i); !stop.Load(); {
				before := time.Now()
				if before.After(end) {
					break
				}
				if err = do(); err != nil {
					stop.Store(true)
					break
				}
				latency.Record(time.Since(before))
			}
			mu.Lock()
			defer mu.Unlock()
			all.Merge(&latency)
			if err != nil {
				errs = append(errs, err)
			}
		})
	}
	crowd.Wait()
	return &all, errors.Join(errs...)
}

// echo is F3.http: one request after another, with the body of a webhook.
func (l *least) echo(ctx context.Context, body []byte, connections int, span time.Duration) (*load.Outcome, error) {
	return l.posts(body, connections).Closed(ctx, span, 1_000_000)
}

// echoAt is F3.http on a schedule, over one connection.
func (l *least) echoAt(ctx context.Context, body []byte, schedule measure.Schedule) (*load.Outcome, error) {
	return l.posts(body, 1).Open(ctx, schedule)
}

func (l *least) posts(body []byte, connections int) load.Load {
	request := load.Request(http.MethodPost, "/", map[string]string{"Content-Type": "application/json"}, body)
	return load.Load{Address: l.HTTP, Connections: connections, Status: http.StatusOK, Request: func(int) []byte { return request }}
}

// ping is F3.ws: a frame there and back.
func (l *least) ping(ctx context.Context, span time.Duration) (*measure.Histogram, error) {
	socket, err := load.OpenSocket(l.HTTP, "/", "")
	if err != nil {
		return nil, err
	}
	defer socket.Close() //nolint:errcheck // it has served
	var latency measure.Histogram
	payload := make([]byte, 1000)
	for end := time.Now().Add(span); time.Now().Before(end) && ctx.Err() == nil; {
		before := time.Now()
		if err := socket.Write(load.OpText, payload); err != nil {
			return nil, err
		}
		if _, _, err := socket.Next(); err != nil {
			return nil, err
		}
		latency.Record(time.Since(before))
	}
	return &latency, ctx.Err()
}

// floors takes those that need no rows: F1, F1j, F3, F4, F5.
func floors(ctx context.Context, s *suite) error {
	if err := s.streamFloors(ctx); err != nil {
		return err
	}
	least, err := startLeast()
	if err != nil {
		return err
	}
	defer least.stop() //nolint:errcheck // a floor's end says nothing
	var out *load.Outcome
	usage, err := s.watch(map[string]int{"least": least.pid()}, func() (err error) {
		out, err = least.echo(ctx, make([]byte, 600), 1, s.size.window)
		return err
	})
	if err != nil {
		return err
	}
	s.add(Point{Path: "floor", Name: "http", Rate: out.Rate(), Latency: out.Latency.Quantiles(), CPU: usage.PerOperation(float64(out.Done)), Taint: taints(usage)})
	var pings *measure.Histogram
	usage, err = s.watch(map[string]int{"least": least.pid()}, func() (err error) {
		pings, err = least.ping(ctx, s.size.window)
		return err
	})
	if err != nil {
		return err
	}
	s.add(Point{Path: "floor", Name: "ws", Rate: float64(pings.Count()) / usage.Span.Seconds(), Latency: pings.Quantiles(), Taint: taints(usage)})
	return s.fanFloor(ctx, least, s.size.sockets[0])
}

func (s *suite) streamFloors(ctx context.Context) error {
	js, err := openStream(ctx, filepath.Join(s.stage.dir, "floor-nats"))
	if err != nil {
		return err
	}
	defer js.close()
	for _, f := range []struct {
		name       string
		publishers int
		publish    func(context.Context, int, time.Duration) (*measure.Histogram, error)
	}{{"js.1", 1, js.publish}, {"js.64", 64, js.publish}, {"js.64.packed", 64, js.publishPacked}} {
		var latency *measure.Histogram
		usage, err := s.watch(nil, func() (err error) {
			latency, err = f.publish(ctx, f.publishers, s.size.window/2)
			return err
		})
		if err != nil {
			return err
		}
		n := float64(latency.Count())
		s.add(Point{Path: "floor", Name: f.name, Class: "D2", Rate: n / usage.Span.Seconds(), Latency: latency.Quantiles(), CPU: usage.PerOperation(n), Taint: taints(usage)})
	}
	return nil
}

// fanFloor is F4 and F5 with n raw connections.
func (s *suite) fanFloor(ctx context.Context, least *least, n int) error {
	crowd, err := startChild("crowd")
	if err != nil {
		return err
	}
	defer crowd.stop() //nolint:errcheck // a floor's end says nothing
	before, err := machine.RSS(least.pid())
	if err != nil {
		return err
	}
	if err := crowd.ask(load.Command{Open: &load.Open{Address: least.Raw, N: n, Rate: 5000}}, nil); err != nil {
		return err
	}
	after, err := machine.RSS(least.pid())
	if err != nil {
		return err
	}
	s.add(Point{Path: "floor", Name: fmt.Sprintf("parked.%d", n), RSS: map[string]int64{"per_connection": (after - before) / int64(n)}})
	fan, usage, err := s.rawFan(least, crowd, fanBytes, s.size.window)
	if err != nil {
		return err
	}
	s.add(Point{Path: "floor", Name: fmt.Sprintf("rawfan.%d", n), Class: "D0", Rate: fan, CPU: usage.PerOperation(fan * usage.Span.Seconds()), Taint: taints(usage)})
	return crowd.ask(load.Command{Leave: true}, nil)
}

// fanBytes is a frame of path b on the wire, when nothing was measured yet.
const fanBytes = 340

// rawFan is F4: frames per second that arrive, written by two goroutines.
func (s *suite) rawFan(least *least, crowd *child, bytes int, span time.Duration) (rate float64, usage machine.Usage, err error) {
	var wrote load.Wrote
	var counted load.Counted
	usage, err = s.watch(map[string]int{"least": least.pid(), "clients": crowd.pid()}, func() error {
		written := make(chan error, 1)
		go func() { written <- least.ask(load.Command{Write: &load.Write{Bytes: bytes, Span: span}}, &wrote) }()
		err := crowd.ask(load.Command{Count: &span}, &counted)
		return errors.Join(err, <-written)
	})
	if err != nil {
		return 0, usage, err
	}
	return float64(counted.Frames) / counted.Seconds, usage, nil
}
