package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"baraza/domain"
	"baraza/tenancy"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

const (
	headerRequestID = "X-Request-Id"
	maxUserAgent    = 400
	nonceKey        = "nonce"  // in the Echo context: the CSP nonce of this answer
	streamKey       = "stream" // in the Echo context of a route that stays open
)

// observe is the outermost layer: id and headers before anything else, then the
// answer to every error and panic, one log line and the metrics.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		r, w := c.Request(), c.Response()
		id := requestID(r)
		if !validRequestID(id) {
			id = newRequestID()
			r.Header.Set(headerRequestID, id) // handlers and use cases find it in one place
		}
		w.Header().Set(headerRequestID, id)
		s.setHeaders(c)
		s.metrics.inFlight.Inc()
		defer s.metrics.inFlight.Dec()
		err := guard(next, c)
		if err != nil && r.Context().Err() != nil && !errors.As(err, new(*panicked)) {
			err = errors.Join(context.Canceled, err) // the client left: no defect, whatever failed then
		}
		cut := w.Committed && err != nil && !errors.Is(err, context.Canceled)
		var e *domain.Error
		if err != nil {
			e = known(err)
			s.fail(c, e)
		}
		if c.Get(streamKey) != nil && err == nil && !w.Committed {
			w.Status = http.StatusSwitchingProtocols // the connection was taken over
		}
		took := time.Since(start)
		s.metrics.observe(c, took)
		s.access(c, took, e)
		if cut {
			panic(http.ErrAbortHandler) // half an answer must not pass for a whole one
		}
		return nil
	}
}

// origin is where a request came from, in text that any column and log line can hold.
func origin(r *http.Request) domain.Request {
	ip, _, _ := net.SplitHostPort(r.RemoteAddr) // the edge wrote it
	agent := strings.ToValidUTF8(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return -1
		}
		return c
	}, r.UserAgent()), "")
	for len(agent) > maxUserAgent {
		_, size := utf8.DecodeLastRuneInString(agent)
		agent = agent[:len(agent)-size]
	}
	return domain.Request{IP: ip, UserAgent: agent, ID: requestID(r)}
}

func requestID(r *http.Request) string { return r.Header.Get(headerRequestID) }

func validRequestID(id string) bool {
	if len(id) < 8 || len(id) > 64 {
		return false
	}
	for _, b := range []byte(id) {
		if (b < '0' || b > '9') && (b < 'a' || b > 'z') && (b < 'A' || b > 'Z') && b != '-' && b != '_' {
			return false
		}
	}
	return true
}

func newRequestID() string {
	var random [16]byte
	rand.Read(random[:]) // never fails: it ends the process instead
	return hex.EncodeToString(random[:])
}

// pattern is the route, never the path: paths carry tokens.
func pattern(c echo.Context) string {
	if c.Path() == "" {
		return "/*"
	}
	return c.Path()
}

// access writes the one line of a request. No path values and no query (ticket,
// search text, OAuth code), no bodies.
func (s *Server) access(c echo.Context, took time.Duration, e *domain.Error) {
	level := zapcore.InfoLevel
	if e != nil && e.Code == domain.ErrInternal.Code {
		level = zapcore.ErrorLevel
	}
	entry := s.log.Check(level, "request")
	if entry == nil {
		return
	}
	scope := tenancy.From(c.Request().Context())
	fields := make([]zap.Field, 0, 11)
	fields = append(fields,
		zap.String("method", c.Request().Method),
		zap.String("route", pattern(c)),
		zap.Int("status", c.Response().Status),
		zap.Float64("dur_ms", float64(took.Microseconds())/1000),
		zap.String("request_id", requestID(c.Request())))
	if scope.TenantID != uuid.Nil {
		fields = append(fields, zap.Stringer("tenant_id", scope.TenantID))
	}
	if scope.UserID != uuid.Nil {
		fields = append(fields, zap.Stringer("user_id", scope.UserID))
	}
	if scope.KeyID != uuid.Nil {
		fields = append(fields, zap.Stringer("key_id", scope.KeyID))
	}
	if e != nil {
		fields = append(fields, zap.String("code", e.Code))
		if e.Cause != nil {
			fields = append(fields, zap.NamedError("cause", e.Cause))
		}
		var p *panicked
		if errors.As(e, &p) {
			fields = append(fields, zap.ByteString("stack", p.stack))
		}
	}
	entry.Write(fields...)
}

// address puts the real client into RemoteAddr: the nearest hop that no trusted proxy
// vouches for. Without trusted proxies forwarding headers mean nothing.
func (s *Server) address(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil || !s.trusts(peer.Addr().Unmap()) {
			return next(c)
		}
		client := peer.Addr().Unmap()
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for _, hop := range slices.Backward(hops) {
			address, err := netip.ParseAddr(strings.TrimSpace(hop))
			if err != nil {
				break // whoever wrote this is not believed further
			}
			client = address.Unmap().WithZone("")
			if !s.trusts(client) {
				break
			}
		}
		r.RemoteAddr = net.JoinHostPort(client.String(), "0")
		return next(c)
	}
}

func (s *Server) trusts(address netip.Addr) bool {
	return slices.ContainsFunc(s.config.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(address) })
}
