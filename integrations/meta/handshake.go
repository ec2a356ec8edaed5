package meta

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
)

const maxChallenge = 256

// handshake answers Meta's question whether this address is ours.
func (h *Webhook) handshake(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	mode, token, challenge := only(query, "hub.mode"), only(query, "hub.verify_token"), only(query, "hub.challenge")
	if mode != "subscribe" || h.VerifyToken == "" || !sameSecret(token, h.VerifyToken) {
		h.refuse(w, http.StatusForbidden, "permission_denied", "This is not allowed", "The verify token does not match.")
		return
	}
	if challenge == "" || len(challenge) > maxChallenge || strings.Trim(challenge, "0123456789") != "" {
		h.refuse(w, http.StatusBadRequest, "bad_parameter", "A parameter is not valid", "hub.challenge is a number.")
		return
	}
	write(w, http.StatusOK, "text/plain; charset=utf-8", []byte(challenge))
}

// only returns a parameter that is given exactly once.
func only(query url.Values, name string) string {
	if len(query[name]) != 1 {
		return ""
	}
	return query[name][0]
}

// sameSecret takes the same time whatever the strings are, their lengths too.
func sameSecret(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
