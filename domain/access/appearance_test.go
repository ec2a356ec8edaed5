package access

import (
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

// TN-16: who asks who they are learns how their workspace looks, and nobody else's.
func TestAppearanceOfMe(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	one, other := i.as(t, i.register(t)), i.as(t, i.register(t))
	require.NoError(t, d.Tenant.Tx(one, func(tx *db.Tx) error {
		return db.Must(db.Exec(one, tx, `
			insert into appearances (accent, labels) values ('#7a1f5c', '[
				{"language": "sw", "item": "inbox", "label": "Sanduku"}, {"language": "en", "item": "inbox", "label": "Support"},
				{"language": "en", "item": "settings", "label": "Set-up"}]')`))
	}))
	me, err := i.accounts.Me(one, domain.None{})
	require.NoError(t, err)
	require.Equal(t, map[string]map[string]string{"sw": {"inbox": "Sanduku"}, "en": {"inbox": "Support", "settings": "Set-up"}}, me.Appearance.Labels)
	require.Equal(t, "#7a1f5c", me.Appearance.Palette.Light.Accent)
	require.True(t, me.Appearance.Palette.Dark.Passes)
	me, err = i.accounts.Me(other, domain.None{})
	require.NoError(t, err)
	require.Equal(t, Appearance{Labels: map[string]map[string]string{}}, me.Appearance)
	require.NotEqual(t, tenancy.From(one).TenantID, tenancy.From(other).TenantID)
}
