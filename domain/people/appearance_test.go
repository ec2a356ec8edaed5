package people

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/domain"
	"baraza/tenancy"
)

// TN-16: colours that can be read are everybody's; others are refused with the ratio and
// a way out.
func TestBranding(t *testing.T) {
	t.Parallel()
	f := setup(t)
	looks := &Appearances{DB: f.Tenant}
	reader := f.member(t, f.A, "agent")
	before, err := looks.GetBranding(reader, domain.None{})
	require.NoError(t, err)
	require.Equal(t, Branding{}, before)

	colour := func(text string) *string { return &text }
	_, err = looks.SetBranding(f.A, SetBranding{Accent: colour("#ffcc00")})
	require.Equal(t, "accent", field(t, err))
	said := domain.As(err).Fields[0]
	require.Equal(t, "low_contrast", said.Code)
	require.Regexp(t, `^has a contrast of 1\.\d\d:1 where text needs 4\.5:1\. The nearest colour that passes is #[0-9a-f]{6}\.$`, said.Detail)
	nearest := said.Detail[len(said.Detail)-8 : len(said.Detail)-1]

	changed, err := looks.SetBranding(f.A, SetBranding{Accent: colour(strings.ToUpper(nearest)), IfMatch: `"` + before.ETag() + `"`})
	require.NoError(t, err)
	require.Equal(t, nearest, *changed.Accent)
	require.True(t, changed.Palette.Light.Passes && changed.Palette.Dark.Passes)
	again, err := looks.GetBranding(reader, domain.None{})
	require.NoError(t, err)
	require.Equal(t, changed, again)
	_, err = looks.SetBranding(f.A, SetBranding{Accent: colour("#0b5c58"), IfMatch: `"` + before.ETag() + `"`})
	require.ErrorIs(t, err, domain.ErrVersionConflict)
	_, err = looks.SetBranding(f.A, SetBranding{Accent: colour(nearest)})
	require.NoError(t, err)
	require.Equal(t, []string{"branding.changed"}, f.acts(t, f.A, tenancy.From(f.A).TenantID), "no change, no entry")
	require.Equal(t, 1, f.changes(t, f.A), "and one frame")

	for _, bad := range []string{"#12345", "red", "#0b5c5g", "'#fff00", "\u202e#0b5c"} {
		_, err = looks.SetBranding(f.A, SetBranding{Accent: colour(bad)})
		require.Equal(t, "accent", field(t, err), bad)
	}
	_, err = looks.SetBranding(f.A, SetBranding{Accent: colour("#0b5c58"), AccentDark: colour("#0b5c58")})
	require.Equal(t, "accent_dark", field(t, err))
	_, err = looks.SetBranding(f.A, SetBranding{AccentDark: colour("#4fbfb3")})
	require.Equal(t, "accent", field(t, err))

	theirs, err := looks.GetBranding(f.B, domain.None{})
	require.NoError(t, err)
	require.Equal(t, Branding{}, theirs)
	require.Zero(t, f.changes(t, f.B))
	_, err = looks.GetBranding(tenancy.With(t.Context(), tenancy.Scope{UserID: userID(f.A)}), domain.None{})
	require.ErrorIs(t, err, domain.ErrDenied)

	judged, err := looks.Judge(f.A, JudgeColours{Accent: "#ffcc00", AccentDark: "#ffcc00"})
	require.NoError(t, err)
	require.Equal(t, []any{false, nearest, true}, []any{judged.Light.Passes, judged.Light.Nearest, judged.Dark.Passes})
	_, err = looks.Judge(f.A, JudgeColours{Accent: "blue..."})
	require.Equal(t, "bad_parameter", domain.As(err).Code)

	cleared, err := looks.SetBranding(f.A, SetBranding{})
	require.NoError(t, err)
	require.Equal(t, Branding{}, cleared)
}

// TN-16: the rail says what the workspace calls things, in each language; hostile text
// stays out.
func TestNavigation(t *testing.T) {
	t.Parallel()
	f := setup(t)
	looks := &Appearances{DB: f.Tenant}
	in := SetNavigation{Labels: []NavigationLabel{{"sw", "inbox", " Sanduku "}, {"en", "inbox", "<b>Support</b> & more"}, {"fr", "team", "Équipes"}}}
	changed, err := looks.SetNavigation(f.A, in)
	require.NoError(t, err)
	require.Equal(t, []NavigationLabel{{"en", "inbox", "<b>Support</b> & more"}, {"sw", "inbox", "Sanduku"}, {"fr", "team", "Équipes"}}, changed.Labels, "as text, which screens escape")
	again, err := looks.GetNavigation(f.member(t, f.A, "agent"), domain.None{})
	require.NoError(t, err)
	require.Equal(t, changed, again)
	stale := again.ETag()
	_, err = looks.SetNavigation(f.A, SetNavigation{Labels: in.Labels[:1], IfMatch: stale})
	require.NoError(t, err)
	_, err = looks.SetNavigation(f.A, SetNavigation{IfMatch: stale})
	require.ErrorIs(t, err, domain.ErrVersionConflict)
	require.Equal(t, []string{"navigation.changed", "navigation.changed"}, f.acts(t, f.A, tenancy.From(f.A).TenantID))

	for name, bad := range map[string][]NavigationLabel{
		"empty": {{"en", "inbox", "  "}}, "control": {{"en", "inbox", "a\x07b"}}, "turned": {{"en", "inbox", "a\u202eb"}}, "invisible": {{"en", "inbox", "a\u200bb"}},
		"twice": {{"en", "settings", "A"}, {"en", "settings", "B"}},
	} {
		_, err = looks.SetNavigation(f.A, SetNavigation{Labels: bad})
		require.Regexp(t, `^labels\.\d\.label$`, field(t, err), name)
	}

	theirs, err := looks.GetNavigation(f.B, domain.None{})
	require.NoError(t, err)
	require.Empty(t, theirs.Labels)
}
