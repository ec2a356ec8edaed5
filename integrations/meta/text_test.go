package meta

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestStorable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, raw, want string }{
		{"ascii", `{"a":"b"}`, `{"a":"b"}`},
		{"nul_goes", `"before\u0000after"`, `"beforeafter"`},
		{"an_escaped_backslash_is_no_escape", `"\\u0000 \\ud800"`, `"\\u0000 \\ud800"`},
		{"pairs_stay", `"\ud83d\udc69\uD83D\uDC69"`, `"\ud83d\udc69\uD83D\uDC69"`},
		{"lone_high", `"\ud83d."`, `"\ufffd."`},
		{"lone_low", `"\udc69"`, `"\ufffd"`},
		{"high_high_low", `"\ud83d\ud83d\udc69"`, `"\ufffd\ud83d\udc69"`},
		{"nul_between_a_pair", `"\ud83d\u0000\udc69"`, `"\ufffd\ufffd"`},
		{"bytes_that_are_no_utf8", "\"\xff\"", `"` + "\uFFFD" + `"`},
		{"a_backslash_at_the_end", `"\`, `"\`},
		{"a_cut_escape", `"\u00`, `"\u00`},
		{"a_wrong_escape", `"\u00zz"`, `"\u00zz"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, string(storable([]byte(c.raw))))
		})
	}
}

func TestText(t *testing.T) {
	t.Parallel()

	t.Run("reads_strings_and_numbers_and_nothing_else", func(t *testing.T) {
		t.Parallel()
		var got struct{ A, B, C, D, E, F text }
		require.NoError(t, json.Unmarshal([]byte(`{"A":"x","B":170233445566778899,"C":null,"D":true,"E":{"a":1},"F":[1]}`), &got))
		require.Equal(t, [6]text{"x", "170233445566778899", "", "", "", ""}, [6]text{got.A, got.B, got.C, got.D, got.E, got.F})
	})

	t.Run("is_cut_between_two_runes", func(t *testing.T) {
		t.Parallel()
		for n := range 4 {
			got := text(strings.Repeat("x", n) + strings.Repeat("👩", maxText)).clean(maxText)
			require.True(t, utf8.ValidString(got))
			require.Greater(t, len(got), maxText-4)
			require.LessOrEqual(t, len(got), maxText)
		}
	})
}
