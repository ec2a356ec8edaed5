package keys

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

type stage struct {
	dbtest.DB
	keys *Keys
	// here is told of changes, elsewhere of none: its messages are all lost.
	here, elsewhere *Ring
}

func newStage(t *testing.T) stage {
	t.Helper()
	d := dbtest.New(t)
	cursors, err := tenancy.NewCursors(make([]byte, 32))
	require.NoError(t, err)
	here := &Ring{DB: d.Platform}
	return stage{d, &Keys{DB: d.Tenant, Cursors: cursors, Changed: here.Drop}, here, &Ring{DB: d.Platform}}
}

func (s stage) create(t *testing.T, ctx context.Context, in CreateKey) NewKey {
	t.Helper()
	if in.Name == "" {
		in.Name = "Shop"
	}
	if in.Kind == "" {
		in.Kind, in.Scopes = Server, []string{"channel.view", "contact.view"}
	}
	key, err := s.keys.Create(ctx, in)
	require.NoError(t, err)
	return key
}

// acts are the audit log's entries about a key, oldest first.
func (s stage) acts(t *testing.T, ctx context.Context, id uuid.UUID) []string {
	t.Helper()
	list, err := db.All[string](ctx, s.Tenant, `
		select action || ' ' || actor_kind || ' ' || coalesce(before::text, '') || ' ' || coalesce(after::text, '')
		from audit_entries where object_id = $1 order by id`, id)
	require.NoError(t, err)
	return list
}

var office = netip.MustParseAddr("203.0.113.7")

