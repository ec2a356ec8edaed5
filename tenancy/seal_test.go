package tenancy_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"

	"baraza/tenancy"
)

func newMaster(t *testing.T) (master tenancy.Master, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "master.key")
	require.NoError(t, tenancy.NewMasterFile(path))
	master, err := tenancy.ReadMaster(path)
	require.NoError(t, err)
	return master, path
}

// vault keeps the wrapped keys of some tenants, as the table tenant_keys does.
type vault map[uuid.UUID][]byte

func (v vault) wrapped(ctx context.Context) ([]byte, error) {
	key, ok := v[tenancy.From(ctx).TenantID]
	if !ok {
		return nil, errors.New("no such key")
	}
	return key, nil
}

// SE-09, S42: a secret opens in its own place, under its own tenant's key, and nowhere else.
func TestKeys(t *testing.T) {
	t.Parallel()
	master, _ := newMaster(t)
	a, b := uuid.New(), uuid.New()
	stored := vault{}
	for _, tenant := range []uuid.UUID{a, b} {
		wrapped, err := master.NewTenantKey(tenant)
		require.NoError(t, err)
		stored[tenant] = wrapped
	}
	keys := &tenancy.Keys{Master: master, Wrapped: stored.wrapped}
	inA, inB := tenancy.With(t.Context(), tenancy.System(a)), tenancy.With(t.Context(), tenancy.System(b))
	place := tenancy.Place{Table: "channels", Column: "sealed_credentials", Row: uuid.New()}
	secret := []byte(`{"token":"EAAG-invented"}`)
	sealed, err := keys.Seal(inA, place, secret)
	require.NoError(t, err)

	t.Run("opens_where_it_was_sealed", func(t *testing.T) {
		t.Parallel()
		clear, err := keys.Open(inA, place, sealed)
		require.NoError(t, err)
		require.Equal(t, secret, clear)
		require.NotContains(t, string(sealed), "EAAG")
		again, err := keys.Seal(inA, place, secret)
		require.NoError(t, err)
		require.NotEqual(t, sealed, again, "equal secrets do not look equal")
	})

	t.Run("moved_anywhere_else_it_does_not_open", func(t *testing.T) {
		t.Parallel()
		row, column, table := place, place, place
		row.Row, column.Column, table.Table = uuid.New(), "token", "webhooks"
		for _, other := range []tenancy.Place{row, column, table, {}} {
			_, err := keys.Open(inA, other, sealed)
			require.Error(t, err, other)
		}
		_, err := keys.Open(inB, place, sealed)
		require.Error(t, err)
		// The key alone does not do it: the tenant is part of the place.
		asB := &tenancy.Keys{Master: master, Wrapped: func(context.Context) ([]byte, error) { return stored[a], nil }}
		_, err = asB.Open(inB, place, sealed)
		require.Error(t, err)
	})

	t.Run("the_wrapped_key_of_another_tenant_does_not_unwrap", func(t *testing.T) {
		t.Parallel()
		swapped := &tenancy.Keys{Master: master, Wrapped: vault{a: stored[b], b: stored[a]}.wrapped}
		_, err := swapped.Seal(inA, place, secret)
		require.ErrorContains(t, err, "unwrap tenant key")
		_, err = swapped.Open(inA, place, sealed)
		require.ErrorContains(t, err, "unwrap tenant key")
	})

	t.Run("under_another_master_nothing_opens", func(t *testing.T) {
		t.Parallel()
		other, _ := newMaster(t)
		_, err := (&tenancy.Keys{Master: other, Wrapped: stored.wrapped}).Open(inA, place, sealed)
		require.ErrorContains(t, err, "unwrap tenant key")
	})

	t.Run("a_changed_bit_does_not_open", func(t *testing.T) {
		t.Parallel()
		for i := range sealed {
			damaged := bytes.Clone(sealed)
			damaged[i] ^= 1
			_, err := keys.Open(inA, place, damaged)
			require.Error(t, err)
		}
		for _, cut := range [][]byte{nil, {}, sealed[:1], sealed[:len(sealed)-1]} {
			_, err := keys.Open(inA, place, cut)
			require.Error(t, err)
		}
	})

	t.Run("a_destroyed_key_opens_nothing", func(t *testing.T) {
		t.Parallel()
		gone := &tenancy.Keys{Master: master, Wrapped: vault{}.wrapped}
		_, err := gone.Open(inA, place, sealed)
		require.ErrorContains(t, err, "read tenant key: no such key")
		_, err = gone.Seal(inA, place, secret)
		require.Error(t, err)
	})

	t.Run("without_a_scope_there_is_no_key", func(t *testing.T) {
		t.Parallel()
		_, err := keys.Seal(t.Context(), place, secret)
		require.ErrorIs(t, err, tenancy.ErrNoScope)
		_, err = keys.Open(t.Context(), place, sealed)
		require.ErrorIs(t, err, tenancy.ErrNoScope)
	})

	t.Run("the_master_seals_what_is_nobody's", func(t *testing.T) {
		t.Parallel()
		mine, err := master.Seal(place, secret)
		require.NoError(t, err)
		clear, err := master.Open(place, mine)
		require.NoError(t, err)
		require.Equal(t, secret, clear)
		moved := place
		moved.Row = uuid.New()
		_, err = master.Open(moved, mine)
		require.Error(t, err)
		_, err = keys.Open(inA, place, mine)
		require.Error(t, err, "no tenant reads the server's")
		_, err = master.Open(place, sealed)
		require.Error(t, err, "nor the server a tenant's, but by its key")
	})
}

