package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is who the server runs as. PostgreSQL refuses root, so root steps down.
type account struct {
	name     string
	uid, gid uint32
	stepDown bool
}

// chooseAccount returns this process's own user, or for root: the owner of an
// existing cluster, the user asked for, postgres, nobody.
func chooseAccount(data, asked string) (account, error) {
	if os.Geteuid() != 0 {
		return account{name: "this user", uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}, nil
	}
	info, err := os.Stat(data)
	if err == nil {
		if owner, ok := info.Sys().(*syscall.Stat_t); ok && owner.Uid != 0 {
			return account{name: "user " + strconv.Itoa(int(owner.Uid)), uid: owner.Uid, gid: owner.Gid, stepDown: true}, nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return account{}, fmt.Errorf("the data directory cannot be read: %w", err)
	}
	names := []string{"postgres", "nobody"}
	if asked != "" {
		names = []string{asked}
	}
	for _, name := range names {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(found.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(found.Gid, 10, 32)
		if err := errors.Join(uidErr, gidErr); err != nil {
			return account{}, fmt.Errorf("user %s: %w", name, err)
		}
		if uid == 0 {
			return account{}, fmt.Errorf("PostgreSQL refuses to run as root: name another user than %s", name)
		}
		return account{name: "user " + name, uid: uint32(uid), gid: uint32(gid), stepDown: true}, nil
	}
	return account{}, fmt.Errorf("PostgreSQL refuses to run as root, and there is no user %v to run it as", names)
}

// attributes make a child that runs as the account, in a session of its own (a
// Ctrl-C in the terminal is for this process, which stops the server in its
// turn), and that ends when this process is killed.
func (a account) attributes() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setsid: true}
	if a.stepDown {
		attributes.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	dieWithParent(attributes)
	return attributes
}

// mustReach checks that the account may enter every folder down to dir.
func (a account) mustReach(dir string) error {
	if !a.stepDown {
		return nil
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return fmt.Errorf("%s cannot be found: %w", dir, err)
	}
	for folder := real; ; folder = filepath.Dir(folder) {
		info, err := os.Stat(folder)
		if err != nil {
			return fmt.Errorf("%s cannot be read: %w", folder, err)
		}
		if !a.mayEnter(info) {
			return fmt.Errorf("PostgreSQL runs as %s, who may not enter %s on the way to %s: "+
				"move it where everybody may pass, or start Baraza as a normal user", a.name, folder, dir)
		}
		if folder == filepath.Dir(folder) {
			return nil
		}
	}
}

func (a account) mayEnter(info fs.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return true
	}
	switch {
	case owner.Uid == a.uid:
		return info.Mode().Perm()&0o100 != 0
	case owner.Gid == a.gid:
		return info.Mode().Perm()&0o010 != 0
	default:
		return info.Mode().Perm()&0o001 != 0
	}
}

// own gives a path and all below it to the account, unless it is theirs already.
func (a account) own(path string) error {
	if !a.stepDown {
		return nil
	}
	info, err := os.Lstat(path)
	if err != nil {
		return fmt.Errorf("give %s to %s: %w", path, a.name, err)
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && owner.Uid == a.uid {
		return nil
	}
	return filepath.WalkDir(path, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(a.uid), int(a.gid))
	})
}
