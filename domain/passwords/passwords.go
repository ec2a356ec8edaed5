// Package passwords judges passwords, hashes them and checks them against their hash.
//
// Always true: a hash is argon2id's, made one at a time in a child process of low
// priority, so that signing in slows nobody else down; checking the password of
// nobody takes as long as checking somebody's.
package passwords

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"baraza/domain"
)

// ErrBusy is a full queue of passwords to hash.
var ErrBusy = &domain.Error{Kind: domain.TooMany, Code: "too_many_attempts", Detail: "Too many people are signing in. Try again in a moment.", RetryAfter: 5 * time.Second}

// cost is 50 ms of one core for each try, over OWASP's least (19 MiB, t=2).
var cost = argon2id.Params{Memory: 19 * 1024, Iterations: 4, Parallelism: 1, SaltLength: 16, KeyLength: 32}

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

// Check refuses what is too short, too long or on the list everybody tries
// first, whatever its case.
func Check(field, password string) error {
	password = Normalized(password)
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

// Normalized makes one password of the same characters typed on different systems.
func Normalized(password string) string { return norm.NFKC.String(password) }
