package access

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/attempts"
	"baraza/domain/factors"
	"baraza/domain/mail"
	"baraza/domain/passwords"
	"baraza/tenancy"
)

// signInTries is the limit of wrong passwords, per account and address: a stranger
// elsewhere locks nobody out.
var signInTries = attempts.Limit{Kind: "sign_in", Max: 10, Every: 15 * time.Minute}

// signInPace slows wrong passwords for one account from wherever they come. It only
// delays: a stranger locks nobody out.
var signInPace = attempts.Pace{
	Limit: attempts.Limit{Kind: "sign_in_anywhere", Max: 20, Every: time.Hour}, First: time.Second, Longest: 30 * time.Second}

// guessedNotices are the letters about that to one person.
var guessedNotices = attempts.Limit{Kind: "guessed_notice", Max: 1, Every: 24 * time.Hour}

// ErrTOTPRequired names, as `methods`, what would do: totp, recovery_code, email.
var ErrTOTPRequired = &domain.Error{Kind: domain.Unauthenticated, Code: "totp_required", Detail: "A code is needed besides the password."}

// Gate checks that people are who they say.
type Gate struct {
	DB      *db.Platform
	Hasher  *passwords.Hasher
	Counter *attempts.Counter
	Factors *factors.Factors
	Codes   *Codes
}

// password returns the person of an e-mail if the password is theirs. A wrong
// password and an unknown e-mail give the same ErrInvalidCredentials after the same
// work. A hash of an older kind is replaced. Who is known, by the session or the device,
// waits for no stranger's tries.
func (g *Gate) password(ctx context.Context, email, password string, known bool) (person, error) {
	account := cleanEmail(email)
	here := account + " " + domain.RequestOf(ctx).IP
	if err := g.Counter.Take(ctx, signInTries, here); err != nil {
		return person{}, err
	}
	if !known {
		if err := g.Counter.Keep(ctx, signInPace, account); err != nil {
			return person{}, errors.Join(err, attempts.GiveBack(ctx, g.DB, signInTries, here))
		}
	}
	user, err := g.match(ctx, email, password)
	if errors.Is(err, ErrInvalidCredentials) {
		return person{}, err
	}
	// Right, or not judged at all.
	err = errors.Join(err, attempts.GiveBack(ctx, g.DB, signInTries, here))
	if !known {
		err = errors.Join(err, attempts.GiveBack(ctx, g.DB, signInPace.Limit, account))
	}
	if err != nil {
		return person{}, err
	}
	return user, g.renewHash(ctx, user, password)
}

// warn has a letter sent to somebody whose password is being guessed, once a day.
func warn(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID) error {
	user, err := personByID(ctx, tx, userID)
	if err != nil {
		return err
	}
	guessed, err := attempts.Slowed(ctx, tx, signInPace, cleanEmail(user.Email))
	if err != nil || !guessed {
		return err
	}
	err = attempts.Take(ctx, tx, guessedNotices, userID.String())
	if errors.Is(err, attempts.ErrTooMany) {
		return nil
	}
	if err != nil {
		return err
	}
	return notify(ctx, tx, userID, mail.PasswordGuessed)
}

func (g *Gate) match(ctx context.Context, email, password string) (person, error) {
	user, err := personByEmail(ctx, g.DB, email)
	if err != nil && !errors.Is(err, domain.ErrNotFound) {
		return person{}, err
	}
	matches, err := g.Hasher.Matches(ctx, password, user.PasswordHash)
	if err != nil {
		return person{}, err
	}
	if !matches {
		return person{}, ErrInvalidCredentials
	}
	return user, nil
}

// renewHash replaces a hash that was brought along from elsewhere. When too many are
// signing in it is left for the next time.
func (g *Gate) renewHash(ctx context.Context, user person, password string) error {
	if strings.HasPrefix(user.PasswordHash, "$argon2id$") {
		return nil
	}
	hash, err := g.Hasher.Hash(ctx, password)
	if errors.Is(err, passwords.ErrBusy) {
		return nil
	}
	if err != nil {
		return err
	}
	return replaceHash(ctx, g.DB, user.ID, user.PasswordHash, hash)
}

// caller returns the calling person if the password is theirs.
func (g *Gate) caller(ctx context.Context, password string) (person, error) {
	user, err := personByID(ctx, g.DB, tenancy.From(ctx).UserID)
	if err != nil {
		return person{}, err
	}
	return g.password(ctx, user.Email, password, true)
}

// proof is what somebody gives besides the password.
type proof struct{ code, recovery string }

// demand is what a sign-in takes besides the password.
type demand struct{ app, mail bool }

// demandOf asks for the app's code of who has one, and for a mailed one on a new
// device where a tenant of theirs wants that. A mailed code does instead of the app's
// where all their tenants say so: the session may go to any of them.
func demandOf(user person, all places, knownDevice bool) demand {
	d := demand{app: user.TOTPEnabled}
	if d.app {
		d.mail = all.every(func(p SecuritySettings) bool { return p.EmailCodes })
		return d
	}
	d.mail = !knownDevice && all.some(func(p SecuritySettings) bool { return p.NewDeviceCodes })
	return d
}

func (d demand) any() bool { return d.app || d.mail }

func (d demand) missing() error {
	methods := []string{}
	if d.app {
		methods = append(methods, "totp", "recovery_code")
	}
	if d.mail {
		methods = append(methods, "email")
	}
	return ErrTOTPRequired.Naming(map[string]any{"methods": methods})
}

// through runs fn, which spends the proof with pass, within the limit of guessing. What
// fails for another reason than the proof does not count.
func (g *Gate) through(ctx context.Context, userID uuid.UUID, d demand, given proof, fn func() error) error {
	switch {
	case !d.any():
		return fn()
	case given == proof{}:
		return d.missing()
	}
	if err := g.Counter.Take(ctx, factors.Tries, userID.String()); err != nil {
		return err
	}
	err := fn()
	if err == nil || errors.Is(err, factors.ErrInvalid) {
		return err
	}
	return errors.Join(err, attempts.GiveBack(ctx, g.DB, factors.Tries, userID.String()))
}

// pass spends the proof with the rest of tx: a code is not lost on what fails.
func (g *Gate) pass(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, d demand, given proof) error {
	if !d.any() {
		return nil
	}
	if err := g.spend(ctx, tx, userID, d, given); err != nil {
		return err
	}
	return passed(ctx, tx, userID)
}

// passed uncounts the try of a proof that was right.
func passed(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID) error {
	return attempts.GiveBack(ctx, tx, factors.Tries, userID.String())
}

func (g *Gate) spend(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, d demand, given proof) error {
	if d.app && given.recovery != "" {
		return g.Factors.SpendRecovery(ctx, tx, userID, given.recovery)
	}
	if d.app {
		err := g.Factors.Spend(ctx, tx, userID, given.code)
		if !d.mail || !errors.Is(err, factors.ErrInvalid) {
			return err
		}
	}
	return g.Codes.spendLogin(ctx, tx, userID, given.code)
}
