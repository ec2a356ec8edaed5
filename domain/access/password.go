package access

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"baraza/domain"
)

// passwordCost is 50 ms of one core for each try, over OWASP's least (19 MiB, t=2).
var passwordCost = argon2id.Params{Memory: 19 * 1024, Iterations: 4, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// nobodysHash costs as much to check as a real one and matches no password. It
// stands in for unknown accounts, so that they answer as slowly as known ones.
const nobodysHash = "$argon2id$v=19$m=19456,t=4,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// commonPasswordsGz is made by gen/common-passwords.mjs.
//
//go:embed common_passwords.txt.gz
var commonPasswordsGz []byte

var commonPasswords = sync.OnceValues(func() ([]string, error) {
	r, err := gzip.NewReader(bytes.NewReader(commonPasswordsGz))
	if err != nil {
		return nil, fmt.Errorf("common passwords: %w", err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("common passwords: %w", err)
	}
	return strings.Split(string(text), "\n"), nil
})

// checkPassword refuses what is too short, too long or on the list everybody tries
// first, whatever its case.
func checkPassword(password string) error { return checkPasswordAs("password", password) }

// checkPasswordAs is checkPassword for a member of another name.
func checkPasswordAs(field, password string) error {
	password = normalized(password)
	switch n := utf8.RuneCountInString(password); {
	case n < 8:
		return domain.InvalidField(field, "too_short", "at least 8 characters")
	case n > 128:
		return domain.InvalidField(field, "too_long", "at most 128 characters")
	}
	common, err := commonPasswords()
	if err != nil {
		return domain.ErrInternal.With(err)
	}
	if _, found := slices.BinarySearch(common, strings.ToLower(password)); found {
		return domain.InvalidField(field, "too_common", "is one of the passwords everybody tries first")
	}
	return nil
}

// normalized makes one password of the same characters typed on different systems.
func normalized(password string) string { return norm.NFKC.String(password) }
