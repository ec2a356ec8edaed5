package tenancy

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Place is where a sealed value lives. A ciphertext opens in its own place only.
type Place struct {
	Table, Column string
	Row           uuid.UUID
}

func (p Place) bind(tenant uuid.UUID) []byte {
	return fmt.Appendf(nil, "v1|%s|%s|%s|%s", tenant, p.Table, p.Row, p.Column)
}

// Master is the key that wraps every tenant's data key. It never leaves the process,
// and holds no bytes that printing it, or a struct around it, could show.
type Master struct {
	aead   tink.AEAD
	derive func(purpose string) ([]byte, error)
}

// Derive returns 32 bytes for one purpose, equal on every instance that has this key:
// sealing cursors, signing for the simulator. They tell nothing about the key.
func (m Master) Derive(purpose string) []byte {
	key, err := m.derive(purpose)
	if err != nil {
		panic(err) // 32 bytes are never too many for SHA-256
	}
	return key
}

// ReadMaster reads the master key file, a Tink keyset in binary form. The file must
// be readable by its owner alone (0400 or 0600); anything else is an error.
func ReadMaster(path string) (Master, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Master{}, fmt.Errorf("master key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return Master{}, fmt.Errorf("master key %s is readable by others (mode %04o); set it to 0400", path, info.Mode().Perm())
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return Master{}, fmt.Errorf("master key: %w", err)
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(raw)))
	if err != nil {
		return Master{}, fmt.Errorf("master key %s is not a keyset: %w", path, err)
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return Master{}, fmt.Errorf("master key %s: %w", path, err)
	}
	derive := func(purpose string) ([]byte, error) { return hkdf.Key(sha256.New, raw, nil, "baraza "+purpose, 32) }
	return Master{primitive, derive}, nil
}

// NewMasterFile makes a master key at path with mode 0400. It never overwrites one.
func NewMasterFile(path string) error {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return fmt.Errorf("make master key: %w", err)
	}
	var raw bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewBinaryWriter(&raw)); err != nil {
		return fmt.Errorf("make master key: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o400)
	if err != nil {
		return fmt.Errorf("make master key: %w", err)
	}
	if _, err := f.Write(raw.Bytes()); err != nil {
		return fmt.Errorf("make master key: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("make master key: %w", err)
	}
	return errors.Join(f.Close(), syncFolder(filepath.Dir(path)))
}

// syncFolder puts a new file's name on disk; its own Sync is about what it holds.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("make master key: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("make master key: %w", err)
	}
	return nil
}

// Seal and Open seal what belongs to no tenant (the server's own signing key),
// bound to a place.
func (m Master) Seal(p Place, clear []byte) ([]byte, error) {
	return m.aead.Encrypt(clear, p.bind(uuid.Nil))
}

// Open is the reverse of Seal.
func (m Master) Open(p Place, sealed []byte) ([]byte, error) {
	return m.aead.Decrypt(sealed, p.bind(uuid.Nil))
}

// NewTenantKey makes a data key for a tenant and returns it wrapped, as it is stored.
func (m Master) NewTenantKey(tenant uuid.UUID) ([]byte, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make tenant key: %w", err)
	}
	var wrapped bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&wrapped), m.aead, keyPlace(tenant)); err != nil {
		return nil, fmt.Errorf("wrap tenant key: %w", err)
	}
	return wrapped.Bytes(), nil
}

func keyPlace(tenant uuid.UUID) []byte {
	return Place{Table: "tenant_keys", Column: "wrapped", Row: tenant}.bind(tenant)
}

// Keys seals and opens the secrets of the context's tenant.
type Keys struct {
	Master Master
	// Wrapped returns the stored data key of the context's tenant.
	Wrapped func(context.Context) ([]byte, error)
}

// Sealer can only seal: what the API holds.
type Sealer interface {
	Seal(ctx context.Context, p Place, clear []byte) ([]byte, error)
}

// Opener can open: what the sender alone holds.
type Opener interface {
	Open(ctx context.Context, p Place, sealed []byte) ([]byte, error)
}

// Seal encrypts under the tenant's key, bound to the place.
func (k *Keys) Seal(ctx context.Context, p Place, clear []byte) ([]byte, error) {
	key, tenant, err := k.key(ctx)
	if err != nil {
		return nil, err
	}
	return key.Encrypt(clear, p.bind(tenant))
}

// Open decrypts what Seal made in the same tenant and place; anything else fails.
func (k *Keys) Open(ctx context.Context, p Place, sealed []byte) ([]byte, error) {
	key, tenant, err := k.key(ctx)
	if err != nil {
		return nil, err
	}
	return key.Decrypt(sealed, p.bind(tenant))
}

func (k *Keys) key(ctx context.Context) (tink.AEAD, uuid.UUID, error) {
	tenant := From(ctx).TenantID
	if tenant == uuid.Nil {
		return nil, tenant, ErrNoScope
	}
	wrapped, err := k.Wrapped(ctx)
	if err != nil {
		return nil, tenant, fmt.Errorf("read tenant key: %w", err)
	}
	handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(wrapped)), k.Master.aead, keyPlace(tenant))
	if err != nil {
		return nil, tenant, fmt.Errorf("unwrap tenant key: %w", err)
	}
	primitive, err := aead.New(handle)
	return primitive, tenant, err
}
