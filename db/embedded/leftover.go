package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.uber.org/zap"
)

// stopLeftOver stops a server that still runs on our data although no process
// holds the folder's lock: its parent died and it did not.
func (c cluster) stopLeftOver(ctx context.Context, logger *zap.Logger) error {
	pid, err := c.leftOver()
	if err != nil || pid == 0 {
		return err
	}
	logger.Warn("stopping a postgres left over from an earlier run", zap.Int("pid", pid))
	for _, step := range []struct {
		signal   syscall.Signal
		patience time.Duration
	}{{syscall.SIGINT, 10 * time.Second}, {syscall.SIGQUIT, 8 * time.Second}, {syscall.SIGKILL, 2 * time.Second}} {
		if err := syscall.Kill(pid, step.signal); err != nil {
			if errors.Is(err, syscall.ESRCH) {
				return nil
			}
			return fmt.Errorf("a PostgreSQL (process %d) of another user runs on %s: stop it first: %w", pid, c.data, err)
		}
		deadline := time.Now().Add(step.patience)
		for time.Now().Before(deadline) {
			if !c.runs(pid) {
				return nil
			}
			if err := sleep(ctx, 5*time.Millisecond); err != nil {
				return fmt.Errorf("waiting for process %d to leave %s: %w", pid, c.data, err)
			}
		}
	}
	return fmt.Errorf("a PostgreSQL (process %d) runs on %s and does not stop: stop it first", pid, c.data)
}

// leftOver is the process named in postmaster.pid, if it really is a server on
// this data: after a reboot the number may be anybody's.
func (c cluster) leftOver() (int, error) {
	text, err := os.ReadFile(filepath.Join(c.data, "postmaster.pid"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("the data directory cannot be read by this user: %w", err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid <= 1 || !c.runs(pid) {
		// A file cut short or of a process long gone: the server replaces it.
		return 0, nil
	}
	return pid, nil
}

// runs says whether the process is a server on this data. A server's working
// directory is its data directory; where the system does not tell it, the name
// in postmaster.pid has to do.
func (c cluster) runs(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	if _, err := os.Stat(proc); err != nil {
		_, err := os.Stat("/proc/self")
		return err != nil
	}
	cwd, err := os.Readlink(filepath.Join(proc, "cwd"))
	if err != nil {
		// Gone in between, a zombie, or another user's: none of them is ours to stop.
		return false
	}
	data, err := filepath.EvalSymlinks(c.data)
	return err == nil && cwd == data
}
