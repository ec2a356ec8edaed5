package realtime

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"
)

// horizon is a reading of the database: every change of a transaction below xid was
// visible at that moment. It only grows.
type horizon struct {
	// generation changes with a restore, after which transaction ids mean nothing.
	generation uint32
	xid        int64
	at         time.Time
}

// later returns the one that has seen more.
func (h *horizon) later(other *horizon) *horizon {
	if other == nil || h != nil && h.xid >= other.xid {
		return h
	}
	return other
}

const (
	cursorBytes = 4 + 4 + 4 + 8
	cursorWidth = 27 // of cursorBytes in unpadded base64
)

var errCursor = errors.New("not a cursor")

// put writes the cursor into dst, which has cursorWidth bytes. The version is that of
// the reader's membership: with other rights the place means something else.
func (h *horizon) put(dst []byte, version uint32) {
	var raw [cursorBytes]byte
	binary.BigEndian.PutUint32(raw[0:], h.generation)
	binary.BigEndian.PutUint32(raw[4:], version)
	binary.BigEndian.PutUint32(raw[8:], uint32(h.at.Unix())) // until 2106
	binary.BigEndian.PutUint64(raw[12:], uint64(h.xid))
	base64.RawURLEncoding.Encode(dst, raw[:])
}

func (h *horizon) cursor(version uint32) string {
	var text [cursorWidth]byte
	h.put(text[:], version)
	return string(text[:])
}

// parseCursor reads what put wrote.
func parseCursor(s string) (horizon, uint32, error) {
	var raw [cursorBytes]byte
	if len(s) != cursorWidth {
		return horizon{}, 0, errCursor
	}
	// The decoder skips line ends: what it read may be shorter than it looks.
	if n, err := base64.RawURLEncoding.Strict().Decode(raw[:], []byte(s)); err != nil || n != cursorBytes {
		return horizon{}, 0, errCursor
	}
	h := horizon{
		generation: binary.BigEndian.Uint32(raw[0:]),
		at:         time.Unix(int64(binary.BigEndian.Uint32(raw[8:])), 0),
		xid:        int64(binary.BigEndian.Uint64(raw[12:])),
	}
	return h, binary.BigEndian.Uint32(raw[4:]), nil
}
