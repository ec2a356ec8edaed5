package meta

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWire(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, pretty, wire string }{
		{"drops_white_space_outside_strings", "{ \"a b\" :\n\t[1 , true]\r}", `{"a b":[1,true]}`},
		{"escapes_slashes_once", `{"u":"https:\/\/x.example/y"}`, `{"u":"https:\/\/x.example\/y"}`},
		{"escapes_above_ascii_in_lower_case", `"äöå 👩‍👧"`, `"\u00e4\u00f6\u00e5 \ud83d\udc69\u200d\ud83d\udc67"`},
		{"keeps_escapes", `"a\"b\\c\u0000\n"`, `"a\"b\\c\u0000\n"`},
		{"keeps_a_quote_after_a_backslash_pair", `{"a":"\\","b":" "}`, `{"a":"\\","b":" "}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.wire, string(Wire([]byte(c.pretty))))
		})
	}
	for _, name := range fixtures(t, "whatsapp_") {
		t.Run(stem(name), func(t *testing.T) {
			t.Parallel()
			pretty := fixture(t, name)
			wire := Wire(pretty)
			require.JSONEq(t, string(pretty), string(wire))
			require.Equal(t, string(wire), string(Wire(wire)), "a wire form stays as it is")
			for _, b := range wire {
				require.True(t, b >= 0x20 && b < 0x80)
			}
		})
	}
}
