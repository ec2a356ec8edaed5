package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"sync/atomic"
)

// mint makes ids, always the same ones in the same order from one seed.
type mint struct {
	seed uint64
	made atomic.Uint64
}

func (m *mint) next() [sha256.Size]byte {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], m.seed)
	binary.BigEndian.PutUint64(b[8:], m.made.Add(1))
	return sha256.Sum256(b[:])
}

// received is the id of a customer's message, sent of one of ours: the customer's
// phone, or "0" without one, and a random part, packed as WhatsApp packs them.
func (m *mint) received(phone string) string {
	sum := m.next()
	return wamid(phone, 0x12, "3A"+hexUpper(sum[:9]))
}

func (m *mint) sent(phone string) string {
	sum := m.next()
	return wamid(phone, 0x11, hexUpper(sum[:9]))
}

func wamid(phone string, direction byte, random string) string {
	if phone == "" {
		phone = "0"
	}
	b := append([]byte{0x1c, 0x18, byte(len(phone))}, phone...)
	b = append(b, 0x15, 0x02, 0x00, direction, 0x18, byte(len(random)))
	return "wamid." + base64.StdEncoding.EncodeToString(append(append(b, random...), 0))
}

// media is the id of an uploaded file.
func (m *mint) media() string {
	sum := m.next()
	return fmt.Sprintf("%016d", binary.BigEndian.Uint64(sum[:])%1e16)
}

// trace is an fbtrace_id.
func (m *mint) trace() string {
	sum := m.next()
	return "A" + base64.RawURLEncoding.EncodeToString(sum[:16])
}

func hexUpper(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }
