package api

import (
	"net/http"
	"strings"

	"baraza/domain"

	"github.com/labstack/echo/v4"
)

// class of an address decides the headers of its answers.
type class int

const (
	classAPI     class = iota // data, and every address without a class of its own
	classApp                  // documents and files of the web app
	classConnect              // the pop-up that loads Meta's script
	classMedia                // /m/:token
	classTracker              // /sdk and /v1, called from customers' sites
)

// reserved are the server's own addresses: what is not found below them is 404, never
// the web app.
var reserved = []string{
	"/api", "/v1", "/webhooks", "/agent", "/m", "/sdk", "/assets", "/livez", "/readyz", "/health", "/healthz",
	"/metrics", "/data-deletion", "/.well-known", "/theme.js", "/sw.js",
}

func below(path string, roots ...string) bool {
	for _, root := range roots {
		if path == root || strings.HasPrefix(path, root) && path[len(root)] == '/' {
			return true
		}
	}
	return false
}

func classOf(path string) class {
	switch {
	case below(path, "/v1", "/sdk"):
		return classTracker
	case below(path, "/m"):
		return classMedia
	case below(path, "/connect"):
		return classConnect
	case below(path, "/assets", "/theme.js", "/sw.js"), !below(path, reserved...):
		return classApp
	}
	return classAPI
}

// headersFor works out, once, what answers of each class carry. The app's policy has
// {nonce} where a document puts its own.
func headersFor(c Config, secure bool) map[class]http.Header {
	sources := func(own string, more ...string) string { return strings.TrimSpace(own + " " + strings.Join(more, " ")) }
	images := sources("'self' blob:", c.MediaOrigin)
	policy := func(script, connect, frame string) string {
		return "default-src 'none'; script-src " + script + "; style-src 'self' 'nonce-{nonce}'; img-src " + images +
			"; media-src " + images + "; font-src 'self'; connect-src " + connect + "; manifest-src 'self'; worker-src 'self'; " +
			frame + "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; report-to csp"
	}
	const facebook = "https://www.facebook.com https://graph.facebook.com"
	app := map[string]string{
		"Content-Security-Policy":             policy("'self'", sources("'self'", c.SocketOrigin), ""),
		"Content-Security-Policy-Report-Only": "require-trusted-types-for 'script'; report-to csp",
		"Reporting-Endpoints":                 `csp="/api/csp-report"`,
		"Referrer-Policy":                     "strict-origin-when-cross-origin",
		"Cross-Origin-Opener-Policy":          "same-origin",
		"Cross-Origin-Resource-Policy":        "same-origin",
		"Permissions-Policy":                  "camera=(), geolocation=(), microphone=(self)",
		"Cache-Control":                       "no-cache",
	}
	connect := map[string]string{
		"Content-Security-Policy":    policy("'self' https://connect.facebook.net", sources("'self'", c.SocketOrigin, facebook), "frame-src "+facebook+"; "),
		"Cross-Origin-Opener-Policy": "same-origin-allow-popups",
	}
	for name, value := range app {
		if _, own := connect[name]; !own {
			connect[name] = value
		}
	}
	all := map[class]map[string]string{
		classApp:     app,
		classConnect: connect,
		classAPI: {
			"Content-Security-Policy":      "default-src 'none'; frame-ancestors 'none'",
			"Cache-Control":                "no-store",
			"Cross-Origin-Resource-Policy": "same-origin",
		},
		classMedia: {
			"Content-Security-Policy":      "sandbox; default-src 'none'",
			"Content-Disposition":          "attachment",
			"Cross-Origin-Resource-Policy": "same-site",
			"Cache-Control":                "private, max-age=900",
		},
		classTracker: {"Cross-Origin-Resource-Policy": "cross-origin"},
	}
	headers := map[class]http.Header{}
	for class, set := range all {
		h := http.Header{"X-Content-Type-Options": {"nosniff"}}
		if secure {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		for name, value := range set {
			h.Set(name, value)
		}
		headers[class] = h
	}
	return headers
}

// setHeaders gives the answer the headers of its class; documents of the app get a
// nonce of their own.
func (s *Server) setHeaders(c echo.Context) {
	kind, header := classOf(c.Request().URL.Path), c.Response().Header()
	for name, values := range s.headers[kind] {
		header[name] = values[:1:1] // shared until somebody adds to it
	}
	if kind != classApp && kind != classConnect {
		return
	}
	nonce := newRequestID()
	c.Set(nonceKey, nonce)
	header.Set("Content-Security-Policy", strings.Replace(header.Get("Content-Security-Policy"), "{nonce}", nonce, 1))
}

const (
	corsMethods = "GET, POST, PUT, PATCH, DELETE"
	corsHeaders = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id, X-Write-Key"
	corsExposed = "ETag, Idempotent-Replayed, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Cursor, X-Request-Id"
)

// cors answers other origins: configured ones may call /api with credentials, a
// project's own may call the tracker's addresses without.
func (s *Server) cors(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, header := c.Request(), c.Response().Header()
		kind := classOf(r.URL.Path)
		if kind != classAPI && kind != classTracker {
			return next(c)
		}
		header.Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		if origin == "" || origin == s.base {
			return next(c)
		}
		preflight := r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
		switch {
		case kind == classAPI && below(r.URL.Path, "/api") && s.origins[origin]:
			header.Set("Access-Control-Allow-Credentials", "true")
		case kind == classTracker && s.config.TrackerOrigin != nil && s.config.TrackerOrigin(r, origin):
		case preflight:
			return errOrigin
		default:
			return next(c) // without the headers the browser keeps the answer from the page
		}
		header.Set("Access-Control-Allow-Origin", origin)
		if !preflight {
			header.Set("Access-Control-Expose-Headers", corsExposed)
			return next(c)
		}
		header.Set("Access-Control-Allow-Methods", corsMethods)
		header.Set("Access-Control-Allow-Headers", corsHeaders)
		header.Set("Access-Control-Max-Age", "600")
		return c.NoContent(http.StatusNoContent)
	}
}

var errBusy = domain.ErrUnavailable.Saying("The server is busy. Try again shortly.")
