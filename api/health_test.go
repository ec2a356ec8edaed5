package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"baraza/domain"

	"github.com/stretchr/testify/require"
)

// OP-14: health answers without a key and names the failing part, in words for people.
func TestHealth(t *testing.T) {
	t.Parallel()

	fine := func(context.Context) error { return nil }

	t.Run("all_well", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, func(c *Config) { c.Checks = []Check{{"postgres", fine}, {"disk", fine}} })
		for _, path := range []string{"/readyz", "/health", "/healthz"} {
			w := f.do(request("GET", path, "", "Authorization", ""))
			require.Equal(t, http.StatusOK, w.Code)
			require.Equal(t, `{"status":"ok","checks":{"disk":{"ok":true,"detail":"ok"},"draining":{"ok":true,"detail":"serving"},"postgres":{"ok":true,"detail":"ok"}}}`, w.Body.String())
		}
		for _, path := range []string{"/livez", "/v1/health"} {
			require.Equal(t, `{"status":"ok"}`, f.do(request("GET", path, "", "Authorization", "")).Body.String())
		}
	})

	t.Run("the_failing_part_is_named_and_its_words_stay_in_the_log", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, func(c *Config) {
			c.Checks = []Check{
				{"postgres", func(context.Context) error { return errors.New("dial tcp 10.0.0.9:5432: refused") }},
				{"disk", func(context.Context) error { return domain.ErrUnavailable.Saying("4 % free, 10 % needed") }},
				{"jetstream", fine},
			}
		})
		w := f.do(request("GET", "/readyz", ""))
		require.Equal(t, http.StatusServiceUnavailable, w.Code)
		require.Equal(t, `{"status":"unavailable","checks":{"disk":{"ok":false,"detail":"4 % free, 10 % needed"},"draining":{"ok":true,"detail":"serving"},`+
			`"jetstream":{"ok":true,"detail":"ok"},"postgres":{"ok":false,"detail":"failed"}}}`, w.Body.String())
		require.Len(t, f.log.FilterMessage("check failed").All(), 2)
		w = f.do(request("GET", "/v1/health", ""))
		require.Equal(t, http.StatusServiceUnavailable, w.Code)
		require.Equal(t, `{"status":"unavailable"}`, w.Body.String())
		require.Equal(t, http.StatusOK, f.do(request("GET", "/livez", "")).Code, "alive without its dependencies")
	})

	t.Run("a_slow_part_fails_after_200_ms_and_checks_run_side_by_side", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			slow := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
			f := newFixture(t, func(c *Config) { c.Checks = []Check{{"a", slow}, {"b", slow}} })
			start := time.Now()
			w := f.do(request("GET", "/readyz", ""))
			require.Equal(t, http.StatusServiceUnavailable, w.Code)
			require.Contains(t, w.Body.String(), `"a":{"ok":false,"detail":"no answer within 200ms"}`)
			require.Equal(t, 200*time.Millisecond, time.Since(start))
		})
	})

	t.Run("many_who_ask_cost_one_check", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var asked atomic.Int64
			f := newFixture(t, func(c *Config) {
				c.Checks = []Check{{"postgres", func(context.Context) error { asked.Add(1); return nil }}}
			})
			for range 100 {
				require.Equal(t, http.StatusOK, f.do(request("GET", "/readyz", "")).Code)
			}
			require.EqualValues(t, 1, asked.Load())
			time.Sleep(checkedFor + 1) // of the bubble's clock
			f.do(request("GET", "/readyz", ""))
			require.EqualValues(t, 2, asked.Load())
		})
	})

	t.Run("a_server_that_stops_is_not_ready_at_once", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		require.Equal(t, http.StatusOK, f.do(request("GET", "/readyz", "")).Code)
		f.draining.Store(true)
		w := f.do(request("GET", "/readyz", ""))
		require.Equal(t, http.StatusServiceUnavailable, w.Code)
		require.Contains(t, w.Body.String(), `"draining":{"ok":false,"detail":"stopping"}`)
	})
}

