// Package web carries the built web app inside the binary.
//
// Always true: it compiles without Node, because dist/.gitkeep is committed; without dist/index.html
// the server says how to build the app instead of serving it.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist is the build output with index.html at its root. Hashed files below assets/ have .br and .gz
// twins where compression pays; index.html holds the placeholder __CSP_NONCE__.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return dist // unreachable: fs.Sub fails on an invalid path only, and "dist" is valid
	}
	return sub
}
