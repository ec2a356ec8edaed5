package api

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"baraza/tenancy"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// running serves the fixture on a free port until the test ends; stop drains it.
type running struct {
	*fixture
	url  string
	stop func() error
}

func serve(t *testing.T, change func(*Config)) *running {
	t.Helper()
	f := newFixture(t, change)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- f.Serve(ctx, l) }()
	r := &running{fixture: f, url: "http://" + l.Addr().String()}
	done := false
	r.stop = func() error {
		if done {
			return nil
		}
		done = true
		cancel()
		return <-ended
	}
	t.Cleanup(func() { _ = r.stop() })
	return r
}

func (r *running) send(t *testing.T, method, path string, body io.Reader, pairs ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, body)
	require.NoError(t, err)
	req.Header = request(method, "/", "x", pairs...).Header
	answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { _ = answer.Body.Close() })
	return answer
}

// SE-30: sizes, depths and times are bounded on every route.
func TestBounds(t *testing.T) {
	t.Parallel()

	t.Run("a_body_that_says_it_is_too_large_is_not_read", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		for path, limit := range map[string]int64{"/api/messages": 1 << 20, "/webhooks/meta": 3 << 20, "/api/media": 25 << 20} {
			r := request("POST", path, "x", "Content-Type", "multipart/form-data; boundary=x")
			r.ContentLength = limit + 1
			r.Body = io.NopCloser(failingReader{t})
			require.Equal(t, http.StatusRequestEntityTooLarge, f.do(r).Code, path)
		}
	})

	t.Run("a_body_of_unknown_size_ends_at_the_limit", func(t *testing.T) {
		t.Parallel()
		r := serve(t, nil)
		for path, over := range map[string]int{"/api/messages": 1<<20 + 1, "/webhooks/meta": 3<<20 + 1} {
			answer := r.send(t, "POST", path, io.LimitReader(endless{}, int64(over)))
			require.Equal(t, http.StatusRequestEntityTooLarge, answer.StatusCode, path)
		}
		answer := r.send(t, "POST", "/webhooks/meta", io.LimitReader(endless{}, 3<<20))
		require.Equal(t, http.StatusOK, answer.StatusCode)
	})

	t.Run("a_header_of_32_KiB_is_refused", func(t *testing.T) {
		t.Parallel()
		answer := serve(t, nil).send(t, "GET", "/livez", nil, "X-Long", strings.Repeat("a", 32<<10))
		require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, answer.StatusCode)
	})

	t.Run("work_ends_at_its_deadline", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		f.Server = newServer(t, func(c *Config) { c.Timeout = time.Millisecond }, func(r *Routes) {
			route(r, "GET", "/api/slow", tenancy.Public, 200, f.holds, says("Waits"))
		})
		w := f.do(request("GET", "/api/slow", ""))
		require.Equal(t, http.StatusServiceUnavailable, w.Code)
		require.Equal(t, "unavailable", problemOf(t, w)["code"])
	})

	t.Run("one_more_than_there_are_places_is_told_to_come_back", func(t *testing.T) {
		t.Parallel()
		r := serve(t, func(c *Config) { c.Concurrency = 2 })
		answers := make(chan int, 2)
		for range 2 {
			go func() { answers <- r.send(t, "GET", "/api/hold", nil).StatusCode }()
			<-r.held
		}
		full := r.send(t, "GET", "/api/versioned", nil)
		require.Equal(t, http.StatusServiceUnavailable, full.StatusCode)
		require.Equal(t, "2", full.Header.Get("Retry-After"))
		require.Equal(t, http.StatusOK, r.send(t, "GET", "/livez", nil).StatusCode, "health answers when the server is full")
		require.Equal(t, http.StatusOK, r.send(t, "GET", "/api/events/tail", nil).StatusCode, "a stream takes no place")
		close(r.hold)
		require.Equal(t, http.StatusOK, <-answers)
		require.Equal(t, http.StatusOK, <-answers)
		require.Equal(t, http.StatusOK, r.send(t, "GET", "/api/versioned", nil).StatusCode)
	})

	t.Run("a_place_is_given_back_after_a_panic", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, func(c *Config) { c.Concurrency = 1 })
		for range 3 {
			require.Equal(t, http.StatusInternalServerError, f.do(request("GET", "/api/panic", "")).Code)
		}
	})

	t.Run("an_upload_may_take_longer_than_the_server_reads_but_not_stand_still", func(t *testing.T) {
		t.Parallel()
		control := &deadlines{}
		now := time.Now()
		body := &movingBody{ReadCloser: io.NopCloser(endless{}), control: http.NewResponseController(control), end: now.Add(15 * time.Second)}
		_, err := body.Read(make([]byte, 1))
		require.NoError(t, err)
		require.WithinDuration(t, now.Add(stalled), control.read, time.Second)
		body.end = now.Add(5 * time.Second)
		_, err = body.Read(make([]byte, 1))
		require.NoError(t, err)
		require.Equal(t, body.end, control.read)
	})

	t.Run("a_large_upload_passes", func(t *testing.T) {
		t.Parallel()
		answer := serve(t, nil).send(t, "POST", "/api/media", io.LimitReader(endless{}, 5<<20), "Content-Type", "multipart/form-data; boundary=x")
		require.Equal(t, http.StatusCreated, answer.StatusCode)
		n, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(5<<20), string(n))
	})
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

type failingReader struct{ t *testing.T }

func (f failingReader) Read([]byte) (int, error) {
	f.t.Error("the body was read")
	return 0, io.EOF
}

// deadlines is a writer that remembers what it was told.
type deadlines struct {
	http.ResponseWriter
	read time.Time
}

