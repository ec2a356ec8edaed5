// Package api is the HTTP edge: the table of routes, the adapter that makes a use
// case an endpoint, the one place where an error becomes a problem document, and the
// server around them.
//
// Always true: a route names its permission, and it is decided before anything of the
// request is read; JSON is read by one strict decoder; every answer carries a request
// id and the headers of its class; what is no *domain.Error leaves as a bare 500.
package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"baraza/domain"
	"baraza/tenancy"

	"github.com/labstack/echo/v4"
)

// Kind says how a route reads and answers.
type Kind string

const (
	// JSON binds, validates, calls and encodes.
	JSON Kind = "json"
	// Session does the same and sets or clears the login cookies.
	Session Kind = "session"
	// File binds, validates, calls and sends what the result writes.
	File Kind = "file"
	// Raw hands over request and response: webhooks, sockets, uploads, files.
	Raw Kind = "raw"
)

// Route is one line of the table. Server, OpenAPI and docs/api.md all read it.
type Route struct {
	Method, Path string
	Need         tenancy.Permission
	Status       int
	Kind         Kind
	In, Out      reflect.Type // nil for raw routes
	Summary      string       // one sentence, required

	MaxBody   int64         // bytes; 1 MiB by default
	Timeout   time.Duration // 10 seconds by default
	Stream    bool          // no deadline and no place among the counted requests
	Accepts   []string      // media types of a raw body; any when empty
	always    bool          // answers when the server is full, and asks for no credential
	suspended bool          // open while the tenant is suspended
	owing     bool          // open to who has a duty to do first
	limit     string        // of requests from one address to this line, besides the others
	byPerson  bool          // no program does this
	recent    bool          // wants a proof of who asks within the last ten minutes

	plan  *plan
	serve func(*Server, *Route, echo.Context) error
}

// Routes is the table. It needs no server and no database: use cases that are nil
// pointers are enough to describe it.
type Routes struct{ list []*Route }

// List returns the lines in the order they were written.
func (r *Routes) List() []Route {
	list := make([]Route, len(r.list))
	for i, route := range r.list {
		list[i] = *route
	}
	return list
}

// Option changes a default of a route.
type Option func(*Route)

// says is what the route does, for OpenAPI and docs/api.md. Every line has it.
func says(summary string) Option { return func(r *Route) { r.Summary = summary } }

// sized sets the largest body in bytes.
func sized(bytes int64) Option { return func(r *Route) { r.MaxBody = bytes } }

// within sets the deadline. Past the server's own read time-out a body must also keep
// moving: 10 seconds without a byte end it.
func within(d time.Duration) Option { return func(r *Route) { r.Timeout = d } }

// accepting names the media types of a raw body; others are 415.
func accepting(types ...string) Option { return func(r *Route) { r.Accepts = types } }

// stream marks a route that stays open: socket, events, tail.
func stream(r *Route) { r.Stream = true }

// whileSuspended keeps a line open to the people of a suspended tenant.
func whileSuspended(r *Route) { r.suspended = true }

// whileOwing keeps a line open to who must set up a second factor or change their
// password before anything else.
func whileOwing(r *Route) { r.owing = true }

// byPerson marks what a person alone can do, whatever rights a key has: it is about
// their own screen or done in their name.
func byPerson(r *Route) { r.byPerson = true }

// limited names a limit of requests from one address, besides those of every line.
func limited(name string) Option { return func(r *Route) { r.limit = name } }

// stepUp marks a dangerous act: the caller must have proved lately who they are.
func stepUp(r *Route) { r.recent = true }

// route makes a use case an endpoint: permission, bind, validate, call, encode.
// It returns errors as they are; problem.go alone gives them a status.
func route[In, Out any](r *Routes, method, path string, need tenancy.Permission, status int, do func(context.Context, In) (Out, error), options ...Option) {
	r.add(&Route{
		Method: method, Path: path, Need: need, Status: status, Kind: JSON,
		In: reflect.TypeFor[In](), Out: reflect.TypeFor[Out](),
		serve: func(s *Server, route *Route, c echo.Context) error {
			out, err := call(s, route, c, do)
			if err != nil {
				return err
			}
			return s.answer(route, c, &out)
		},
	}, options)
}

// call binds the request and calls the use case.
func call[In, Out any](s *Server, route *Route, c echo.Context, do func(context.Context, In) (Out, error)) (out Out, err error) {
	var in In
	if err := s.bind(route.plan, c, &in); err != nil {
		return out, err
	}
	return do(c.Request().Context(), in)
}

// SessionResult is what sign-in, refresh and logout give. Empty tokens clear the
// cookies.
type SessionResult interface {
	Tokens() (access, refresh string, accessTTL, refreshTTL time.Duration)
}

// session is route for a use case whose tokens also travel as cookies.
func session[In any, Out SessionResult](r *Routes, method, path string, need tenancy.Permission, status int, do func(context.Context, In) (Out, error), options ...Option) {
	r.add(&Route{
		Method: method, Path: path, Need: need, Status: status, Kind: Session,
		In: reflect.TypeFor[In](), Out: reflect.TypeFor[Out](),
		serve: func(s *Server, route *Route, c echo.Context) error {
			out, err := call(s, route, c, do)
			if err != nil {
				return err
			}
			s.setCookies(c, out)
			// A browser has its tokens as cookies, which no script can read; a program needs
			// them in the body.
			if w, ok := any(out).(tokenless); ok && byBrowser(c.Request()) {
				return s.answer(route, c, w.WithoutTokens())
			}
			return s.answer(route, c, &out)
		},
	}, options)
}

// tokenless is a SessionResult whose body can go without the tokens.
type tokenless interface{ WithoutTokens() any }

// byBrowser says whether a page sent the request: no page can leave both headers out
// of a POST, and no program has a reason to send one.
func byBrowser(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != ""
}

// raw hands the request to do with the path's parameters as PathValue, after
// permission, body limit and deadline. An error becomes a problem document like any
// other as long as nothing was written.
func raw(r *Routes, method, path string, need tenancy.Permission, do func(http.ResponseWriter, *http.Request) error, options ...Option) {
	r.add(&Route{
		Method: method, Path: path, Need: need, Status: http.StatusOK, Kind: Raw,
		serve: func(s *Server, route *Route, c echo.Context) error {
			for i, name := range c.ParamNames() {
				value, err := pathValue(c.ParamValues()[i])
				if err != nil {
					return domain.ErrNotFound
				}
				c.Request().SetPathValue(name, value)
			}
			return do(c.Response(), c.Request())
		},
	}, options)
}

// plain lets a handler that answers its own errors stand on a raw line.
func plain(h http.Handler) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		h.ServeHTTP(w, r)
		return nil
	}
}

func (r *Routes) add(route *Route, options []Option) {
	for _, option := range options {
		option(route)
	}
	r.list = append(r.list, route)
}
