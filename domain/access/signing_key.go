package access

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/tenancy"
)

// signingKeys is what one instance knows of signing_keys.
type signingKeys struct {
	// newest signs.
	newest  string
	private ed25519.PrivateKey
	// public are all whose tokens may still be alive.
	public map[string]ed25519.PublicKey
	readAt time.Time
}

// signingKey is a row. Its kid is a UUID, so that its private half is sealed to its row.
type signingKey struct {
	KID           string `db:"kid"`
	Public        []byte `db:"public_key"`
	SealedPrivate []byte `db:"sealed_private"`
	Retired       bool   `db:"retired"`
}

func newSigningKey(master tenancy.Master) (signingKey, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return signingKey{}, fmt.Errorf("make signing key: %w", err)
	}
	kid := db.NewID()
	sealed, err := master.Seal(signingKeyPlace(kid), private.Seed())
	if err != nil {
		return signingKey{}, fmt.Errorf("seal signing key: %w", err)
	}
	return signingKey{KID: kid.String(), Public: public, SealedPrivate: sealed}, nil
}

func signingKeyPlace(kid uuid.UUID) tenancy.Place {
	return tenancy.Place{Table: "signing_keys", Column: "sealed_private", Row: kid}
}

// openSigningKeys takes rows newest first.
func openSigningKeys(master tenancy.Master, rows []signingKey) (*signingKeys, error) {
	keys := &signingKeys{public: map[string]ed25519.PublicKey{}, readAt: time.Now()}
	for _, row := range rows {
		keys.public[row.KID] = row.Public
		if row.Retired || keys.private != nil {
			continue
		}
		kid, err := uuid.Parse(row.KID)
		if err != nil {
			return nil, fmt.Errorf("signing key %q: %w", row.KID, err)
		}
		seed, err := master.Open(signingKeyPlace(kid), row.SealedPrivate)
		if err != nil {
			return nil, fmt.Errorf("signing key %s does not open with this master key: %w", row.KID, err)
		}
		if len(seed) != ed25519.SeedSize {
			return nil, fmt.Errorf("signing key %s has %d bytes", row.KID, len(seed))
		}
		keys.newest, keys.private = row.KID, ed25519.NewKeyFromSeed(seed)
	}
	return keys, nil
}

// lockSigningKeys lets one instance at a time make a key; reading goes on.
func lockSigningKeys(ctx context.Context, tx *db.PlatformTx) error {
	_, err := db.Exec(ctx, tx, `lock table signing_keys in share row exclusive mode`)
	return err
}

// listSigningKeys returns, newest first, the keys whose tokens may still be alive.
func listSigningKeys(ctx context.Context, q db.PlatformQueryer) ([]signingKey, error) {
	return db.All[signingKey](ctx, q, `
		select kid, public_key, sealed_private, retired_at is not null as retired
		from signing_keys
		where retired_at is null or retired_at > now() - interval '20 minutes'
		order by created_at desc, kid desc`)
}

func insertSigningKey(ctx context.Context, tx *db.PlatformTx, key signingKey) error {
	_, err := db.Exec(ctx, tx, `
		insert into signing_keys (kid, public_key, sealed_private) values ($1, $2, $3)`,
		key.KID, key.Public, key.SealedPrivate)
	return err
}
