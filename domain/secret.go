package domain

import "crypto/sha256"

// HashOf is what is stored of a token that is random itself: nothing is guessed from it,
// and a row is found by it.
func HashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
