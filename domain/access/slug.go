package access

import (
	"crypto/rand"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	slugMax = 40
	// suffixLetters leaves out what is easily mistaken when read aloud or copied.
	suffixLetters = "3467acefhjkmnpqrtuvwxy"
)

// slugOf makes an address of a tenant's name: letters without their marks, digits and
// single hyphens. A name in another script gives "team".
func slugOf(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() == slugMax {
			break
		}
	}
	if slug := strings.Trim(b.String(), "-"); slug != "" {
		return slug
	}
	return "team"
}

// withSuffix makes another slug for a name that is taken.
func withSuffix(slug string) string {
	random := make([]byte, 5)
	rand.Read(random) // never fails: it ends the process instead
	for i, b := range random {
		random[i] = suffixLetters[int(b)%len(suffixLetters)]
	}
	return slug + "-" + string(random)
}
