// Package factors owns the second factor of signing in: a TOTP secret per person, and
// ten recovery codes for the day the phone is gone.
//
// Always true: a secret is sealed under the master key and leaves it once, to be shown
// while it is set up; a code is good once, for its own time step and one to either
// side; five tries pass in five minutes, right ones aside; recovery codes are hashes.
package factors

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/attempts"
	"baraza/tenancy"
)

// Tries is the limit of guessing codes, per person.
var Tries = attempts.Limit{Kind: "code", Max: 5, Every: 5 * time.Minute}

const recoveryCodes = 10

// Errors of this package.
var (
	ErrInvalid = &domain.Error{Kind: domain.Unauthenticated, Code: "totp_invalid", Detail: "This code is not right, or was used before."}
	ErrOn      = &domain.Error{Kind: domain.Conflict, Code: "already_exists", Detail: "Two-factor sign-in is on already. Turn it off first."}
	// ErrNotSetUp wants the set-up first.
	ErrNotSetUp = &domain.Error{Kind: domain.NotFound, Code: "not_found", Detail: "Two-factor sign-in is not set up."}
)

// Factors are the second factors of all people.
type Factors struct {
	Master tenancy.Master
	// Issuer is what an authenticator app shows beside the account.
	Issuer string
	// Now is the clock. Defaults to time.Now.
	Now func() time.Time
}

// Secret is what an authenticator app needs, as text and as the address of a QR code.
type Secret struct {
	Secret     string `json:"secret"`
	OTPAuthURL string `json:"otpauth_url"`
}

// SetUp makes a secret that counts from Confirm on, in place of one that was not
// confirmed. ErrOn when there is one that was.
func (f *Factors) SetUp(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, account string) (Secret, error) {
	raw := make([]byte, secretSize)
	rand.Read(raw) // never fails: it ends the process instead
	sealed, err := f.Master.Seal(place(userID), raw)
	if err != nil {
		return Secret{}, domain.ErrInternal.With(fmt.Errorf("seal second factor: %w", err))
	}
	if err := upsertFactor(ctx, tx, userID, sealed); err != nil {
		return Secret{}, err
	}
	secret := base32Secret.EncodeToString(raw)
	return Secret{Secret: secret, OTPAuthURL: otpauthURL(f.Issuer, account, secret)}, nil
}

// Confirm turns the factor on with its first code, and returns the recovery codes,
// which are shown this once.
func (f *Factors) Confirm(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, code string) ([]string, error) {
	row, err := lockFactor(ctx, tx, userID)
	switch {
	case errors.Is(err, domain.ErrNotFound):
		return nil, ErrNotSetUp
	case err != nil:
		return nil, err
	case row.Confirmed:
		return nil, ErrOn
	}
	if err := f.spend(ctx, tx, row, code); err != nil {
		return nil, err
	}
	if err := confirmFactor(ctx, tx, userID); err != nil {
		return nil, err
	}
	return f.RenewRecovery(ctx, tx, userID)
}

// Spend takes a code of the app: of any number of uses one succeeds, the others are
// ErrInvalid. The caller has counted the try.
func (f *Factors) Spend(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, code string) error {
	row, err := lockFactor(ctx, tx, userID)
	if errors.Is(err, domain.ErrNotFound) || err == nil && !row.Confirmed {
		return ErrInvalid
	}
	if err != nil {
		return err
	}
	return f.spend(ctx, tx, row, code)
}

func (f *Factors) spend(ctx context.Context, tx *db.PlatformTx, row factor, code string) error {
	secret, err := f.Master.Open(place(row.UserID), row.Sealed)
	if err != nil {
		return domain.ErrInternal.With(fmt.Errorf("open second factor: %w", err))
	}
	step, ok := matchingStep(secret, strings.ReplaceAll(strings.TrimSpace(code), " ", ""), f.now())
	if !ok || step <= row.LastStep {
		return ErrInvalid
	}
	return moveStep(ctx, tx, row.UserID, step)
}

// SpendRecovery takes a recovery code, once.
func (f *Factors) SpendRecovery(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, code string) error {
	err := useRecoveryCode(ctx, tx, userID, f.recoveryHash(userID, code))
	if errors.Is(err, domain.ErrNotFound) {
		return ErrInvalid
	}
	return err
}

// RenewRecovery replaces all recovery codes.
func (f *Factors) RenewRecovery(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID) ([]string, error) {
	codes, hashes := make([]string, recoveryCodes), make([][]byte, recoveryCodes)
	for i := range codes {
		codes[i] = newRecoveryCode()
		hashes[i] = f.recoveryHash(userID, codes[i])
	}
	return codes, replaceRecoveryCodes(ctx, tx, userID, hashes)
}

// Remove turns the factor off and ends its recovery codes.
func (f *Factors) Remove(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID) error {
	return deleteFactor(ctx, tx, userID)
}

func (f *Factors) now() time.Time {
	if f.Now != nil {
		return f.Now()
	}
	return time.Now()
}

func place(userID uuid.UUID) tenancy.Place {
	return tenancy.Place{Table: "second_factors", Column: "sealed_secret", Row: userID}
}

// newRecoveryCode is 50 random bits as people can copy them: no i, l, o or u.
func newRecoveryCode() string {
	const letters = "0123456789abcdefghjkmnpqrstvwxyz"
	raw := make([]byte, 10)
	rand.Read(raw) // never fails: it ends the process instead
	for i, b := range raw {
		raw[i] = letters[b%32]
	}
	return string(raw[:5]) + "-" + string(raw[5:])
}

var notOfCode = regexp.MustCompile(`[^0-9a-z]`)

// recoveryHash is keyed: 50 bits alone could be found from the hash by trying.
func (f *Factors) recoveryHash(userID uuid.UUID, code string) []byte {
	mac := hmac.New(sha256.New, f.Master.Derive("recovery codes"))
	mac.Write(userID[:])
	mac.Write([]byte(notOfCode.ReplaceAllString(strings.ToLower(code), "")))
	return mac.Sum(nil)
}
