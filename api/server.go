package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"baraza/domain/activity"
	"baraza/domain/idempotency"
	"baraza/tenancy"

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 60 * time.Second
	maxHeaderBytes    = 16 << 10
	// writeGrace is what an answer gets after the deadline of its work.
	writeGrace = writeTimeout - readTimeout
)

// Config is what the edge needs from outside.
type Config struct {
	// BaseURL is where people reach the server, such as https://chat.acme.test.
	// https turns on HSTS and the Secure cookies.
	BaseURL string
	// Origins may call /api with credentials besides our own pages. None by default.
	Origins []string
	// TrackerOrigin says whether a page of this origin may call the tracker's
	// addresses (/v1, /sdk). Nil: no page of another origin.
	TrackerOrigin func(r *http.Request, origin string) bool
	// MediaOrigin and SocketOrigin are added to the content security policy when media
	// or sockets have a host of their own. Empty by default.
	MediaOrigin, SocketOrigin string
	// TrustedProxies are the peers whose X-Forwarded-For is believed. None by default.
	TrustedProxies []netip.Prefix
	// ScrapeToken opens /metrics to others than this machine. Empty: to nobody else.
	ScrapeToken tenancy.Secret

	// Authenticate turns the request's Authorization header, ticket or key into a
	// scope; cookies have become a bearer by then. A request without credential is the
	// zero scope and no error.
	Authenticate func(*http.Request) (tenancy.Scope, error)
	// Activity records what a person did, for the figures about use. Nil: nothing.
	Activity func(context.Context, activity.Doing) error
	// App is the built web app with index.html at its root. Nil or without one: a page
	// that says how to build it.
	App fs.FS
	// Checks decide /readyz.
	Checks []Check
	// Drain is called once when the server stops, while requests are still served:
	// sockets say goodbye there. It must end when its context does. Nil: nothing.
	Drain func(context.Context)
	// Translate gives a sentence in a language of Accept-Language. Nil: English.
	Translate func(acceptLanguage, english string) string

	Log *zap.Logger
	// Metrics is where the edge registers its own and what /metrics shows.
	Metrics *prometheus.Registry

	// Idempotency remembers what was done under an Idempotency-Key. Nil: the header
	// means nothing.
	Idempotency *idempotency.Store
	// Limits are rates by name: user, tenant, address, and those that route lines name.
	// None by default.
	Limits Limits
	// Concurrency is how many requests are worked on at once. 256 by default.
	Concurrency int
	// Timeout is the deadline of a request whose route names none. 10 seconds by default.
	Timeout time.Duration
	// DrainDelay is how long the server goes on after it reports not ready, so that
	// balancers notice. 3 seconds by default.
	DrainDelay time.Duration
	// DrainTimeout bounds Drain and the requests still running after that. 10 seconds by default.
	DrainTimeout time.Duration
}

// Server is the whole HTTP side. It is a handler of its own and is run by Serve.
type Server struct {
	config  Config
	base    string // origin of BaseURL
	secure  bool
	origins map[string]bool
	headers map[class]http.Header
	log     *zap.Logger
	echo    *echo.Echo
	rules   *rules
	wire    json.Options
	metrics *metrics
	places  chan struct{}
	limits  limits
	app     *app
	ready   readiness
	reports reports
	openapi []byte

	draining atomic.Bool
	// streams ends when the server stops; nil while nothing serves.
	streams context.Context
}

// New checks the table and builds the server. A route without a known permission, or
// whose path and input do not fit, is an error here and not a surprise later.
func New(c Config, r *Routes) (*Server, error) {
	base, ok := originOf(c.BaseURL)
	if !ok {
		return nil, fmt.Errorf("base URL %q is no http or https address", c.BaseURL)
	}
	if c.Authenticate == nil || c.Log == nil || c.Metrics == nil {
		return nil, errors.New("api: Authenticate, Log and Metrics are required")
	}
	c.Concurrency = max(c.Concurrency, 0)
	if c.Concurrency == 0 {
		c.Concurrency = 256
	}
	for d, fallback := range map[*time.Duration]time.Duration{&c.Timeout: defaultTimeout, &c.DrainDelay: 3 * time.Second, &c.DrainTimeout: 10 * time.Second} {
		if *d == 0 {
			*d = fallback
		}
	}
	s := &Server{
		config: c, base: base, secure: strings.HasPrefix(base, "https://"), origins: map[string]bool{},
		log: c.Log, echo: echo.New(), rules: newRules(), wire: wireOptions(), places: make(chan struct{}, c.Concurrency),
	}
	for _, text := range c.Origins {
		origin, ok := originOf(text)
		if !ok {
			return nil, fmt.Errorf("origin %q is not scheme://host[:port]", text)
		}
		s.origins[origin] = true
	}
	s.headers = headersFor(c, s.secure)
	if err := r.check(s.rules); err != nil {
		return nil, err
	}
	var err error
	if s.limits, err = newLimits(c.Limits, r.list); err != nil {
		return nil, err
	}
	if s.openapi, err = OpenAPI(r); err != nil {
		return nil, err
	}
	if s.app, err = newApp(c.App); err != nil {
		return nil, err
	}
	if s.metrics, err = newMetrics(c.Metrics); err != nil {
		return nil, err
	}
	s.mount(r)
	return s, nil
}

func (s *Server) mount(r *Routes) {
	s.echo.Logger.SetOutput(io.Discard) // its remarks have no request id and are no JSON
	s.echo.Use(s.observe, s.address, s.cors, s.unmatched)
	for _, route := range r.list {
		own := *route
		if own.MaxBody == 0 {
			own.MaxBody = defaultBody
		}
		if own.Timeout == 0 {
			own.Timeout = s.config.Timeout
		}
		s.echo.Add(own.Method, own.Path, s.endpoint(&own))
	}
}

// unmatched sends what no route knows to the web app.
func (s *Server) unmatched(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Path() == "" {
			return s.anonymous(c.Request().URL.Path, s.serveApp)(c)
		}
		return next(c)
	}
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// untilShutdown is ctx, ended early when the server stops: nobody would end a stream
// otherwise.
func (s *Server) untilShutdown(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if s.streams == nil {
		return ctx, cancel
	}
	stop := context.AfterFunc(s.streams, cancel)
	return ctx, func() { stop(); cancel() }
}

// Serve answers on the listener until ctx ends, then drains: not ready at once, new
// requests for DrainDelay more, then none, while Drain and the requests under way get
// DrainTimeout.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	errorLog, err := zap.NewStdLogAt(s.log, zapcore.WarnLevel)
	if err != nil {
		return fmt.Errorf("serve http: %w", err)
	}
	streams, endStreams := context.WithCancel(context.WithoutCancel(ctx))
	defer endStreams()
	s.streams = streams
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: errorLog,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve http: %w", err)
	case <-ctx.Done():
	}
	s.draining.Store(true)
	// A balancer's idle connection must not be closed under its next request.
	server.SetKeepAlivesEnabled(false)
	wait := time.NewTimer(s.config.DrainDelay)
	defer wait.Stop()
	select {
	case err := <-failed:
		return fmt.Errorf("serve http: %w", err)
	case <-wait.C:
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.DrainTimeout)
	defer cancel()
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		if s.config.Drain != nil {
			s.config.Drain(bounded)
		}
	}()
	endStreams()
	err = server.Shutdown(bounded)
	if err != nil {
		err = errors.Join(fmt.Errorf("requests were cut off: %w", err), server.Close())
	}
	<-drained
	<-failed // http.ErrServerClosed
	return err
}