func TestMetrics(t *testing.T) {
	t.Parallel()

	scrape := func(f *fixture, peer string, pairs ...string) int {
		r := request("GET", "/metrics", "", append([]string{"Authorization", ""}, pairs...)...)
		r.RemoteAddr = peer
		return f.do(r).Code
	}

	t.Run("are_for_this_machine_or_the_token", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, func(c *Config) { c.ScrapeToken = "scrape-token-of-the-test" })
		require.Equal(t, 200, scrape(f, "127.0.0.1:5"))
		require.Equal(t, 200, scrape(f, "[::1]:5"))
		require.Equal(t, 401, scrape(f, "192.0.2.1:5"))
		require.Equal(t, 401, scrape(f, "127.0.0.1:5", "X-Forwarded-For", "192.0.2.1"), "a proxy on this machine asks for somebody else")
		require.Equal(t, 401, scrape(f, "127.0.0.1:5", "Forwarded", "for=192.0.2.1"))
		require.Equal(t, 200, scrape(f, "192.0.2.1:5", "Authorization", "Bearer scrape-token-of-the-test"))
		require.Equal(t, 401, scrape(f, "192.0.2.1:5", "Authorization", "Bearer scrape-token-of-the-tes"))
	})

	t.Run("without_a_token_nobody_else_gets_in", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		require.Equal(t, 401, scrape(f, "192.0.2.1:5"))
		require.Equal(t, 401, scrape(f, "192.0.2.1:5", "Authorization", "Bearer "))
	})

	t.Run("count_by_route_and_never_by_tenant", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		f.do(request("GET", notesPath(""), ""))
		f.do(request("GET", notesPath("?nope=1"), ""))
		f.do(request("BREW", "/some/where", ""))
		r := request("GET", "/metrics", "")
		r.RemoteAddr = "127.0.0.1:5"
		text := f.do(r).Body.String()
		require.Contains(t, text, `baraza_http_requests_total{method="GET",route="/api/conversations/:id/notes",status="200"} 1`)
		require.Contains(t, text, `baraza_http_requests_total{method="GET",route="/api/conversations/:id/notes",status="400"} 1`)
		require.Contains(t, text, `baraza_http_requests_total{method="other",route="/*",status="404"} 1`)
		require.Contains(t, text, `baraza_http_request_seconds_count{method="GET",route="/api/conversations/:id/notes"} 2`)
		require.Contains(t, text, "baraza_http_in_flight 1")
		require.NotContains(t, text, "tenant")
		require.NotContains(t, text, conversation)
	})
}

func TestCSPReports(t *testing.T) {
	t.Parallel()

	const modern = `[{"type":"csp-violation","age":1,"body":{"documentURL":"https://chat.acme.test/inbox?q=secret","blockedURL":"https://evil.test/x?secret","effectiveDirective":"img-src","sample":"secret"}}]`
	const old = `{"csp-report":{"document-uri":"https://chat.acme.test/inbox","blocked-uri":"inline","effective-directive":"script-src"}}`

	for name, test := range map[string]struct{ media, body, directive string }{
		"modern": {"application/reports+json", modern, "img-src"},
		"old":    {"application/csp-report", old, "script-src"},
		"other":  {"application/reports+json", `[{"type":"deprecation","body":{}}]`, ""},
		"broken": {"application/reports+json", `[{`, ""},
		"empty":  {"application/csp-report", ``, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, nil)
			w := f.do(request("POST", "/api/csp-report", test.body, "Content-Type", test.media, "Authorization", ""))
			require.Equal(t, http.StatusNoContent, w.Code, w.Body)
			entries := f.log.FilterMessage("csp report").All()
			if test.directive == "" {
				require.Empty(t, entries)
				return
			}
			require.Len(t, entries, 1)
			fields := entries[0].ContextMap()
			require.Equal(t, test.directive, fields["directive"])
			require.NotContains(t, fields["document"], "secret")
			require.NotContains(t, fields["blocked"], "secret")
		})
	}

	t.Run("are_sampled_and_bounded", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		for range 50 {
			f.do(request("POST", "/api/csp-report", modern, "Content-Type", "application/reports+json"))
		}
		require.LessOrEqual(t, len(f.log.FilterMessage("csp report").All()), 2)
		w := f.do(request("POST", "/api/csp-report", strings.Repeat("a", 16<<10+1), "Content-Type", "application/reports+json"))
		require.Equal(t, http.StatusRequestEntityTooLarge, w.Code)
		w = f.do(request("POST", "/api/csp-report", modern))
		require.Equal(t, http.StatusUnsupportedMediaType, w.Code)
	})
}