// keysetFile is a file with a keyset of any kind.
func keysetFile(t *testing.T, kind *tinkpb.KeyTemplate) string {
	t.Helper()
	handle, err := keyset.NewHandle(kind)
	require.NoError(t, err)
	var raw bytes.Buffer
	require.NoError(t, insecurecleartextkeyset.Write(handle, keyset.NewBinaryWriter(&raw)))
	path := filepath.Join(t.TempDir(), "keyset")
	require.NoError(t, os.WriteFile(path, raw.Bytes(), 0o400))
	return path
}

// SE-20, SECURITY §3: no key file, no start.
func TestMaster(t *testing.T) {
	t.Parallel()

	t.Run("is_made_once_and_for_its_owner_alone", func(t *testing.T) {
		t.Parallel()
		master, path := newMaster(t)
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o400), info.Mode().Perm())
		before, err := os.ReadFile(path)
		require.NoError(t, err)

		require.ErrorIs(t, tenancy.NewMasterFile(path), os.ErrExist)
		after, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, before, after)
		again, err := tenancy.ReadMaster(path)
		require.NoError(t, err)
		require.Equal(t, master.Derive("cursors"), again.Derive("cursors"))
	})

	t.Run("a_file_others_can_read_is_refused", func(t *testing.T) {
		t.Parallel()
		_, path := newMaster(t)
		for _, mode := range []os.FileMode{0o404, 0o440, 0o420, 0o402, 0o410, 0o401, 0o444, 0o644, 0o666, 0o777} {
			require.NoError(t, os.Chmod(path, mode))
			_, err := tenancy.ReadMaster(path)
			require.ErrorContains(t, err, "readable by others", mode)
		}
		for _, mode := range []os.FileMode{0o400, 0o600} {
			require.NoError(t, os.Chmod(path, mode))
			_, err := tenancy.ReadMaster(path)
			require.NoError(t, err, mode)
		}
	})

	t.Run("what_is_no_key_is_refused", func(t *testing.T) {
		t.Parallel()
		_, path := newMaster(t)
		whole, err := os.ReadFile(path)
		require.NoError(t, err)
		for name, content := range map[string][]byte{
			"empty": {}, "short": []byte("changeme"), "cut": whole[:len(whole)/2], "zeroes": make([]byte, 64),
		} {
			other := filepath.Join(t.TempDir(), name)
			require.NoError(t, os.WriteFile(other, content, 0o400))
			_, err := tenancy.ReadMaster(other)
			require.Error(t, err, name)
		}
		_, err = tenancy.ReadMaster(filepath.Join(t.TempDir(), "none"))
		require.ErrorIs(t, err, os.ErrNotExist)
		folder := t.TempDir()
		require.NoError(t, os.Chmod(folder, 0o700))
		_, err = tenancy.ReadMaster(folder)
		require.Error(t, err)
		_, err = tenancy.ReadMaster(keysetFile(t, mac.HMACSHA256Tag256KeyTemplate()))
		require.Error(t, err, "a key that cannot seal")
		require.Error(t, tenancy.NewMasterFile(filepath.Join(t.TempDir(), "no", "such", "folder")))
	})

	t.Run("shows_itself_to_nobody", func(t *testing.T) {
		t.Parallel()
		master, path := newMaster(t)
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		inside := struct{ master tenancy.Master }{master}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q"} {
			text := fmt.Sprintf(verb+" "+verb, master, inside)
			for part := range slices.Chunk(raw, 8) { // some of them the key's own bytes
				for _, spelled := range []string{"%v", "%x", "%s"} {
					require.NotContains(t, text, strings.Trim(fmt.Sprintf(spelled, part), "[]"), verb)
				}
			}
		}
	})

	t.Run("derives_a_key_per_purpose", func(t *testing.T) {
		t.Parallel()
		master, path := newMaster(t)
		other, _ := newMaster(t)
		cursors, simulator := master.Derive("cursors"), master.Derive("simulator")
		require.Len(t, cursors, 32)
		require.Equal(t, cursors, master.Derive("cursors"))
		require.NotEqual(t, cursors, simulator)
		require.NotEqual(t, cursors, master.Derive(""))
		require.NotEqual(t, cursors, other.Derive("cursors"))
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NotContains(t, string(raw), string(cursors))
	})
}
