package meta

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strings"
	"unicode/utf8"
)

const signaturePrefix = "sha256="

// Sign returns the X-Hub-Signature-256 of a body.
func Sign(raw []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(raw)
	return signaturePrefix + hex.EncodeToString(mac.Sum(nil))
}

// VerifySignature checks an X-Hub-Signature-256 over the bytes as they arrived,
// against any of the secrets; empty secrets never match. Meta documents that it signs
// the escaped-unicode form of a payload: a body that arrived as decoded UTF-8 is
// therefore tried in that form too, and escaped reports that only this way matched.
func VerifySignature(raw []byte, header string, secrets ...string) (ok, escaped bool) {
	digits, found := strings.CutPrefix(header, signaturePrefix)
	if !found {
		return false, false
	}
	want, err := hex.DecodeString(digits)
	if err != nil || len(want) != sha256.Size {
		return false, false
	}
	if anyMatches(want, secrets, func(mac hash.Hash) { mac.Write(raw) }) {
		return true, false
	}
	if !bytes.ContainsFunc(raw, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return false, false
	}
	ok = anyMatches(want, secrets, func(mac hash.Hash) { hashEscaped(mac, raw) })
	return ok, ok
}

// anyMatches tries every secret even after one has matched, so that the time taken
// does not tell which.
func anyMatches(want []byte, secrets []string, write func(hash.Hash)) bool {
	matched := false
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		mac := hmac.New(sha256.New, []byte(secret))
		write(mac)
		matched = hmac.Equal(mac.Sum(nil), want) || matched
	}
	return matched
}

// hashEscaped hashes b with everything above ASCII escaped, without building that
// form: a stranger's 3 MB of such bytes would become 18.
func hashEscaped(mac hash.Hash, b []byte) {
	var unit [12]byte
	for len(b) > 0 {
		ascii := 0
		for ascii < len(b) && b[ascii] < utf8.RuneSelf {
			ascii++
		}
		mac.Write(b[:ascii])
		if b = b[ascii:]; len(b) == 0 {
			return
		}
		r, size := utf8.DecodeRune(b)
		mac.Write(appendEscaped(unit[:0], r))
		b = b[size:]
	}
}
