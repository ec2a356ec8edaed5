package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"baraza/domain"
	"baraza/domain/access"
	"baraza/tenancy"

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"
)

const (
	defaultBody    = 1 << 20
	defaultTimeout = 10 * time.Second
	// stalled is how long an upload may stay silent.
	stalled = 10 * time.Second
)

// endpoint puts around a route, outermost first, what every route has: a place among
// the requests in flight, bounds, the cookie's origin, the scope, the rates, the permission.
func (s *Server) endpoint(route *Route) echo.HandlerFunc {
	serve := s.once(route, func(c echo.Context) error {
		began := time.Now()
		if err := route.serve(s, route, c); err != nil {
			return err
		}
		s.tellActivity(route, c, time.Since(began))
		return nil
	})
	h := func(c echo.Context) error {
		scope := tenancy.From(c.Request().Context())
		if scope.Suspended && !route.suspended && route.Need != tenancy.Public {
			return access.ErrTenantSuspended
		}
		if scope.Owes != "" && !route.owing && route.Need != tenancy.Public {
			return access.Owed(scope.Owes)
		}
		if err := may(scope, route.Need); err != nil {
			return err
		}
		if (route.byPerson || route.recent) && scope.KeyID != (tenancy.Scope{}).KeyID {
			return errForPeople
		}
		if route.recent {
			if err := access.CheckRecent(scope); err != nil {
				return err
			}
		}
		if err := acceptable(route, c.Request()); err != nil {
			return err
		}
		return serve(c)
	}
	if route.always {
		return s.anonymous(route.Path, s.bounded(route, h))
	}
	h = s.authenticated(route, h)
	h = s.credential(route, h)
	h = s.bounded(route, h)
	if !route.Stream {
		h = s.admitted(h)
	}
	return s.showLimit(route, h)
}

// may decides the route's permission, before any row is read.
func may(scope tenancy.Scope, need tenancy.Permission) error {
	switch {
	case scope.May(need):
		return nil
	case scope.UserID == (tenancy.Scope{}).UserID && scope.TenantID == (tenancy.Scope{}).TenantID:
		return domain.ErrUnauthenticated
	default:
		return domain.ErrDenied.Naming(map[string]any{"permission": need})
	}
}

// authenticate lets public routes go on without a scope where the credential has run
// out: nobody could sign in or refresh with a stale cookie otherwise.
func (s *Server) authenticate(route *Route) func(*http.Request) (tenancy.Scope, error) {
	if route.Need != tenancy.Public {
		return s.config.Authenticate
	}
	return func(r *http.Request) (tenancy.Scope, error) {
		scope, err := s.config.Authenticate(r)
		if err != nil {
			if kind := domain.As(err).Kind; kind == domain.Unauthenticated || kind == domain.Denied {
				return tenancy.Scope{}, nil
			}
		}
		return scope, err
	}
}

// admitted bounds the requests in flight: who finds no place is told to come back.
func (s *Server) admitted(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		select {
		case s.places <- struct{}{}:
			defer func() { <-s.places }()
			return next(c)
		default:
			return errBusy
		}
	}
}

// bounded limits the body's size and the request's time.
func (s *Server) bounded(route *Route, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, w := c.Request(), c.Response()
		if r.ContentLength > route.MaxBody {
			return tooLargeError(route.MaxBody)
		}
		r.Body = http.MaxBytesReader(w.Writer, r.Body, route.MaxBody)
		control := http.NewResponseController(w.Writer)
		if route.Stream {
			// Refused only by a writer without a connection, which has no deadline either.
			_ = control.SetReadDeadline(time.Time{})
			_ = control.SetWriteDeadline(time.Time{})
			c.Set(streamKey, true)
			ctx, cancel := s.untilShutdown(domain.WithRequest(r.Context(), origin(r)))
			defer cancel()
			c.SetRequest(r.WithContext(ctx))
			return next(c)
		}
		if route.Timeout > readTimeout {
			end := time.Now().Add(route.Timeout)
			_ = control.SetWriteDeadline(end.Add(writeGrace)) // as above
			r.Body = &movingBody{ReadCloser: r.Body, control: control, end: end}
		}
		ctx, cancel := context.WithTimeout(domain.WithRequest(r.Context(), origin(r)), route.Timeout)
		defer cancel()
		c.SetRequest(r.WithContext(ctx))
		return next(c)
	}
}

// movingBody moves the read deadline with every read, up to the end.
type movingBody struct {
	io.ReadCloser
	control *http.ResponseController
	end     time.Time
}

func (b *movingBody) Read(p []byte) (int, error) {
	next := time.Now().Add(stalled)
	if next.After(b.end) {
		next = b.end
	}
	_ = b.control.SetReadDeadline(next) // a writer without a connection refuses; nothing stalls there
	return b.ReadCloser.Read(p)
}

func acceptable(route *Route, r *http.Request) error {
	if len(route.Accepts) == 0 || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	media := mediaType(r)
	for _, accepted := range route.Accepts {
		if media == accepted {
			return nil
		}
	}
	return errMediaType.Saying("The body must be " + strings.Join(route.Accepts, " or ") + ".")
}

// answer encodes the result. What a result may carry beside its members: Replayed (it
// existed before this request: 200 instead of 201), Pending (it goes on after this
// request: 202), Cursor (X-Cursor, the change horizon of the read) and ETag (its
// version; a GET that knows it gets 304).
func (s *Server) answer(route *Route, c echo.Context, out any) error {
	status := route.Status
	if result, ok := out.(interface{ Replayed() bool }); ok && result.Replayed() {
		status = http.StatusOK
	}
	if result, ok := out.(interface{ Pending() bool }); ok && result.Pending() {
		status = http.StatusAccepted
	}
	header := c.Response().Header()
	if result, ok := out.(interface{ Cursor() string }); ok {
		if cursor := result.Cursor(); cursor != "" {
			header.Set("X-Cursor", cursor)
		}
	}
	if result, ok := out.(interface{ ETag() string }); ok {
		tag := `"` + result.ETag() + `"`
		header.Set("ETag", tag)
		if c.Request().Method == http.MethodGet && knows(c.Request(), tag) {
			return c.NoContent(http.StatusNotModified)
		}
	}
	if status == http.StatusNoContent || route.Out == none {
		return c.NoContent(status)
	}
	body, err := json.Marshal(out, s.wire)
	if err != nil {
		return err
	}
	s.keep(c, status, header.Get("ETag"), body)
	if err := c.Blob(status, "application/json", body); err != nil {
		return errors.Join(context.Canceled, err) // the client left
	}
	return nil
}

var none = reflect.TypeFor[domain.None]()

// knows says whether If-None-Match names the tag.
func knows(r *http.Request, tag string) bool {
	for _, list := range r.Header.Values("If-None-Match") {
		for one := range strings.SplitSeq(list, ",") {
			one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
			if one == tag || one == "*" {
				return true
			}
		}
	}
	return false
}

// wireOptions are how everything leaves: lists as [], times in UTC with milliseconds,
// the same bytes for the same value.
func wireOptions() json.Options {
	return json.JoinOptions(
		json.Deterministic(true),
		json.WithMarshalers(json.MarshalFunc(func(t time.Time) ([]byte, error) { return domain.At(t).MarshalJSON() })),
	)
}
