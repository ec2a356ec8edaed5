package tenancy

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"baraza/domain"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

type position struct {
	At string    `json:"at"`
	ID uuid.UUID `json:"id"`
}

func testCursors(t testing.TB) *Cursors {
	cursors, err := NewCursors([]byte("0123456789abcdef0123456789abcdef"))
	require.NoError(t, err)
	return cursors
}

func person(t testing.TB, tenant uuid.UUID) context.Context {
	user, err := uuid.NewV7()
	require.NoError(t, err)
	return With(t.Context(), Scope{TenantID: tenant, UserID: user})
}

// S12: bits, tenant, user, filter, expired, 10 MB.
func TestCursors(t *testing.T) {
	t.Parallel()
	cursors := testCursors(t)
	tenant := uuid.New()
	ctx := person(t, tenant)
	want := position{At: "2026-11-21T08:15:30.125Z", ID: uuid.New()}
	cursor, err := cursors.Seal(ctx, "conversations|status=queued", want)
	require.NoError(t, err)

	refused := func(t *testing.T, ctx context.Context, filter, cursor string) {
		t.Helper()
		var got position
		require.ErrorIs(t, cursors.Open(ctx, filter, cursor, &got), domain.ErrBadCursor)
		require.Zero(t, got)
	}

	t.Run("opens_in_its_own_place", func(t *testing.T) {
		t.Parallel()
		var got position
		require.NoError(t, cursors.Open(ctx, "conversations|status=queued", cursor, &got))
		require.Equal(t, want, got)
		require.NotContains(t, cursor, "2026")
	})

	t.Run("is_different_each_time", func(t *testing.T) {
		t.Parallel()
		again, err := cursors.Seal(ctx, "conversations|status=queued", want)
		require.NoError(t, err)
		require.NotEqual(t, cursor, again)
	})

	t.Run("another_tenant_user_or_filter_is_refused", func(t *testing.T) {
		t.Parallel()
		refused(t, person(t, uuid.New()), "conversations|status=queued", cursor)
		refused(t, person(t, tenant), "conversations|status=queued", cursor)
		refused(t, ctx, "conversations|status=active", cursor)
		refused(t, ctx, "", cursor)
	})

	t.Run("every_flipped_bit_is_refused", func(t *testing.T) {
		t.Parallel()
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		require.NoError(t, err)
		for i := range raw {
			for bit := range 8 {
				raw[i] ^= 1 << bit
				refused(t, ctx, "conversations|status=queued", base64.RawURLEncoding.EncodeToString(raw))
				raw[i] ^= 1 << bit
			}
		}
	})

	t.Run("what_is_no_cursor_is_refused", func(t *testing.T) {
		t.Parallel()
		for _, other := range []string{"", "x", cursor[1:], cursor + "A", cursor + "=", cursor + "\n", strings.Repeat("A", 1024), strings.Repeat("A", 10<<20)} {
			refused(t, ctx, "conversations|status=queued", other)
		}
	})

	t.Run("ends_after_24_hours", func(t *testing.T) {
		t.Parallel()
		late := testCursors(t)
		late.now = func() time.Time { return time.Now().Add(24*time.Hour - time.Minute) }
		var got position
		require.NoError(t, late.Open(ctx, "conversations|status=queued", cursor, &got))
		late.now = func() time.Time { return time.Now().Add(24 * time.Hour) }
		require.ErrorIs(t, late.Open(ctx, "conversations|status=queued", cursor, &got), domain.ErrBadCursor)
	})

	t.Run("another_shape_is_refused", func(t *testing.T) {
		t.Parallel()
		old, err := cursors.Seal(ctx, "f", struct {
			Seq int64 `json:"seq"`
		}{7})
		require.NoError(t, err)
		refused(t, ctx, "f", old)
	})

	t.Run("without_a_scope_there_is_none", func(t *testing.T) {
		t.Parallel()
		_, err := cursors.Seal(t.Context(), "f", want)
		require.ErrorIs(t, err, ErrNoScope)
		require.ErrorIs(t, cursors.Open(t.Context(), "f", cursor, new(position)), ErrNoScope)
	})

	t.Run("too_long_or_without_a_key_is_our_own_mistake", func(t *testing.T) {
		t.Parallel()
		_, err := cursors.Seal(ctx, "f", strings.Repeat("a", 1024))
		require.ErrorContains(t, err, "at most 1024")
		_, err = cursors.Seal(ctx, "f", make(chan int))
		require.Error(t, err)
		_, err = NewCursors([]byte("short"))
		require.Error(t, err)
	})
}

func FuzzCursorOpen(f *testing.F) {
	cursors := testCursors(f)
	ctx := With(context.Background(), Scope{TenantID: uuid.New(), UserID: uuid.New()})
	good, err := cursors.Seal(ctx, "f", position{At: "now"})
	require.NoError(f, err)
	for _, seed := range []string{"", good, good[:len(good)-1], "====", strings.Repeat("A", 40), "é", "../../etc"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		var got position
		err := cursors.Open(ctx, "f", cursor, &got)
		if cursor == good {
			require.NoError(t, err)
			return
		}
		require.ErrorIs(t, err, domain.ErrBadCursor)
	})
}
