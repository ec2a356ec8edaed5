// Package idempotency makes it harmless to ask twice: a request that comes with a key
// of its sender's has one effect, however often it is sent, and gets the first answer
// again for 24 hours.
//
// Always true: what was done under a key is written in the transaction that did it, so
// a process may die at any point and the effect is still there once or not at all; a
// key is its caller's own, on one path; answers are sealed, for some show a secret.
package idempotency

import (
	"bytes"
	"context"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"go.uber.org/zap"
	"golang.org/x/crypto/chacha20poly1305"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

const (
	sweepEvery = 10 * time.Minute
	// running is how long an effect may go without its answer: longer than a request
	// does. After that the answer was lost with its process.
	running = time.Minute
)

// Refusals of a repeat.
var (
	ErrMismatch = &domain.Error{Kind: domain.Invalid, Code: "idempotency_mismatch", Detail: "Another request was sent under this Idempotency-Key. Make a new key for each."}
	ErrRunning  = &domain.Error{Kind: domain.Conflict, Code: "idempotency_in_progress", Detail: "The same request is still running. Ask again in a moment."}
	// ErrLost tells who asks again that there is nothing left to do.
	ErrLost = domain.ErrExists.Saying("This was done under the same Idempotency-Key, but its answer was lost. Look for it in the list.")
)

// Request is one that may come again.
type Request struct {
	Path, Key string
	// Hash is of all that the answer depends on.
	Hash []byte
}

// Answer is what it was answered with.
type Answer struct {
	Status int    `json:"status"`
	ETag   string `json:"etag"`
	Body   []byte `json:"body"`
}

// Store remembers what was done for the context's caller.
type Store struct {
	tenant   *db.Tenant
	platform *db.Platform
	aead     cipher.AEAD
	log      *zap.Logger
}

// NewStore takes a key of 32 bytes that all instances share.
func NewStore(tenant *db.Tenant, platform *db.Platform, key []byte, log *zap.Logger) (*Store, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("idempotency key: %w", err)
	}
	return &Store{tenant, platform, aead, log}, nil
}

// Find returns what the same request was answered with; domain.ErrNotFound when it is
// new, ErrMismatch when another one had the key.
func (s *Store) Find(ctx context.Context, in Request) (Answer, error) {
	var answer Answer
	row, err := readRow(ctx, s.tenant, in)
	switch {
	case err != nil:
		return answer, err
	case !bytes.Equal(row.Hash, in.Hash):
		return answer, ErrMismatch
	case row.Sealed == nil && row.Age < running.Seconds():
		return answer, ErrRunning
	case row.Sealed == nil:
		return answer, ErrLost
	}
	size := s.aead.NonceSize()
	if len(row.Sealed) < size {
		return answer, fmt.Errorf("stored answer has %d bytes", len(row.Sealed))
	}
	clear, err := s.aead.Open(nil, row.Sealed[:size], row.Sealed[size:], place(ctx, in))
	if err != nil {
		return answer, fmt.Errorf("open stored answer: %w", err)
	}
	return answer, json.Unmarshal(clear, &answer)
}

// Claim returns a context whose first transaction takes the key with it. Where
// somebody else has taken it meanwhile, that transaction fails with ErrRunning.
func (s *Store) Claim(ctx context.Context, in Request) context.Context {
	scope := tenancy.From(ctx)
	taken := func(err error) error {
		if errors.Is(err, domain.ErrNotFound) {
			return ErrRunning
		}
		return err
	}
	return db.WithFirst(ctx, &db.First{
		Tenant:   func(ctx context.Context, tx *db.Tx) error { return taken(takeKey(ctx, tx, scope, in)) },
		Platform: func(ctx context.Context, tx *db.PlatformTx) error { return taken(takeKeyFor(ctx, tx, scope, in)) },
	})
}

// Keep stores the answer of a request that took its key. It does so although the
// caller has left: then above all.
func (s *Store) Keep(ctx context.Context, in Request, answer Answer) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	clear, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	nonce := make([]byte, s.aead.NonceSize(), s.aead.NonceSize()+len(clear)+s.aead.Overhead())
	rand.Read(nonce) // never fails: it ends the process instead
	return keepAnswer(ctx, s.tenant, in, s.aead.Seal(nonce, nonce, clear, place(ctx, in)))
}

// place binds an answer to its row.
func place(ctx context.Context, in Request) []byte {
	scope := tenancy.From(ctx)
	// Ids have a fixed length and a path no NUL, so the parts cannot run into each other.
	return fmt.Appendf(nil, "idempotency|v1|%s|%s|%s\x00%s", scope.TenantID, scope.Actor(), in.Path, in.Key)
}

// Run removes what is a day old.
func (s *Store) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := sweep(ctx, s.platform); err != nil && ctx.Err() == nil {
			s.log.Error("old idempotency keys were not removed", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
