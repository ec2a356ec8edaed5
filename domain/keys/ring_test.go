package keys

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/tenancy"
)

// TN-14, SE-29, EV-27 (S28): what the holder of a secret is, and how that ends.
func TestRing(t *testing.T) {
	t.Parallel()

	t.Run("a_holder_is_a_program_with_the_rights_of_its_key", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		for _, kind := range []Kind{Server, Read, Bot, Ingest, Write} {
			in := CreateKey{Kind: kind}
			if kind == Server || kind == Read {
				in.Scopes = []string{"conversation.view", "audit.view"}
			}
			key := s.create(t, s.A, in)
			scope, err := s.here.Authenticate(t.Context(), key.Secret, office)
			require.NoError(t, err)
			require.Equal(t, key.ID, scope.KeyID)
			require.Equal(t, key.ID, scope.Actor())
			require.Equal(t, uuid.Nil, scope.UserID)
			require.False(t, scope.May(tenancy.Self), "nothing of a person's own")
			require.Len(t, scope.Permissions, len(key.Scopes))
			require.Equal(t, kind == Server || kind == Read, scope.Rows.All)
			for _, p := range tenancy.MemberPermissions() {
				if kind == Ingest || kind == Write {
					require.Equal(t, p == tenancy.LogIngest && kind == Ingest, scope.May(p), "SE-29: %s %s", kind, p)
				}
			}
			require.Equal(t, kind == Write, scope.May(tenancy.EventCapture))

			ctx := tenancy.With(t.Context(), scope)
			object := db.NewID()
			require.NoError(t, s.Tenant.Tx(ctx, func(tx *db.Tx) error {
				return audit.Record(ctx, tx, audit.Act{Action: audit.ChannelConnected, ObjectID: object})
			}))
			require.Equal(t, []string{"channel.connected api_key  "}, s.acts(t, s.A, object))
		}
	})

	t.Run("what_is_no_key_is_refused_without_a_word_more", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		key := s.create(t, s.A, CreateKey{})
		for _, secret := range []string{
			newSecret(Server), "", "sk_", key.Prefix, key.Secret + "A", strings.Replace(key.Secret, "sk_", "rk_", 1),
			key.Secret[:45] + "!", strings.ToLower(key.Secret) + " ",
		} {
			_, err := s.here.Authenticate(t.Context(), secret, office)
			require.Equal(t, ErrUnknown, err, secret)
		}
		require.Empty(t, s.here.kept, "nothing to fill the memory with")
	})

	t.Run("a_key_stays_within_its_networks", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		key := s.create(t, s.A, CreateKey{IPAllow: []string{"203.0.113.0/24", "2001:db8::/32"}})
		for address, want := range map[string]error{
			"203.0.113.7": nil, "::ffff:203.0.113.7": nil, "2001:db8::7": nil,
			"203.0.114.7": ErrForeign, "2001:db9::7": ErrForeign, "127.0.0.1": ErrForeign,
		} {
			_, err := s.here.Authenticate(t.Context(), key.Secret, netip.MustParseAddr(address))
			require.Equal(t, want != nil, err != nil, address)
			if want != nil {
				require.ErrorIs(t, err, want, address)
			}
		}
		_, err := s.here.Authenticate(t.Context(), key.Secret, netip.Addr{})
		require.ErrorIs(t, err, ErrForeign, "an address nobody knows is in no network")
	})

	t.Run("a_revoked_key_ends_here_at_once_and_elsewhere_within_five_seconds_untold", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		key := s.create(t, s.A, CreateKey{})
		for _, ring := range []*Ring{s.here, s.elsewhere} {
			_, err := ring.Authenticate(t.Context(), key.Secret, office)
			require.NoError(t, err)
		}
		revoked := time.Now()
		for range 2 {
			_, err := s.keys.Revoke(s.A, GetKey{key.ID})
			require.NoError(t, err)
		}
		_, err := s.here.Authenticate(t.Context(), key.Secret, office)
		require.ErrorIs(t, err, ErrUnknown)
		eventually(t, func() bool {
			_, err := s.elsewhere.Authenticate(t.Context(), key.Secret, office)
			return err != nil
		})
		require.Less(t, time.Since(revoked), 5*time.Second)
		require.Equal(t, []string{`api_key.revoked user {"name": "Shop"} `}, s.acts(t, s.A, key.ID)[1:], "once")
		_, err = s.keys.Update(s.A, UpdateKey{ID: key.ID})
		require.ErrorIs(t, err, ErrRevoked)
		_, err = s.keys.Rotate(s.A, RotateKey{ID: key.ID})
		require.ErrorIs(t, err, ErrRevoked)
	})

	t.Run("a_rotated_key_has_two_secrets_for_the_overlap", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		key := s.create(t, s.A, CreateKey{})
		second, err := s.keys.Rotate(s.A, RotateKey{ID: key.ID, OverlapHours: 2})
		require.NoError(t, err)
		require.NotEqual(t, key.Secret, second.Secret)
		require.WithinDuration(t, time.Now().Add(2*time.Hour), second.PreviousUntil.Time, time.Minute)
		for _, secret := range []string{key.Secret, second.Secret} {
			scope, err := s.here.Authenticate(t.Context(), secret, office)
			require.NoError(t, err)
			require.Equal(t, key.ID, scope.KeyID)
		}
		// The overlap is over.
		require.NoError(t, s.Tenant.Tx(s.A, func(tx *db.Tx) error {
			_, err := db.Exec(s.A, tx, `update token_lookups set expires_at = now() where token_hash = $1`, domain.HashOf(key.Secret))
			return err
		}))
		s.here.Drop(key.ID)
		_, err = s.here.Authenticate(t.Context(), key.Secret, office)
		require.ErrorIs(t, err, ErrUnknown)

		third, err := s.keys.Rotate(s.A, RotateKey{ID: key.ID})
		require.NoError(t, err)
		require.Nil(t, third.PreviousUntil)
		for secret, ok := range map[string]bool{key.Secret: false, second.Secret: false, third.Secret: true} {
			_, err = s.here.Authenticate(t.Context(), secret, office)
			require.Equal(t, ok, err == nil)
		}
		require.Equal(t, `api_key.rotated user  {"overlap_hours": 2}`, s.acts(t, s.A, key.ID)[1])
	})

	t.Run("a_key_runs_out", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		soon := domain.At(time.Now().Add(50 * time.Millisecond))
		key := s.create(t, s.A, CreateKey{Kind: Write, ExpiresAt: &soon})
		eventually(t, func() bool {
			_, err := s.elsewhere.Authenticate(t.Context(), key.Secret, office)
			return err != nil && domain.As(err).Code == "token_expired"
		})
		_, err := s.keys.Update(s.A, UpdateKey{ID: key.ID, ExpiresAt: domain.Optional[domain.Time]{Set: true, Null: true}})
		require.NoError(t, err)
		_, err = s.here.Authenticate(t.Context(), key.Secret, office)
		require.NoError(t, err)
	})

	t.Run("keys_of_a_suspended_tenant_may_nothing", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		key := s.create(t, s.A, CreateKey{})
		_, err := db.Exec(t.Context(), s.Platform, `update tenants set status = 'suspended' where id = $1`, tenancy.From(s.A).TenantID)
		require.NoError(t, err)
		scope, err := s.here.Authenticate(t.Context(), key.Secret, office)
		require.NoError(t, err)
		require.True(t, scope.Suspended)
		require.Empty(t, scope.Permissions)
	})

	t.Run("the_last_use_is_noted_once_a_minute", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		key := s.create(t, s.A, CreateKey{IPAllow: []string{"203.0.113.7"}})
		_, err := s.here.Authenticate(t.Context(), key.Secret, netip.MustParseAddr("192.0.2.1"))
		require.ErrorIs(t, err, ErrForeign)
		used := func() *domain.Time {
			k, err := s.keys.Get(s.A, GetKey{key.ID})
			require.NoError(t, err)
			return k.LastUsedAt
		}
		require.Nil(t, used(), "a refusal is no use")
		for _, ring := range []*Ring{s.here, s.elsewhere, s.here} {
			_, err := ring.Authenticate(t.Context(), key.Secret, office)
			require.NoError(t, err)
		}
		first := used()
		require.WithinDuration(t, time.Now(), first.Time, time.Minute)
		s.here.Drop(uuid.Nil)
		_, err = s.here.Authenticate(t.Context(), key.Secret, office)
		require.NoError(t, err)
		require.Equal(t, first, used())
	})
}

// eventually polls for less than the five seconds a key may outlive its end.
func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, 10*time.Second, 20*time.Millisecond)
}

// BenchmarkAuthenticate is what every request with a key pays: no statement while
// nothing changed.
func BenchmarkAuthenticate(b *testing.B) {
	secret := newSecret(Server)
	ring := &Ring{kept: map[string]*holder{}}
	h := &holder{scope: tenancy.Scope{KeyID: uuid.New(), TenantID: uuid.New()}, networks: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")},
		until: time.Now().Add(time.Hour)}
	h.noted.Store(time.Now().Add(time.Hour).Unix())
	ring.kept[secret] = h
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ring.Authenticate(b.Context(), secret, office); err != nil {
			b.Fatal(err)
		}
	}
}
