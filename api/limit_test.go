package api

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"baraza/domain"
	"baraza/tenancy"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
)

// SE-11 (API §1.7): who is slowed down by whom, and what answers say of it.
func TestLimits(t *testing.T) {
	t.Parallel()
	tenant := uuid.MustParse("0198f3c2-7b3b-7e02-8000-000000000001")
	setup := func(t *testing.T, limits Limits) *fixture {
		t.Parallel()
		return newFixture(t, func(c *Config) {
			c.Limits = limits
			c.Authenticate = func(r *http.Request) (tenancy.Scope, error) {
				switch r.Header.Get("Authorization") {
				case "Bearer one":
					return tenancy.Scope{TenantID: tenant, UserID: author}, nil
				case "Bearer two":
					return tenancy.Scope{TenantID: tenant, UserID: tenant}, nil
				case "Bearer key":
					return tenancy.Scope{TenantID: tenant, KeyID: uuid.MustParse("0198f3c2-7b3b-7e02-8000-000000000002")}, nil
				case "":
					return tenancy.Scope{}, nil
				}
				return tenancy.Scope{}, domain.ErrUnauthenticated
			}
		})
	}
	get := func(f *fixture, path, bearer, from string) *httptest.ResponseRecorder {
		r := request("GET", path, "", "Authorization", bearer)
		r.RemoteAddr = from
		return f.do(r)
	}
	standing := func(w *httptest.ResponseRecorder) []string {
		h := w.Header()
		return []string{h.Get("RateLimit-Limit"), h.Get("RateLimit-Remaining"), h.Get("RateLimit-Reset")}
	}
	const here, there = "203.0.113.7:4711", "203.0.113.8:4711"

	t.Run("each_person_and_key_has_their_own_and_all_share_their_tenants", func(t *testing.T) {
		f := setup(t, Limits{"user": {1, 2}, "tenant": {1, 5}})
		require.Equal(t, []string{"2", "1", "60"}, standing(get(f, "/api/versioned", "Bearer one", here)))
		require.Equal(t, []string{"2", "0", "120"}, standing(get(f, "/api/versioned", "Bearer one", there)), "wherever they are")
		w := get(f, "/api/versioned", "Bearer one", here)
		require.Equal(t, http.StatusTooManyRequests, w.Code)
		doc := problemOf(t, w)
		require.Equal(t, "rate_limited", doc["code"])
		require.EqualValues(t, 60, doc["retry_after"])
		require.Equal(t, "60", w.Header().Get("Retry-After"))
		require.Equal(t, []string{"2", "0", "120"}, standing(w))

		for _, other := range []string{"Bearer two", "Bearer two", "Bearer key"} {
			require.NotEqual(t, http.StatusTooManyRequests, get(f, "/api/versioned", other, here).Code)
		}
		w = get(f, "/api/versioned", "Bearer key", here)
		require.Equal(t, http.StatusTooManyRequests, w.Code, "five of the tenant")
		require.Equal(t, []string{"5", "0", "300"}, standing(w))
	})

	t.Run("whoever_is_not_known_is_counted_by_address", func(t *testing.T) {
		f := setup(t, Limits{"address": {1, 3}, "user": {1, 100}})
		require.Equal(t, http.StatusUnauthorized, get(f, "/api/versioned", "", here).Code)
		require.Equal(t, http.StatusUnauthorized, get(f, "/api/versioned", "Bearer guessed", here).Code)
		require.Equal(t, http.StatusNotFound, get(f, "/api/nothing", "", here).Code)
		for _, path := range []string{"/api/versioned", "/api/nothing", "/api/openapi.json", "/api/fail"} {
			w := get(f, path, "Bearer guessed", here)
			require.Equal(t, http.StatusTooManyRequests, w.Code, path)
			require.Equal(t, []string{"3", "0", "180"}, standing(w), path)
		}
		require.Equal(t, http.StatusUnauthorized, get(f, "/api/versioned", "", there).Code)
		require.Equal(t, http.StatusOK, get(f, "/api/versioned", "Bearer one", here).Code, "who is known is not held up by their neighbours")
		require.Equal(t, http.StatusOK, get(f, "/livez", "", here).Code)

		for i, from := range []string{"[2001:db8::1]:1", "[2001:db8::2]:1", "[2001:db8:0:0:ffff::3]:1", "[2001:db8::4]:1"} {
			require.Equal(t, i < 3, get(f, "/api/versioned", "", from).Code == http.StatusUnauthorized, "a network of IPv6 is one")
		}
		require.Equal(t, http.StatusUnauthorized, get(f, "/api/versioned", "", "[2001:db8:0:1::1]:1").Code)
	})

	t.Run("webhooks_are_never_limited", func(t *testing.T) {
		f := setup(t, Limits{"address": {1, 1}, "tenant": {1, 1}, "user": {1, 1}})
		for range 5 {
			r := request("POST", "/webhooks/meta", `{}`, "Authorization", "Bearer one")
			r.RemoteAddr = here
			w := f.do(r)
			require.Equal(t, http.StatusOK, w.Code)
			require.Empty(t, w.Header().Get("RateLimit-Limit"))
		}
	})

	t.Run("every_answer_of_the_api_says_where_one_stands", func(t *testing.T) {
		f := setup(t, Limits{"address": {60, 100}, "user": {60, 100}})
		for _, r := range []*http.Request{
			request("GET", "/api/versioned", "", "Authorization", "Bearer one"),
			request("GET", "/api/versioned", "", "Authorization", "Bearer none"),
			request("GET", "/api/nothing", "", "Authorization", ""),
			request("GET", "/api/panic", "", "Authorization", ""),
			request("POST", "/api/messages", "{", "Authorization", "Bearer one"),
			request("POST", "/api/auth/logout", "{}", "Authorization", "", "Cookie", "__Host-baraza_access=x", "Sec-Fetch-Site", "cross-site"),
			request("POST", "/v1/capture", "{}", "Authorization", ""),
			request("GET", "/v1/nothing", "", "Authorization", ""),
		} {
			w := f.do(r)
			require.NotEqual(t, []string{"", "", ""}, standing(w), "%s %s: %d", r.Method, r.URL.Path, w.Code)
		}
	})

	t.Run("a_line_may_have_its_own", func(t *testing.T) {
		t.Parallel()
		routes := All(Services{})
		s, err := New(Config{BaseURL: "https://chat.acme.test", Log: zap.NewNop(), Metrics: prometheus.NewRegistry(), Authenticate: authenticateTest,
			Limits: Limits{"register": {60, 2}, "address": {60, 100}}}, routes)
		require.NoError(t, err)
		register := func() int {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, request("POST", "/api/auth/register", "{", "Authorization", ""))
			return w.Code
		}
		require.Equal(t, []int{400, 400, 429}, []int{register(), register(), register()})
		_, err = New(Config{BaseURL: "https://chat.acme.test", Log: zap.NewNop(), Metrics: prometheus.NewRegistry(), Authenticate: authenticateTest,
			Limits: Limits{"regsiter": {60, 2}}}, All(Services{}))
		require.ErrorContains(t, err, "regsiter")
	})
}
