package realtime

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"baraza/tenancy"
)

const (
	fin          = 0x80
	continuation = 0x0
	text         = 0x1
	binaryFrame  = 0x2
	pingMessage  = `{"type":"ping","ref":"é"}`
)

func join(parts ...[]byte) (all []byte) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func closePayload(code int, reason string) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...)
}

type protocolCase struct {
	name string
	send []byte
	// want: a close code, or the kinds of frames expected before the goodbye.
	code  int
	pongs []string // payloads of control pongs
	texts int      // answers to pingMessage
}

// W1: RFC 6455 §5–7, on the wire.
func TestProtocol(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(c *Config) { c.Upgrades = 100_000 })
	token := s.desk.signIn(tenancy.From(s.A))
	cases := protocolCases()
	require.GreaterOrEqual(t, len(cases), 150)
	for _, c := range cases {
		w, err := upgradeRaw(s.at, token)
		require.NoError(t, err, c.name)
		_, err = w.net.Write(c.send)
		require.NoError(t, err, c.name)
		if c.code == 0 {
			_, err = w.net.Write(masked(fin|opClose, closePayload(1000, "bye")))
			require.NoError(t, err, c.name)
		}
		code, pongs, texts, err := w.conversation()
		require.NoError(t, err, c.name)
		want := c.code
		if want == 0 {
			want = websocket.CloseNormalClosure
		}
		require.Equal(t, want, code, c.name)
		require.Equal(t, c.pongs, pongs, c.name)
		require.Equal(t, c.texts, texts, c.name)
		require.NoError(t, w.net.Close())
	}
}

// conversation reads to the end: the server closes after its close frame was answered.
func (w *wire) conversation() (code int, pongs []string, texts int, err error) {
	for {
		kind, payload, err := w.frame()
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), err != nil && strings.Contains(err.Error(), "reset"):
			return code, pongs, texts, nil
		case err != nil:
			return code, pongs, texts, err
		case code != 0:
			return code, pongs, texts, fmt.Errorf("opcode %x after the close frame", kind)
		}
		switch kind {
		case opPong:
			pongs = append(pongs, string(payload))
		case opText:
			texts++
		case opClose:
			code = int(binary.BigEndian.Uint16(payload))
			if _, err := w.net.Write(masked(fin|opClose, payload[:2])); err != nil {
				return code, pongs, texts, nil // it did not wait for us
			}
		}
	}
}

