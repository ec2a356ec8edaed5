package api

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zapcore"
)

// contract is the list of codes as the HTTP contract prints it.
const contract = `
400 malformed_json unknown_field bad_parameter bad_cursor
401 unauthenticated invalid_credentials totp_required totp_invalid token_expired session_revoked bad_signature
403 permission_denied csrf_failed origin_denied signup_closed tenant_suspended mfa_setup_required password_change_required step_up_required ip_denied plan_limit
404 not_found
405 method_not_allowed
409 already_exists invalid_transition stale_owner newer_messages client_id_reused idempotency_in_progress channel_taken last_owner in_use
410 expired
412 version_conflict
413 too_large
415 unsupported_media_type
422 validation_failed idempotency_mismatch window_closed wrapup_required template_invalid opted_out contact_blocked unsupported_by_channel
429 rate_limited too_many_attempts
500 internal
502 provider_error
503 unavailable`

func TestCodes(t *testing.T) {
	t.Parallel()

	t.Run("are_those_of_the_contract", func(t *testing.T) {
		t.Parallel()
		want := map[string]int{}
		for line := range strings.SplitSeq(strings.TrimSpace(contract), "\n") {
			var status int
			words := strings.Fields(line)
			_, err := fmt.Sscan(words[0], &status)
			require.NoError(t, err)
			for _, code := range words[1:] {
				want[code] = status
			}
		}
		have := map[string]int{}
		for code, meaning := range codes {
			have[code] = meaning.status
			require.NotEmpty(t, meaning.title, code)
		}
		require.Equal(t, want, have)
	})

	// A code that only its own package knows would go out as a bare 500.
	t.Run("know_every_code_of_the_domain", func(t *testing.T) {
		t.Parallel()
		literal := regexp.MustCompile(`domain\.Error\{Kind: [\w.]+, Code: "(\w+)"`)
		root := os.DirFS("..")
		for _, file := range goFiles(t, root, "domain", "tenancy", "db") {
			for _, match := range literal.FindAllStringSubmatch(file.content, -1) {
				require.Contains(t, codes, match[1], file.name)
			}
		}
	})
}

// SE-23, S39: the envelope and nothing else.
func TestProblems(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		request *http.Request
		status  int
		headers map[string]string
	}{
		"validation_two_fields":  {request("GET", "/api/fail?code=two_fields", ""), 422, nil},
		"permission_denied":      {request("GET", "/api/fail?code=permission_denied", ""), 403, nil},
		"invalid_transition":     {request("GET", "/api/fail?code=invalid_transition", ""), 409, nil},
		"rate_limited":           {request("GET", "/api/fail?code=rate_limited", ""), 429, map[string]string{"Retry-After": "2"}},
		"unavailable":            {request("GET", "/api/fail?code=unavailable", ""), 503, map[string]string{"Retry-After": "2"}},
		"deadline":               {request("GET", "/api/fail?code=deadline", ""), 503, map[string]string{"Retry-After": "2"}},
		"unauthenticated":        {request("GET", "/api/fail?code=unauthorized", ""), 401, map[string]string{"WWW-Authenticate": "Bearer"}},
		"already_exists":         {request("GET", "/api/fail?code=wrapped", ""), 409, nil},
		"extra_without_a_form":   {request("GET", "/api/fail?code=unencodable", ""), 409, nil},
		"internal_unknown_error": {request("GET", "/api/fail?code=unknown", ""), 500, nil},
		"internal_unlisted_code": {request("GET", "/api/fail?code=unlisted", ""), 500, nil},
		"internal_panic":         {request("GET", "/api/panic", ""), 500, nil},
		"not_found":              {request("GET", "/api/nothing/here", ""), 404, nil},
		"method_not_allowed":     {request("PUT", "/api/fail", ""), 405, map[string]string{"Allow": "OPTIONS, GET"}},
		"bad_signature":          {request("POST", "/webhooks/meta", "!"), 401, map[string]string{"WWW-Authenticate": "Bearer"}},
		"malformed_json":         {request("POST", "/api/messages", `{"text":`), 400, nil},
		"unknown_field":          {request("POST", "/api/messages", `{"text":"a","Text":"b"}`), 400, nil},
		"too_large":              {request("POST", "/api/messages", `{"text":"`+strings.Repeat("a", 1<<20)+`"}`), 413, nil},
		"unsupported_media_type": {request("POST", "/api/messages", `{"text":"a"}`, "Content-Type", "text/xml"), 415, nil},
		"validation_failed":      {request("POST", "/api/conversations/0198f3c2-7b3a-7c41-9a55-0d6a4f2b8e10/notes", `{"weight":9,"buttons":[{"title":"x"}],"email":"x"}`), 422, nil},
		"bad_parameter":          {request("GET", "/api/conversations/0198f3c2-7b3a-7c41-9a55-0d6a4f2b8e10/notes?limit=900", ""), 400, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, nil)
			w := f.do(test.request)
			require.Equal(t, test.status, w.Code, w.Body)
			problemOf(t, w)
			require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			for header, value := range test.headers {
				require.Equal(t, value, w.Header().Get(header))
			}
			for _, inside := range []string{"secret", "SQLSTATE", "connection refused", "goroutine", "map[", "&{", "0x", "json:", "api."} {
				require.NotContains(t, w.Body.String(), inside)
			}
			golden(t, "problem_"+name+".json", w.Body.Bytes())
		})
	}
}

func TestErrorsAreLoggedOnce(t *testing.T) {
	t.Parallel()

	t.Run("a_defect_at_error_with_its_cause", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		f.do(request("GET", "/api/fail?code=unknown", ""))
		entries := f.log.All()
		require.Len(t, entries, 1)
		require.Equal(t, zapcore.ErrorLevel, entries[0].Level)
		fields := entries[0].ContextMap()
		require.Equal(t, "internal", fields["code"])
		require.Equal(t, "test-request-0001", fields["request_id"])
		require.Contains(t, fields["cause"], "SQLSTATE 23505")
	})

	t.Run("a_panic_at_error_with_its_stack", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		f.do(request("GET", "/api/panic", ""))
		entries := f.log.All()
		require.Len(t, entries, 1)
		require.Equal(t, zapcore.ErrorLevel, entries[0].Level)
		require.Contains(t, entries[0].ContextMap()["stack"], "fixture_test.go")
	})

	t.Run("an_expected_error_at_info", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		f.do(request("GET", "/api/fail?code=permission_denied", ""))
		entries := f.log.All()
		require.Len(t, entries, 1)
		require.Equal(t, zapcore.InfoLevel, entries[0].Level)
		require.Equal(t, "permission_denied", entries[0].ContextMap()["code"])
	})
}

func TestLanguageChangesWordsNotCodes(t *testing.T) {
	t.Parallel()
	f := newFixture(t, func(c *Config) {
		c.Translate = func(language, english string) string { return language + ":" + english }
	})
	english, swahili := problemOf(t, f.do(request("POST", "/api/messages", `{}`))), problemOf(t, f.do(request("POST", "/api/messages", `{}`, "Accept-Language", "sw")))
	require.Equal(t, "Some fields are not valid", english["title"])
	require.Equal(t, "sw:Some fields are not valid", swahili["title"])
	require.Equal(t, "sw:1 field needs attention", swahili["detail"])
	require.Equal(t, "sw:is required", swahili["errors"].([]any)[0].(map[string]any)["detail"])
	require.Equal(t, english["code"], swahili["code"])
}
