package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"time"

	"github.com/google/uuid"

	"baraza/domain"
)

// Proof is what walking a tenant's chain found.
type Proof struct {
	State string `json:"state" enum:"whole,broken"`
	// Entries are in the chain, Waiting are not yet.
	Entries int64 `json:"entries"`
	Waiting int64 `json:"waiting"`
	// Signed is the last signed end of the chain.
	Signed    *SignedHead `json:"signed"`
	Broken    *Break      `json:"broken"`
	CheckedAt domain.Time `json:"checked_at"`
}

// SignedHead is an end of the chain that was signed.
type SignedHead struct {
	ChainNo  int64       `json:"chain_no"`
	Hash     []byte      `json:"hash"`
	SignedAt domain.Time `json:"signed_at"`
}

// Break is the first place where the chain does not hold.
type Break struct {
	ChainNo int64      `json:"chain_no"`
	EntryID *uuid.UUID `json:"entry_id"`
	// Reason: the entry is another than it was, there is none, or the signature is not ours.
	Reason string `json:"reason" enum:"changed,missing,signature"`
}

const verifyBatch = 1000

// Verify walks the caller's tenant's chain from its beginning. It reads every entry: a
// thousand take about ten milliseconds.
func (l *Log) Verify(ctx context.Context, _ domain.None) (Proof, error) {
	p := Proof{State: "whole", CheckedAt: domain.At(time.Now())}
	heads, err := signedHeads(ctx, l.DB)
	if err != nil {
		return p, err
	}
	if p.Broken, err = l.walk(ctx, &p, heads); err != nil {
		return p, err
	}
	if p.Broken != nil {
		p.State = "broken"
	}
	if n := len(heads); n > 0 {
		p.Signed = &SignedHead{heads[n-1].ChainNo, heads[n-1].Hash, heads[n-1].SignedAt}
	}
	p.Waiting, err = countWaiting(ctx, l.DB)
	return p, err
}

func (l *Log) walk(ctx context.Context, p *Proof, heads []headRow) (*Break, error) {
	last := genesis
	for {
		entries, err := chained(ctx, l.DB, p.Entries, verifyBatch)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			want := p.Entries + 1
			if *e.ChainNo != want {
				return &Break{want, nil, "missing"}, nil
			}
			hash, err := e.link(last, want)
			if err != nil {
				return nil, err
			}
			if !bytes.Equal(hash, e.Hash) {
				return &Break{want, &e.ID, "changed"}, nil
			}
			for len(heads) > 0 && heads[0].ChainNo == want {
				if b := l.vouches(heads[0], e); b != nil {
					return b, nil
				}
				heads = heads[1:]
			}
			p.Entries, last = want, hash
		}
		if len(entries) < verifyBatch {
			break
		}
	}
	if len(heads) > 0 {
		return &Break{p.Entries + 1, nil, "missing"}, nil // the chain was longer when it was signed
	}
	return nil, nil //nolint:nilnil // no break, no error
}

func (l *Log) vouches(h headRow, e entryRow) *Break {
	switch {
	case !ed25519.Verify(l.Key, h.signed(h.SignedAt.Time), h.Signature):
		return &Break{h.ChainNo, &e.ID, "signature"}
	case !bytes.Equal(h.Hash, e.Hash):
		return &Break{h.ChainNo, &e.ID, "changed"}
	}
	return nil
}
