// Package load plays the other side: providers that post, browsers that read, screens
// that listen. It talks to loopback only and ends by time and by count.
package load

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"baraza/bench/measure"
)

// patience is how long anything may take before a run is broken.
const patience = 15 * time.Second

// dial connects to an address on this machine, and to no other.
func dial(address string) (net.Conn, error) {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("%s is not on loopback: load goes nowhere else", address)
	}
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", address, err)
	}
	return conn, nil
}

// Request is an HTTP/1.1 request ready to be sent.
func Request(method, path string, header map[string]string, body []byte) []byte {
	b := fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: bench\r\n", method, path)
	for name, value := range header {
		b = fmt.Appendf(b, "%s: %s\r\n", name, value)
	}
	if body != nil {
		b = fmt.Appendf(b, "Content-Length: %d\r\n", len(body))
	}
	return append(append(b, "\r\n"...), body...)
}

// Conn is one kept connection, for one goroutine.
type Conn struct {
	net net.Conn
	in  *bufio.Reader
}

// Dial opens a connection.
func Dial(address string) (*Conn, error) {
	c, err := dial(address)
	if err != nil {
		return nil, err
	}
	return &Conn{c, bufio.NewReaderSize(c, 64<<10)}, nil
}

// Close ends it.
func (c *Conn) Close() error { return c.net.Close() }

// Do sends a request and returns the status once the whole answer is here.
func (c *Conn) Do(request []byte) (status int, err error) {
	return c.do(request, io.Discard)
}

// do sends a request and copies the answer's body.
func (c *Conn) do(request []byte, body io.Writer) (status int, err error) {
	if err := c.net.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	if _, err := c.net.Write(request); err != nil {
		return 0, err
	}
	answer, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(body, answer.Body)
	return answer.StatusCode, errors.Join(err, answer.Body.Close())
}

// Once sends one request on a connection of its own and returns status and body.
func Once(address string, request []byte) (status int, body []byte, err error) {
	c, err := Dial(address)
	if err != nil {
		return 0, nil, err
	}
	var all writer
	status, err = c.do(request, &all)
	return status, all, errors.Join(err, c.Close())
}

type writer []byte

func (w *writer) Write(b []byte) (int, error) {
	*w = append(*w, b...)
	return len(b), nil
}

// Load is what a crowd of connections is to do.
type Load struct {
	Address     string
	Connections int
	// Request makes request i; it is called from several goroutines.
	Request func(i int) []byte
	// Status every answer must have.
	Status int
}

// Outcome is what came of it.
type Outcome struct {
	// Latency counts from when a request was meant to leave.
	Latency measure.Histogram
	// Lag is how late the generator itself was; empty for a closed loop.
	Lag measure.Histogram
	// Done requests were answered as wanted.
	Done  int
	Began time.Time
	Span  time.Duration // to the last answer
}

// Rate of answers per second.
func (o *Outcome) Rate() float64 { return float64(o.Done) / o.Span.Seconds() }

// Closed sends as fast as the connections are answered, for a time and for limit
// requests at most. It finds a maximum; its latencies say little.
func (l Load) Closed(ctx context.Context, span time.Duration, limit int) (*Outcome, error) {
	began := time.Now()
	end := began.Add(span)
	var next atomic.Int64
	return l.crowd(began, func(do func(int, time.Time) error) error {
		for ctx.Err() == nil {
			now := time.Now()
			i := int(next.Add(1)) - 1
			if now.After(end) || i >= limit {
				return nil
			}
			if err := do(i, now); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
}

// Open keeps to a schedule whatever the answers do.
func (l Load) Open(ctx context.Context, s measure.Schedule) (*Outcome, error) {
	type one struct {
		i   int
		due time.Time
	}
	waiting := make(chan one, s.N) // holds them all: the schedule never waits
	var lag *measure.Histogram
	var pacing sync.WaitGroup
	pacing.Go(func() {
		defer close(waiting)
		lag = s.Pace(ctx, func(i int, due time.Time) { waiting <- one{i, due} })
	})
	out, err := l.crowd(s.Start, func(do func(int, time.Time) error) error {
		for w := range waiting {
			if err := do(w.i, w.due); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	pacing.Wait()
	out.Lag.Merge(lag)
	return out, err
}

// crowd runs one worker per connection and adds up what they did.
func (l Load) crowd(began time.Time, work func(do func(i int, due time.Time) error) error) (*Outcome, error) {
	out := &Outcome{Began: began}
	var mu sync.Mutex
	var errs []error
	var workers sync.WaitGroup
	for range l.Connections {
		workers.Go(func() {
			var latency measure.Histogram
			done, last := 0, began
			err := l.one(func(c *Conn) error {
				return work(func(i int, due time.Time) error {
					status, err := c.Do(l.Request(i))
					if err != nil {
						return fmt.Errorf("request %d: %w", i, err)
					}
					if status != l.Status {
						return fmt.Errorf("request %d was answered %d, not %d", i, status, l.Status)
					}
					last = time.Now()
					latency.Record(last.Sub(due))
					done++
					return nil
				})
			})
			mu.Lock()
			defer mu.Unlock()
			out.Latency.Merge(&latency)
			out.Done += done
			out.Span = max(out.Span, last.Sub(began))
			if err != nil {
				errs = append(errs, err)
			}
		})
	}
	workers.Wait()
	return out, errors.Join(errs...)
}

func (l Load) one(use func(*Conn) error) error {
	c, err := Dial(l.Address)
	if err != nil {
		return err
	}
	return errors.Join(use(c), c.Close())
}