func (d *deadlines) SetReadDeadline(at time.Time) error { d.read = at; return nil }

// A request under way is finished, a stream is ended, and nothing is left behind. Not
// parallel: other tests' goroutines would count.
func TestDrain(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	drained := make(chan struct{})
	f := newFixture(t, func(c *Config) {
		c.DrainTimeout = time.Minute
		c.Drain = func(context.Context) { close(drained) }
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- f.Serve(ctx, l) }()

	open := func(path string) *bufio.Reader {
		conn, err := net.Dial("tcp", l.Addr().String())
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		_, err = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer all\r\n\r\n", path)
		require.NoError(t, err)
		<-f.held
		return bufio.NewReader(conn)
	}
	request, tail := open("/api/hold"), open("/api/events/tail")
	cancel()
	<-drained
	end, err := io.ReadAll(tail) // the server ended it
	require.NoError(t, err)
	require.Contains(t, string(end), "event: open")
	close(f.hold)
	answer, err := http.ReadResponse(request, nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.NoError(t, <-ended)
	_, err = net.Dial("tcp", l.Addr().String())
	require.Error(t, err)
}

func TestDrainHasAnEnd(t *testing.T) {
	t.Parallel()
	r := serve(t, func(c *Config) { c.DrainTimeout = time.Millisecond })
	go func() {
		req, err := http.NewRequestWithContext(t.Context(), "GET", r.url+"/api/hold", nil)
		if err == nil {
			if answer, err := http.DefaultTransport.RoundTrip(req); err == nil {
				_ = answer.Body.Close()
			}
		}
	}()
	<-r.held
	require.ErrorContains(t, r.stop(), "cut off")
}

// S24: forged forwarding headers have no influence.
func TestClientAddress(t *testing.T) {
	t.Parallel()

	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for name, test := range map[string]struct {
		trusted   []netip.Prefix
		peer      string
		forwarded []string
		want      string
	}{
		"no_proxy_configured":        {nil, "192.0.2.1:5", []string{"203.0.113.9"}, "192.0.2.1"},
		"peer_is_no_proxy":           {proxies, "192.0.2.1:5", []string{"203.0.113.9"}, "192.0.2.1"},
		"peer_is_a_proxy":            {proxies, "10.0.0.1:5", []string{"203.0.113.9"}, "203.0.113.9"},
		"the_client_wrote_the_first": {proxies, "10.0.0.1:5", []string{"1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
		"two_proxies":                {proxies, "10.0.0.1:5", []string{"1.1.1.1, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		"two_headers":                {proxies, "10.0.0.1:5", []string{"1.1.1.1", "203.0.113.9"}, "203.0.113.9"},
		"nothing_but_proxies":        {proxies, "10.0.0.1:5", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		"the_proxy_says_nothing":     {proxies, "10.0.0.1:5", nil, "10.0.0.1"},
		"the_proxy_says_nonsense":    {proxies, "10.0.0.1:5", []string{"203.0.113.9, unknown"}, "10.0.0.1"},
		"v4_written_as_v6":           {proxies, "[::ffff:10.0.0.1]:5", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		"v6":                         {proxies, "[fd00::1]:5", []string{"2001:db8::7"}, "2001:db8::7"},
		"other_headers_are_not_read": {proxies, "10.0.0.1:5", nil, "10.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, func(c *Config) { c.TrustedProxies = test.trusted })
			r := request("POST", notesPath(""), `{"text":"a"}`, "X-Real-Ip", "9.9.9.9", "Forwarded", "for=9.9.9.9", "True-Client-Ip", "9.9.9.9")
			r.RemoteAddr = test.peer
			r.Header["X-Forwarded-For"] = test.forwarded
			require.Equal(t, http.StatusCreated, f.do(r).Code)
			require.Equal(t, test.want, (<-f.added).IP)
		})
	}
}

// SE-23: who did what when, and nothing of what they said.
func TestAccessLog(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.do(request("POST", notesPath("?trace=true"), `{"text":"secret-txt"}`))
	f.do(request("GET", "/m/secret-token?ticket=secret-ticket", ""))
	f.do(request("GET", "/inbox/secret-path?q=secret-search", "", "Authorization", ""))
	entries := f.log.All()
	require.Len(t, entries, 3)
	fields := entries[0].ContextMap()
	require.Positive(t, fields["dur_ms"])
	delete(fields, "dur_ms")
	require.Equal(t, map[string]any{
		"method": "POST", "route": "/api/conversations/:id/notes", "status": int64(201), "request_id": "test-request-0001",
		"tenant_id": "0198f3c2-7b3b-7e02-8000-000000000001", "user_id": author.String(),
	}, fields)
	require.Equal(t, "/m/:token", entries[1].ContextMap()["route"])
	require.Equal(t, "/*", entries[2].ContextMap()["route"])
	for _, entry := range entries {
		require.Equal(t, "request", entry.Message)
		require.NotContains(t, fmt.Sprint(entry.ContextMap()), "secret")
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Config){
		"a_base_url_without_scheme": func(c *Config) { c.BaseURL = "chat.acme.test" },
		"a_base_url_with_a_path":    func(c *Config) { c.BaseURL = "https://acme.test/chat" },
		"an_origin_with_a_star":     func(c *Config) { c.Origins = []string{"https://*.acme.test"} },
		"no_authentication":         func(c *Config) { c.Authenticate = nil },
		"no_log":                    func(c *Config) { c.Log = nil },
		"no_metrics":                func(c *Config) { c.Metrics = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := newFixture(t, nil).config
			change(&config)
			_, err := New(config, NewRoutes())
			require.Error(t, err)
		})
	}
}
