package main

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/api"
)

var update = flag.Bool("update", false, "write .env.example anew")

// OP-18: every variable is documented, and the file is the program's own.
func TestEnvExample(t *testing.T) {
	t.Parallel()
	file := filepath.Join("..", "..", ".env.example")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(envExample()), 0o644))
	}
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, envExample(), string(kept), "go test ./cmd/baraza -run EnvExample -update")
	for _, v := range variables() {
		require.NotEmpty(t, v.name)
		require.NotEmpty(t, v.help, v.name)
	}
}

// OP-18: what is in force is shown, and no secret with it: neither by `baraza config`
// nor at start, as a value or from a file.
func TestConfigIsMasked(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte("a scrape token from a file\n"), 0o600))
	p := newProgram(t, map[string]string{
		"BARAZA_SCRAPE_TOKEN_FILE": file, "BARAZA_META_APP_ID": "748201936455120",
		"DATABASE_URL": "postgres://baraza_app:" + password + "@192.0.2.1/baraza", "BARAZA_PLATFORM_DATABASE_URL": "postgres://baraza_platform:" + password + "@192.0.2.1/baraza",
		"BARAZA_MASTER_KEY_FILE": "/etc/baraza/master.key", "BARAZA_SMTP_URL": "smtps://baraza:" + password + "@192.0.2.1",
	})
	out, code := p.command("config")
	require.Zero(t, code, out)
	for _, v := range variables() {
		require.Contains(t, out, v.name+"=")
		if v.secret && v.name != "NATS_URL" && v.name != "BARAZA_MIGRATE_DATABASE_URL" {
			require.Contains(t, out, v.name+"=••••\n")
		}
	}
	require.Contains(t, out, "BARAZA_META_APP_ID=748201936455120\n")
	for _, secret := range []string{password, appSecret, verifyToken, "scrape token"} {
		require.NotContains(t, out, secret)
	}

	out, code = p.command("config", "--example")
	require.Zero(t, code)
	require.Equal(t, envExample(), out)
}

// A secret given twice is refused: nobody would know which one holds.
func TestSecretFile(t *testing.T) {
	t.Parallel()
	_, err := environment([]string{"BARAZA_SCRAPE_TOKEN=one", "BARAZA_SCRAPE_TOKEN_FILE=/two"})
	require.EqualError(t, err, "BARAZA_SCRAPE_TOKEN and BARAZA_SCRAPE_TOKEN_FILE are both set")
	_, err = environment([]string{"BARAZA_SCRAPE_TOKEN_FILE=/not/there"})
	require.ErrorContains(t, err, "BARAZA_SCRAPE_TOKEN_FILE cannot be read")
	_, err = environment([]string{"BARAZA_LISTEN_FILE=/etc/listen"})
	require.EqualError(t, err, "unknown variable BARAZA_LISTEN_FILE", "only a secret may come from a file")
}

// SE-11, OP-19: rates are configuration; what is left out keeps its default.
func TestRateLimits(t *testing.T) {
	t.Parallel()
	defaults := api.Limits{"user": {PerMinute: 3000, Burst: 600}, "tenant": {PerMinute: 30000, Burst: 6000},
		"address": {PerMinute: 1200, Burst: 300}, "register": {PerMinute: 60, Burst: 60}}
	for text, change := range map[string]func(api.Limits){
		"":                    func(api.Limits) {},
		"off":                 func(l api.Limits) { clear(l) },
		"user=10:5,address=0": func(l api.Limits) { l["user"], l["address"] = api.Rate{PerMinute: 10, Burst: 5}, api.Rate{} },
		"register=7":          func(l api.Limits) { l["register"] = api.Rate{PerMinute: 7, Burst: 7} },
	} {
		want := maps.Clone(defaults)
		change(want)
		c := &Config{}
		if text != "" {
			c.RateLimits = strings.Split(text, ",")
		}
		got, err := c.limits()
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"user", "user=", "user=many", "user=-1", "user=5:0", "user=5:x", "off,user=1"} {
		_, err := (&Config{RateLimits: strings.Split(text, ",")}).limits()
		require.ErrorContains(t, err, "BARAZA_RATE_LIMITS", text)
	}
}
