package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"baraza/domain"
	"baraza/tenancy"
)

const (
	accessCookie  = "__Host-baraza_access=access-token"
	refreshCookie = "__Secure-baraza_refresh=rt_1"
)

// SE-06: requests that change something and carry a login cookie must come from our pages.
func TestCSRF(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		headers []string
		passes  bool
	}{
		"same_origin_page":                      {[]string{"Sec-Fetch-Site", "same-origin"}, true},
		"typed_by_the_user":                     {[]string{"Sec-Fetch-Site", "none"}, true},
		"another_site":                          {[]string{"Sec-Fetch-Site", "cross-site"}, false},
		"a_sibling_host":                        {[]string{"Sec-Fetch-Site", "same-site"}, false},
		"an_invented_word":                      {[]string{"Sec-Fetch-Site", "trust-me"}, false},
		"another_site_with_our_origin":          {[]string{"Sec-Fetch-Site", "cross-site", "Origin", "https://chat.acme.test"}, false},
		"a_configured_origin_as_sibling":        {[]string{"Sec-Fetch-Site", "same-site", "Origin", "https://admin.acme.test"}, false},
		"same_origin_whatever_origin_says":      {[]string{"Sec-Fetch-Site", "same-origin", "Origin", "null"}, true},
		"old_browser_our_origin":                {[]string{"Origin", "https://chat.acme.test"}, true},
		"old_browser_configured_origin":         {[]string{"Origin", "https://admin.acme.test"}, true},
		"old_browser_another_origin":            {[]string{"Origin", "https://evil.test"}, false},
		"old_browser_null":                      {[]string{"Origin", "null"}, false},
		"old_browser_another_port":              {[]string{"Origin", "https://chat.acme.test:8443"}, false},
		"old_browser_another_scheme":            {[]string{"Origin", "http://chat.acme.test"}, false},
		"old_browser_look_alike":                {[]string{"Origin", "https://chat.acme.test.evil.test"}, false},
		"old_browser_origin_equal_to_host_only": {[]string{"Origin", "http://example.com"}, false}, // httptest's Host
		"no_browser":                            {nil, true},
		"no_browser_with_a_form":                {[]string{"Content-Type", "application/x-www-form-urlencoded"}, false},
		"same_origin_form":                      {[]string{"Sec-Fetch-Site", "same-origin", "Content-Type", "application/x-www-form-urlencoded"}, false},
		"same_origin_text":                      {[]string{"Sec-Fetch-Site", "same-origin", "Content-Type", "text/plain;charset=UTF-8"}, false},
		"same_origin_broken_form":               {[]string{"Sec-Fetch-Site", "same-origin", "Content-Type", "TEXT/plain; a; b"}, false},
		"same_origin_multipart":                 {[]string{"Sec-Fetch-Site", "same-origin", "Content-Type", "multipart/form-data; boundary=x"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, nil)
			for _, cookie := range []string{accessCookie, refreshCookie, accessCookie + "; " + refreshCookie} {
				r := request("POST", "/api/auth/login", `{"email":"wanjiku@acme.test"}`, append([]string{"Authorization", "", "Cookie", cookie}, test.headers...)...)
				w := f.do(r)
				if test.passes {
					require.Equal(t, http.StatusOK, w.Code, w.Body)
				} else {
					require.Equal(t, http.StatusForbidden, w.Code, w.Body)
					require.Equal(t, "csrf_failed", problemOf(t, w)["code"])
					require.Empty(t, w.Header().Values("Set-Cookie"))
				}
			}
		})
	}

	t.Run("every_method_that_changes_is_covered", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		close(f.hold)
		for _, one := range f.routes.List() {
			if one.Stream {
				continue // a GET as well, but one that stays
			}
			w := f.do(request(one.Method, concrete(one.Path), "", "Authorization", "", "Cookie", accessCookie, "Sec-Fetch-Site", "cross-site"))
			if one.Method == http.MethodGet || one.always || cookieless(one.Path) {
				require.NotContains(t, w.Body.String(), `"code":"csrf_failed"`, one.Path)
			} else {
				require.Equal(t, "csrf_failed", problemOf(t, w)["code"], one.Path)
			}
		}
	})

	t.Run("a_bearer_is_exempt_and_no_cookie_hides_behind_it", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		w := f.do(request("POST", "/api/messages", `{"text":"a"}`, "Cookie", accessCookie, "Sec-Fetch-Site", "cross-site"))
		require.Equal(t, http.StatusCreated, w.Code)
		for _, other := range []string{"Basic eDp5", "Bearer stale", "Bearer "} {
			w = f.do(request("POST", "/api/messages", `{"text":"a"}`, "Authorization", other, "Cookie", accessCookie, "Sec-Fetch-Site", "cross-site"))
			require.Equal(t, http.StatusUnauthorized, w.Code, other)
		}
	})

	t.Run("a_cookie_is_read_where_the_request_may_use_it", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		w := f.do(request("GET", notesPath(""), "", "Authorization", "", "Cookie", accessCookie, "Sec-Fetch-Site", "cross-site"))
		require.Equal(t, http.StatusOK, w.Code, "reading changes nothing, and CORS keeps the answer from the page")
		// The names of plain http mean nothing under https: any sibling host could set them.
		w = f.do(request("GET", notesPath(""), "", "Authorization", "", "Cookie", "baraza_access=access-token"))
		require.Equal(t, http.StatusUnauthorized, w.Code)
	})

	t.Run("webhooks_and_tracker_see_no_cookie", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		for _, path := range []string{"/webhooks/meta", "/v1/capture"} {
			w := f.do(request("POST", path, "x", "Authorization", "", "Cookie", accessCookie, "Sec-Fetch-Site", "cross-site"))
			require.Equal(t, http.StatusOK, w.Code, w.Body)
			require.Empty(t, w.Body.String())
		}
	})

	t.Run("an_upload_takes_its_form_from_our_pages_only", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		upload := func(pairs ...string) int {
			pairs = append([]string{"Content-Type", "multipart/form-data; boundary=x", "Authorization", "", "Cookie", accessCookie}, pairs...)
			return f.do(request("POST", "/api/media", "--x--", pairs...)).Code
		}
		require.Equal(t, http.StatusCreated, upload("Sec-Fetch-Site", "same-origin"))
		require.Equal(t, http.StatusCreated, upload("Origin", "https://chat.acme.test"))
		require.Equal(t, http.StatusForbidden, upload("Sec-Fetch-Site", "cross-site"))
		require.Equal(t, http.StatusForbidden, upload())
		require.Equal(t, http.StatusCreated, upload("Authorization", "Bearer all"))
		require.Equal(t, http.StatusUnsupportedMediaType, upload("Authorization", "Bearer all", "Content-Type", "application/json"))
	})
}

