// Package attempts bounds guessing: how often a password, a code or a token may be
// tried in a span of time.
//
// Always true: in any such span no more tries pass than the limit, however many come
// at once and wherever they come from; what is counted is a hash, so that a list of
// addresses cannot be read here.
package attempts

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"baraza/db"
	"baraza/domain"
)

// Limit is how many tries pass in a span.
type Limit struct {
	Kind  string
	Max   int
	Every time.Duration
}

// Pace is a limit that nobody is locked out by: past it a try waits for the one before,
// ever longer, from First by doubling up to Longest.
type Pace struct {
	Limit
	First, Longest time.Duration
}

// ErrTooMany says when to come back.
var ErrTooMany = &domain.Error{Kind: domain.TooMany, Code: "too_many_attempts", Detail: "Too many tries. Wait before you try again."}

// Counter counts tries, on every instance together.
type Counter struct{ DB *db.Platform }

// Take counts a try before it is made; ErrTooMany when none is left. key says whose
// tries they are.
func (c *Counter) Take(ctx context.Context, limit Limit, key string) error {
	return Take(ctx, c.DB, limit, key)
}

// Take is Counter's; in a transaction the try counts with that or not at all.
func Take(ctx context.Context, q db.PlatformQueryer, limit Limit, key string) error {
	_, err := take(ctx, q, limit, keyHash(limit, key))
	if !errors.Is(err, domain.ErrNotFound) {
		return err
	}
	wait, err := untilNext(ctx, q, limit, keyHash(limit, key))
	if err != nil {
		return err
	}
	return tooMany(wait)
}

// Keep counts a try before it is made; ErrTooMany when it comes too soon after the one
// before. What is refused does not make the wait longer.
func (c *Counter) Keep(ctx context.Context, pace Pace, key string) error {
	_, err := keep(ctx, c.DB, pace, keyHash(pace.Limit, key))
	if !errors.Is(err, domain.ErrNotFound) {
		return err
	}
	wait, err := untilPace(ctx, c.DB, pace, keyHash(pace.Limit, key))
	if err != nil {
		return err
	}
	return tooMany(wait)
}

// Slowed says whether tries wait for each other.
func Slowed(ctx context.Context, q db.PlatformQueryer, pace Pace, key string) (bool, error) {
	return slowed(ctx, q, pace, keyHash(pace.Limit, key))
}

func tooMany(wait time.Duration) error {
	e := *ErrTooMany
	e.RetryAfter = wait
	e.Detail = fmt.Sprintf("Too many tries. Try again in %s.", inWords(wait))
	return &e
}

// GiveBack uncounts a try that turned out right: limits are about wrong ones. In the
// transaction of what the try was for, it goes back with that or not at all.
func GiveBack(ctx context.Context, q db.PlatformQueryer, limit Limit, key string) error {
	return giveBack(ctx, q, limit, keyHash(limit, key))
}

func keyHash(limit Limit, key string) []byte {
	sum := sha256.Sum256([]byte(limit.Kind + "\x00" + key))
	return sum[:]
}

func inWords(wait time.Duration) string {
	if minutes := int(wait.Round(time.Minute) / time.Minute); minutes > 1 {
		return fmt.Sprintf("%d minutes", minutes)
	}
	return "a minute"
}
