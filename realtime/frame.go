package realtime

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// Opcodes of RFC 6455 that the server sends.
const (
	opText  byte = 0x1
	opClose byte = 0x8
	opPing  byte = 0x9
	opPong  byte = 0xA
)

// body is the shared part of a frame: encoded once, copied to every connection's
// writes. What is each reader's own has a fixed width, so that nothing else moves.
type body struct {
	text []byte
	// Where the reader's cursor and unread count go in text; 0: nowhere.
	cursor, unread int
}

// item is a frame on its way to one connection.
type item struct {
	head   string
	body   *body
	at     *horizon // what the cursor says
	unread int64
	// version of the reader's membership, part of the cursor.
	version uint32
	opcode  byte
	// fleeting frames (typing, viewing) are left out when the connection is behind.
	fleeting bool
}

const maxHeader = 10

// size is what the item counts against the connection's bound.
func (it *item) size() int { return maxHeader + len(it.head) + len(it.body.text) }

// appendTo writes the whole WebSocket frame, with the reader's own values in place.
func (it *item) appendTo(b []byte) []byte {
	n := len(it.head) + len(it.body.text)
	b = append(b, 0x80|it.opcode)
	switch {
	case n < 126:
		b = append(b, byte(n))
	case n <= 0xFFFF:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	b = append(b, it.head...)
	start := len(b)
	b = append(b, it.body.text...)
	if it.body.cursor > 0 {
		at := start + it.body.cursor
		it.at.put(b[at:at+cursorWidth], it.version)
	}
	if it.body.unread > 0 {
		at := start + it.body.unread
		putCount(b[at:at+unreadWidth], it.unread)
	}
	return b
}

const (
	unreadMember = `"unread":`
	unreadToken  = unreadMember + "-1"
	unreadWidth  = 10
)

// putCount writes n right-aligned; JSON allows the spaces before it.
func putCount(dst []byte, n int64) {
	var digits [20]byte
	text := strconv.AppendInt(digits[:0], min(max(n, 0), 9_999_999_999), 10)
	blank := len(dst) - len(text)
	for i := range blank {
		dst[i] = ' '
	}
	copy(dst[blank:], text)
}

// appendData copies an event's data and makes room for the reader's unread count. In
// a JSON string the token's quotes would be escaped, so only a member matches.
func (b *body) appendData(data []byte) {
	i := bytes.Index(data, []byte(unreadToken))
	if i < 0 {
		b.text = append(b.text, data...)
		return
	}
	b.text = append(b.text, data[:i+len(unreadMember)]...)
	b.unread = len(b.text)
	b.text = append(b.text, "          "...)
	b.text = append(b.text, data[i+len(unreadToken):]...)
}

const cursorRoom = "---------------------------" // cursorWidth

func (b *body) appendCursor() {
	b.text = append(b.text, `"cursor":"`...)
	b.cursor = len(b.text)
	b.text = append(b.text, cursorRoom+`"`...)
}

// eventHead is the part of an event that differs by topic.
func eventHead(kind topicKind, id uuid.UUID) string {
	switch kind {
	case inboxTopic:
		return `{"type":"event","topic":"inbox",`
	case meTopic:
		return `{"type":"event","topic":"me",`
	}
	return `{"type":"event","topic":"conversation:` + id.String() + `",`
}

// eventBody is everything of an event but its head.
func eventBody(id uuid.UUID, name string, at time.Time, data []byte) *body {
	b := &body{text: make([]byte, 0, 160+len(name)+len(data))}
	b.text = append(b.text, `"id":"`...)
	b.text = append(b.text, id.String()...)
	b.text = append(b.text, `",`...)
	b.appendCursor()
	b.text = append(b.text, `,"name":"`...)
	b.text = append(b.text, name...) // one of reachOf's
	b.text = append(b.text, `","at":"`...)
	b.text = at.UTC().AppendFormat(b.text, wireTime)
	b.text = append(b.text, `","data":`...)
	b.appendData(data)
	b.text = append(b.text, '}')
	return b
}

const wireTime = "2006-01-02T15:04:05.000Z"

// cursorOnly tells a reader for whom there is nothing that they may move on.
func cursorOnly() *body {
	b := &body{text: []byte(`{"type":"cursor",`)}
	b.appendCursor()
	b.text = append(b.text, '}')
	return b
}

// closing is a close frame.
func closing(code int, reason string) *body {
	return &body{text: append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...)}
}

// member appends `,"name":"value"`.
func member(b []byte, name, value string) []byte {
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, '"', ':')
	return appendString(b, value)
}

// appendString quotes; what is not UTF-8 was refused when it was read.
func appendString(b []byte, s string) []byte {
	quoted, err := jsontext.AppendQuote(b, s)
	if err != nil {
		return append(b, `""`...)
	}
	return quoted
}
