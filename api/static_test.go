package api

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func builtApp() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"index.html":           file(`<meta name="csp-nonce" content="__CSP_NONCE__"><style nonce="__CSP_NONCE__">`),
		"theme.js":             file("theme"),
		"favicon.svg":          file("<svg>"),
		".gitkeep":             file(""),
		"assets/app-abc.js":    file("plain script"),
		"assets/app-abc.js.br": file("br script"),
		"assets/app-abc.js.gz": file("gz script"),
		"assets/x-1.woff2":     file("font"),
	}
}

func TestApp(t *testing.T) {
	t.Parallel()
	app := func(c *Config) { c.App = builtApp() }
	page := []string{"Accept", "text/html,application/xhtml+xml", "Authorization", ""}

	t.Run("a_page_has_its_own_nonce_and_is_not_kept", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, app)
		for _, path := range []string{"/", "/login", "/t/acme/inbox/mine", "/apiary", "/metrics-of-ours", "/docs/api"} {
			w := f.do(request("GET", path, "", page...))
			require.Equal(t, http.StatusOK, w.Code, path)
			require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			own := strings.TrimSuffix(strings.TrimPrefix(nonce.FindString(w.Header().Get("Content-Security-Policy")), "'nonce-"), "'")
			require.Equal(t, `<meta name="csp-nonce" content="`+own+`"><style nonce="`+own+`">`, w.Body.String())
		}
	})

	t.Run("below_the_servers_own_addresses_nothing_is_a_page", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, app)
		for _, path := range []string{
			"/api", "/api/", "/api/x", "/v1/x", "/webhooks/x", "/agent/x", "/m", "/m/", "/sdk/v1/t.js", "/assets/missing.js", "/livez/x", "/readyz/x", "/health/x",
			"/metrics/x", "/data-deletion/x", "/.well-known/security.txt", "/theme.js/x", "/sw.js", "/%61pi/x", "/inbox/../api/x", "//api/x", "/./api/x",
			"/.gitkeep", "/assets/app-abc.js.br", "/assets/", "/assets", "/index.html/..", "/inbox//x",
		} {
			r := request("GET", "/", "", page...)
			parsed, err := r.URL.Parse("http://example.com" + path)
			require.NoError(t, err)
			r.URL = parsed
			if strings.Contains(path, "..") || strings.Contains(path, "//") || strings.Contains(path, "/./") {
				r.URL.Path = path // as a client may send it
			}
			w := f.do(r)
			if path == "/.gitkeep" {
				require.NotEqual(t, "", w.Body.String()) // a page: no file of that name exists for anybody
				continue
			}
			require.Equal(t, http.StatusNotFound, w.Code, path)
			problemOf(t, w)
		}
	})

	t.Run("a_missing_picture_is_no_page", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, app)
		require.Equal(t, http.StatusNotFound, f.do(request("GET", "/missing.png", "", "Accept", "image/png,image/*;q=0.8")).Code)
		require.Equal(t, http.StatusNotFound, f.do(request("POST", "/inbox", `{}`, page...)).Code)
	})

	t.Run("a_file_is_served_as_what_it_is", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, app)
		for path, mime := range map[string]string{"/theme.js": "text/javascript; charset=utf-8", "/favicon.svg": "image/svg+xml", "/assets/x-1.woff2": "font/woff2"} {
			w := f.do(request("GET", path, ""))
			require.Equal(t, http.StatusOK, w.Code, path)
			require.Equal(t, mime, w.Header().Get("Content-Type"))
			tag := w.Header().Get("ETag")
			require.NotEmpty(t, tag)
			again := f.do(request("GET", path, "", "If-None-Match", tag))
			require.Equal(t, http.StatusNotModified, again.Code)
			require.Zero(t, again.Body.Len())
		}
		require.Equal(t, "no-cache", f.do(request("GET", "/theme.js", "")).Header().Get("Cache-Control"))
		require.Equal(t, "public, max-age=31536000, immutable", f.do(request("GET", "/assets/x-1.woff2", "")).Header().Get("Cache-Control"))
		require.Equal(t, http.StatusOK, f.do(request("HEAD", "/theme.js", "")).Code)
	})

	for accepts, want := range map[string][2]string{
		"":                       {"", "plain script"},
		"identity":               {"", "plain script"},
		"gzip":                   {"gzip", "gz script"},
		"gzip, deflate, br":      {"br", "br script"},
		"gzip, br;q=0":           {"gzip", "gz script"},
		"br;q=0.5":               {"br", "br script"},
		"zstd, GZIP":             {"", "plain script"},
		"*":                      {"", "plain script"},
		"brotli, gzipped, xgzip": {"", "plain script"},
	} {
		t.Run("encoded_for_"+accepts, func(t *testing.T) {
			t.Parallel()
			w := newFixture(t, app).do(request("GET", "/assets/app-abc.js", "", "Accept-Encoding", accepts))
			require.Equal(t, want[0], w.Header().Get("Content-Encoding"))
			require.Equal(t, want[1], w.Body.String())
			require.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
			require.Equal(t, "text/javascript; charset=utf-8", w.Header().Get("Content-Type"))
		})
	}

	t.Run("each_encoding_has_its_own_tag", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, app)
		seen := map[string]bool{}
		for _, accepts := range []string{"", "gzip", "br"} {
			seen[f.do(request("GET", "/assets/app-abc.js", "", "Accept-Encoding", accepts)).Header().Get("ETag")] = true
		}
		require.Len(t, seen, 3)
	})

	t.Run("not_built_it_says_how", func(t *testing.T) {
		t.Parallel()
		for _, files := range []func(*Config){nil, func(c *Config) { c.App = fstest.MapFS{".gitkeep": &fstest.MapFile{}} }} {
			w := newFixture(t, files).do(request("GET", "/", "", page...))
			require.Equal(t, http.StatusOK, w.Code)
			require.Contains(t, w.Body.String(), "npm run build")
			require.Contains(t, w.Header().Get("Content-Security-Policy"), "default-src 'none'")
		}
	})
}
