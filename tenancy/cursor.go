package tenancy

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"baraza/domain"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"golang.org/x/crypto/chacha20poly1305"
)

const (
	cursorLife = 24 * time.Hour
	cursorMax  = 1024 // characters, in both directions
)

// Cursors seals where a list goes on. A cursor opens for the tenant, the user and
// the filter it was made for, within 24 hours, and tells its holder nothing.
type Cursors struct {
	aead cipher.AEAD
	now  func() time.Time
}

// NewCursors takes a key of 32 bytes that all instances share.
func NewCursors(key []byte) (*Cursors, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("cursor key: %w", err)
	}
	return &Cursors{aead: aead, now: time.Now}, nil
}

// Seal returns the cursor of position, for the context's tenant and user or key. The list
// names itself and all its conditions in filter; the limit is none of them.
func (c *Cursors) Seal(ctx context.Context, filter string, position any) (string, error) {
	clear, err := json.Marshal(position)
	if err != nil {
		return "", fmt.Errorf("seal cursor: %w", err)
	}
	bind, err := cursorPlace(ctx, filter)
	if err != nil {
		return "", err
	}
	clear = append(binary.BigEndian.AppendUint64(nil, uint64(c.now().Add(cursorLife).Unix())), clear...)
	nonce := make([]byte, c.aead.NonceSize(), c.aead.NonceSize()+len(clear)+c.aead.Overhead())
	rand.Read(nonce) // never fails: it ends the process instead
	cursor := base64.RawURLEncoding.EncodeToString(c.aead.Seal(nonce, nonce, clear, bind))
	if len(cursor) > cursorMax {
		return "", fmt.Errorf("seal cursor: %d characters, at most %d", len(cursor), cursorMax)
	}
	return cursor, nil
}

// Open reads a cursor of the same tenant, user and filter into position, a pointer.
// Anything else, expired ones included, is domain.ErrBadCursor.
func (c *Cursors) Open(ctx context.Context, filter, cursor string, position any) error {
	bind, err := cursorPlace(ctx, filter)
	if err != nil {
		return err
	}
	// The decoder would skip line ends: two spellings of one cursor.
	if len(cursor) > cursorMax || strings.ContainsAny(cursor, "\r\n") {
		return domain.ErrBadCursor
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(sealed) < c.aead.NonceSize() {
		return domain.ErrBadCursor
	}
	nonce, sealed := sealed[:c.aead.NonceSize()], sealed[c.aead.NonceSize():]
	clear, err := c.aead.Open(nil, nonce, sealed, bind)
	if err != nil || len(clear) < 8 {
		return domain.ErrBadCursor
	}
	if c.now().Unix() >= int64(binary.BigEndian.Uint64(clear)) {
		return domain.ErrBadCursor
	}
	// A list whose position changed its shape with a new release starts again.
	if err := json.Unmarshal(clear[8:], position, json.RejectUnknownMembers(true)); err != nil {
		return domain.ErrBadCursor.With(err)
	}
	return nil
}

func cursorPlace(ctx context.Context, filter string) ([]byte, error) {
	scope := From(ctx)
	if scope.TenantID == uuid.Nil {
		return nil, ErrNoScope
	}
	// Ids have a fixed length, so the parts cannot run into each other.
	return fmt.Appendf(nil, "cursor|v1|%s|%s|%s", scope.TenantID, scope.Actor(), filter), nil
}
