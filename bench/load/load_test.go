package load

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"baraza/bench/measure"
	"baraza/domain"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// running is a floor that ends with the test.
func running(t *testing.T) *Floor {
	t.Helper()
	f, err := NewFloor()
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var done sync.WaitGroup
	done.Go(func() {
		err := f.During(ctx, func() error {
			<-ctx.Done()
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { stop(); done.Wait() })
	return f
}

func TestHTTP(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) Load {
		t.Parallel()
		request := Request(http.MethodPost, "/", map[string]string{"Content-Type": "text/plain"}, []byte("hello"))
		return Load{Address: running(t).HTTP.Addr().String(), Connections: 3, Status: 200, Request: func(int) []byte { return request }}
	}

	t.Run("a_closed_loop_ends_by_count", func(t *testing.T) {
		out, err := setup(t).Closed(t.Context(), time.Minute, 200)
		require.NoError(t, err)
		require.Equal(t, 200, out.Done)
		require.EqualValues(t, 200, out.Latency.Count())
		require.Positive(t, out.Rate())
	})

	t.Run("an_open_loop_sends_all_of_its_schedule", func(t *testing.T) {
		out, err := setup(t).Open(t.Context(), measure.Even(2000, 100*time.Millisecond))
		require.NoError(t, err)
		require.Equal(t, 200, out.Done)
		require.EqualValues(t, 200, out.Lag.Count())
	})

	t.Run("another_status_is_an_error", func(t *testing.T) {
		l := setup(t)
		l.Status = 201
		_, err := l.Closed(t.Context(), time.Second, 1)
		require.ErrorContains(t, err, "answered 200, not 201")
	})

	t.Run("nothing_leaves_this_machine", func(t *testing.T) {
		t.Parallel()
		_, err := Dial("192.0.2.1:80")
		require.ErrorContains(t, err, "not on loopback")
	})
}

func TestSocket(t *testing.T) {
	t.Parallel()
	f := running(t)
	s, err := OpenSocket(f.HTTP.Addr().String(), "/", "")
	require.NoError(t, err)
	defer s.Close()
	for _, size := range []int{5, 300, 70_000} {
		require.NoError(t, s.Write(OpText, bytes.Repeat([]byte("y"), size)))
		opcode, payload, err := s.Next()
		require.NoError(t, err)
		require.Equal(t, OpText, opcode)
		require.Len(t, payload, size)
	}
}

func TestCrowdCountsRawFrames(t *testing.T) {
	t.Parallel()
	f := running(t)
	c := NewCrowd()
	_, err := c.Open(t.Context(), Open{Address: f.Raw.Addr().String(), N: 5, Rate: 1000})
	require.NoError(t, err)
	var frames int64 // written in as many rounds as it took
	counted, err := c.during(func() error {
		// All five are accepted once each has got something.
		for c.frames.Load() == 0 {
			wrote, err := f.write(t.Context(), Write{Bytes: 200, Span: 30 * time.Millisecond})
			if err != nil {
				return err
			}
			frames += wrote.Frames
		}
		return c.await(t.Context(), frames)
	})
	require.NoError(t, err)
	require.Equal(t, frames, counted.Frames)
	require.NoError(t, c.Leave())
}

// Frames are counted right however the stream is cut.
func TestHeaders(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var stream []byte
		want := 0
		for range rapid.IntRange(1, 20).Draw(t, "frames") {
			size := rapid.SampledFrom([]int{0, 1, 125, 126, 127, 300, 65_535, 65_536}).Draw(t, "size")
			f := frame(OpText, make([]byte, size))
			// A server's frame has no mask.
			head := len(f) - size - 4
			f[1] &= 0x7F
			stream = append(append(stream, f[:head]...), f[head+4:]...)
			want++
		}
		stream = append(stream, 0x80|OpClose, 2, 0x0F, 0xA8)
		c := NewCrowd()
		h := headers{crowd: c}
		var err error
		for len(stream) > 0 && err == nil {
			n := min(rapid.IntRange(1, 5000).Draw(t, "cut"), len(stream))
			err = h.take(stream[:n])
			stream = stream[n:]
		}
		require.Equal(t, closeCode(4008), err)
		require.EqualValues(t, want, c.frames.Load())
	})
}

func TestEvent(t *testing.T) {
	t.Parallel()
	e, err := newEvent(120)
	require.NoError(t, err)
	due := time.Unix(1_800_000_000, 123)
	var ids []uuid.UUID
	for range 2 {
		var a struct {
			Changes []struct {
				ID   uuid.UUID
				Live domain.Live
			}
		}
		require.NoError(t, json.Unmarshal(e.at(due)[16:], &a))
		require.Len(t, a.Changes[0].Live.Data, 120)
		got, ok := stamp(a.Changes[0].Live.Data)
		require.True(t, ok)
		require.Equal(t, due.UnixNano(), got.UnixNano())
		ids = append(ids, a.Changes[0].ID)
	}
	require.NotEqual(t, ids[0], ids[1])
}

func TestServe(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := Serve(strings.NewReader(`{"pause":true}`+"\n"+`{}`+"\n"), &out, func(c Command) (any, error) {
		return NewCrowd().Do(t.Context(), c)
	})
	require.NoError(t, err)
	require.Equal(t, "{\"result\":null}\n{\"error\":\"unknown command\"}\n", out.String())
}
