package api

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"baraza/domain"
	"baraza/tenancy"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

var update = flag.Bool("update", false, "write golden files and docs/api.md anew")

type fixture struct {
	*Server
	log    *observer.ObservedLogs
	routes *Routes
	added  chan AddNote // what the use case saw
	listed chan ListNotes
	hold   chan struct{} // closed to let Hold end
	held   chan struct{}
}

var author = uuid.MustParse("0198f3c2-7b3a-7c41-9a55-0d6a4f2b8e10")

// failures are what the use case Fail returns, by name.
var failures = map[string]error{
	"permission_denied":  domain.ErrDenied.Naming(map[string]any{"permission": "x.y"}),
	"invalid_transition": (&domain.Error{Kind: domain.Conflict, Code: "invalid_transition", Detail: "It is closed."}).Naming(map[string]any{"status": "closed", "allowed": []string{"reopen"}}),
	"rate_limited":       &domain.Error{Kind: domain.TooMany, Code: "rate_limited", Detail: "Slower, please.", RetryAfter: 1500 * time.Millisecond},
	"unavailable":        domain.ErrUnavailable.With(errors.New("dial tcp 10.0.0.9:5432: connection refused")),
	"two_fields": &domain.Error{Kind: domain.Invalid, Code: "validation_failed", Detail: "2 fields need attention", Fields: []domain.FieldError{
		{Field: "phone_number_id", Code: "required", Detail: "is required"}, {Field: "name", Code: "too_long", Detail: "at most 80 characters"}}},
	"unknown":      errors.New(`ERROR: duplicate key value violates unique constraint "x" (SQLSTATE 23505)`),
	"unlisted":     &domain.Error{Kind: domain.Conflict, Code: "made_up", Detail: "secret detail"},
	"wrapped":      errors.Join(errors.New("outer"), domain.ErrExists.With(errors.New("inner secret"))),
	"deadline":     context.DeadlineExceeded,
	"unencodable":  domain.ErrExists.Naming(map[string]any{"f": func() {}}),
	"unauthorized": domain.ErrUnauthenticated,
}

func newFixture(t testing.TB, change func(*Config)) *fixture {
	core, logs := observer.New(zapcore.InfoLevel)
	f := &fixture{log: logs, added: make(chan AddNote, 8), listed: make(chan ListNotes, 8), hold: make(chan struct{}), held: make(chan struct{}, 8)}
	f.Server = newServer(t, func(c *Config) {
		c.Log = zap.New(core)
		if change != nil {
			change(c)
		}
	}, func(r *Routes) {
		f.routes = r
		f.table(r)
	})
	return f
}

// newServer builds a server around a table of the test's own.
func newServer(t testing.TB, change func(*Config), table func(*Routes)) *Server {
	t.Helper()
	routes := NewRoutes()
	table(routes)
	config := Config{
		BaseURL: "https://chat.acme.test", Origins: []string{"https://admin.acme.test"}, Log: zap.NewNop(), Metrics: prometheus.NewRegistry(),
		Authenticate: authenticateTest, DrainDelay: time.Millisecond,
	}
	if change != nil {
		change(&config)
	}
	server, err := New(config, routes)
	require.NoError(t, err)
	return server
}

// authenticateTest knows a few bearers by name.
func authenticateTest(r *http.Request) (tenancy.Scope, error) {
	scope := tenancy.Scope{TenantID: uuid.MustParse("0198f3c2-7b3b-7e02-8000-000000000001"), UserID: author}
	switch strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") {
	case "":
		return tenancy.Scope{}, nil
	case "all", "access-token":
		scope.Permissions, scope.Operator = tenancy.Grant(tenancy.MemberPermissions()...), true
		scope.AuthenticatedAt = time.Now()
	case "nobody":
	case "key":
		scope.UserID, scope.Permissions = uuid.Nil, tenancy.Grant(tenancy.ConversationReply)
	case "suspended":
		return tenancy.Scope{}, &domain.Error{Kind: domain.Denied, Code: "tenant_suspended", Detail: "The workspace is suspended."}
	case "broken":
		return tenancy.Scope{}, errors.New("sessions: connection reset")
	default:
		return tenancy.Scope{}, &domain.Error{Kind: domain.Unauthenticated, Code: "token_expired", Detail: "Sign in again."}
	}
	return scope, nil
}

// request makes one; pairs are headers.
func request(method, target, body string, pairs ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("X-Request-Id", "test-request-0001")
	r.Header.Set("Authorization", "Bearer all")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			r.Header.Del(pairs[i])
		} else {
			r.Header.Set(pairs[i], pairs[i+1])
		}
	}
	return r
}

func (f *fixture) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

// problemOf reads a problem document and requires its form.
func problemOf(t testing.TB, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	require.Equal(t, "application/problem+json", w.Header().Get("Content-Type"), w.Body.String())
	var doc map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &doc), w.Body.String())
	require.EqualValues(t, w.Code, doc["status"])
	require.Equal(t, w.Header().Get("X-Request-Id"), doc["request_id"])
	return doc
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}
