// Package keys owns the API keys of a workspace: who makes them, what they may do, and
// who the holder of a secret is.
//
// Always true: a secret is shown once and stored as a hash; a key may no more than its
// kind, and was given no more than its maker held; it stands for a program, never for a
// person, so that nothing of a person's own is open to it. A key belongs to the
// workspace: it keeps its rights when its maker goes. What ends a key is over on every
// instance within five seconds, whether or not the instance was told.
package keys

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/tenancy"
)

// Keys are those of the caller's workspace.
type Keys struct {
	DB      *db.Tenant
	Cursors *tenancy.Cursors
	// Changed is told, after the commit, of a key whose holder may less than before, or
	// other things: cmd tells every instance's Ring. Optional.
	Changed func(id uuid.UUID)
}

// ErrRevoked refuses to change what is over.
var ErrRevoked = &domain.Error{Kind: domain.Conflict, Code: "invalid_transition", Detail: "This key is revoked. Make another one."}

// Key is a key as people see it, without its secret.
type Key struct {
	ID   uuid.UUID `db:"id"     json:"id"`
	Name string    `db:"name"   json:"name"`
	Kind Kind      `db:"kind"   json:"kind" enum:"server,read,bot,ingest,write"`
	// Prefix is how the secret begins.
	Prefix    string       `db:"prefix"         json:"prefix"`
	Scopes    db.Texts     `db:"scopes"         json:"scopes"`
	IPAllow   db.Texts     `db:"ip_allow"       json:"ip_allow"`
	CreatedBy *uuid.UUID   `db:"created_by"     json:"created_by"`
	CreatedAt domain.Time  `db:"created_at"     json:"created_at"`
	ExpiresAt *domain.Time `db:"expires_at"     json:"expires_at"`
	// LastUsedAt is exact to a minute.
	LastUsedAt *domain.Time `db:"last_used_at"   json:"last_used_at"`
	// PreviousUntil is how long the secret before this one goes on working.
	PreviousUntil *domain.Time `db:"previous_until" json:"previous_until"`
	RevokedAt     *domain.Time `db:"revoked_at"     json:"revoked_at"`
	Version       int64        `db:"version"        json:"-"`
}

// ETag is the key's version.
func (k Key) ETag() string { return strconv.FormatInt(k.Version, 10) }

// NewKey is a key in the one answer that has its secret.
type NewKey struct {
	Key
	Secret string `json:"secret"`
}

// CreateKey makes a key. Without scopes it may all that its kind is for, which bot,
// ingest and write keys alone allow.
type CreateKey struct {
	Name      string       `json:"name"       validate:"required,max=80"`
	Kind      Kind         `json:"kind"       validate:"required,oneof=server read bot ingest write"`
	Scopes    []string     `json:"scopes"     validate:"max=100"`
	ExpiresAt *domain.Time `json:"expires_at"`
	IPAllow   []string     `json:"ip_allow"   validate:"max=50,dive,max=64"`
}

// Create makes a key and shows its secret, once. Rights that the caller lacks are
// denied; those its kind cannot have are invalid.
func (k *Keys) Create(ctx context.Context, in CreateKey) (NewKey, error) {
	row := keyRow{ID: db.NewID(), Kind: in.Kind, ExpiresAt: in.ExpiresAt}
	var err error
	if row.Name, err = domain.Name("name", in.Name); err != nil {
		return NewKey{}, err
	}
	if row.Scopes, err = in.Kind.scopes(in.Scopes); err != nil {
		return NewKey{}, err
	}
	if row.IPAllow, err = networks(in.IPAllow); err != nil {
		return NewKey{}, err
	}
	if err := future(in.ExpiresAt); err != nil {
		return NewKey{}, err
	}
	if err := checkHolds(tenancy.From(ctx), in.Kind, row.Scopes); err != nil {
		return NewKey{}, err
	}
	secret := newSecret(in.Kind)
	row.Prefix = shown(secret)
	key := NewKey{Secret: secret}
	err = k.DB.Tx(ctx, func(tx *db.Tx) error {
		if key.Key, err = insertKey(ctx, tx, row); err != nil {
			return err
		}
		if err := insertLookup(ctx, tx, row.ID, domain.HashOf(secret)); err != nil {
			return err
		}
		after := key.members()
		after["kind"], after["scopes"] = key.Kind, key.Scopes
		return audit.Record(ctx, tx, audit.Act{Action: audit.KeyCreated, ObjectID: key.ID, After: after})
	})
	return key, err
}

// members are what can be changed, as the audit log has them.
func (k Key) members() map[string]any {
	return map[string]any{"name": k.Name, "expires_at": k.ExpiresAt, "ip_allow": k.IPAllow}
}

// GetKey asks for one key.
type GetKey struct {
	ID uuid.UUID `param:"id" json:"-"`
}

// Get returns one key, a revoked one too.
func (k *Keys) Get(ctx context.Context, in GetKey) (Key, error) { return keyByID(ctx, k.DB, in.ID) }

// ListKeys asks for a page of the keys that are not revoked.
type ListKeys struct{ tenancy.Paging }

const keysList = "api_keys"

// List returns the workspace's keys, newest first.
func (k *Keys) List(ctx context.Context, in ListKeys) (domain.Page[Key], error) {
	before, err := in.From(ctx, k.Cursors, keysList, uuid.Max)
	if err != nil {
		return domain.Page[Key]{}, err
	}
	rows, err := listKeys(ctx, k.DB, before, in.Rows())
	if err != nil {
		return domain.Page[Key]{}, err
	}
	return tenancy.PageOf(ctx, k.Cursors, keysList, in.Paging, rows, func(one Key) uuid.UUID { return one.ID })
}

