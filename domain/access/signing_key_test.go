package access

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

func TestSigningKeys(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, func() *Tokens) {
		t.Parallel()
		d := dbtest.Own(t)
		return d, func() *Tokens {
			return &Tokens{DB: d.Platform, Master: dbtest.Master(t), BaseURL: "https://baraza.test"}
		}
	}
	claims := Claims{UserID: db.NewID(), SessionID: db.NewID(), TenantID: db.NewID()}

	t.Run("instances_that_start_together_make_one", func(t *testing.T) {
		d, instance := setup(t)
		all := make([]*Tokens, 10)
		errs := parallel(len(all), func(n int) error {
			all[n] = instance()
			return all[n].Load(t.Context())
		})
		require.NoError(t, errors.Join(errs...))
		n, err := db.One[int](t.Context(), d.Platform, `select count(*) from signing_keys`)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		token, err := all[0].Sign(claims)
		require.NoError(t, err)
		for _, one := range all {
			_, err := one.Verify(t.Context(), token)
			require.NoError(t, err)
		}
	})

	t.Run("one_made_elsewhere_is_learned_and_the_old_one_kept", func(t *testing.T) {
		d, instance := setup(t)
		here, there := instance(), instance()
		require.NoError(t, here.Load(t.Context()))
		require.NoError(t, there.Load(t.Context()))
		old, err := here.Sign(claims)
		require.NoError(t, err)

		// What a rotation does.
		key, err := newSigningKey(there.Master)
		require.NoError(t, err)
		require.NoError(t, d.Platform.Tx(t.Context(), func(tx *db.PlatformTx) error {
			if _, err := db.Exec(t.Context(), tx, `update signing_keys set retired_at = now()`); err != nil {
				return err
			}
			return insertSigningKey(t.Context(), tx, key)
		}))
		require.NoError(t, there.Load(t.Context()))
		token, err := there.Sign(claims)
		require.NoError(t, err)
		require.Equal(t, key.KID, there.keys.Load().newest)

		here.keys.Load().readAt = time.Now().Add(-time.Minute)
		_, err = here.Verify(t.Context(), token)
		require.NoError(t, err)
		require.Equal(t, key.KID, here.keys.Load().newest, "and signs with it")
		for _, one := range []*Tokens{here, there} {
			_, err = one.Verify(t.Context(), old)
			require.NoError(t, err, "until its last token has run out")
		}
		run(t, d, `update signing_keys set retired_at = now() - interval '21 minutes' where retired_at is not null`)
		require.NoError(t, there.Load(t.Context()))
		_, err = there.Verify(t.Context(), old)
		require.ErrorIs(t, err, domain.ErrUnauthenticated)
	})

	t.Run("a_made_up_key_id_does_not_make_us_ask_again_and_again", func(t *testing.T) {
		_, instance := setup(t)
		tokens := instance()
		require.NoError(t, tokens.Load(t.Context()))
		before := tokens.keys.Load()
		_, err := tokens.publicKey(t.Context(), db.NewID().String())
		require.ErrorIs(t, err, domain.ErrUnauthenticated)
		require.Same(t, before, tokens.keys.Load())
	})

	t.Run("open_under_their_own_master_key_and_row_alone", func(t *testing.T) {
		d, instance := setup(t)
		require.NoError(t, instance().Load(t.Context()))
		path := filepath.Join(t.TempDir(), "other.key")
		require.NoError(t, tenancy.NewMasterFile(path))
		stranger := instance()
		var err error
		stranger.Master, err = tenancy.ReadMaster(path)
		require.NoError(t, err)
		require.ErrorContains(t, stranger.Load(t.Context()), "does not open with this master key")

		run(t, d, `update signing_keys set kid = $1`, db.NewID().String())
		require.ErrorContains(t, instance().Load(t.Context()), "does not open")
		run(t, d, `update signing_keys set kid = 'first'`)
		require.Error(t, instance().Load(t.Context()))
	})

	t.Run("come_before_tokens", func(t *testing.T) {
		t.Parallel()
		tokens := &Tokens{}
		_, err := tokens.Sign(claims)
		require.ErrorContains(t, err, "not loaded")
		_, err = tokens.publicKey(t.Context(), "k")
		require.ErrorContains(t, err, "not loaded")
	})
}
