package palette

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TN-16: WCAG 2.2's formula, by vectors that everybody's checker agrees on.
func TestRatio(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		a, b string
		want float64
	}{
		{"#000000", "#ffffff", 21},
		{"#ffffff", "#ffffff", 1},
		{"#777777", "#ffffff", 4.48},
		{"#767676", "#ffffff", 4.54},
		{"#ff0000", "#ffffff", 4.00},
		{"#0000ff", "#ffffff", 8.59},
		{"#008000", "#ffffff", 5.14},
		{"#ffff00", "#ffffff", 1.07},
		{"#0b5c58", "#ffffff", 7.81},
		{"#4fbfb3", "#171b1e", 7.79},
	} {
		a, ok := Parse(v.a)
		require.True(t, ok)
		b, ok := Parse(v.b)
		require.True(t, ok)
		require.InDelta(t, v.want, Ratio(a, b), 0.02, "%s on %s", v.a, v.b)
		require.Equal(t, Ratio(a, b), Ratio(b, a))
	}
	grey, _ := Parse("#808080")
	require.InDelta(t, 0.2159, grey.Luminance(), 0.0001)
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "#fff", "#12345g", "123456", "#1234567", "#+12345", "#-12345", "red", "#０b5c58", "rgb(0,0,0)", "#0b5c58;x"} {
		_, ok := Parse(text)
		require.False(t, ok, text)
	}
	c, ok := Parse("#0B5c58")
	require.True(t, ok)
	require.Equal(t, "#0b5c58", c.String())
}

// TN-16: what is offered passes, keeps the hue, and nothing on the way to it passes.
func TestShade(t *testing.T) {
	t.Parallel()
	own, _ := Parse("#0b5c58")
	require.True(t, Light().Shade(own).Passes)
	own, _ = Parse("#4fbfb3")
	require.True(t, Dark().Shade(own).Passes)

	yellow, _ := Parse("#ffcc00")
	s := Light().Shade(yellow)
	require.False(t, s.Passes)
	require.InDelta(t, 1.3, s.Ratio, 0.1)
	require.NotEqual(t, s.Accent, s.Nearest)

	rapid.Check(t, func(t *rapid.T) {
		c := Colour{rapid.Byte().Draw(t, "r"), rapid.Byte().Draw(t, "g"), rapid.Byte().Draw(t, "b")}
		for _, theme := range []Theme{Light(), Dark()} {
			s := theme.Shade(c)
			nearest, ok := Parse(s.Nearest)
			require.True(t, ok)
			again := theme.Shade(nearest)
			require.True(t, again.Passes, "%s for %s", s.Nearest, c)
			require.GreaterOrEqual(t, again.Ratio, Least)
			require.Equal(t, s.Passes, s.Nearest == s.Accent)
		}
	})
}

func TestOf(t *testing.T) {
	t.Parallel()
	p, ok := Of("#7a1f5c", "")
	require.True(t, ok)
	require.Equal(t, "#7a1f5c", p.Light.Accent)
	require.True(t, p.Dark.Passes)
	require.NotEqual(t, p.Light.Accent, p.Dark.Accent)
	p, ok = Of("#7a1f5c", "#7a1f5c")
	require.True(t, ok)
	require.False(t, p.Dark.Passes)
	_, ok = Of("#7a1f5c", "blue")
	require.False(t, ok)
}

// The grounds and inks are the ones the screens have.
func TestThemesAreTheScreens(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "web", "src", "ui", "tokens.css"))
	require.NoError(t, err)
	for selector, theme := range map[string]Theme{":root,": Light(), `[data-theme="dark"] {`: Dark()} {
		_, block, ok := strings.Cut(string(text), selector)
		require.True(t, ok)
		token := func(name string) string {
			return regexp.MustCompile(`--` + name + `: (#[0-9a-f]{6});`).FindStringSubmatch(block)[1]
		}
		for i, name := range []string{"canvas", "surface", "raised"} {
			require.Equal(t, token(name), theme.Grounds[i].String(), name)
		}
		require.Equal(t, token("surface"), theme.surface.String())
		for i, name := range []string{"ink", "ink-2", "ink-3"} {
			require.Equal(t, token(name), theme.Inks[i].String(), name)
		}
	}
}
