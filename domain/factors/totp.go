package factors

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238's default, and the one every authenticator app knows
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// TOTP as RFC 6238 has it, with what authenticator apps take for granted.
const (
	stepSeconds = 30
	digits      = 6
	modulus     = 1_000_000
	secretSize  = 20
	// skew is how many steps an app's clock may be off, to either side.
	skew = 1
)

func stepAt(t time.Time) int64 { return t.Unix() / stepSeconds }

// codeAt is the code of one time step.
func codeAt(secret []byte, step int64) string {
	return fmt.Sprintf("%0*d", digits, number(secret, step)%modulus)
}

// number is RFC 4226's dynamic truncation.
func number(secret []byte, step int64) uint32 {
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step))) //nolint:gosec // steps since 1970
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	return binary.BigEndian.Uint32(sum[at:at+4]) & 0x7fffffff
}

// matchingStep finds the step a code belongs to. Every step is compared, so that the
// time tells nothing.
func matchingStep(secret []byte, code string, now time.Time) (int64, bool) {
	var found int64
	matches := 0
	for step := stepAt(now) - skew; step <= stepAt(now)+skew; step++ {
		if same := subtle.ConstantTimeCompare([]byte(codeAt(secret, step)), []byte(code)); same == 1 {
			found, matches = step, 1
		}
	}
	return found, matches == 1
}

var base32Secret = base32.StdEncoding.WithPadding(base32.NoPadding)

// otpauthURL is what the QR code of a secret says.
func otpauthURL(issuer, account, secret string) string {
	query := "secret=" + secret + "&issuer=" + url.PathEscape(issuer) + "&algorithm=SHA1&digits=" + strconv.Itoa(digits) +
		"&period=" + strconv.Itoa(stepSeconds)
	return "otpauth://totp/" + url.PathEscape(issuer+":"+account) + "?" + query
}
