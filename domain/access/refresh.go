package access

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/crypto/chacha20poly1305"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/domain/mail"
)

const refreshPrefix = "rt_"

// Refresh is a refresh token, in the body or in its cookie.
type Refresh struct {
	RefreshToken string `json:"refresh_token" validate:"max=200"`
	Cookie       string `cookie:"refresh" json:"-"`
}

// Refresh exchanges a refresh token for its successor and a new access token.
//
// Of uses at the same time one exchanges it, and for 10 seconds the others get the
// same successor: two tabs, or an answer that was lost, sign nobody out. A use after
// that means that somebody else has the token too; it ends the session with
// ErrSessionRevoked. The session goes on in its tenant while the person is an active
// member there, else in another of theirs.
func (s *Sessions) Refresh(ctx context.Context, in Refresh) (Session, error) {
	token := in.RefreshToken
	if token == "" {
		token = in.Cookie
	}
	var session Session
	var reused bool
	err := s.Revocations.End(ctx, func(tx *db.PlatformTx) ([]Revocation, error) {
		next, err := exchange(ctx, tx, token)
		if errors.Is(err, errReused) {
			reused = true
			return endReused(ctx, tx, next.SessionID)
		}
		if err != nil {
			return nil, err
		}
		session, err = s.goOn(ctx, tx, next)
		return nil, err
	})
	if err == nil && reused {
		return Session{}, ErrSessionRevoked
	}
	return session, err
}

// goOn answers for a session whose present refresh token is known.
func (s *Sessions) goOn(ctx context.Context, tx *db.PlatformTx, next refreshToken) (Session, error) {
	held, err := liveSession(ctx, tx, next.SessionID)
	if err != nil {
		return Session{}, err
	}
	user, err := personByID(ctx, tx, held.UserID)
	if err != nil {
		return Session{}, err
	}
	all, err := listPlaces(ctx, tx, held.UserID)
	if err != nil {
		return Session{}, err
	}
	at := all.choose(uuid.Nil, held.ActiveTenant)
	if next.first {
		if err := touchSession(ctx, tx, held.ID, at.id()); err != nil {
			return Session{}, err
		}
	}
	return s.answer(user, all, at, next)
}

// errReused is a token that was exchanged longer ago than the grace.
var errReused = errors.New("refresh token used again")

// exchange returns the token that follows. The update decides who of several is
// first; the others wait for its commit and follow what it left.
func exchange(ctx context.Context, tx *db.PlatformTx, token string) (refreshToken, error) {
	if token == "" {
		return refreshToken{}, domain.ErrUnauthenticated
	}
	successor := newRefreshToken()
	sealed, err := sealSuccessor(token, successor)
	if err != nil {
		return refreshToken{}, domain.ErrInternal.With(err)
	}
	sessionID, err := useRefreshToken(ctx, tx, token, sealed)
	switch {
	case err == nil:
		next, err := insertRefreshToken(ctx, tx, sessionID, successor)
		next.first = true
		return next, err
	case errors.Is(err, domain.ErrNotFound):
		return follow(ctx, tx, token)
	}
	return refreshToken{}, err
}

// follow goes from a token to the one that is not exchanged yet, through those that
// were within the grace.
func follow(ctx context.Context, q db.PlatformQueryer, token string) (refreshToken, error) {
	for {
		row, err := readRefreshToken(ctx, q, token)
		switch {
		case errors.Is(err, domain.ErrNotFound):
			return row, domain.ErrUnauthenticated
		case err != nil:
			return row, err
		case !row.Used:
			row.clear = token
			return row, nil
		case !row.WithinGrace:
			return row, errReused
		}
		if token, err = openSuccessor(token, row.Successor); err != nil {
			return row, domain.ErrInternal.With(err)
		}
	}
}

// endReused ends a session somebody else may have a token of, and tells its person.
// Once: the next use finds it ended.
func endReused(ctx context.Context, tx *db.PlatformTx, sessionID uuid.UUID) ([]Revocation, error) {
	held, err := liveSession(ctx, tx, sessionID)
	if errors.Is(err, ErrSessionRevoked) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ended, err := endSession(ctx, tx, sessionID)
	if err != nil || len(ended) == 0 {
		return nil, err // another use was quicker to end it
	}
	if err := record(ctx, tx, held.ActiveTenant, audit.Act{Action: audit.RefreshReused, ObjectID: sessionID}); err != nil {
		return nil, err
	}
	return ended, notify(ctx, tx, held.UserID, mail.SessionReused)
}

func newRefreshToken() string {
	random := make([]byte, 32)
	rand.Read(random) // never fails: it ends the process instead
	return refreshPrefix + base64.RawURLEncoding.EncodeToString(random)
}

// sealSuccessor makes the successor readable for holders of the token, and for
// nobody who has the database alone.
func sealSuccessor(token, successor string) ([]byte, error) {
	key, err := successorKey(token)
	if err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("seal successor: %w", err)
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce) // never fails: it ends the process instead
	return aead.Seal(nonce, nonce, []byte(successor), nil), nil
}

func openSuccessor(token string, sealed []byte) (string, error) {
	key, err := successorKey(token)
	if err != nil {
		return "", err
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return "", fmt.Errorf("open successor: %w", err)
	}
	if len(sealed) < aead.NonceSize() {
		return "", errors.New("open successor: too short")
	}
	clear, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], nil)
	if err != nil {
		return "", fmt.Errorf("open successor: %w", err)
	}
	return string(clear), nil
}

func successorKey(token string) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, []byte(token), nil, "baraza refresh successor v1", chacha20poly1305.KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive successor key: %w", err)
	}
	return key, nil
}
