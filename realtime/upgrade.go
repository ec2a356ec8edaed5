package realtime

import (
	"bufio"
	"net"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

const readBuffer = 1 << 10

// writeBuffers are those the library asks for and never fills.
var writeBuffers sync.Pool

// upgrade takes the connection over. Once it did, an error has nobody to be told to:
// the socket is nil, and so is the error.
func upgrade(w http.ResponseWriter, r *http.Request) (*websocket.Conn, net.Conn, error) {
	var refused error
	upgrader := websocket.Upgrader{
		HandshakeTimeout: writeWait, ReadBufferSize: readBuffer, WriteBufferPool: &writeBuffers,
		CheckOrigin: func(*http.Request) bool { return true }, // allowOrigin did
		Error: func(_ http.ResponseWriter, _ *http.Request, _ int, reason error) {
			refused = errHandshake.With(reason)
		},
	}
	taking := &hijacker{ResponseWriter: w}
	ws, err := upgrader.Upgrade(taking, r, nil)
	if err != nil {
		return nil, nil, refused
	}
	taking.link.mute = true
	return ws, taking.link.Conn, nil
}

// link is the library's side of a socket. The library reads from it and writes the
// answer to the handshake; frames are written by the connection's lane alone, or the
// close frame the library sends on a breach of the protocol would cut into one of ours.
type link struct {
	net.Conn
	mute bool
}

func (l *link) Write(b []byte) (int, error) {
	if l.mute {
		return len(b), nil
	}
	return l.Conn.Write(b)
}

// hijacker hands the library a link in place of the connection.
type hijacker struct {
	http.ResponseWriter
	link *link
}

func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.link = &link{Conn: conn}
	return h.link, buffers, nil
}