// TN-14, SE-11: keys as people manage them.
func TestKeys(t *testing.T) {
	t.Parallel()

	t.Run("show_their_secret_once_and_are_stored_as_a_hash", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		expires := domain.At(time.Now().Add(time.Hour))
		for kind, prefix := range map[Kind]string{Server: "sk_", Read: "rk_", Bot: "bk_", Ingest: "ik_", Write: "wk_"} {
			in := CreateKey{Name: " Shop ", Kind: kind, ExpiresAt: &expires, IPAllow: []string{"203.0.113.9/24", "2001:db8::1", "203.0.113.0/24"}}
			if kind == Server || kind == Read {
				in.Scopes = []string{"channel.view", "channel.view"}
			}
			key := s.create(t, s.A, in)
			require.Len(t, key.Secret, 46)
			require.Equal(t, prefix, key.Secret[:3])
			require.Equal(t, key.Secret[:11], key.Prefix)
			require.Equal(t, "Shop", key.Name)
			require.Equal(t, db.Texts{"203.0.113.0/24", "2001:db8::1/128"}, key.IPAllow)
			require.NotEmpty(t, key.Scopes)

			got, err := s.keys.Get(s.A, GetKey{key.ID})
			require.NoError(t, err)
			require.Equal(t, key.Key, got)
			for _, table := range []string{"api_keys", "token_lookups", "audit_entries"} {
				n, err := db.One[int](s.A, s.Tenant, `select count(*) from `+table+` r where position($1 in r::text) > 0`, key.Secret[11:])
				require.NoError(t, err)
				require.Zero(t, n, "the secret is in %s", table)
			}
			acts := s.acts(t, s.A, key.ID)
			require.Len(t, acts, 1)
			require.Contains(t, acts[0], "api_key.created user")
		}
	})

	t.Run("hold_no_more_than_their_kind_and_their_maker", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		refused := func(ctx context.Context, code string, in CreateKey) {
			t.Helper()
			in.Name = "Shop"
			_, err := s.keys.Create(ctx, in)
			require.Error(t, err)
			require.Equal(t, code, domain.As(err).Code, "%v", in)
		}
		for _, p := range []string{"apikey.manage", "member.manage", "role.manage", "tenant.delete", "event.capture", "self", "nothing"} {
			refused(s.A, "validation_failed", CreateKey{Kind: Server, Scopes: []string{p}})
		}
		refused(s.A, "validation_failed", CreateKey{Kind: Server})
		refused(s.A, "validation_failed", CreateKey{Kind: Read, Scopes: []string{"channel.manage"}})
		refused(s.A, "validation_failed", CreateKey{Kind: Ingest, Scopes: []string{"log.view"}})
		refused(s.A, "validation_failed", CreateKey{Kind: Write, Scopes: []string{"event.view"}})
		past := domain.At(time.Now())
		refused(s.A, "validation_failed", CreateKey{Kind: Write, ExpiresAt: &past})
		for _, network := range []string{"", "office", "203.0.113.0/33", "::ffff:203.0.113.0/120", "fe80::1%eth0"} {
			refused(s.A, "validation_failed", CreateKey{Kind: Write, IPAllow: []string{network}})
		}

		maker := tenancy.From(s.A)
		maker.Permissions = tenancy.Grant(tenancy.APIKeyManage, tenancy.ChannelView)
		limited := tenancy.With(s.A, maker)
		refused(limited, "permission_denied", CreateKey{Kind: Server, Scopes: []string{"contact.view"}})
		refused(limited, "permission_denied", CreateKey{Kind: Ingest})
		s.create(t, limited, CreateKey{Kind: Server, Scopes: []string{"channel.view"}})
		s.create(t, limited, CreateKey{Kind: Write})
		wide := s.create(t, s.A, CreateKey{})
		_, err := s.keys.Rotate(limited, RotateKey{ID: wide.ID})
		require.ErrorIs(t, err, domain.ErrDenied, "rotating would be getting hold of it")
		_, err = s.keys.Update(limited, UpdateKey{ID: wide.ID})
		require.ErrorIs(t, err, domain.ErrDenied)

		maker.Rows = tenancy.RowScope{Own: true, Team: true}
		refused(tenancy.With(s.A, maker), "permission_denied", CreateKey{Kind: Server, Scopes: []string{"channel.view"}})
	})

	t.Run("are_edited_by_version", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		key := s.create(t, s.A, CreateKey{})
		in := UpdateKey{ID: key.ID, IfMatch: `"1"`, Name: domain.Optional[string]{Set: true, Value: "Till"},
			IPAllow: domain.Optional[[]string]{Set: true, Value: []string{"203.0.113.7"}}}
		changed, err := s.keys.Update(s.A, in)
		require.NoError(t, err)
		require.Equal(t, "Till", changed.Name)
		require.Equal(t, "2", changed.ETag())
		_, err = s.keys.Update(s.A, in)
		require.ErrorIs(t, err, domain.ErrVersionConflict)
		in.IfMatch = ""
		in.Name = domain.Optional[string]{Set: true, Null: true}
		_, err = s.keys.Update(s.A, in)
		require.Equal(t, "validation_failed", domain.As(err).Code)
		cleared, err := s.keys.Update(s.A, UpdateKey{ID: key.ID, IPAllow: domain.Optional[[]string]{Set: true, Null: true}})
		require.NoError(t, err)
		require.Empty(t, cleared.IPAllow)
		require.Equal(t, []string{
			`api_key.changed user {"name": "Shop", "ip_allow": []} {"name": "Till", "ip_allow": ["203.0.113.7/32"]}`,
			`api_key.changed user {"ip_allow": ["203.0.113.7/32"]} {"ip_allow": []}`,
		}, s.acts(t, s.A, key.ID)[1:])
	})

	t.Run("are_listed_page_by_page_until_they_are_revoked", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		first, second, third := s.create(t, s.A, CreateKey{}), s.create(t, s.A, CreateKey{}), s.create(t, s.A, CreateKey{})
		_, err := s.keys.Revoke(s.A, GetKey{second.ID})
		require.NoError(t, err)
		page, err := s.keys.List(s.A, ListKeys{tenancy.Paging{Limit: 1}})
		require.NoError(t, err)
		require.Equal(t, third.ID, page.Items[0].ID)
		page, err = s.keys.List(s.A, ListKeys{tenancy.Paging{Limit: 1, Cursor: *page.NextCursor}})
		require.NoError(t, err)
		require.Equal(t, first.ID, page.Items[0].ID)
		require.Nil(t, page.NextCursor)
	})

	t.Run("other_tenant_sees_and_changes_nothing", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		key := s.create(t, s.A, CreateKey{})
		_, err := s.keys.Get(s.B, GetKey{key.ID})
		require.ErrorIs(t, err, domain.ErrNotFound)
		_, err = s.keys.Update(s.B, UpdateKey{ID: key.ID})
		require.ErrorIs(t, err, domain.ErrNotFound)
		_, err = s.keys.Rotate(s.B, RotateKey{ID: key.ID})
		require.ErrorIs(t, err, domain.ErrNotFound)
		_, err = s.keys.Revoke(s.B, GetKey{key.ID})
		require.ErrorIs(t, err, domain.ErrNotFound)
		page, err := s.keys.List(s.B, ListKeys{})
		require.NoError(t, err)
		require.Empty(t, page.Items)
		scope, err := s.here.Authenticate(t.Context(), key.Secret, office)
		require.NoError(t, err)
		require.Equal(t, tenancy.From(s.A).TenantID, scope.TenantID)
	})
}
