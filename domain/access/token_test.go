package access

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwe"
	"github.com/lestrrat-go/jwx/v2/jws"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
)

func b64(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// object is a JSON object of a token.
type object map[string]any

func (o object) with(changes object) object {
	changed := maps.Clone(o)
	for name, value := range changes {
		if value == nil {
			delete(changed, name)
			continue
		}
		changed[name] = value
	}
	return changed
}

func (o object) encode(t testing.TB) string {
	t.Helper()
	raw, err := json.Marshal(o, json.Deterministic(true))
	require.NoError(t, err)
	return b64(raw)
}

// SE-04: only what we signed for ourselves, lately, is a token.
func TestTokens(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	tokens := &Tokens{DB: d.Platform, Master: dbtest.Master(t), BaseURL: "https://baraza.test"}
	require.NoError(t, tokens.Load(t.Context()))
	claims := Claims{UserID: db.NewID(), SessionID: db.NewID(), TenantID: db.NewID()}

	t.Run("say_who_and_where_and_no_right", func(t *testing.T) {
		t.Parallel()
		token, err := tokens.Sign(claims)
		require.NoError(t, err)
		got, err := tokens.Verify(t.Context(), token)
		require.NoError(t, err)
		require.InDelta(t, 15*time.Minute, time.Until(got.ExpiresAt), float64(5*time.Second))
		got.ExpiresAt = time.Time{}
		require.Equal(t, claims, got)

		parts := strings.Split(token, ".")
		header, err := base64.RawURLEncoding.DecodeString(parts[0])
		require.NoError(t, err)
		require.Equal(t, []string{"alg", "kid", "typ"}, members(t, header))
		payload, err := base64.RawURLEncoding.DecodeString(parts[1])
		require.NoError(t, err)
		require.Equal(t, []string{"aud", "exp", "iat", "iss", "nbf", "sid", "sub", "tid"}, members(t, payload))
	})

	t.Run("name_no_tenant_for_who_has_none", func(t *testing.T) {
		t.Parallel()
		alone := Claims{UserID: claims.UserID, SessionID: claims.SessionID}
		token, err := tokens.Sign(alone)
		require.NoError(t, err)
		got, err := tokens.Verify(t.Context(), token)
		require.NoError(t, err)
		require.Zero(t, got.TenantID)
	})

	keys := tokens.keys.Load()
	now := time.Now().Unix()
	header := object{"alg": "EdDSA", "kid": keys.newest, "typ": "at+jwt"}
	payload := object{
		"iss": tokens.BaseURL, "aud": []string{tokens.BaseURL + "/api"}, "iat": now, "nbf": now, "exp": now + 900,
		"sub": claims.UserID.String(), "sid": claims.SessionID.String(), "tid": claims.TenantID.String(),
	}
	// ours is signed with the real key, whatever it says.
	ours := func(header, payload object) string {
		signed := header.encode(t) + "." + payload.encode(t)
		return signed + "." + b64(ed25519.Sign(keys.private, []byte(signed)))
	}
	good := ours(header, payload)
	_, err := tokens.Verify(t.Context(), good)
	require.NoError(t, err, "the forge works")
	accepted := ours(header, payload.with(object{"exp": now - 25, "nbf": now - 900, "iat": now - 900}))
	_, err = tokens.Verify(t.Context(), accepted)
	require.NoError(t, err, "clocks may be 30 seconds apart")

	for name, token := range hostileTokens(t, keys, header, payload, good, ours) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := tokens.Verify(t.Context(), token)
			if strings.HasPrefix(name, "ran out") {
				sameRefusal(t, ErrTokenExpired, err)
				return
			}
			sameRefusal(t, domain.ErrUnauthenticated, err)
		})
	}
}

