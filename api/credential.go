package api

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// cookieName of "access", "refresh" or "device". Browsers hold the prefixes to their promise:
// Secure, and for __Host- this host and every path.
func (s *Server) cookieName(token string) string {
	name := "baraza_" + token
	switch {
	case !s.secure:
		return name
	case token == "access":
		return "__Host-" + name
	default:
		return "__Secure-" + name
	}
}

func (s *Server) setCookies(c echo.Context, result SessionResult) {
	access, refresh, accessTTL, refreshTTL := result.Tokens()
	s.setCookie(c, "access", "/", access, accessTTL)
	s.setCookie(c, "refresh", "/api/auth", refresh, refreshTTL)
	if device, ok := result.(interface {
		Device() (string, time.Duration)
	}); ok {
		if token, ttl := device.Device(); token != "" {
			s.setCookie(c, "device", "/api/auth", token, ttl)
		}
	}
}

func (s *Server) setCookie(c echo.Context, token, path, value string, ttl time.Duration) {
	maxAge := int(ttl.Seconds())
	if value == "" {
		maxAge = -1
	}
	c.SetCookie(&http.Cookie{
		Name: s.cookieName(token), Value: value, Path: path, MaxAge: maxAge,
		Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// credential leaves a request with one credential in one place, the Authorization
// header: a bearer as it came, which wins, or the cookie's token once the request is
// known to come from our own pages. Where cookies mean nothing (tracker, webhooks) and
// beside a bearer they are taken off, so nothing behind can be asked by them.
func (s *Server) credential(route *Route, next echo.HandlerFunc) echo.HandlerFunc {
	cookieless := cookieless(route.Path)
	return func(c echo.Context) error {
		r := c.Request()
		if cookieless || r.Header.Get("Authorization") != "" {
			r.Header.Del("Cookie")
			return next(c)
		}
		access, accessErr := r.Cookie(s.cookieName("access"))
		_, refreshErr := r.Cookie(s.cookieName("refresh"))
		if accessErr != nil && refreshErr != nil {
			return next(c)
		}
		if !s.sameSite(route, r) {
			return errCSRF
		}
		if accessErr == nil && access.Value != "" {
			r.Header.Set("Authorization", "Bearer "+access.Value)
		}
		return next(c)
	}
}

func cookieless(path string) bool {
	switch classOf(path) {
	case classTracker, classMedia:
		return true
	default:
		return strings.HasPrefix(path, "/webhooks/")
	}
}

// sameSite is the wall against cross-site requests with a cookie. It is narrower than
// http.CrossOriginProtection, which also lets through whatever Origin equals the Host
// header, and allow-listed origins that the browser itself calls cross-site.
func (s *Server) sameSite(route *Route, r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	form := isForm(r)
	if form && !slices.Contains(route.Accepts, mediaType(r)) {
		return false
	}
	switch site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin"); {
	case site != "":
		return site == "same-origin" || site == "none"
	case origin != "":
		return origin == s.base || s.origins[origin]
	default:
		return !form // no browser, which would have said where its form comes from
	}
}

// isForm says whether a page of another site could send this body without asking.
func isForm(r *http.Request) bool {
	switch mediaType(r) {
	case "application/x-www-form-urlencoded", "multipart/form-data", "text/plain":
		return true
	}
	return false
}

func mediaType(r *http.Request) string {
	given := r.Header.Get("Content-Type")
	if given == "" {
		return ""
	}
	media, _, err := mime.ParseMediaType(given)
	if err != nil {
		// A browser sends what it was given up to the first semicolon; so do we read it.
		media, _, _ = strings.Cut(given, ";")
		media = strings.ToLower(strings.TrimSpace(media))
	}
	return media
}

// originOf reads a configured origin in the form browsers send: scheme://host[:port],
// lower case, no default port.
func originOf(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Contains(u.Host, "*") ||
		u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	host := strings.ToLower(u.Host)
	if port := u.Port(); (u.Scheme == "http" && port == "80") || (u.Scheme == "https" && port == "443") {
		host = strings.TrimSuffix(host, ":"+port)
	}
	return u.Scheme + "://" + host, true
}
