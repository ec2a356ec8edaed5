package meta

import (
	"unicode/utf16"
	"unicode/utf8"
)

// Wire rewrites JSON into the form in which Meta sends it: compact, everything above
// ASCII as \uXXXX in lower-case hex, and a slash as \/. Escapes already there stay.
func Wire(pretty []byte) []byte {
	out := make([]byte, 0, len(pretty))
	inString := false
	for i := 0; i < len(pretty); i++ {
		c := pretty[i]
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRune(pretty[i:])
			out = appendEscaped(out, r)
			i += size - 1
		case c == '"':
			inString = !inString
			out = append(out, c)
		case !inString && (c == ' ' || c == '\n' || c == '\r' || c == '\t'):
		case inString && c == '\\' && i+1 < len(pretty):
			out = append(out, c, pretty[i+1])
			i++
		case inString && c == '/':
			out = append(out, '\\', '/')
		default:
			out = append(out, c)
		}
	}
	return out
}

// Escape is the form Meta signs of a body: everything above ASCII as \uXXXX, nothing
// else changed. It is for whoever plays Meta; VerifySignature does without the copy.
func Escape(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for _, r := range string(raw) {
		if r < utf8.RuneSelf {
			out = append(out, byte(r))
		} else {
			out = appendEscaped(out, r)
		}
	}
	return out
}

// appendEscaped appends \uXXXX for each UTF-16 unit of r.
func appendEscaped(dst []byte, r rune) []byte {
	high, low := utf16.EncodeRune(r)
	if high == utf8.RuneError { // one unit is enough
		return appendUnit(dst, r)
	}
	return appendUnit(appendUnit(dst, high), low)
}

func appendUnit(dst []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[unit>>12&0xf], digits[unit>>8&0xf], digits[unit>>4&0xf], digits[unit&0xf])
}
