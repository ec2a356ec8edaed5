package api

import (
	"fmt"
	"net/http"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

// S24: forged forwarding headers have no influence.
func TestClientAddress(t *testing.T) {
	t.Parallel()

	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for name, test := range map[string]struct {
		trusted   []netip.Prefix
		peer      string
		forwarded []string
		want      string
	}{
		"no_proxy_configured":        {nil, "192.0.2.1:5", []string{"203.0.113.9"}, "192.0.2.1"},
		"peer_is_no_proxy":           {proxies, "192.0.2.1:5", []string{"203.0.113.9"}, "192.0.2.1"},
		"peer_is_a_proxy":            {proxies, "10.0.0.1:5", []string{"203.0.113.9"}, "203.0.113.9"},
		"the_client_wrote_the_first": {proxies, "10.0.0.1:5", []string{"1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
		"two_proxies":                {proxies, "10.0.0.1:5", []string{"1.1.1.1, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		"two_headers":                {proxies, "10.0.0.1:5", []string{"1.1.1.1", "203.0.113.9"}, "203.0.113.9"},
		"nothing_but_proxies":        {proxies, "10.0.0.1:5", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		"the_proxy_says_nothing":     {proxies, "10.0.0.1:5", nil, "10.0.0.1"},
		"the_proxy_says_nonsense":    {proxies, "10.0.0.1:5", []string{"203.0.113.9, unknown"}, "10.0.0.1"},
		"v4_written_as_v6":           {proxies, "[::ffff:10.0.0.1]:5", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		"v6":                         {proxies, "[fd00::1]:5", []string{"2001:db8::7"}, "2001:db8::7"},
		"other_headers_are_not_read": {proxies, "10.0.0.1:5", nil, "10.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, func(c *Config) { c.TrustedProxies = test.trusted })
			r := request("POST", notesPath(""), `{"text":"a"}`, "X-Real-Ip", "9.9.9.9", "Forwarded", "for=9.9.9.9", "True-Client-Ip", "9.9.9.9")
			r.RemoteAddr = test.peer
			r.Header["X-Forwarded-For"] = test.forwarded
			require.Equal(t, http.StatusCreated, f.do(r).Code)
			require.Equal(t, test.want, (<-f.added).IP)
		})
	}
}

// SE-23: who did what when, and nothing of what they said.
func TestAccessLog(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.do(request("POST", notesPath("?trace=true"), `{"text":"secret-txt"}`))
	f.do(request("GET", "/m/secret-token?ticket=secret-ticket", ""))
	f.do(request("POST", notesPath("?trace=secret"), `{"weight":"secret-password","text":"secret"}`))
	f.do(request("POST", notesPath("?%zzsecret"), `{"text":"secret\ud800"}`))
	f.do(request("GET", "/inbox/secret-path?q=secret-search", "", "Authorization", ""))
	entries := f.log.All()
	require.Len(t, entries, 5)
	fields := entries[0].ContextMap()
	require.Positive(t, fields["dur_ms"])
	delete(fields, "dur_ms")
	require.Equal(t, map[string]any{
		"method": "POST", "route": "/api/conversations/:id/notes", "status": int64(201), "request_id": "test-request-0001",
		"tenant_id": "0198f3c2-7b3b-7e02-8000-000000000001", "user_id": author.String(),
	}, fields)
	require.Equal(t, "/m/:token", entries[1].ContextMap()["route"])
	require.Equal(t, "/*", entries[4].ContextMap()["route"])
	for _, entry := range entries {
		require.Equal(t, "request", entry.Message)
		require.NotContains(t, fmt.Sprint(entry.ContextMap()), "secret")
	}
}
