package api

import (
	"net/http"
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// SE-13, S22: the header set of each class, exact.
func TestHeaders(t *testing.T) {
	t.Parallel()

	const hsts = "max-age=63072000; includeSubDomains"
	app := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{n}'; img-src 'self' blob: https://media.acme.test; " +
			"media-src 'self' blob: https://media.acme.test; font-src 'self'; connect-src 'self' wss://live.acme.test; manifest-src 'self'; worker-src 'self'; " +
			"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; report-to csp",
		"Content-Security-Policy-Report-Only": "require-trusted-types-for 'script'; report-to csp",
		"Reporting-Endpoints":                 `csp="/api/csp-report"`,
		"Referrer-Policy":                     "strict-origin-when-cross-origin",
		"Cross-Origin-Opener-Policy":          "same-origin",
		"Cross-Origin-Resource-Policy":        "same-origin",
		"Permissions-Policy":                  "camera=(), geolocation=(), microphone=(self)",
		"Cache-Control":                       "no-store",
		"Content-Type":                        "text/html; charset=UTF-8",
	}
	with := func(set map[string]string, pairs ...string) map[string]string {
		all := map[string]string{"X-Content-Type-Options": "nosniff", "Strict-Transport-Security": hsts, "X-Request-Id": "test-request-0001"}
		for name, value := range set {
			all[name] = value
		}
		for i := 0; i < len(pairs); i += 2 {
			all[pairs[i]] = pairs[i+1]
		}
		return all
	}
	data := map[string]string{
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Cache-Control": "no-store",
		"Cross-Origin-Resource-Policy": "same-origin", "Vary": "Origin",
	}
	media := map[string]string{
		"Content-Security-Policy": "sandbox; default-src 'none'", "Content-Disposition": "attachment",
		"Cross-Origin-Resource-Policy": "same-site", "Cache-Control": "private, max-age=900",
	}
	connectPolicy := "default-src 'none'; script-src 'self' https://connect.facebook.net; style-src 'self' 'nonce-{n}'; img-src 'self' blob: https://media.acme.test; " +
		"media-src 'self' blob: https://media.acme.test; font-src 'self'; connect-src 'self' wss://live.acme.test https://www.facebook.com https://graph.facebook.com; " +
		"manifest-src 'self'; worker-src 'self'; frame-src https://www.facebook.com https://graph.facebook.com; form-action 'self'; base-uri 'none'; object-src 'none'; " +
		"frame-ancestors 'none'; report-to csp"

	files := fstest.MapFS{"index.html": {Data: []byte("<p>")}, "assets/a-1.js": {Data: []byte("1")}, "theme.js": {Data: []byte("2")}}
	for target, want := range map[string]map[string]string{
		"/":                 with(app),
		"/inbox/mine":       with(app),
		"/assets/a-1.js":    with(app, "Cache-Control", "public, max-age=31536000, immutable", "Content-Type", "text/javascript; charset=utf-8"),
		"/theme.js":         with(app, "Cache-Control", "no-cache", "Content-Type", "text/javascript; charset=utf-8"),
		"/connect/whatsapp": with(app, "Content-Security-Policy", connectPolicy, "Cross-Origin-Opener-Policy", "same-origin-allow-popups"),
		"/livez":            with(data, "Content-Type", "application/json"),
		"/api/versioned":    with(data, "Content-Type", "application/json", "ETag", `"31"`),
		"/api/nothing":      with(data, "Content-Type", "application/problem+json"),
		"/webhooks/nothing": with(data, "Content-Type", "application/problem+json"),
		"/m/good":           with(media, "Content-Type", "application/octet-stream"),
		"/v1/health":        with(nil, "Cross-Origin-Resource-Policy", "cross-origin", "Vary", "Origin", "Content-Type", "application/json", "Cache-Control", "no-store"),
	} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, func(c *Config) {
				c.App, c.MediaOrigin, c.SocketOrigin = files, "https://media.acme.test", "wss://live.acme.test"
			})
			w := f.do(request("GET", target, ""))
			have := map[string]string{}
			for name, values := range w.Header() {
				require.Len(t, values, 1, name)
				have[name] = values[0]
			}
			have["Content-Security-Policy"] = nonce.ReplaceAllString(have["Content-Security-Policy"], "'nonce-{n}'")
			for _, name := range []string{"Accept-Ranges", "Content-Length", "Last-Modified"} { // of http.ServeContent
				delete(have, name)
			}
			if target == "/assets/a-1.js" || target == "/theme.js" {
				require.NotEmpty(t, have["Etag"])
				delete(have, "Etag")
			}
			if have["Content-Security-Policy"] == "" {
				delete(have, "Content-Security-Policy")
			}
			if tag, ok := want["ETag"]; ok {
				want["Etag"] = tag
				delete(want, "ETag")
			}
			require.Equal(t, want, have)
		})
	}

	t.Run("a_missing_medium_is_not_kept_or_saved", func(t *testing.T) {
		t.Parallel()
		w := newFixture(t, nil).do(request("GET", "/m/bad", ""))
		require.Equal(t, http.StatusNotFound, w.Code)
		require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		require.Empty(t, w.Header().Get("Content-Disposition"))
	})

	t.Run("without_tls_there_is_no_hsts", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, func(c *Config) { c.BaseURL = "http://127.0.0.1:8080" })
		require.Empty(t, f.do(request("GET", "/", "")).Header().Get("Strict-Transport-Security"))
	})

	t.Run("a_nonce_is_used_once", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		one, two := f.do(request("GET", "/", "")), f.do(request("GET", "/", ""))
		require.NotEqual(t, nonce.FindString(one.Header().Get("Content-Security-Policy")), nonce.FindString(two.Header().Get("Content-Security-Policy")))
		require.NotContains(t, one.Header().Get("Content-Security-Policy"), "unsafe")
	})
}

