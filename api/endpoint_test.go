package api

import (
	"net/http"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
)

func TestPermission(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		method, target, bearer string
		status                 int
		code                   string
	}{
		"nobody_is_asked_to_sign_in":           {"GET", notesPath(""), "", 401, "unauthenticated"},
		"without_the_right_it_is_denied":       {"GET", notesPath(""), "nobody", 403, "permission_denied"},
		"a_key_is_no_person":                   {"GET", "/api/versioned", "key", 403, "permission_denied"},
		"a_key_may_what_its_scopes_say":        {"POST", "/api/messages", "key", 422, "validation_failed"},
		"it_is_decided_before_the_path_is":     {"GET", "/api/conversations/x/notes", "nobody", 403, "permission_denied"},
		"it_is_decided_before_the_query_is":    {"GET", notesPath("?nope=1"), "nobody", 403, "permission_denied"},
		"a_stale_token_is_told_so":             {"GET", notesPath(""), "stale", 401, "token_expired"},
		"a_suspended_tenant_is_told_so":        {"GET", notesPath(""), "suspended", 403, "tenant_suspended"},
		"a_public_route_takes_a_stale_token":   {"POST", "/api/forgot", "stale", 422, "validation_failed"},
		"a_public_route_takes_a_suspended_one": {"POST", "/api/forgot", "suspended", 422, "validation_failed"},
		"a_public_route_tells_a_defect":        {"POST", "/api/forgot", "broken", 500, "internal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, nil)
			bearer := ""
			if test.bearer != "" {
				bearer = "Bearer " + test.bearer
			}
			w := f.do(request(test.method, test.target, "", "Authorization", bearer))
			require.Equal(t, test.status, w.Code, w.Body)
			require.Equal(t, test.code, problemOf(t, w)["code"])
			require.Empty(t, f.listed)
		})
	}

	t.Run("a_denial_names_the_permission", func(t *testing.T) {
		t.Parallel()
		w := newFixture(t, nil).do(request("GET", notesPath(""), "", "Authorization", "Bearer nobody"))
		require.Equal(t, "conversation.view", problemOf(t, w)["permission"])
	})

	// Health is asked by whoever cannot sign in, and while sign-in is broken.
	t.Run("health_asks_nobody", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, http.StatusOK, newFixture(t, nil).do(request("GET", "/livez", "", "Authorization", "Bearer broken")).Code)
	})
}

