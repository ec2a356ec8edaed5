package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"baraza/domain"

	"github.com/labstack/echo/v4"
)

// noncePlace is where index.html wants the nonce of its answer.
const noncePlace = "__CSP_NONCE__"

const notBuilt = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Baraza</title>
  </head>
  <body>
    <h1>The web app is not built</h1>
    <p>The server runs; its pages are missing from this binary. In the source folder run</p>
    <pre>npm ci
npm run build
go build ./cmd/baraza</pre>
    <p>and start it again. The API answers meanwhile: <a href="/api/openapi.json">/api/openapi.json</a>.</p>
  </body>
</html>
`

// app is the built web app: a document that is new each time, and files that are not.
type app struct {
	files fs.FS
	index [][]byte // index.html, cut where the nonce goes
	known map[string]file
}

// file is one file and what it is served as.
type file struct {
	name, mime, tag string
	zipped          map[string]string // encoding → its twin's name
}

// encodings a twin may have, the smaller one first.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

func newApp(files fs.FS) (*app, error) {
	a := &app{files: files, known: map[string]file{}, index: [][]byte{[]byte(notBuilt)}}
	if files == nil {
		return a, nil
	}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return a.learn(name)
	})
	if err != nil {
		return nil, fmt.Errorf("web app: %w", err)
	}
	return a, nil
}

func (a *app) learn(name string) error {
	if strings.HasPrefix(path.Base(name), ".") || twin(name) {
		return nil
	}
	content, err := fs.ReadFile(a.files, name)
	if err != nil {
		return err
	}
	if name == "index.html" {
		a.index = bytes.Split(content, []byte(noncePlace))
		return nil
	}
	sum := sha256.Sum256(content)
	one := file{name: name, mime: mimeOf(name), tag: base64.RawURLEncoding.EncodeToString(sum[:16]), zipped: map[string]string{}}
	for _, encoding := range encodings {
		if _, err := fs.Stat(a.files, name+encoding.suffix); err == nil {
			one.zipped[encoding.name] = name + encoding.suffix
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	a.known["/"+name] = one
	return nil
}

func twin(name string) bool {
	return strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")
}

// mimeOf is a closed list: the machine's own table differs from one to the next, and
// nosniff makes a wrong one fatal.
func mimeOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".webp":
		return "image/webp"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	case ".mp3":
		return "audio/mpeg"
	case ".wasm":
		return "application/wasm"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

// serveApp answers what no route knows: a file of the app, 404 below the server's own
// addresses, else the app itself, which has pages at addresses of its own.
func (s *Server) serveApp(c echo.Context) error {
	r := c.Request()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return domain.ErrNotFound
	}
	if one, ok := s.app.known[r.URL.Path]; ok {
		return s.app.serve(c, one)
	}
	if below(r.URL.Path, reserved...) || !clean(r.URL.Path) || !wantsPage(r) {
		return domain.ErrNotFound
	}
	nonce, _ := c.Get(nonceKey).(string)
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.HTMLBlob(http.StatusOK, bytes.Join(s.app.index, []byte(nonce)))
}

func clean(address string) bool {
	return path.Clean(address) == strings.TrimSuffix(address, "/") || address == "/"
}

// wantsPage tells a person's browser going somewhere from a picture or script that is
// missing.
func wantsPage(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return accept == "" || strings.Contains(accept, "text/html") || accept == "*/*"
}

func (a *app) serve(c echo.Context, one file) error {
	r, header := c.Request(), c.Response().Header()
	name, tag := one.name, one.tag
	if len(one.zipped) > 0 {
		header.Add("Vary", "Accept-Encoding")
		for _, encoding := range encodings {
			if zipped, ok := one.zipped[encoding.name]; ok && takes(r, encoding.name) {
				header.Set("Content-Encoding", encoding.name)
				name, tag = zipped, tag+"-"+encoding.name
				break
			}
		}
	}
	if strings.HasPrefix(one.name, "assets/") {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	header.Set("ETag", `"`+tag+`"`)
	header.Set("Content-Type", one.mime)
	content, err := a.files.Open(name)
	if err != nil {
		return fmt.Errorf("web app: %w", err)
	}
	defer content.Close()
	seeker, ok := content.(io.ReadSeeker)
	if !ok {
		return fmt.Errorf("web app: %s cannot be read twice", name)
	}
	http.ServeContent(c.Response(), r, "", time.Time{}, seeker)
	return nil
}

// takes says whether Accept-Encoding names the encoding and does not refuse it.
func takes(r *http.Request, encoding string) bool {
	for one := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(one), ";")
		if strings.TrimSpace(name) == encoding {
			weight = strings.ReplaceAll(weight, " ", "")
			return weight != "q=0" && !strings.HasPrefix(weight, "q=0.0")
		}
	}
	return false
}