// UpdateKey changes what is given.
type UpdateKey struct {
	ID        uuid.UUID                    `param:"id"        json:"-"`
	Name      domain.Optional[string]      `json:"name"       validate:"omitempty,max=80"`
	ExpiresAt domain.Optional[domain.Time] `json:"expires_at"`
	IPAllow   domain.Optional[[]string]    `json:"ip_allow"   validate:"omitempty,max=50,dive,max=64"`
	// IfMatch is the version it was read with; empty for any.
	IfMatch string `header:"If-Match" json:"-"`
}

// Update changes a key that is not revoked. Whoever holds less than the key cannot
// open it wider, nor close it.
func (k *Keys) Update(ctx context.Context, in UpdateKey) (Key, error) {
	var key Key
	err := k.DB.Tx(ctx, func(tx *db.Tx) error {
		before, err := lockLive(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := domain.CheckVersion(in.IfMatch, before.ETag()); err != nil {
			return err
		}
		if err := checkHolds(tenancy.From(ctx), before.Kind, before.Scopes); err != nil {
			return err
		}
		wanted, err := in.apply(before)
		if err != nil {
			return err
		}
		if key, err = updateKey(ctx, tx, wanted); err != nil {
			return err
		}
		was, is := audit.Changed(before.members(), key.members())
		if len(is) == 0 {
			return nil
		}
		return audit.Record(ctx, tx, audit.Act{Action: audit.KeyChanged, ObjectID: key.ID, Before: was, After: is})
	})
	if err == nil {
		k.changed(in.ID)
	}
	return key, err
}

func (in UpdateKey) apply(k Key) (_ Key, err error) {
	if in.Name.Set {
		if k.Name, err = domain.Name("name", in.Name.Value); err != nil {
			return k, err
		}
	}
	if in.IPAllow.Set {
		if k.IPAllow, err = networks(in.IPAllow.Value); err != nil {
			return k, err
		}
	}
	switch {
	case in.ExpiresAt.Null:
		k.ExpiresAt = nil
	case in.ExpiresAt.Set:
		k.ExpiresAt = &in.ExpiresAt.Value
		err = future(k.ExpiresAt)
	}
	return k, err
}

// RotateKey asks for another secret. The one before works for the overlap, by default
// not at all.
type RotateKey struct {
	ID           uuid.UUID `param:"id"           json:"-"`
	OverlapHours int       `json:"overlap_hours" validate:"omitempty,min=0,max=720"`
}

// Rotate gives a key another secret and shows it, once. A secret from before the last
// one ends no later than it would have.
func (k *Keys) Rotate(ctx context.Context, in RotateKey) (NewKey, error) {
	var key NewKey
	err := k.DB.Tx(ctx, func(tx *db.Tx) error {
		before, err := lockLive(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := checkHolds(tenancy.From(ctx), before.Kind, before.Scopes); err != nil {
			return err
		}
		key.Secret = newSecret(before.Kind)
		if err := endLookups(ctx, tx, in.ID, time.Duration(in.OverlapHours)*time.Hour); err != nil {
			return err
		}
		if err := insertLookup(ctx, tx, in.ID, domain.HashOf(key.Secret)); err != nil {
			return err
		}
		before.Prefix = shown(key.Secret)
		if key.Key, err = updateKey(ctx, tx, before); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Act{Action: audit.KeyRotated, ObjectID: key.ID, After: map[string]any{"overlap_hours": in.OverlapHours}})
	})
	if err == nil {
		k.changed(in.ID)
	}
	return key, err
}

// Revoke ends a key for good. To end it again changes nothing.
func (k *Keys) Revoke(ctx context.Context, in GetKey) (domain.None, error) {
	err := k.DB.Tx(ctx, func(tx *db.Tx) error {
		before, err := lockKey(ctx, tx, in.ID)
		if err != nil || before.RevokedAt != nil {
			return err
		}
		if err := revokeKey(ctx, tx, in.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Act{Action: audit.KeyRevoked, ObjectID: in.ID, Before: map[string]any{"name": before.Name}})
	})
	if err == nil {
		k.changed(in.ID)
	}
	return domain.None{}, err
}

// lockLive is lockKey for what only a key that is not revoked allows.
func lockLive(ctx context.Context, tx *db.Tx, id uuid.UUID) (Key, error) {
	key, err := lockKey(ctx, tx, id)
	if err == nil && key.RevokedAt != nil {
		err = ErrRevoked
	}
	return key, err
}

func (k *Keys) changed(id uuid.UUID) {
	if k.Changed != nil {
		k.Changed(id)
	}
}

func future(at *domain.Time) error {
	if at != nil && !at.After(time.Now()) {
		return domain.InvalidField("expires_at", "invalid", "must be in the future")
	}
	return nil
}

// networks reads an allow-list: addresses and networks in CIDR form, each once.
func networks(given []string) (db.Texts, error) {
	list := db.Texts{}
	for i, text := range given {
		prefix, ok := network(text)
		if !ok {
			return nil, domain.InvalidField("ip_allow."+strconv.Itoa(i), "invalid", "must be an address or a network such as 203.0.113.0/24")
		}
		if one := prefix.String(); !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list, nil
}

func network(text string) (netip.Prefix, bool) {
	text = strings.TrimSpace(text)
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		address, err := netip.ParseAddr(text)
		if err != nil || address.Zone() != "" {
			return netip.Prefix{}, false
		}
		address = address.Unmap()
		return netip.PrefixFrom(address, address.BitLen()), true
	}
	// What a mapped prefix means is not what it says; a client's address is never mapped.
	return prefix.Masked(), !prefix.Addr().Is4In6()
}
