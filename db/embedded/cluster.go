package embedded

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"github.com/go-json-experiment/json"
)

// cluster is the folder of one installation:
//
//	cluster/        the data, of the unprivileged account
//	passwords.json  of the superuser and the login roles, 0400, of whoever started first
//	socket          the socket's folder, or a link to a shorter path
//	port, lock      the port of the last start; held while a process owns the folder
type cluster struct {
	dir, data string
	binaries  binaries
	account   account
}

// ErrInUse is a data directory that another process owns; see Reach.
var ErrInUse = errors.New("the data directory is in use")

type inUse struct{ dir string }

func (e inUse) Error() string {
	return "another Baraza is using the data directory " + e.dir + ": stop it, or choose another directory"
}

func (inUse) Is(target error) bool { return target == ErrInUse }

// lockDir claims the folder for this process until the file is closed or the
// process ends.
func lockDir(dir string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data directory %s cannot be written by this user: %w", dir, err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(inUse{dir}, lock.Close())
	}
	return lock, nil
}

// major is the version that made the data, 0 when there is none.
func (c cluster) major() (int, error) {
	text, err := os.ReadFile(filepath.Join(c.data, "PG_VERSION"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(c.data); err == nil {
			return 0, fmt.Errorf("%s exists and is no PostgreSQL data: move it away", c.data)
		}
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("the data directory cannot be read by this user: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s/PG_VERSION holds no version: %w", c.data, err)
	}
	return major, nil
}

// loadPasswords returns the passwords, made at the first start.
func (c cluster) loadPasswords(dataExists bool) (map[string]string, error) {
	path := filepath.Join(c.dir, "passwords.json")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if dataExists {
			return nil, fmt.Errorf("%s is gone while the data is there: bring it back from a backup", path)
		}
		passwords := map[string]string{Superuser: rand.Text()}
		for _, role := range loginRoles {
			passwords[role] = rand.Text()
		}
		return passwords, c.savePasswords(path, passwords)
	}
	if err != nil {
		return nil, fmt.Errorf("the database passwords cannot be read by this user: %w", err)
	}
	passwords := map[string]string{}
	if err := json.Unmarshal(text, &passwords); err != nil {
		return nil, fmt.Errorf("%s is damaged, bring it back from a backup: %w", path, err)
	}
	return passwords, nil
}

func (c cluster) savePasswords(path string, passwords map[string]string) error {
	text, err := json.Marshal(passwords, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	unfinished := path + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := writeSynced(unfinished, text, 0o400); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(unfinished, path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return syncDir(c.dir)
}

// initialise makes the data beside its final place and moves it there whole, so
// that a start cut short leaves nothing that looks like a cluster.
func (c cluster) initialise(ctx context.Context, password string, durable bool) error {
	unfinished := c.data + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	if err := os.Mkdir(unfinished, 0o700); err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	if err := c.account.own(unfinished); err != nil {
		return err
	}
	passwordFile := filepath.Join(c.dir, "initdb.password")
	defer os.Remove(passwordFile)
	if err := os.WriteFile(passwordFile, []byte(password+"\n"), 0o400); err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	if err := c.account.own(passwordFile); err != nil {
		return err
	}
	args := []string{
		"-D", unfinished, "-U", Superuser, "--pwfile", passwordFile, "--auth", "scram-sha-256",
		"--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums",
	}
	if c.binaries.major >= 17 {
		// Sorts like C.UTF-8 whatever library the machine has, so an upgrade of the
		// system cannot break an index.
		args = append(args, "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8")
	}
	if !durable {
		args = append(args, "--no-sync")
	}
	cmd := c.command(ctx, c.binaries.path("initdb"), args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	// As in startChild: the thread that forks stays until the child has ended.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("initdb could not make the database: %s (%w)", lastLine(out.Bytes()), err)
	}
	if err := os.Rename(unfinished, c.data); err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	// Without this a power cut could bring back the unfinished name, which the next start removes.
	return syncDir(c.dir)
}

// command runs a program as the account, in a folder it can enter, and without
// this process's environment, which holds secrets and may hold PG… variables.
func (c cluster) command(ctx context.Context, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = c.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	cmd.SysProcAttr = c.account.attributes()
	return cmd
}

// maxSocketPath is what the kernel takes for a unix socket, without the final zero.
const maxSocketPath = 107

// socketDir returns the 0700 folder of the socket: Dir/socket, or where that path
// is too long, a short one under the temporary directory with a link to it.
func (c cluster) socketDir() (string, error) {
	path := filepath.Join(c.dir, "socket")
	if len(filepath.Join(path, ".s.PGSQL.65535.lock")) <= maxSocketPath {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return "", fmt.Errorf("make the socket's folder: %w", err)
		}
		return path, c.account.own(path)
	}
	if short, err := os.Readlink(path); err == nil && c.isPrivate(short) {
		return short, nil
	}
	short, err := os.MkdirTemp("", "baraza-")
	if err != nil {
		return "", fmt.Errorf("make the socket's folder: %w", err)
	}
	if err := c.account.own(short); err != nil {
		return "", err
	}
	if err := os.RemoveAll(path); err != nil {
		return "", fmt.Errorf("make the socket's folder: %w", err)
	}
	if err := os.Symlink(short, path); err != nil {
		return "", fmt.Errorf("make the socket's folder: %w", err)
	}
	return short, c.account.mustReach(short)
}

// isPrivate says whether a folder is the account's alone; a temporary directory
// is everybody's to write.
func (c cluster) isPrivate(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 {
		return false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && owner.Uid == c.account.uid
}

// lastPort is the port of the last start, 0 when unknown.
func (c cluster) lastPort() int {
	text, err := os.ReadFile(filepath.Join(c.dir, "port"))
	if err != nil {
		return 0
	}
	port, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return port
}

func (c cluster) savePort(port int) error {
	return os.WriteFile(filepath.Join(c.dir, "port"), []byte(strconv.Itoa(port)+"\n"), 0o644)
}

func freePort(ctx context.Context) (int, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return port, listener.Close()
}

func writeSynced(path string, text []byte, mode fs.FileMode) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Sync(), file.Close())
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
