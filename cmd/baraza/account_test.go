package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// appCode is what an authenticator app shows so many steps of 30 seconds from now.
func appCode(t *testing.T, secret string, steps int64) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	require.NoError(t, err)
	mac := hmac.New(sha1.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(time.Now().Unix()/30+steps)))
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000)
}

// TN-10, TN-12, TN-13: an account's guards on the wire, as a client meets them.
func TestAccount(t *testing.T) {
	t.Parallel()
	store := newDatabase(t, true)
	p := newProgram(t, store.settings()).ready()
	owner := p.register("guarded")
	admin := store.admin()
	login := func(more map[string]string) reply {
		body := map[string]string{"email": "guarded@example.test", "password": password, "device": "Office till"}
		for name, value := range more {
			body[name] = value
		}
		return answered(t, "POST", p.url+"/api/auth/login", "", body)
	}

	// Two-factor sign-in: set up, turned on, asked for.
	var secret struct {
		Secret     string `json:"secret"`
		OTPAuthURL string `json:"otpauth_url"`
	}
	owner.call("POST", "/api/auth/2fa/setup", map[string]string{"password": password}, http.StatusOK, &secret)
	require.Contains(t, secret.OTPAuthURL, "otpauth://totp/Baraza:guarded@example.test?secret="+secret.Secret)
	var recovery struct {
		Codes []string `json:"recovery_codes"`
	}
	owner.call("POST", "/api/auth/2fa/verify", map[string]string{"code": appCode(t, secret.Secret, 0)}, http.StatusOK, &recovery)
	require.Len(t, recovery.Codes, 10)
	var challenge struct {
		Code    string   `json:"code"`
		Methods []string `json:"methods"`
	}
	r := login(nil)
	require.Equal(t, http.StatusUnauthorized, r.status)
	r.into(t, &challenge)
	require.Equal(t, "totp_required", challenge.Code)
	require.Equal(t, []string{"totp", "recovery_code"}, challenge.Methods)
	require.Equal(t, "totp_invalid", login(map[string]string{"totp": "000000"}).problem(t).Code)
	require.Equal(t, http.StatusOK, login(map[string]string{"recovery_code": recovery.Codes[3]}).status)
	r = login(map[string]string{"totp": appCode(t, secret.Secret, 1)})
	require.Equal(t, http.StatusOK, r.status, "%s", r.body)
	var till session
	r.into(t, &till)

	// Where they are signed in, and no longer.
	var sessions struct {
		Items []struct {
			ID      uuid.UUID `json:"id"`
			Current bool      `json:"current"`
			Device  string    `json:"device"`
			IP      string    `json:"ip"`
		} `json:"items"`
	}
	owner.call("GET", "/api/auth/sessions", nil, http.StatusOK, &sessions)
	require.Len(t, sessions.Items, 3)
	require.Equal(t, []any{"Office till", "127.0.0.1", false}, []any{sessions.Items[0].Device, sessions.Items[0].IP, sessions.Items[0].Current})
	owner.call("DELETE", "/api/auth/sessions/"+sessions.Items[0].ID.String(), nil, http.StatusNoContent, nil)
	require.Equal(t, "session_revoked", answered(t, "GET", p.url+"/api/auth/me", till.AccessToken, nil).problem(t).Code)
	owner.call("DELETE", "/api/auth/sessions/"+sessions.Items[0].ID.String(), nil, http.StatusNotFound, nil)
	owner.call("DELETE", "/api/auth/sessions", nil, http.StatusNoContent, nil)

	// A dangerous act wants a fresh proof.
	_, err := admin.Exec(t.Context(), `update login_sessions set authenticated_at = now() - interval '1 hour'`)
	require.NoError(t, err)
	demand := map[string]any{"require_2fa": true, "password_max_age_days": 30}
	eventually(t, "the old proof to be known", func() bool {
		r, err := owner.try("PUT", "/api/settings/security", demand)
		require.NoError(t, err)
		return r.status == http.StatusForbidden && r.problem(t).Code == "step_up_required"
	})
	owner.call("POST", "/api/auth/step-up", map[string]string{}, http.StatusUnprocessableEntity, nil)
	owner.call("POST", "/api/auth/step-up", map[string]string{"password": password}, http.StatusNoContent, nil)
	set := owner.call("PUT", "/api/settings/security", demand, http.StatusOK, nil)
	read := owner.call("GET", "/api/settings/security", nil, http.StatusOK, nil)
	require.NotEmpty(t, read.header.Get("ETag"))
	require.Equal(t, read.header.Get("ETag"), set.header.Get("ETag"))
	require.JSONEq(t, string(read.body), string(set.body))

	// What the workspace demands comes first, for who has not done it.
	owner.call("POST", "/api/auth/users", map[string]string{
		"name": "Agent", "email": "agent@example.test", "password": password, "role": "agent"}, http.StatusCreated, nil)
	agent := p.signIn("agent@example.test", password)
	r, err = agent.try("GET", "/api/conversations", nil)
	require.NoError(t, err)
	require.Equal(t, "mfa_setup_required", r.problem(t).Code)
	agent.call("GET", "/api/auth/me", nil, http.StatusOK, nil)
	agent.call("POST", "/api/auth/2fa/setup", map[string]string{"password": password}, http.StatusOK, &secret)
	agent.call("POST", "/api/auth/2fa/verify", map[string]string{"code": appCode(t, secret.Secret, 0)}, http.StatusOK, nil)
	agent.call("GET", "/api/conversations", nil, http.StatusOK, nil)
	_, err = admin.Exec(t.Context(), `update users set password_changed_at = now() - interval '31 days' where email = 'agent@example.test'`)
	require.NoError(t, err)
	eventually(t, "the old password to be known", func() bool {
		r, err := agent.try("GET", "/api/conversations", nil)
		require.NoError(t, err)
		return r.status == http.StatusForbidden && r.problem(t).Code == "password_change_required"
	})
	const chosen = "another-horse-battery-staple-9"
	var next session
	agent.call("POST", "/api/auth/password", map[string]string{"current_password": password, "new_password": chosen}, http.StatusOK, &next)
	require.Equal(t, http.StatusOK, answered(t, "GET", p.url+"/api/conversations", next.AccessToken, nil).status)

	// Guessing ends at ten, and says until when.
	for range 10 {
		r = answered(t, "POST", p.url+"/api/auth/login", "", map[string]string{"email": "agent@example.test", "password": "a wrong one"})
		require.Equal(t, "invalid_credentials", r.problem(t).Code)
	}
	r = answered(t, "POST", p.url+"/api/auth/login", "", map[string]string{"email": "agent@example.test", "password": chosen})
	require.Equal(t, "too_many_attempts", r.problem(t).Code)
	require.NotEmpty(t, r.header.Get("Retry-After"))
	out, err := json.Marshal(recovery.Codes)
	require.NoError(t, err)
	require.NotContains(t, p.running.out.String(), secret.Secret)
	require.NotContains(t, p.running.out.String(), string(out))
	p.stop(syscall.SIGTERM)
}
