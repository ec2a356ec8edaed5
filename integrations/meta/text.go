package meta

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// maxText is the longest text we keep of a message. Meta's own limit is 4,096 characters.
const maxText = 64 << 10

// text is a JSON string, or a number as it is written: Meta sends ids and times as
// either. Anything else reads as "", so that one odd member does not lose its update.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	*t = text(textOf(b))
	return nil
}

// textOf reads one JSON value as text does.
func textOf(value []byte) string {
	switch {
	case len(value) == 0:
		return ""
	case value[0] == '"':
		if bytes.IndexByte(value, '\\') < 0 {
			return string(value[1 : len(value)-1])
		}
		var s string
		if err := json.Unmarshal(value, &s); err != nil {
			return ""
		}
		return s
	case value[0] == '-' || '0' <= value[0] && value[0] <= '9':
		return string(value)
	}
	return ""
}

// clean removes what Postgres cannot hold, and cuts at max bytes between two runes.
func (t text) clean(max int) string {
	s := strings.ReplaceAll(strings.ToValidUTF8(string(t), "\uFFFD"), "\x00", "")
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return s[:max]
}

// storable returns JSON that Postgres takes as text and as jsonb: a NUL goes, a
// lone surrogate and a byte that is no UTF-8 become U+FFFD. Mostly it returns raw itself.
func storable(raw []byte) []byte {
	if !utf8.Valid(raw) {
		raw = bytes.ToValidUTF8(raw, []byte("\uFFFD"))
	}
	var out []byte
	kept := 0 // raw up to here is in out, or dropped
	for i := 0; ; {
		next := bytes.IndexByte(raw[i:], '\\')
		if next < 0 || i+next+2 > len(raw) {
			break
		}
		i += next
		unit, ok := escapedUnit(raw[i:])
		if !ok {
			i += 2
			continue
		}
		if low, ok := escapedUnit(raw[i+6:]); ok && utf16.DecodeRune(unit, low) != unicode.ReplacementChar {
			i += 12
			continue
		}
		if unit == 0 || utf16.IsSurrogate(unit) {
			out = append(out, raw[kept:i]...)
			if unit != 0 {
				out = append(out, `\ufffd`...)
			}
			kept = i + 6
		}
		i += 6
	}
	if kept == 0 {
		return raw
	}
	return append(out, raw[kept:]...)
}

// escapedUnit reads the \uXXXX at the start of b.
func escapedUnit(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var unit [2]byte
	if _, err := hex.Decode(unit[:], b[2:6]); err != nil {
		return 0, false
	}
	return rune(unit[0])<<8 | rune(unit[1]), true
}