func TestAnswer(t *testing.T) {
	t.Parallel()

	t.Run("has_every_member_and_times_in_milliseconds", func(t *testing.T) {
		t.Parallel()
		w := newFixture(t, nil).do(request("POST", notesPath(""), `{"text":"a"}`))
		require.Equal(t, http.StatusCreated, w.Code)
		require.Equal(t, "application/json", w.Header().Get("Content-Type"))
		require.Equal(t, `{"id":"`+conversation+`","text":"a","kind":"note","mentions":[],"author_id":null,"reply":null,`+
			`"created_at":"1970-01-01T00:00:01.125Z","seen_at":"1970-01-01T00:00:01.125Z"}`, w.Body.String())
	})

	t.Run("an_empty_list_is_a_list", func(t *testing.T) {
		t.Parallel()
		w := newFixture(t, nil).do(request("GET", notesPath(""), ""))
		require.Equal(t, `{"items":[],"next_cursor":null}`, w.Body.String())
		require.Equal(t, "h-7", w.Header().Get("X-Cursor"))
	})

	t.Run("says_whether_it_is_new", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		require.Equal(t, http.StatusCreated, f.do(request("POST", "/api/messages", `{"text":"once"}`)).Code)
		require.Equal(t, http.StatusOK, f.do(request("POST", "/api/messages", `{"text":"again"}`)).Code)
		require.Equal(t, http.StatusAccepted, f.do(request("POST", "/api/messages", `{"text":"later"}`)).Code)
	})

	t.Run("nothing_is_204_or_202_without_a_body", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		for _, w := range []interface {
			Len() int
		}{f.do(request("DELETE", notesPath("/"+conversation), "")).Body, f.do(request("POST", "/api/forgot", `{"text":"a"}`)).Body} {
			require.Zero(t, w.Len())
		}
		require.Equal(t, http.StatusAccepted, f.do(request("POST", "/api/forgot", `{"text":"a"}`)).Code)
	})

	t.Run("a_version_that_is_known_is_304", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		w := f.do(request("GET", "/api/versioned", ""))
		require.Equal(t, `"31"`, w.Header().Get("ETag"))
		for _, known := range []string{`"31"`, `W/"31"`, `"1", "31"`, `*`} {
			w = f.do(request("GET", "/api/versioned", "", "If-None-Match", known))
			require.Equal(t, http.StatusNotModified, w.Code, known)
			require.Zero(t, w.Body.Len())
		}
		require.Equal(t, http.StatusOK, f.do(request("GET", "/api/versioned", "", "If-None-Match", `"30"`)).Code)
	})

	t.Run("has_a_request_id", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		require.Equal(t, "Aa0_-234", f.do(request("GET", "/livez", "", "X-Request-Id", "Aa0_-234")).Header().Get("X-Request-Id"))
		seen := map[string]bool{}
		for _, bad := range []string{"", "short", "with space", "line\nend9", "é2345678", string(make([]byte, 65))} {
			id := f.do(request("GET", "/livez", "", "X-Request-Id", bad)).Header().Get("X-Request-Id")
			require.Regexp(t, `^[0-9a-f]{32}$`, id)
			require.False(t, seen[id])
			seen[id] = true
		}
	})
}

func TestSessionCookies(t *testing.T) {
	t.Parallel()

	cookies := func(f *fixture, r *http.Request) []string { return f.do(r).Header().Values("Set-Cookie") }

	t.Run("under_https_are_bound_to_the_host", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		require.Equal(t, []string{
			"__Host-baraza_access=access-token; Path=/; Max-Age=900; HttpOnly; Secure; SameSite=Lax",
			"__Secure-baraza_refresh=refresh-token; Path=/api/auth; Max-Age=604800; HttpOnly; Secure; SameSite=Lax",
		}, cookies(f, request("POST", "/api/auth/login", `{"email":"wanjiku@acme.test"}`)))
		require.Equal(t, []string{
			"__Host-baraza_access=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax",
			"__Secure-baraza_refresh=; Path=/api/auth; Max-Age=0; HttpOnly; Secure; SameSite=Lax",
		}, cookies(f, request("POST", "/api/auth/logout", "")))
	})

	t.Run("under_http_have_neither_prefix_nor_secure", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, func(c *Config) { c.BaseURL = "http://127.0.0.1:8080" })
		require.Equal(t, []string{
			"baraza_access=access-token; Path=/; Max-Age=900; HttpOnly; SameSite=Lax",
			"baraza_refresh=refresh-token; Path=/api/auth; Max-Age=604800; HttpOnly; SameSite=Lax",
		}, cookies(f, request("POST", "/api/auth/login", `{"email":"wanjiku@acme.test"}`)))
	})

	t.Run("are_not_set_by_a_failure", func(t *testing.T) {
		t.Parallel()
		require.Empty(t, cookies(newFixture(t, nil), request("POST", "/api/auth/login", `{}`)))
	})

	t.Run("reach_the_use_case_that_asks", func(t *testing.T) {
		t.Parallel()
		w := newFixture(t, nil).do(request("POST", "/api/auth/login", `{"email":"wanjiku@acme.test"}`, "Authorization", "",
			"Cookie", "__Secure-baraza_refresh=rt_1; other=2", "Sec-Fetch-Site", "same-origin", "User-Agent", "test/1"))
		var out LoggedIn
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &out))
		require.Equal(t, "rt_1|test/1", out.Seen)
	})
}
