package load

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Floor is the least a server can do, in a process of its own: it answers HTTP with
// what it got, echoes WebSocket frames, and writes prebuilt frames to raw connections.
type Floor struct {
	HTTP, Raw net.Listener

	mu    sync.Mutex
	conns []net.Conn
}

// NewFloor listens on two free ports of loopback.
func NewFloor() (*Floor, error) {
	f := &Floor{}
	var err error
	if f.HTTP, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	if f.Raw, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, errors.Join(err, f.HTTP.Close())
	}
	return f, nil
}

// During serves while do runs, and until ctx ends at most.
func (f *Floor) During(ctx context.Context, do func() error) error {
	server := &http.Server{Handler: http.HandlerFunc(echo), ReadHeaderTimeout: patience}
	var parts sync.WaitGroup
	parts.Go(func() {
		_ = server.Serve(f.HTTP) // ends with Close below
	})
	parts.Go(func() {
		for {
			conn, err := f.Raw.Accept()
			if err != nil {
				return
			}
			f.mu.Lock()
			f.conns = append(f.conns, conn)
			f.mu.Unlock()
		}
	})
	var closing error
	var once sync.Once
	shut := func() {
		once.Do(func() {
			closing = errors.Join(server.Close(), f.Raw.Close())
			f.leave()
		})
	}
	stop := context.AfterFunc(ctx, shut)
	err := do()
	stop()
	shut()
	parts.Wait()
	return errors.Join(err, closing)
}

func (f *Floor) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.conns {
		_ = c.Close() // the other side may have been first
	}
	f.conns = nil
}

func echo(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil {
			return
		}
		_, _ = w.Write(body[:min(len(body), 64)]) // the client is gone
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close() //nolint:errcheck // it has served
	for {
		kind, message, err := ws.ReadMessage()
		if err != nil {
			return
		}
		if err := ws.WriteMessage(kind, message); err != nil {
			return
		}
	}
}

// Write has frames of Bytes written to all raw connections for a span.
type Write struct {
	Bytes int           `json:"bytes"`
	Span  time.Duration `json:"span"`
}

// Wrote counts them.
type Wrote struct {
	Frames  int64   `json:"frames"`
	Seconds float64 `json:"seconds"`
}

// writers is how many goroutines write: what two cores have.
const writers = 2

// Do is the floor's part of Serve.
func (f *Floor) Do(ctx context.Context, cmd Command) (any, error) {
	switch {
	case cmd.Write != nil:
		return f.write(ctx, *cmd.Write)
	case cmd.Leave:
		f.leave()
		return nil, nil
	}
	return nil, errors.New("unknown command")
}

func (f *Floor) write(ctx context.Context, w Write) (Wrote, error) {
	f.mu.Lock()
	conns := f.conns
	f.mu.Unlock()
	frame := prebuilt(w.Bytes)
	began := time.Now()
	end := began.Add(w.Span)
	var n atomic.Int64
	var lane sync.WaitGroup
	errs := make([]error, writers)
	for i := range writers {
		lane.Go(func() {
			for time.Now().Before(end) && ctx.Err() == nil {
				for j := i; j < len(conns); j += writers {
					if _, err := conns[j].Write(frame); err != nil {
						errs[i] = err
						return
					}
					n.Add(1)
				}
			}
		})
	}
	lane.Wait()
	return Wrote{n.Load(), time.Since(began).Seconds()}, errors.Join(errs...)
}

// prebuilt is a server's text frame of size bytes in all.
func prebuilt(size int) []byte {
	payload := size - 4
	b := binary.BigEndian.AppendUint16([]byte{0x80 | OpText, 126}, uint16(payload))
	return append(b, strings.Repeat("x", payload)...)
}