// hostileTokens is everything that is no token of ours, by what is wrong with it.
func hostileTokens(t testing.TB, keys *signingKeys, header, payload object, good string, ours func(header, payload object) string) map[string]string {
	parts := strings.Split(good, ".")
	head, body, signature := parts[0], parts[1], parts[2]
	public := keys.public[keys.newest]
	otherPublic, other, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	signed := func(header object, private ed25519.PrivateKey) string {
		text := header.encode(t) + "." + body
		return text + "." + b64(ed25519.Sign(private, []byte(text)))
	}
	mac := func(header object, secret []byte) string {
		text := header.encode(t) + "." + body
		sum := hmac.New(sha256.New, secret)
		sum.Write([]byte(text))
		return text + "." + b64(sum.Sum(nil))
	}
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	require.NoError(t, err)
	flipped := append([]byte{raw[0] ^ 1}, raw[1:]...)
	now := time.Now().Unix()
	jwkOf := func(key ed25519.PublicKey) object { return object{"kty": "OKP", "crv": "Ed25519", "x": b64(key)} }
	text := head + "." + body
	rawHead := func(raw string) string {
		text := b64([]byte(raw)) + "." + body
		return text + "." + b64(ed25519.Sign(keys.private, []byte(text)))
	}
	rawBody := func(raw string) string {
		text := head + "." + b64([]byte(raw))
		return text + "." + b64(ed25519.Sign(keys.private, []byte(text)))
	}

	claims, err := json.Marshal(payload)
	require.NoError(t, err)
	twice := func(name, value string) string {
		return rawBody(`{"` + name + `":"` + value + `",` + string(claims[1:]))
	}

	tokens := map[string]string{
		"dots of another script":       head + "。" + body + "。" + signature,
		"a space of no width":          head + "\u200b." + body + "." + signature,
		"a byte of no text":            head + "\xff." + body + "." + signature,
		"NUL inside":                   head + ".\x00" + body + "." + signature,
		"parts swapped":                body + "." + head + "." + signature,
		"said twice":                   good + "." + good,
		"a megabyte":                   strings.Repeat("A", 1<<20),
		"a million dots":               strings.Repeat(".", 1<<20),
		"typ in full width":            ours(header.with(object{"typ": "ａｔ＋ｊｗｔ"}), payload),
		"alg an object":                signed(header.with(object{"alg": object{"alg": "EdDSA"}}), keys.private),
		"header nested deeply":         rawHead(strings.Repeat(`{"alg":`, 200) + `"EdDSA"` + strings.Repeat("}", 200)),
		"payload nested deeply":        rawBody(strings.Repeat("[", 1000) + strings.Repeat("]", 1000)),
		"payload cut":                  rawBody(string(claims[:len(claims)-1])),
		"payload with more after it":   rawBody(string(claims) + "{}"),
		"sub twice":                    twice("sub", db.NewID().String()),
		"tid twice":                    twice("tid", db.NewID().String()),
		"exp twice":                    rawBody(`{"exp":1,` + string(claims[1:])),
		"sub an object":                ours(header, payload.with(object{"sub": object{"id": payload["sub"]}})),
		"iss a list":                   ours(header, payload.with(object{"iss": []any{payload["iss"]}})),
		"exp huge":                     rawBody(strings.Replace(string(claims), fmt.Sprint(now+900), "1e400", 1)),
		"empty":                        "",
		"a dot":                        ".",
		"two dots":                     "..",
		"one part":                     head,
		"two parts":                    text,
		"no signature":                 text + ".",
		"no payload":                   head + ".." + signature,
		"no header":                    "." + body + "." + signature,
		"four parts":                   good + ".e30",
		"five parts, as a JWE":         good + ".e30.e30",
		"space around":                 " " + good + " ",
		"newline after":                good + "\n",
		"newline inside":               head + "." + body + ".\n" + signature,
		"padded base64":                good + "==",
		"standard base64":              strings.NewReplacer("-", "+", "_", "/").Replace(head+"."+body) + "." + base64.StdEncoding.EncodeToString(raw),
		"signature spelled otherwise":  text + "." + otherSpelling(signature),
		"signature flipped":            text + "." + b64(flipped),
		"signature cut":                text + "." + b64(raw[:63]),
		"signature longer":             text + "." + b64(append(raw, 0)),
		"signature of zeros":           text + "." + b64(make([]byte, 64)),
		"signature of nothing else":    text + "." + b64(ed25519.Sign(keys.private, nil)),
		"signature plus the order":     text + "." + b64(plusOrder(raw)),
		"payload of another token":     head + "." + payload.with(object{"sub": db.NewID().String()}).encode(t) + "." + signature,
		"header of another token":      header.with(object{"typ": "at+JWT"}).encode(t) + "." + body + "." + signature,
		"JSON serialization":           `{"payload":"` + body + `","protected":"` + head + `","signature":"` + signature + `"}`,
		"general JSON serialization":   `{"payload":"` + body + `","signatures":[{"protected":"` + head + `","signature":"` + signature + `"}]}`,
		"too long":                     ours(header, payload.with(object{"x": strings.Repeat("x", 4096)})),
		"a refresh token":              newRefreshToken(),
		"alg none":                     header.with(object{"alg": "none"}).encode(t) + "." + body + ".",
		"alg none with a signature":    header.with(object{"alg": "none"}).encode(t) + "." + body + "." + signature,
		"alg None":                     signed(header.with(object{"alg": "None"}), keys.private),
		"alg eddsa":                    signed(header.with(object{"alg": "eddsa"}), keys.private),
		"alg Ed25519":                  signed(header.with(object{"alg": "Ed25519"}), keys.private),
		"alg missing":                  signed(header.with(object{"alg": nil}), keys.private),
		"alg a list":                   signed(header.with(object{"alg": []string{"EdDSA"}}), keys.private),
		"alg HS256 by the public key":  mac(header.with(object{"alg": "HS256"}), public),
		"alg HS512 by the key id":      mac(header.with(object{"alg": "HS512"}), []byte(keys.newest)),
		"alg HS256 by nothing":         mac(header.with(object{"alg": "HS256"}), nil),
		"alg EdDSA, but a MAC":         mac(header, public),
		"typ missing":                  ours(header.with(object{"typ": nil}), payload),
		"typ JWT":                      ours(header.with(object{"typ": "JWT"}), payload),
		"typ with its media type":      ours(header.with(object{"typ": "application/at+jwt"}), payload),
		"kid missing":                  signed(header.with(object{"kid": nil}), keys.private),
		"kid empty":                    signed(header.with(object{"kid": ""}), keys.private),
		"kid unknown":                  signed(header.with(object{"kid": db.NewID().String()}), keys.private),
		"kid a path":                   signed(header.with(object{"kid": "../../dev/null"}), other),
		"kid SQL":                      signed(header.with(object{"kid": keys.newest + "' or '1'='1"}), keys.private),
		"kid a number":                 signed(header.with(object{"kid": 1}), keys.private),
		"another key under our kid":    signed(header, other),
		"jwk of the attacker":          signed(header.with(object{"jwk": jwkOf(otherPublic)}), other),
		"jwk of our own key":           signed(header.with(object{"jwk": jwkOf(public)}), keys.private),
		"jku":                          signed(header.with(object{"jku": "https://evil.test/keys.json"}), other),
		"jku, signed by us":            ours(header.with(object{"jku": "https://evil.test/keys.json"}), payload),
		"x5u":                          ours(header.with(object{"x5u": "https://evil.test/cert.pem"}), payload),
		"x5c":                          ours(header.with(object{"x5c": []string{"MIIB"}}), payload),
		"x5t":                          ours(header.with(object{"x5t": "AAAA"}), payload),
		"crit empty":                   ours(header.with(object{"crit": []string{}}), payload),
		"crit of what nobody knows":    ours(header.with(object{"crit": []string{"x"}, "x": 1}), payload),
		"crit b64":                     ours(header.with(object{"crit": []string{"b64"}, "b64": true}), payload),
		"b64 false":                    ours(header.with(object{"b64": false}), payload),
		"zip":                          ours(header.with(object{"zip": "DEF"}), payload),
		"cty JWT":                      ours(header.with(object{"cty": "JWT"}), payload),
		"header no JSON":               rawHead(`EdDSA`),
		"header null":                  rawHead(`null`),
		"header a list":                rawHead(`[]`),
		"header with alg twice":        rawHead(`{"alg":"none","alg":"EdDSA","kid":"` + keys.newest + `","typ":"at+jwt"}`),
		"header in other case":         rawHead(`{"Alg":"EdDSA","kid":"` + keys.newest + `","typ":"at+jwt"}`),
		"header with more after it":    rawHead(`{"alg":"EdDSA","kid":"` + keys.newest + `","typ":"at+jwt"}{}`),
		"payload no JSON":              rawBody(`claims`),
		"payload null":                 rawBody(`null`),
		"payload a list":               rawBody(`[]`),
		"iss another":                  ours(header, payload.with(object{"iss": "https://evil.test"})),
		"iss with a slash":             ours(header, payload.with(object{"iss": "https://baraza.test/"})),
		"iss missing":                  ours(header, payload.with(object{"iss": nil})),
		"aud another":                  ours(header, payload.with(object{"aud": "https://baraza.test/metrics"})),
		"aud the issuer":               ours(header, payload.with(object{"aud": "https://baraza.test"})),
		"aud empty":                    ours(header, payload.with(object{"aud": []string{}})),
		"aud missing":                  ours(header, payload.with(object{"aud": nil})),
		"exp missing":                  ours(header, payload.with(object{"exp": nil})),
		"exp null text":                ours(header, payload.with(object{"exp": "never"})),
		"nbf missing":                  ours(header, payload.with(object{"nbf": nil})),
		"nbf in an hour":               ours(header, payload.with(object{"nbf": now + 3600})),
		"iat in an hour":               ours(header, payload.with(object{"iat": now + 3600})),
		"sub missing":                  ours(header, payload.with(object{"sub": nil})),
		"sub no id":                    ours(header, payload.with(object{"sub": "owner"})),
		"sub a number":                 ours(header, payload.with(object{"sub": 7})),
		"sid missing":                  ours(header, payload.with(object{"sid": nil})),
		"sid no id":                    ours(header, payload.with(object{"sid": "*"})),
		"sid a list":                   ours(header, payload.with(object{"sid": []string{db.NewID().String()}})),
		"tid no id":                    ours(header, payload.with(object{"tid": "all"})),
		"tid a number":                 ours(header, payload.with(object{"tid": 0})),
		"ran out 31 seconds ago":       ours(header, payload.with(object{"exp": now - 31, "nbf": now - 931, "iat": now - 931})),
		"ran out in another century":   ours(header, payload.with(object{"exp": 1, "nbf": 0, "iat": 0})),
		"RS256 by a key of their own":  foreign(t, jwa.RS256, header, payload),
		"ES256 by a key of their own":  foreign(t, jwa.ES256, header, payload),
		"encrypted to our public key?": encrypted(t, good),
	}
	different := map[string]bool{}
	for _, token := range tokens {
		different[token] = true
	}
	require.Len(t, different, len(tokens))
	require.GreaterOrEqual(t, len(tokens), 60)
	return tokens
}

