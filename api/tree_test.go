package api

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type goFile struct{ name, content string }

// goFiles reads the Go files below some folders, without tests.
func goFiles(t testing.TB, root fs.FS, folders ...string) []goFile {
	t.Helper()
	var files []goFile
	for _, folder := range folders {
		require.NoError(t, fs.WalkDir(root, folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			content, err := fs.ReadFile(root, name)
			files = append(files, goFile{name, string(content)})
			return err
		}))
	}
	return files
}
