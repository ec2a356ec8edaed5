package load

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Opcodes of RFC 6455.
const (
	OpText  byte = 0x1
	OpClose byte = 0x8
	OpPing  byte = 0x9
	OpPong  byte = 0xA
)

// Socket is one WebSocket, read by one goroutine.
type Socket struct {
	net net.Conn
	in  *bufio.Reader
	buf []byte
}

// OpenSocket connects and upgrades; a refusal is an error with the status.
func OpenSocket(address, path, token string) (*Socket, error) {
	c, err := dial(address)
	if err != nil {
		return nil, err
	}
	s := &Socket{net: c, in: bufio.NewReaderSize(c, 16<<10)}
	if err := s.upgrade(path, token); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return s, nil
}

// Refused is an upgrade that was answered with a status.
type Refused int

func (r Refused) Error() string { return fmt.Sprintf("the upgrade was answered %d", int(r)) }

func (s *Socket) upgrade(path, token string) error {
	var key [16]byte
	rand.Read(key[:]) // never fails: it ends the process instead
	header := map[string]string{
		"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": base64.StdEncoding.EncodeToString(key[:]),
	}
	if token != "" {
		header["Authorization"] = "Bearer " + token
	}
	if err := s.net.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := s.net.Write(Request(http.MethodGet, path, header, nil)); err != nil {
		return err
	}
	answer, err := http.ReadResponse(s.in, nil)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		return errors.Join(Refused(answer.StatusCode), answer.Body.Close())
	}
	return s.net.SetDeadline(time.Time{})
}

// Subscribe asks for topics, as one JSON array, and reads up to the answer.
func (s *Socket) Subscribe(topics string) error {
	if err := s.Write(OpText, []byte(`{"type":"subscribe","topics":`+topics+`}`)); err != nil {
		return err
	}
	for range 2 { // hello, subscribed
		if _, _, err := s.Next(); err != nil {
			return err
		}
	}
	return nil
}

// Write sends one frame.
func (s *Socket) Write(opcode byte, payload []byte) error {
	_, err := s.net.Write(frame(opcode, payload))
	return err
}

// frame is a client's frame. Its mask is zero, which is a mask like any other.
func frame(opcode byte, payload []byte) []byte {
	b := []byte{0x80 | opcode}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n <= 0xFFFF:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	return append(append(b, 0, 0, 0, 0), payload...)
}

// Next reads one frame and answers pings by itself. The payload is good until the
// next call.
func (s *Socket) Next() (opcode byte, payload []byte, err error) {
	for {
		opcode, n, err := s.header()
		if err != nil {
			return 0, nil, err
		}
		if cap(s.buf) < n {
			s.buf = make([]byte, n)
		}
		s.buf = s.buf[:n]
		if _, err := io.ReadFull(s.in, s.buf); err != nil {
			return 0, nil, err
		}
		if opcode != OpPing {
			return opcode, s.buf, nil
		}
		if err := s.Write(OpPong, s.buf); err != nil {
			return 0, nil, err
		}
	}
}

func (s *Socket) header() (opcode byte, n int, err error) {
	var h [8]byte
	if _, err := io.ReadFull(s.in, h[:2]); err != nil {
		return 0, 0, err
	}
	opcode, n = h[0]&0xF, int(h[1]&0x7F)
	switch n {
	case 126:
		_, err = io.ReadFull(s.in, h[:2])
		n = int(binary.BigEndian.Uint16(h[:2]))
	case 127:
		_, err = io.ReadFull(s.in, h[:8])
		n = int(binary.BigEndian.Uint64(h[:8]))
	}
	return opcode, n, err
}

// Close ends the connection without a word.
func (s *Socket) Close() error { return s.net.Close() }
