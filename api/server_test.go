package api

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"baraza/domain"
	"baraza/tenancy"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap/zapcore"
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

// Half an answer is cut off, so that nobody takes it for a whole one, and a client that
// leaves is no defect.
func TestBrokenAnswers(t *testing.T) {
	t.Parallel()

	const half = "half an answer"
	write := func(w http.ResponseWriter) error {
		if _, err := io.WriteString(w, half); err != nil {
			return err
		}
		return http.NewResponseController(w).Flush()
	}
	for name, fail := range map[string]func() error{
		"an_error": func() error { return domain.ErrInternal },
		"a_panic":  func() error { panic("half-way") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(newServer(t, nil, func(r *Routes) {
				raw(r, "GET", "/api/half", tenancy.Public, func(w http.ResponseWriter, _ *http.Request) error {
					if err := write(w); err != nil {
						return err
					}
					return fail()
				}, says("Breaks"))
			}))
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.Start()
			defer server.Close()
			answer, err := server.Client().Get(server.URL + "/api/half")
			require.NoError(t, err)
			defer answer.Body.Close()
			got, err := io.ReadAll(answer.Body)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			require.Equal(t, half, string(got))
		})
	}

	t.Run("a_client_that_leaves_is_logged_at_info", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		ctx, leave := context.WithCancel(t.Context())
		go func() {
			<-f.held
			leave()
		}()
		w := f.do(request("GET", "/api/hold", "").WithContext(ctx))
		require.Equal(t, http.StatusServiceUnavailable, w.Code)
		require.Equal(t, zapcore.InfoLevel, f.log.All()[0].Level)
	})
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
