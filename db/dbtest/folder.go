package dbtest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const folderPrefix = "baraza-test-postgres-"

// ownFolder is this process's place for a cluster. Those of processes that are gone are
// removed first; what another user left is theirs to remove.
func ownFolder() (string, error) {
	left, err := filepath.Glob(filepath.Join(os.TempDir(), folderPrefix+"*"))
	if err != nil {
		return "", err
	}
	for _, dir := range left {
		pid, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(dir), folderPrefix))
		if err == nil && syscall.Kill(pid, 0) == syscall.ESRCH {
			if err := os.RemoveAll(dir); err != nil && !errors.Is(err, fs.ErrPermission) {
				return "", err
			}
		}
	}
	return filepath.Join(os.TempDir(), fmt.Sprint(folderPrefix, os.Getpid())), nil
}
