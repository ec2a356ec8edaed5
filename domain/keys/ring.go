package keys

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

const (
	// keptFor is how long a key is used without asking again, counted from before it
	// was read: well below the five seconds in which a revoked one ends, should nobody
	// say so.
	keptFor     = 2 * time.Second
	readTimeout = time.Second
	noteEvery   = time.Minute
	// maxKept keys are remembered at most; the others are read each time.
	maxKept = 10_000
)

// Refusals of a key.
var (
	// ErrUnknown does not say whether there ever was such a key.
	ErrUnknown = domain.ErrUnauthenticated.Saying("This API key is not valid.")
	ErrExpired = &domain.Error{Kind: domain.Unauthenticated, Code: "token_expired", Detail: "This API key has run out. Make another one."}
	// ErrForeign keeps a key to the networks of its allow-list.
	ErrForeign = &domain.Error{Kind: domain.Denied, Code: "ip_denied", Detail: "This API key may not be used from this address."}
)

// Ring says who the holder of a secret is and what they may do now. Answers are kept
// for two seconds; Drop shortens that to nothing.
type Ring struct {
	DB *db.Platform

	mu    sync.RWMutex
	kept  map[string]*holder
	reads singleflight.Group
}

// holder is a key whose secret was shown to us.
type holder struct {
	scope    tenancy.Scope
	expired  bool
	networks []netip.Prefix
	until    time.Time
	noted    atomic.Int64 // when the last use was written down, in Unix seconds
}

// Authenticate returns the scope of a secret's holder, who asks from an address. A
// suspended tenant gives a scope that says so and may nothing.
func (r *Ring) Authenticate(ctx context.Context, secret string, from netip.Addr) (tenancy.Scope, error) {
	h, err := r.find(ctx, secret)
	switch {
	case err != nil:
		return tenancy.Scope{}, err
	case h.expired:
		return tenancy.Scope{}, ErrExpired
	case !h.admits(from):
		return tenancy.Scope{}, ErrForeign
	}
	now := time.Now().Unix()
	if last := h.noted.Load(); now-last >= int64(noteEvery/time.Second) && h.noted.CompareAndSwap(last, now) {
		if err := noteUse(ctx, r.DB, h.scope.TenantID, h.scope.KeyID); err != nil {
			return tenancy.Scope{}, err
		}
	}
	return h.scope, nil
}

// Drop forgets a key: it is read again at its next use. nil UUID forgets all.
func (r *Ring) Drop(id uuid.UUID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for secret, h := range r.kept {
		if id == uuid.Nil || h.scope.KeyID == id {
			delete(r.kept, secret)
		}
	}
}

func (r *Ring) find(ctx context.Context, secret string) (*holder, error) {
	r.mu.RLock()
	h, ok := r.kept[secret]
	r.mu.RUnlock()
	if ok && time.Now().Before(h.until) {
		return h, nil
	}
	if !whole(secret) {
		return nil, ErrUnknown
	}
	// Whoever waits for the first one's read must not lose it to the first one's cancel.
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTimeout)
	defer cancel()
	got, err, _ := r.reads.Do(secret, func() (any, error) { return r.read(detached, secret) })
	if err != nil {
		return nil, err
	}
	h, ok = got.(*holder)
	if !ok {
		return nil, domain.ErrInternal.With(fmt.Errorf("holder is %T", got))
	}
	return h, nil
}

// read asks the database and keeps the answer. Unknown secrets are not kept: anybody
// could fill the memory with them.
func (r *Ring) read(ctx context.Context, secret string) (*holder, error) {
	until := time.Now().Add(keptFor)
	row, err := readHolder(ctx, r.DB, domain.HashOf(secret))
	if errors.Is(err, domain.ErrNotFound) {
		return nil, ErrUnknown
	}
	if err != nil {
		return nil, err
	}
	h, err := row.holder(until)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kept) >= maxKept {
		r.forget()
	}
	if r.kept == nil {
		r.kept = map[string]*holder{}
	}
	if len(r.kept) < maxKept {
		r.kept[secret] = h
	}
	return h, nil
}

// forget removes answers that are too old to be given.
func (r *Ring) forget() {
	now := time.Now()
	for secret, h := range r.kept {
		if now.After(h.until) {
			delete(r.kept, secret)
		}
	}
}

func (row holderRow) holder(until time.Time) (*holder, error) {
	h := &holder{scope: tenancy.Scope{TenantID: row.TenantID, KeyID: row.ID}, expired: row.Expired, until: until}
	for _, text := range row.IPAllow {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, domain.ErrInternal.With(fmt.Errorf("allow-list of key %s: %w", row.ID, err))
		}
		h.networks = append(h.networks, prefix)
	}
	if row.LastUsedAt != nil {
		h.noted.Store(row.LastUsedAt.Unix())
	}
	if !row.TenantActive {
		h.scope.Suspended = true
		return h, nil
	}
	h.scope.Rows = row.Kind.rows()
	h.scope.Permissions = tenancy.Permissions{}
	// A right that the kind has lost since is lost to its keys.
	for _, p := range row.Kind.may() {
		for _, scope := range row.Scopes {
			if scope == string(p) {
				h.scope.Permissions[p] = struct{}{}
			}
		}
	}
	return h, nil
}

// admits says whether the allow-list, where there is one, has the address.
func (h *holder) admits(from netip.Addr) bool {
	if len(h.networks) == 0 {
		return true
	}
	from = from.Unmap().WithZone("")
	for _, network := range h.networks {
		if network.Contains(from) {
			return true
		}
	}
	return false
}