// otherSpelling sets bits of the last character that no byte holds.
func otherSpelling(signature string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(letters, signature[len(signature)-1])
	return signature[:len(signature)-1] + string(letters[last^1])
}

// plusOrder adds the group's order to S: the same signature to a careless verifier.
func plusOrder(signature []byte) []byte {
	order := []byte{
		0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
	}
	sum, carry := append([]byte{}, signature...), 0
	for i, b := range order {
		carry += int(sum[32+i]) + int(b)
		sum[32+i] = byte(carry)
		carry >>= 8
	}
	return sum
}

// foreign is well signed, with an algorithm and a key that are not ours.
func foreign(t testing.TB, algorithm jwa.SignatureAlgorithm, header, payload object) string {
	t.Helper()
	var key any
	var err error
	if algorithm == jwa.RS256 {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	} else {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	require.NoError(t, err)
	headers := jws.NewHeaders()
	require.NoError(t, headers.Set("kid", header["kid"]))
	require.NoError(t, headers.Set("typ", header["typ"]))
	body, err := json.Marshal(payload)
	require.NoError(t, err)
	token, err := jws.Sign(body, jws.WithKey(algorithm, key, jws.WithProtectedHeaders(headers)))
	require.NoError(t, err)
	return string(token)
}

// encrypted is a JWE around a good token.
func encrypted(t testing.TB, good string) string {
	t.Helper()
	key := make([]byte, 32)
	token, err := jwe.Encrypt([]byte(good), jwe.WithKey(jwa.DIRECT, key), jwe.WithContentEncryption(jwa.A256GCM))
	require.NoError(t, err)
	return string(token)
}

func FuzzVerify(f *testing.F) {
	tokens := &Tokens{BaseURL: "https://baraza.test"}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(f, err)
	tokens.keys.Store(&signingKeys{
		newest: "k", private: private, public: map[string]ed25519.PublicKey{"k": public}, readAt: time.Now().Add(time.Hour),
	})
	good, err := tokens.Sign(Claims{UserID: db.NewID(), SessionID: db.NewID()})
	require.NoError(f, err)
	f.Add(good)
	f.Add(fmt.Sprintf("%s.%s.", b64([]byte(`{"alg":"none"}`)), b64([]byte(`{}`))))
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := tokens.Verify(t.Context(), token); err == nil && token != good {
			t.Fatalf("accepted %q", token)
		}
	})
}
