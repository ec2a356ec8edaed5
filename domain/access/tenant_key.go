package access

import (
	"context"

	"baraza/db"
)

// TenantKeys reads the stored data key of the context's tenant, as tenancy.Keys wants it.
type TenantKeys struct{ DB *db.Tenant }

// Wrapped returns the key as it is stored; only the master key opens it.
func (k *TenantKeys) Wrapped(ctx context.Context) ([]byte, error) {
	return db.One[[]byte](ctx, k.DB, `select wrapped from tenant_keys`)
}
