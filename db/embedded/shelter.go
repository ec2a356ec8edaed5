package embedded

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.uber.org/zap"
)

// sheltered returns the folder that holds the cluster: dir, or where the account may
// not enter it, the one dir links to, which is made the first time. A cluster that
// exists is never moved.
func sheltered(dir string, config Config) (string, error) {
	link := filepath.Join(dir, "elsewhere")
	target, err := os.Readlink(link)
	switch {
	case err == nil:
		if _, err := os.Stat(target); err != nil {
			return "", fmt.Errorf("the data that %s links to is gone: %w", link, err)
		}
	case errors.Is(err, fs.ErrNotExist):
		target = dir
	default:
		return "", fmt.Errorf("read %s: %w", link, err)
	}
	who, err := chooseAccount(filepath.Join(target, "cluster"), config.User)
	if err != nil {
		return "", err
	}
	closed := who.mustReach(target)
	if closed == nil || target != dir {
		return target, closed
	}
	if _, err := os.Stat(filepath.Join(dir, "cluster")); err == nil {
		return "", closed
	}
	shelter := cmp.Or(config.Shelter, "/var/lib/baraza")
	if err := os.MkdirAll(shelter, 0o711); err != nil {
		return "", errors.Join(closed, err)
	}
	if target, err = os.MkdirTemp(shelter, "postgres-"); err != nil {
		return "", errors.Join(closed, err)
	}
	if err := os.Chmod(target, 0o711); err != nil {
		return "", errors.Join(closed, err)
	}
	if err := os.Symlink(target, link); err != nil {
		return "", errors.Join(closed, err, os.Remove(target))
	}
	config.Logger.Info("the data of postgres is kept where its user may go", zap.String("user", who.name), zap.String("folder", target))
	return target, who.mustReach(target)
}