var nonce = regexp.MustCompile(`'nonce-[0-9a-f]{32}'`)

// SE-12: configured origins only; the tracker's addresses ask the project.
func TestCORS(t *testing.T) {
	t.Parallel()

	const ours, configured, shop, evil = "https://chat.acme.test", "https://admin.acme.test", "https://shop.test", "https://evil.test"
	preflight := func(target, origin string) *http.Request {
		return request("OPTIONS", target, "", "Origin", origin, "Authorization", "", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
	}
	for name, test := range map[string]struct {
		request     *http.Request
		status      int
		origin      string // allowed
		credentials string
	}{
		"preflight_configured":             {preflight("/api/messages", configured), 204, configured, "true"},
		"preflight_evil":                   {preflight("/api/messages", evil), 403, "", ""},
		"preflight_null":                   {preflight("/api/messages", "null"), 403, "", ""},
		"preflight_look_alike":             {preflight("/api/messages", configured+".evil.test"), 403, "", ""},
		"preflight_upper_case":             {preflight("/api/messages", "HTTPS://ADMIN.ACME.TEST"), 403, "", ""},
		"preflight_other_port":             {preflight("/api/messages", configured+":8443"), 403, "", ""},
		"preflight_unknown_path":           {preflight("/api/nothing", configured), 204, configured, "true"},
		"preflight_metrics_configured":     {preflight("/metrics", configured), 403, "", ""},
		"preflight_webhooks_configured":    {preflight("/webhooks/meta", configured), 403, "", ""},
		"preflight_app":                    {preflight("/inbox", evil), 404, "", ""},
		"get_configured":                   {request("GET", "/api/versioned", "", "Origin", configured), 200, configured, "true"},
		"get_evil":                         {request("GET", "/api/versioned", "", "Origin", evil), 200, "", ""},
		"get_ours":                         {request("GET", "/api/versioned", "", "Origin", ours), 200, "", ""},
		"problem_configured":               {request("GET", "/api/nothing", "", "Origin", configured), 404, configured, "true"},
		"tracker_preflight_of_the_project": {preflight("/v1/capture", shop), 204, shop, ""},
		"tracker_preflight_evil":           {preflight("/v1/capture", evil), 403, "", ""},
		"tracker_preflight_configured":     {preflight("/v1/capture", configured), 403, "", ""},
		"tracker_post_of_the_project":      {request("POST", "/v1/capture", "x", "Origin", shop), 200, shop, ""},
		"tracker_post_evil":                {request("POST", "/v1/capture", "x", "Origin", evil), 200, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, func(c *Config) {
				c.TrackerOrigin = func(_ *http.Request, origin string) bool { return origin == shop }
			})
			w := f.do(test.request)
			require.Equal(t, test.status, w.Code, w.Body)
			require.Equal(t, test.origin, w.Header().Get("Access-Control-Allow-Origin"))
			require.Equal(t, test.credentials, w.Header().Get("Access-Control-Allow-Credentials"))
			if test.status == 403 {
				require.Equal(t, "origin_denied", problemOf(t, w)["code"])
			}
			if test.status == 204 {
				require.Equal(t, corsMethods, w.Header().Get("Access-Control-Allow-Methods"))
				require.Equal(t, corsHeaders, w.Header().Get("Access-Control-Allow-Headers"))
				require.Equal(t, "600", w.Header().Get("Access-Control-Max-Age"))
			} else if test.origin != "" {
				require.Equal(t, corsExposed, w.Header().Get("Access-Control-Expose-Headers"))
			}
		})
	}

	t.Run("without_a_project_no_page_may_track", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, http.StatusForbidden, newFixture(t, nil).do(preflight("/v1/capture", shop)).Code)
	})
}
