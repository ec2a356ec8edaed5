package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"baraza/tenancy"

	"github.com/labstack/echo/v4"
	"go.uber.org/zap"
)

// NewRoutes is a table with the server's own lines: health, metrics, the OpenAPI
// document and the reports of browsers about our content security policy.
func NewRoutes() *Routes {
	r := &Routes{}
	edge(r, "GET", "/livez", (*Server).livez, says("Says that the process answers"))
	edge(r, "GET", "/readyz", (*Server).readyz, says("Says whether the server can work, and which part fails"))
	edge(r, "GET", "/health", (*Server).readyz, says("Same as /readyz"))
	edge(r, "GET", "/healthz", (*Server).readyz, says("Same as /readyz"))
	edge(r, "GET", "/v1/health", (*Server).trackerHealth, says("Same as /readyz, without the parts"))
	edge(r, "GET", "/metrics", (*Server).scrape, says("Prometheus metrics, for this machine or the scrape token"))
	edge(r, "GET", "/api/openapi.json", (*Server).serveOpenAPI, says("This description as OpenAPI 3.1"))
	edge(r, "POST", "/api/csp-report", (*Server).report, says("Takes reports of the content security policy"),
		sized(16<<10), accepting("application/reports+json", "application/csp-report"))
	return r
}

func (s *Server) serveOpenAPI(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/json")
	if _, err := w.Write(s.openapi); err != nil {
		return errors.Join(context.Canceled, err) // the client left
	}
	return nil
}

// reports lets one report a second into the log: anybody may send them.
type reports struct {
	mu   sync.Mutex
	last time.Time
}

func (r *reports) admit(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Sub(r.last) < time.Second {
		return false
	}
	r.last = now
	return true
}

type violation struct {
	Document  string `json:"documentURL"`
	Blocked   string `json:"blockedURL"`
	Directive string `json:"effectiveDirective"`
}

// report reads both forms browsers use. Whoever sends it is not to be believed: it
// goes into the log and nowhere else.
func (s *Server) report(w http.ResponseWriter, r *http.Request) error {
	body, err := readBody(r)
	if err != nil {
		return err
	}
	if found := violations(body); len(found) > 0 && s.reports.admit(time.Now()) {
		s.log.Info("csp report", zap.Int("violations", len(found)), zap.String("directive", short(found[0].Directive)),
			zap.String("blocked", withoutQuery(found[0].Blocked)), zap.String("document", withoutQuery(found[0].Document)))
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// violations reads leniently: browsers add members as they like.
func violations(body []byte) []violation {
	var list []struct {
		Type string    `json:"type"`
		Body violation `json:"body"`
	}
	var found []violation
	if json.Unmarshal(body, &list) == nil {
		for _, one := range list {
			if one.Type == "csp-violation" {
				found = append(found, one.Body)
			}
		}
		return found
	}
	var old struct {
		Report *struct {
			Document  string `json:"document-uri"`
			Blocked   string `json:"blocked-uri"`
			Directive string `json:"effective-directive"`
		} `json:"csp-report"`
	}
	if json.NewDecoder(bytes.NewReader(body)).Decode(&old) == nil && old.Report != nil {
		found = append(found, violation(*old.Report))
	}
	return found
}

// withoutQuery keeps what an address tells about a person out of the log.
func withoutQuery(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.RawQuery, u.Fragment, u.User = "", "", nil
	return short(u.String())
}

// edge is raw for the server's own endpoints, which answer even when it is full and
// ask nobody who they are.
func edge(r *Routes, method, path string, do func(*Server, http.ResponseWriter, *http.Request) error, options ...Option) {
	r.add(&Route{
		Method: method, Path: path, Need: tenancy.Public, Status: http.StatusOK, Kind: Raw, always: true,
		serve: func(s *Server, _ *Route, c echo.Context) error { return do(s, c.Response(), c.Request()) },
	}, options)
}