func TestOrigins(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"https://chat.acme.test":      "https://chat.acme.test",
		"https://Chat.Acme.Test/":     "https://chat.acme.test",
		"https://chat.acme.test:443":  "https://chat.acme.test",
		"http://127.0.0.1:8080":       "http://127.0.0.1:8080",
		"http://[::1]:80":             "http://[::1]",
		"https://chat.acme.test:8443": "https://chat.acme.test:8443",
	} {
		got, ok := originOf(text)
		require.True(t, ok, text)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"", "*", "https://*", "https://*.acme.test", "chat.acme.test", "ftp://x", "https://", "https://x/path", "https://x?q", "https://u@x", "null"} {
		_, ok := originOf(text)
		require.False(t, ok, text)
	}
	require.NotContains(t, strings.Join(sources, " "), "json") // the body is no source beside the body
}

// sessionBody is a sign-in's answer as a program sees it.
type sessionBody struct {
	AccessToken string `json:"access_token"`
}

func (sessionBody) Tokens() (access, refresh string, accessTTL, refreshTTL time.Duration) {
	return "a", "r", time.Minute, time.Hour
}

func (b sessionBody) WithoutTokens() any { return sessionBody{} }

// SE-05: a page gets its tokens as cookies alone; a program gets them in the body.
func TestBrowsersNeverSeeTokens(t *testing.T) {
	t.Parallel()
	routes := &Routes{}
	session(routes, "POST", "/api/auth/login", tenancy.Public, 200, func(context.Context, domain.None) (sessionBody, error) {
		return sessionBody{"secret"}, nil
	}, says("Signs in"))
	server, err := New(Config{BaseURL: "https://chat.acme.test", Log: zap.NewNop(), Metrics: prometheus.NewRegistry(), Authenticate: authenticateTest}, routes)
	require.NoError(t, err)
	post := func(header, value string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "https://chat.acme.test/api/auth/login", nil)
		if header != "" {
			r.Header.Set(header, value)
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		require.Equal(t, 200, w.Code, w.Body)
		return w
	}
	require.Contains(t, post("", "").Body.String(), "secret")
	for header, value := range map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "https://chat.acme.test"} {
		w := post(header, value)
		require.NotContains(t, w.Body.String(), "secret")
		for _, cookie := range w.Result().Cookies() {
			require.True(t, cookie.HttpOnly && cookie.Secure, cookie.Name)
		}
		require.Len(t, w.Result().Cookies(), 2)
	}
}

// GROUND §3: the people of a suspended tenant may see who they are and leave, nothing else.
func TestSuspendedTenant(t *testing.T) {
	t.Parallel()
	routes := &Routes{}
	answer := func(context.Context, domain.None) (domain.None, error) { return domain.None{}, nil }
	route(routes, "GET", "/api/open", tenancy.Self, 204, answer, whileSuspended, says("Stays open"))
	route(routes, "GET", "/api/closed", tenancy.Self, 204, answer, says("Does not"))
	server, err := New(Config{BaseURL: "https://chat.acme.test", Log: zap.NewNop(), Metrics: prometheus.NewRegistry(),
		Authenticate: func(*http.Request) (tenancy.Scope, error) {
			return tenancy.Scope{TenantID: uuid.New(), UserID: uuid.New(), Suspended: true}, nil
		}}, routes)
	require.NoError(t, err)
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		server.ServeHTTP(w, httptest.NewRequest("GET", "https://chat.acme.test"+path, nil))
		return w
	}
	require.Equal(t, 204, get("/api/open").Code)
	closed := get("/api/closed")
	require.Equal(t, 403, closed.Code)
	require.Contains(t, closed.Body.String(), "tenant_suspended")
}
