package realtime

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"time"
)

func wireOf(b []byte) *wire { return &wire{in: bufio.NewReader(bytes.NewReader(b))} }

// wire is a client that says exactly the bytes it is told to.
type wire struct {
	net net.Conn
	in  *bufio.Reader
}

// upgradeRaw opens a socket by hand and reads past hello.
func upgradeRaw(server *httptest.Server, token string) (*wire, error) {
	conn, err := net.Dial("tcp", server.Listener.Addr().String()) //nolint:noctx // closed by the caller
	if err != nil {
		return nil, err
	}
	w := &wire{conn, bufio.NewReader(conn)}
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		return w, err
	}
	_, err = fmt.Fprintf(conn, "GET /api/ws HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", token)
	if err != nil {
		return w, err
	}
	response, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return w, err
	}
	if err := response.Body.Close(); err != nil {
		return w, err
	}
	if accept := response.Header.Get("Sec-WebSocket-Accept"); accept != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		return w, fmt.Errorf("%d with accept %q", response.StatusCode, accept)
	}
	_, _, err = w.frame()
	return w, err
}

// frame reads one frame of the server: unmasked, whole, in the shortest form.
func (w *wire) frame() (byte, []byte, error) {
	var head [2]byte
	if _, err := io.ReadFull(w.in, head[:]); err != nil {
		return 0, nil, err
	}
	n := uint64(head[1] & 0x7F)
	short := uint64(0)
	switch n {
	case 126:
		var long [2]byte
		if _, err := io.ReadFull(w.in, long[:]); err != nil {
			return 0, nil, err
		}
		n, short = uint64(binary.BigEndian.Uint16(long[:])), 126
	case 127:
		var long [8]byte
		if _, err := io.ReadFull(w.in, long[:]); err != nil {
			return 0, nil, err
		}
		n, short = binary.BigEndian.Uint64(long[:]), 1<<16
	}
	if head[0]&0xF0 != 0x80 || head[1]&0x80 != 0 || n < short {
		return 0, nil, fmt.Errorf("a server's frame begins %x, length %d", head, n)
	}
	payload := make([]byte, n)
	_, err := io.ReadFull(w.in, payload)
	return head[0] & 0x0F, payload, err
}

// masked is a client's frame.
func masked(first byte, payload []byte) []byte {
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	b = append(b, key[:]...)
	for i, c := range payload {
		b = append(b, c^key[i%4])
	}
	return b
}
