// Package simulator plays Meta on the same machine, both sides of it: the Graph API
// that our client calls, and the sender of signed webhooks. WhatsApp is what it plays.
//
// Always true: it listens on loopback and calls back to loopback, nowhere else. It
// keeps nothing on disk and needs no register of numbers: whoever holds the secret can
// make a number's token, so a restart loses nothing but what was on its way. What it
// remembers is bounded. Sending the same body twice sends two messages, as at Meta.
package simulator

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"
)

// Config says where the simulator listens and whom it calls.
type Config struct {
	// Listen is a loopback address. Defaults to 127.0.0.1:0, a free port.
	Listen string
	// CallbackURL receives the webhooks. Its host is loopback.
	CallbackURL string
	// AppSecret signs webhooks and makes tokens.
	AppSecret string
	// Seed decides every id. The same seed gives the same ids in the same order, and
	// so repeats ids after a restart; 0 chooses one that does not.
	Seed uint64
	// Profile of the statuses that follow a message. The zero Profile sends them at once.
	Profile Profile
	// Now stamps webhooks. Defaults to time.Now.
	Now func() time.Time
	// Log defaults to none.
	Log *zap.Logger
}

// Server is the simulator. Use New.
type Server struct {
	config   Config
	listener net.Listener
	callback *http.Client
	errors   graphErrors
	ids      mint
	faults   faults
	journal  journal
	people   people
	timeline timeline
	lanes    [lanes]chan *parcel

	mu      sync.Mutex
	held    []*parcel                         // until the next webhook has gone out
	watches map[string]map[chan Sent]struct{} // by phone number id
}

// New checks the configuration; nothing runs until Run.
func New(c Config) (*Server, error) {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = zap.NewNop()
	}
	callback, err := url.Parse(c.CallbackURL)
	switch {
	case err != nil || callback.Scheme != "http" && callback.Scheme != "https" || !loopback(callback.Hostname()):
		return nil, fmt.Errorf("the simulator calls back to this machine only, not to %q", c.CallbackURL)
	case c.AppSecret == "":
		return nil, errors.New("the simulator needs an app secret")
	}
	if host, _, err := net.SplitHostPort(c.Listen); err != nil || !loopback(host) {
		return nil, fmt.Errorf("the simulator listens on loopback only, not on %q", c.Listen)
	}
	if c.Seed == 0 {
		var seed [8]byte
		if _, err := rand.Read(seed[:]); err != nil {
			return nil, fmt.Errorf("choose a seed: %w", err)
		}
		c.Seed = binary.BigEndian.Uint64(seed[:])
	}
	catalogue, err := loadGraphErrors()
	if err != nil {
		return nil, err
	}
	s := &Server{config: c, errors: catalogue, callback: callbackClient(), watches: map[string]map[chan Sent]struct{}{}}
	s.ids.seed = c.Seed
	s.timeline.wake = make(chan struct{}, 1)
	for i := range s.lanes {
		s.lanes[i] = make(chan *parcel, laneLength)
	}
	return s, nil
}

// Listen takes the address, so that URL is known before Run.
func (s *Server) Listen() error {
	listener, err := net.Listen("tcp", s.config.Listen)
	if err != nil {
		return fmt.Errorf("listen as the simulator: %w", err)
	}
	s.listener = listener
	return nil
}

// URL of the Graph API and the control plane; "" before Listen.
func (s *Server) URL() string {
	if s.listener == nil {
		return ""
	}
	return "http://" + s.listener.Addr().String()
}

// Run serves until ctx ends, and returns when everything it started has ended.
// Webhooks that wait for their time or for a retry are dropped then.
func (s *Server) Run(ctx context.Context) error {
	if s.listener == nil {
		if err := s.Listen(); err != nil {
			return err
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	server := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		ErrorLog:          zap.NewStdLog(s.config.Log),
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	group.Go(func() error {
		if err := server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve the simulator: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		// Requests that hang on purpose end with ctx; a second is plenty for the others.
		bounded, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if server.Shutdown(bounded) != nil {
			return server.Close()
		}
		return nil
	})
	s.work(ctx, group)
	err := group.Wait()
	s.callback.CloseIdleConnections()
	return err
}

// work starts the timeline and the lanes.
func (s *Server) work(ctx context.Context, group *errgroup.Group) {
	group.Go(func() error { return s.timeline.run(ctx) })
	for _, lane := range s.lanes {
		group.Go(func() error { return s.carry(ctx, lane) })
	}
}

// loopback tells whether a host is this machine.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
