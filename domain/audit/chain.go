package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"go.uber.org/zap"

	"baraza/db"
)

const (
	chainBatch = 1000
	chainEvery = time.Second
	signEvery  = time.Hour
)

// genesis is the hash before a chain's first entry.
var genesis = make([]byte, sha256.Size) //nolint:gochecknoglobals // a constant Go has no literal for

// link is the hash of an entry behind another: SHA-256 of that one's hash and of the
// entry in canonical JSON (RFC 8785).
func (e entryRow) link(before []byte, no int64) ([]byte, error) {
	document, err := json.Marshal(struct {
		TenantID  uuid.UUID       `json:"tenant_id"`
		ChainNo   int64           `json:"chain_no"`
		ID        uuid.UUID       `json:"id"`
		At        string          `json:"at"`
		ActorKind string          `json:"actor_kind"`
		ActorID   *uuid.UUID      `json:"actor_id"`
		Action    string          `json:"action"`
		Object    string          `json:"object"`
		ObjectID  *uuid.UUID      `json:"object_id"`
		Before    json.RawMessage `json:"before"`
		After     json.RawMessage `json:"after"`
		IP        string          `json:"ip"`
		UserAgent string          `json:"user_agent"`
		RequestID string          `json:"request_id"`
	}{
		e.TenantID, no, e.ID, e.At.UTC().Format("2006-01-02T15:04:05.000000Z"), e.ActorKind, e.ActorID, e.Action, e.Object, e.ObjectID,
		raw(e.Before), raw(e.After), e.IP, e.UserAgent, e.RequestID,
	})
	canonical := jsontext.Value(document)
	if err == nil {
		err = canonical.Canonicalize()
	}
	if err != nil {
		return nil, fmt.Errorf("audit entry %s in canonical form: %w", e.ID, err)
	}
	sum := sha256.Sum256(append(bytes.Clone(before), canonical...))
	return sum[:], nil
}

func raw(text *string) json.RawMessage {
	if text == nil {
		return nil
	}
	return json.RawMessage(*text)
}

// Sequencer puts entries into their tenants' chains, one after the other. Any number of
// instances may run it; one at a time works.
type Sequencer struct {
	DB *db.Platform
	// Key signs the ends of the chains.
	Key ed25519.PrivateKey
	Log *zap.Logger
}

// Run chains and signs until the context ends.
func (s *Sequencer) Run(ctx context.Context) error {
	tick := time.NewTicker(chainEvery)
	defer tick.Stop()
	var signed time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			if err := s.Chain(ctx); err != nil {
				s.complain(ctx, "audit entries wait to be chained", err)
				continue
			}
			if now.Sub(signed) < signEvery {
				continue
			}
			if err := s.Sign(ctx, now); err != nil {
				s.complain(ctx, "the ends of the audit chains wait to be signed", err)
				continue
			}
			signed = now
		}
	}
}

func (s *Sequencer) complain(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		s.Log.Warn(what, zap.Error(err))
	}
}

// Chain gives every visible entry its place. Entries of a transaction that commits
// later come into a later place: the order is the chain's, not the clock's.
func (s *Sequencer) Chain(ctx context.Context) error {
	for {
		n, err := s.chainSome(ctx)
		if err != nil || n < chainBatch {
			return err
		}
	}
}

func (s *Sequencer) chainSome(ctx context.Context) (n int, err error) {
	err = s.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		if mine, err := onlyOne(ctx, tx); err != nil || !mine {
			return err
		}
		entries, err := unchained(ctx, tx, chainBatch)
		if err != nil {
			return err
		}
		ends, err := chainEnds(ctx, tx, entries)
		if err != nil {
			return err
		}
		for i := range entries {
			e, end := &entries[i], ends[entries[i].TenantID]
			end.ChainNo++
			if end.Hash, err = e.link(end.Hash, end.ChainNo); err != nil {
				return err
			}
			no := end.ChainNo
			e.ChainNo, e.Hash = &no, end.Hash
			ends[e.TenantID] = end
		}
		n = len(entries)
		return setPlaces(ctx, tx, entries)
	})
	return n, err
}

// head is the end of a tenant's chain.
type head struct {
	TenantID uuid.UUID `db:"tenant_id"`
	ChainNo  int64     `db:"chain_no"`
	Hash     []byte    `db:"hash"`
}

// signed is what a signature is over.
func (h head) signed(at time.Time) []byte {
	b := append([]byte("baraza audit head 1\n"), h.TenantID[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(h.ChainNo)) //nolint:gosec // counted from one
	b = binary.BigEndian.AppendUint64(b, uint64(at.UnixMicro()))
	return append(b, h.Hash...)
}

// Sign signs the ends of the chains that grew since they were signed last, and logs
// them: a log kept elsewhere convicts whoever rewrites a database with its key.
func (s *Sequencer) Sign(ctx context.Context, now time.Time) error {
	now = now.UTC().Truncate(time.Microsecond)
	var heads []head
	err := s.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		mine, err := onlyOne(ctx, tx)
		if err != nil || !mine {
			return err
		}
		if heads, err = unsigned(ctx, tx); err != nil {
			return err
		}
		for _, h := range heads {
			if err := insertHead(ctx, tx, h, now, ed25519.Sign(s.Key, h.signed(now))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, h := range heads {
		s.Log.Info("audit chain signed", zap.Stringer("tenant_id", h.TenantID), zap.Int64("chain_no", h.ChainNo), zap.Binary("hash", h.Hash))
	}
	return nil
}
