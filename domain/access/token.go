package access

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
	"github.com/lestrrat-go/jwx/v2/jwt"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

const (
	tokenType = "at+jwt"
	// tokenMax is far above what Sign makes and far below what is work to refuse.
	tokenMax = 2048
	// clockSkew is how far instances' clocks may be apart.
	clockSkew = 30 * time.Second
	// keyReloadEvery bounds how often a made-up key id makes us ask the database.
	keyReloadEvery = time.Second
)

// Tokens signs and checks access tokens: JWTs with an Ed25519 signature that live 15
// minutes. Load comes first.
type Tokens struct {
	DB     *db.Platform
	Master tenancy.Master
	// BaseURL of the installation is the issuer, and with /api the audience.
	BaseURL string

	keys      atomic.Pointer[signingKeys]
	reloading sync.Mutex
}

// Claims is what an access token says.
type Claims struct {
	UserID, SessionID uuid.UUID
	// TenantID is the nil UUID for a person without a tenant.
	TenantID  uuid.UUID
	ExpiresAt time.Time
}

// Load reads the signing keys and makes the first one. Instances that start together
// agree on it.
func (t *Tokens) Load(ctx context.Context) error {
	return t.DB.Tx(ctx, func(tx *db.PlatformTx) error {
		if err := lockSigningKeys(ctx, tx); err != nil {
			return err
		}
		keys, err := t.read(ctx, tx)
		if err != nil {
			return err
		}
		if keys.private == nil {
			key, err := newSigningKey(t.Master)
			if err != nil {
				return err
			}
			if err := insertSigningKey(ctx, tx, key); err != nil {
				return err
			}
			if keys, err = t.read(ctx, tx); err != nil {
				return err
			}
		}
		t.keys.Store(keys)
		return nil
	})
}

func (t *Tokens) read(ctx context.Context, q db.PlatformQueryer) (*signingKeys, error) {
	rows, err := listSigningKeys(ctx, q)
	if err != nil {
		return nil, err
	}
	return openSigningKeys(t.Master, rows)
}

// Sign returns a token for the claims that runs out 15 minutes from now.
func (t *Tokens) Sign(claims Claims) (string, error) {
	keys := t.keys.Load()
	if keys == nil {
		return "", errors.New("sign token: the signing keys are not loaded")
	}
	now := time.Now()
	builder := jwt.NewBuilder().Issuer(t.BaseURL).Audience([]string{t.audience()}).
		IssuedAt(now).NotBefore(now).Expiration(now.Add(accessLife)).
		Subject(claims.UserID.String()).Claim("sid", claims.SessionID.String())
	if claims.TenantID != uuid.Nil {
		builder.Claim("tid", claims.TenantID.String())
	}
	token, err := builder.Build()
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	headers := jws.NewHeaders()
	if err := errors.Join(headers.Set(jws.TypeKey, tokenType), headers.Set(jws.KeyIDKey, keys.newest)); err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	signed, err := jwt.Sign(token, jwt.WithKey(jwa.EdDSA, keys.private, jws.WithProtectedHeaders(headers)))
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return string(signed), nil
}

// Verify returns what a token of ours says; ErrTokenExpired when it did until lately,
// domain.ErrUnauthenticated for everything else.
func (t *Tokens) Verify(ctx context.Context, token string) (Claims, error) {
	kid, err := keyOf(token)
	if err != nil {
		return Claims{}, domain.ErrUnauthenticated.With(err)
	}
	key, err := t.publicKey(ctx, kid)
	if err != nil {
		return Claims{}, err
	}
	parsed, err := jwt.ParseString(token, jwt.WithKey(jwa.EdDSA, key), jwt.WithValidate(false))
	if err != nil {
		return Claims{}, domain.ErrUnauthenticated.With(err)
	}
	err = jwt.Validate(parsed, jwt.WithIssuer(t.BaseURL), jwt.WithAudience(t.audience()), jwt.WithAcceptableSkew(clockSkew),
		jwt.WithRequiredClaim(jwt.ExpirationKey), jwt.WithRequiredClaim(jwt.NotBeforeKey))
	switch {
	case errors.Is(err, jwt.ErrTokenExpired()):
		return Claims{}, ErrTokenExpired.With(err)
	case err != nil:
		return Claims{}, domain.ErrUnauthenticated.With(err)
	}
	return claimsOf(parsed)
}

func (t *Tokens) audience() string { return t.BaseURL + "/api" }

// header is all that a header of ours holds. Everything else a header may ask for
// (jku, jwk, x5u, crit, b64, …) is refused by not being here.
type header struct {
	Algorithm string `json:"alg"`
	KeyID     string `json:"kid"`
	Type      string `json:"typ"`
}

// keyOf reads the header of a token in compact form, and refuses all that Sign does
// not make. It sees nothing signed yet: what it returns only chooses among our keys.
func keyOf(token string) (string, error) {
	if len(token) > tokenMax {
		return "", errors.New("token is too long")
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", errors.New("token is not in compact form")
	}
	var first []byte
	for i, part := range parts {
		// Strict, or a signature would have several spellings.
		clear, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || len(clear) == 0 || strings.ContainsAny(part, "\r\n") {
			return "", errors.New("token is not in compact form")
		}
		switch {
		case i == 0:
			first = clear
		case i == 1 && !jsontext.Value(clear).IsValid():
			// A member given twice says one thing to one reader and another to the next.
			return "", errors.New("token payload is not one JSON value")
		}
	}
	var h header
	if err := json.Unmarshal(first, &h, json.RejectUnknownMembers(true)); err != nil {
		return "", fmt.Errorf("token header: %w", err)
	}
	if h.Algorithm != jwa.EdDSA.String() || h.Type != tokenType || h.KeyID == "" {
		return "", errors.New("token header is not ours")
	}
	return h.KeyID, nil
}

// publicKey asks the database about a key it has not seen: another instance may have
// made it.
func (t *Tokens) publicKey(ctx context.Context, kid string) (ed25519.PublicKey, error) {
	keys := t.keys.Load()
	if keys == nil {
		return nil, errors.New("check token: the signing keys are not loaded")
	}
	if key, ok := keys.public[kid]; ok {
		return key, nil
	}
	t.reloading.Lock()
	defer t.reloading.Unlock()
	keys = t.keys.Load()
	if time.Since(keys.readAt) > keyReloadEvery {
		read, err := t.read(ctx, t.DB)
		if err != nil {
			return nil, err
		}
		t.keys.Store(read)
		keys = read
	}
	if key, ok := keys.public[kid]; ok {
		return key, nil
	}
	return nil, domain.ErrUnauthenticated.With(errors.New("token is signed with an unknown key"))
}

func claimsOf(token jwt.Token) (Claims, error) {
	claims := Claims{ExpiresAt: token.Expiration()}
	var problems []error
	read := func(into *uuid.UUID, text any) {
		id, ok := text.(string)
		if !ok {
			problems = append(problems, errors.New("token lacks an id"))
			return
		}
		parsed, err := uuid.Parse(id)
		*into, problems = parsed, append(problems, err)
	}
	read(&claims.UserID, token.Subject())
	sid, _ := token.Get("sid")
	read(&claims.SessionID, sid)
	if tid, ok := token.Get("tid"); ok {
		read(&claims.TenantID, tid)
	}
	if err := errors.Join(problems...); err != nil {
		return Claims{}, domain.ErrUnauthenticated.With(err)
	}
	return claims, nil
}
