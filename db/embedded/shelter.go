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

// findCluster returns the cluster of a folder and whose it is: it is in dir or, where
// its account may not enter that, in the folder dir links to, which is made the first
// time. A cluster that exists is never moved.
func findCluster(dir string, config Config) (c cluster, err error) {
	link := filepath.Join(dir, "elsewhere")
	target, err := os.Readlink(link)
	switch {
	case err == nil:
		if _, err := os.Stat(target); err != nil {
			return c, fmt.Errorf("the data that %s links to is gone: %w", link, err)
		}
	case errors.Is(err, fs.ErrNotExist):
		target = dir
	default:
		return c, fmt.Errorf("read %s: %w", link, err)
	}
	c = cluster{dir: target, data: filepath.Join(target, "cluster")}
	if c.account, err = chooseAccount(c.data, config.User); err != nil {
		return c, err
	}
	closed := c.account.mustReach(target)
	if closed == nil || target != dir {
		return c, closed
	}
	if _, err := os.Stat(c.data); err == nil {
		return c, closed
	}
	if target, err = makeShelter(cmp.Or(config.Shelter, "/var/lib/baraza"), link); err != nil {
		return c, errors.Join(closed, err)
	}
	config.Logger.Info("the data of postgres is kept where its user may go", zap.String("user", c.account.name), zap.String("folder", target))
	c.dir, c.data = target, filepath.Join(target, "cluster")
	return c, c.account.mustReach(target)
}

// makeShelter makes a folder that others may pass through, with a link to it.
func makeShelter(parent, link string) (string, error) {
	if err := os.MkdirAll(parent, 0o711); err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp(parent, "postgres-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(folder, 0o711); err != nil {
		return "", err
	}
	if err := os.Symlink(folder, link); err != nil {
		return "", errors.Join(err, os.Remove(folder))
	}
	return folder, nil
}
