package access

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSlugOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Acme Kenya":               "acme-kenya",
		"  Café & Söhne (Berlin) ": "cafe-sohne-berlin",
		"---":                      "team",
		"株式会社":                     "team",
		"42":                       "42",
		"Größe":                    "gro-e",
		strings.Repeat("ab ", 30):  strings.TrimSuffix(strings.Repeat("ab-", 14)[:40], "-"),
	} {
		require.Equal(t, want, slugOf(name), name)
	}
}

// What the table's check accepts.
var slugShape = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

func TestSlugOf_always_fits_the_table(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		slug := slugOf(rapid.String().Draw(t, "name"))
		require.Regexp(t, slugShape, slug)
		require.Regexp(t, slugShape, withSuffix(slug))
	})
}
