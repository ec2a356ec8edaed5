package people

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// TN-16: what a workspace is called, and where and how it speaks.
func TestTenants(t *testing.T) {
	t.Parallel()
	f := setup(t)
	tenants := &Tenants{DB: f.Platform}
	reader := f.member(t, f.A, "agent")
	before, err := tenants.Current(reader, domain.None{})
	require.NoError(t, err)
	require.Equal(t, []any{"Tenant a", "UTC", db.Texts{"en"}, "active"}, []any{before.Name, before.Timezone, before.Languages, before.Status})
	theirs, err := tenants.Current(f.B, domain.None{})
	require.NoError(t, err)

	slug := "mill-" + strings.ReplaceAll(db.NewID().String(), "-", "")[16:]
	changed, err := tenants.Update(f.A, UpdateTenant{
		Name: set(" Acme Kenya "), Slug: set(strings.ToUpper(slug)), Timezone: set("Africa/Nairobi"), Languages: set([]string{"sw", "en"})})
	require.NoError(t, err)
	require.Equal(t, []any{"Acme Kenya", slug, "Africa/Nairobi", db.Texts{"sw", "en"}}, []any{changed.Name, changed.Slug, changed.Timezone, changed.Languages})
	again, err := tenants.Current(reader, domain.None{})
	require.NoError(t, err)
	require.Equal(t, changed, again)
	_, err = tenants.Update(f.A, UpdateTenant{Name: set("Acme Kenya")})
	require.NoError(t, err)
	require.Equal(t, []string{"tenant.changed"}, f.acts(t, f.A, changed.ID), "no change, no entry")

	for _, alike := range []string{slug, strings.Replace(slug, "ll", "1l", 1), strings.Replace(slug, "m", "rn", 1)} {
		_, err = tenants.Update(f.B, UpdateTenant{Slug: set(alike)})
		require.ErrorIs(t, err, errSlugTaken, alike)
		require.Equal(t, "slug", domain.As(err).Fields[0].Field)
	}
	for _, bad := range []string{"-a", "a-", "a--b", "a b", "ä", "", "a/b"} {
		_, err = tenants.Update(f.B, UpdateTenant{Slug: set(bad)})
		require.Equal(t, "slug", field(t, err), bad)
	}
	same, err := tenants.Current(f.B, domain.None{})
	require.NoError(t, err)
	require.Equal(t, theirs, same, "nobody else's is changed")
	_, err = tenants.Current(tenancy.With(t.Context(), tenancy.Scope{UserID: userID(f.A)}), domain.None{})
	require.ErrorIs(t, err, domain.ErrDenied)
}
