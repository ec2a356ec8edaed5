package api

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"reflect"

	"baraza/domain"
	"baraza/domain/idempotency"
	"baraza/tenancy"

	"github.com/labstack/echo/v4"
	"go.uber.org/zap"
)

const (
	headerIdempotencyKey = "Idempotency-Key"
	minIdempotencyKey    = 8
	maxIdempotencyKey    = 64

	repeatKey = "repeat" // in the Echo context: the idempotency.Request whose answer is kept
)

// repeatable says whether the line takes an Idempotency-Key. Every line that creates
// does: nobody has to remember. It needs a caller, whose key it is, and no answer that
// tells repeats by itself, such as a message's client_id. Its use case must have its
// effect in a transaction: the first one takes the key with it.
func (r *Route) repeatable() bool {
	if r.Kind != JSON || r.Method != http.MethodPost || r.Status != http.StatusCreated || r.Need == tenancy.Public {
		return false
	}
	return !reflect.PointerTo(r.Out).Implements(reflect.TypeFor[interface{ Replayed() bool }]())
}

// once has a repeatable request done once for its key, and answers it the same again.
func (s *Server) once(route *Route, next echo.HandlerFunc) echo.HandlerFunc {
	if !route.repeatable() || s.config.Idempotency == nil {
		return next
	}
	return func(c echo.Context) error {
		r := c.Request()
		keys := r.Header.Values(headerIdempotencyKey)
		if len(keys) == 0 {
			return next(c)
		}
		if len(keys) > 1 || !validIdempotencyKey(keys[0]) {
			return domain.BadParameter(headerIdempotencyKey, "An Idempotency-Key is 8 to 64 printable characters.")
		}
		hash, err := requestHash(r)
		if err != nil {
			return err
		}
		request := idempotency.Request{Path: r.URL.Path, Key: keys[0], Hash: hash}
		stored, err := s.config.Idempotency.Find(r.Context(), request)
		if err == nil {
			return replay(c, stored)
		}
		if !errors.Is(err, domain.ErrNotFound) {
			return err
		}
		c.SetRequest(r.WithContext(s.config.Idempotency.Claim(r.Context(), request)))
		c.Set(repeatKey, request)
		return next(c)
	}
}

// keep stores the answer of a request that came with a key. If that fails the answer
// is given all the same: what was done is done, and its key taken.
func (s *Server) keep(c echo.Context, status int, etag string, body []byte) {
	request, ok := c.Get(repeatKey).(idempotency.Request)
	if !ok {
		return
	}
	err := s.config.Idempotency.Keep(c.Request().Context(), request, idempotency.Answer{Status: status, ETag: etag, Body: body})
	if err != nil {
		s.log.Error("the answer under an idempotency key was not kept", zap.String("route", pattern(c)), zap.Error(err))
	}
}

func replay(c echo.Context, stored idempotency.Answer) error {
	h := c.Response().Header()
	h.Set("Idempotent-Replayed", "true")
	if stored.ETag != "" {
		h.Set("ETag", stored.ETag)
	}
	return c.Blob(stored.Status, "application/json", stored.Body)
}

func validIdempotencyKey(key string) bool {
	if len(key) < minIdempotencyKey || len(key) > maxIdempotencyKey {
		return false
	}
	for _, b := range []byte(key) {
		if b <= ' ' || b > '~' {
			return false
		}
	}
	return true
}

// requestHash reads the body and puts it back. A type that was not said is another
// request, too: it is refused.
func requestHash(r *http.Request) ([]byte, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	h := sha256.New()
	for _, part := range []string{r.URL.RawQuery, r.Header.Get("Content-Type")} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	h.Write(body)
	return h.Sum(nil), nil
}
