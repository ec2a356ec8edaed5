package api

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"baraza/tenancy"

	"github.com/stretchr/testify/require"
)

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
