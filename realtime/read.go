package realtime

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

const (
	frameLimit    = 64 << 10
	frameInterval = time.Second / 20
	frameBurst    = 40
	// drainLimit bounds what is thrown away from a peer that broke the protocol.
	drainLimit = 1 << 20
)

var errTooLarge = errors.New("frame too large")

// messages are read into shared buffers: an idle connection keeps none.
var messages = sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }}

// read is the connection's goroutine: it reads until the socket ends, and then takes
// the connection out of everything.
func (c *connection) read() {
	defer c.leave()
	c.ws.SetPingHandler(c.onPing)
	c.ws.SetPongHandler(c.onPong)
	c.ws.SetCloseHandler(c.onClose)
	for {
		kind, r, err := c.ws.NextReader()
		if err != nil {
			c.readFailed(err)
			return
		}
		if !c.accepting() {
			continue // until the peer answers the close frame, or closeWait is over
		}
		c.hear()
		if kind != websocket.TextMessage {
			c.close(closeUnsupported, "text frames only")
			continue
		}
		if !c.rate.allow(time.Now(), frameInterval, frameBurst) {
			c.close(closeRate, "too many frames")
			continue
		}
		if err := c.readMessage(r); err != nil {
			c.readFailed(err)
			return
		}
	}
}

// readMessage reads one message and has it done, on another goroutine: what handling
// grows the stack by would stay with every idle connection.
func (c *connection) readMessage(r io.Reader) error {
	buf, _ := messages.Get().(*[]byte)
	defer messages.Put(buf)
	message, err := readLimited(r, (*buf)[:0])
	*buf = message[:0]
	if errors.Is(err, errTooLarge) {
		c.close(closeTooLarge, "frame too large")
		return nil
	}
	if err != nil {
		return err
	}
	if !utf8.Valid(message) {
		c.close(closeNotUTF8, "not UTF-8")
		return nil
	}
	done := make(chan struct{})
	c.hub.tasks.Go(func() {
		defer close(done)
		c.handle(message)
	})
	<-done
	c.hear()
	return nil
}

// readLimited appends the message to b. The length a header claims reserves nothing.
func readLimited(r io.Reader, b []byte) ([]byte, error) {
	for len(b) <= frameLimit {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):min(cap(b), frameLimit+1)])
		b = b[:len(b)+n]
		if err == io.EOF { //nolint:errorlint // io.Reader's own contract
			return b, nil
		}
		if err != nil {
			return b, err
		}
	}
	return b, errTooLarge
}

// hear notes that the peer is there.
func (c *connection) hear() { c.heard.Store(c.hub.clock.Load()) }

func (c *connection) onPing(data string) error {
	c.hear()
	if !c.rate.allow(time.Now(), frameInterval, frameBurst) {
		c.close(closeRate, "too many frames")
		return nil
	}
	c.send(item{opcode: opPong, body: &body{text: []byte(data)}})
	return nil
}

func (c *connection) onPong(string) error {
	c.hear()
	return nil
}

// onClose answers the peer's close frame with its own code.
func (c *connection) onClose(code int, _ string) error {
	if code == websocket.CloseNoStatusReceived {
		code = websocket.CloseNormalClosure
	}
	c.answer(code)
	return nil
}

// readFailed ends a connection that did not end with a close frame.
func (c *connection) readFailed(err error) {
	var closed *websocket.CloseError
	var network net.Error
	switch {
	case errors.As(err, &closed) && closed.Code != closeLost, errors.Is(err, net.ErrClosed):
		return // said goodbye, or closed here
	case errors.As(err, &closed), errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		c.sever(closeLost)
		return
	}
	c.close(closeProtocol, "not the protocol")
	// Closed with bytes unread, the kernel would reset the connection before the peer has
	// read why.
	_, _ = io.CopyN(io.Discard, c.net, drainLimit) // ends with the peer, closeWait or the limit
}
