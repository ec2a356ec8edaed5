package access

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
)

// deviceLife is as long as browsers keep a cookie.
const deviceLife = 400 * 24 * time.Hour

// knownDevice says whether the browser that holds the token signed the person of an
// e-mail in before.
func knownDevice(ctx context.Context, q db.PlatformQueryer, email, token string) (bool, error) {
	if token == "" {
		return false, nil
	}
	return db.One[bool](ctx, q, `
		select exists (
			select from login_devices d
			join users u on u.id = d.user_id
			where d.token_hash = $1 and u.email_lower = $2 and d.last_seen_at > now() - $3::interval)`, domain.HashOf(token), cleanEmail(email), interval(deviceLife))
}

// seeDevice notes that a known browser signed in again.
func seeDevice(ctx context.Context, tx *db.PlatformTx, token string) error {
	_, err := db.Exec(ctx, tx, `update login_devices set last_seen_at = now() where token_hash = $1`, domain.HashOf(token))
	return err
}

// rememberDevice returns the token by which knownDevice tells the browser again.
func rememberDevice(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID) (string, error) {
	random := make([]byte, 32)
	rand.Read(random) // never fails: it ends the process instead
	token := base64.RawURLEncoding.EncodeToString(random)
	_, err := db.Exec(ctx, tx, `insert into login_devices (token_hash, user_id) values ($1, $2)`, domain.HashOf(token), userID)
	return token, err
}

func forgetDevices(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID) error {
	_, err := db.Exec(ctx, tx, `delete from login_devices where user_id = $1`, userID)
	return err
}

// describe says what a person would call a browser, from what it says of itself: they
// all claim to be several others, so the order decides.
func describe(userAgent string) string {
	browser := firstOf(userAgent, [][2]string{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"},
	})
	system := firstOf(userAgent, [][2]string{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"},
		{"Macintosh", "macOS"}, {"Linux", "Linux"},
	})
	switch {
	case browser == "" && system == "":
		return ""
	case system == "":
		return browser
	case browser == "":
		return system
	}
	return browser + ", " + system
}

func firstOf(text string, names [][2]string) string {
	for _, one := range names {
		if strings.Contains(text, one[0]) {
			return one[1]
		}
	}
	return ""
}
