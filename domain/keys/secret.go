package keys

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
)

const (
	secretBytes = 32
	// shownChars of a secret tell keys apart; 208 bits of it stay unknown.
	shownChars = len("sk_") + 8
)

var secretChars = base64.RawURLEncoding.EncodedLen(secretBytes)

func newSecret(kind Kind) string {
	random := make([]byte, secretBytes)
	rand.Read(random) // never fails: it ends the process instead
	return prefixes[kind] + base64.RawURLEncoding.EncodeToString(random)
}

// shown is the part of a secret that may be seen again.
func shown(secret string) string { return secret[:shownChars] }

// Is says whether a credential is, by its form, the secret of a key.
func Is(credential string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(credential, prefix) {
			return true
		}
	}
	return false
}

// whole says whether it is one that could have been handed out: others need no look.
func whole(secret string) bool {
	if len(secret) != len("sk_")+secretChars {
		return false
	}
	_, err := base64.RawURLEncoding.Strict().DecodeString(secret[len("sk_"):])
	return err == nil
}