func protocolCases() []protocolCase {
	var list []protocolCase
	add := func(c protocolCase) { list = append(list, c) }
	message := []byte(pingMessage)

	// §5.2, §5.4: a message in one frame, and cut at every byte, in the middle of a
	// character too, with a ping between the parts.
	add(protocolCase{name: "one frame", send: masked(fin|text, message), texts: 1})
	for i := 0; i <= len(message); i++ {
		add(protocolCase{name: fmt.Sprint("two fragments at ", i), send: join(masked(text, message[:i]), masked(fin|continuation, message[i:])), texts: 1})
		add(protocolCase{
			name: fmt.Sprint("ping between fragments at ", i), texts: 1, pongs: []string{"between"},
			send: join(masked(text, message[:i]), masked(fin|opPing, []byte("between")), masked(fin|continuation, message[i:])),
		})
	}
	var bytewise []byte
	for i, b := range message {
		first := byte(continuation)
		if i == 0 {
			first = text
		}
		bytewise = append(bytewise, masked(first, []byte{b})...)
	}
	add(protocolCase{name: "byte by byte, ended by an empty frame", send: join(bytewise, masked(fin|continuation, nil)), texts: 1})
	add(protocolCase{name: "two messages", send: join(masked(fin|text, message), masked(fin|text, message)), texts: 2})
	add(protocolCase{name: "length in a longer form", send: longForm(message), texts: 1})

	// §5.2: opcodes, reserved bits, the mask.
	for _, opcode := range []byte{3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF} {
		add(protocolCase{name: fmt.Sprintf("reserved opcode %x", opcode), send: masked(fin|opcode, message), code: websocket.CloseProtocolError})
		add(protocolCase{name: fmt.Sprintf("reserved opcode %x, empty", opcode), send: masked(fin|opcode, nil), code: websocket.CloseProtocolError})
	}
	for _, bits := range []byte{0x40, 0x20, 0x10, 0x60, 0x50, 0x30, 0x70} {
		for _, opcode := range []byte{text, opPing, opClose} {
			add(protocolCase{name: fmt.Sprintf("reserved bits %x on opcode %x", bits, opcode), send: masked(fin|bits|opcode, nil), code: websocket.CloseProtocolError})
		}
	}
	for _, opcode := range []byte{text, binaryFrame, opPing, opPong, opClose} {
		add(protocolCase{name: fmt.Sprintf("unmasked opcode %x", opcode), send: append([]byte{fin | opcode, byte(len(message))}, message...), code: websocket.CloseProtocolError})
	}
	add(protocolCase{name: "binary", send: masked(fin|binaryFrame, message), code: websocket.CloseUnsupportedData})
	add(protocolCase{name: "binary in fragments", send: join(masked(binaryFrame, message[:3]), masked(fin|continuation, message[3:])), code: websocket.CloseUnsupportedData})

	// §5.4: order of fragments.
	add(protocolCase{name: "continuation of nothing", send: masked(fin|continuation, message), code: websocket.CloseProtocolError})
	add(protocolCase{name: "continuation after the end", send: join(masked(fin|text, message), masked(continuation, message)), code: websocket.CloseProtocolError, texts: 1})
	add(protocolCase{name: "a message inside a message", send: join(masked(text, message), masked(fin|text, message)), code: websocket.CloseProtocolError})
	add(protocolCase{name: "binary inside a message", send: join(masked(text, message), masked(fin|binaryFrame, message)), code: websocket.CloseProtocolError})

	// §5.5: control frames.
	for _, n := range []int{0, 1, 2, 100, 124, 125} {
		payload := strings.Repeat("p", n)
		add(protocolCase{name: fmt.Sprint("ping of ", n), send: masked(fin|opPing, []byte(payload)), pongs: []string{payload}})
		add(protocolCase{name: fmt.Sprint("pong of ", n), send: masked(fin|opPong, []byte(payload))})
	}
	for _, opcode := range []byte{opPing, opPong, opClose} {
		for _, n := range []int{126, 127, 1000, 70_000} {
			add(protocolCase{name: fmt.Sprintf("control %x of %d", opcode, n), send: masked(fin|opcode, make([]byte, n)), code: websocket.CloseProtocolError})
		}
		add(protocolCase{name: fmt.Sprintf("control %x in fragments", opcode), send: masked(opcode, nil), code: websocket.CloseProtocolError})
	}
	add(protocolCase{name: "ping with bytes that are no text", send: masked(fin|opPing, []byte{0xff, 0xfe}), pongs: []string{"\xff\xfe"}})
	add(protocolCase{name: "three pings", send: join(masked(fin|opPing, []byte("1")), masked(fin|opPing, []byte("2")), masked(fin|opPing, []byte("3"))), pongs: []string{"1", "2", "3"}})

	// §7.4: close codes, answered with their own.
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		add(protocolCase{name: fmt.Sprint("close ", code), send: masked(fin|opClose, closePayload(code, "bye")), code: code})
		add(protocolCase{name: fmt.Sprint("close without a reason ", code), send: masked(fin|opClose, closePayload(code, "")), code: code})
	}
	add(protocolCase{name: "close without a code", send: masked(fin|opClose, nil), code: websocket.CloseNormalClosure})
	for _, code := range []int{0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		add(protocolCase{name: fmt.Sprint("bad close ", code), send: masked(fin|opClose, closePayload(code, "")), code: websocket.CloseProtocolError})
	}
	add(protocolCase{name: "close with a reason that is no text", send: masked(fin|opClose, closePayload(1000, "\xff\xfe")), code: websocket.CloseProtocolError})
	add(protocolCase{name: "a message after the goodbye", send: join(masked(fin|opClose, closePayload(1000, "")), masked(fin|text, message)), code: websocket.CloseNormalClosure})

	// §8.1: what is not UTF-8.
	for _, bad := range []string{
		"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "a\xffb", "\xc3(",
	} {
		frame := []byte(`{"type":"ping","ref":"` + bad + `"}`)
		add(protocolCase{name: fmt.Sprintf("not UTF-8: %x", bad), send: masked(fin|text, frame), code: websocket.CloseInvalidFramePayloadData})
	}
	add(protocolCase{name: "not UTF-8 over two fragments", send: join(masked(text, []byte{'"', 0xc3}), masked(fin|continuation, []byte{'('})), code: websocket.CloseInvalidFramePayloadData})

	// Sizes: what a header claims is not believed.
	add(protocolCase{name: "64 KiB in fragments and one more", send: join(masked(text, make([]byte, frameLimit)), masked(fin|continuation, []byte{'x'})), code: websocket.CloseMessageTooBig})
	add(protocolCase{name: "64 KiB and one more", send: masked(fin|text, make([]byte, frameLimit+1)), code: websocket.CloseMessageTooBig})
	add(protocolCase{name: "1 MiB", send: masked(fin|text, make([]byte, 1<<20)), code: websocket.CloseMessageTooBig})
	add(protocolCase{name: "an empty message", send: masked(fin|text, nil), code: websocket.ClosePolicyViolation})
	return list
}

// longForm writes a short length as sixteen bits; a server may accept that.
func longForm(payload []byte) []byte {
	short := masked(fin|text, payload)
	return join([]byte{short[0], 0x80 | 126, 0, byte(len(payload))}, short[2:])
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	token := s.desk.signIn(tenancy.From(s.A))
	for name, change := range map[string]func(http.Header){
		"no upgrade": func(h http.Header) { h.Del("Upgrade") }, "no connection": func(h http.Header) { h.Del("Connection") },
		"another protocol": func(h http.Header) { h.Set("Upgrade", "h2c") }, "an old version": func(h http.Header) { h.Set("Sec-WebSocket-Version", "8") },
		"no key": func(h http.Header) { h.Del("Sec-WebSocket-Key") }, "a bad key": func(h http.Header) { h.Set("Sec-WebSocket-Key", "short") },
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.at.URL+"/api/ws", http.NoBody)
		require.NoError(t, err)
		request.Header = http.Header{
			"Authorization": {"Bearer " + token}, "Connection": {"Upgrade"}, "Upgrade": {"websocket"},
			"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="},
		}
		change(request.Header)
		response, err := http.DefaultTransport.RoundTrip(request)
		require.NoError(t, err, name)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err, name)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusBadRequest, response.StatusCode, name)
		require.Contains(t, string(body), "bad_parameter", name)
	}
	require.Empty(t, s.hub.Sockets())
	http.DefaultTransport.(*http.Transport).CloseIdleConnections() //nolint:forcetypeassert // it is one
}
