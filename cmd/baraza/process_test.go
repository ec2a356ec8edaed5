package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"baraza/domain/passwords"
)

// asProgram makes the test binary the program: the tests start, kill and start again
// real processes, built as the tests are, with the race detector too.
const asProgram = "RUN_AS_BARAZA"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" || len(os.Args) == 2 && os.Args[1] == passwords.WorkerArgument {
		main()
		os.Exit(0)
	}
	if dir := os.Getenv(asNATS); dir != "" {
		os.Exit(serveNATS(dir))
	}
	// Tests wait for their programs more than they work. -parallel still has its say.
	if err := flag.Set("test.parallel", strconv.Itoa(runtime.GOMAXPROCS(0)+1)); err != nil {
		panic(err)
	}
	// A few runs of the model with each change; -rapid.checks has its say, for many.
	if err := flag.Set("rapid.checks", "25"); err != nil {
		panic(err)
	}
	code := m.Run()
	if err := stopCluster(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// Secrets of the tests' own Meta app. None of them may appear in anything a program prints.
const (
	appSecret      = "fixture_app_secret_9d2f41c7"
	previousSecret = "fixture_app_secret_previous"
	verifyToken    = "fixture-verify-token-4e81"
	accessToken    = "EAAfixture0123456789abcdefx9Qz"
)

// patience is for a machine that has other work; what is waited for takes a fraction of it.
const patience = 60 * time.Second

// eventually polls until ok.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	within(t, patience, what, ok)
}

func within(t testing.TB, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	require.NoError(t, poll(limit, what, ok))
}

// poll is for goroutines, which cannot end the test. It asks ever less often: asking
// costs the machine what the answer is waiting for.
func poll(limit time.Duration, what string, ok func() bool) error {
	deadline := time.Now().Add(limit)
	pause := 10 * time.Millisecond
	again := time.NewTimer(pause)
	defer again.Stop()
	for !ok() {
		if time.Now().After(deadline) {
			return errors.New("still waiting: " + what)
		}
		<-again.C
		pause = min(pause*5/4, 200*time.Millisecond)
		again.Reset(pause)
	}
	return nil
}

// openDir is a folder the unprivileged user of an embedded Postgres may enter;
// t.TempDir is not.
func openDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "baraza-program-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o711))
	return dir
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

// program is one installation: a folder, an address, a configuration, and at most one
// running process. It may be started again and again on the same data.
type program struct {
	t       *testing.T
	dir     string
	url     string
	env     []string
	args    []string
	under   []string // a command that runs the program, such as one with its own mounts
	running *process
}

// newProgram starts nothing yet. The environment is the tests' default and what env
// adds to it.
func newProgram(t *testing.T, env map[string]string, args ...string) *program {
	t.Helper()
	address := freeAddress(t)
	p := &program{t: t, dir: openDir(t), url: "http://" + address, args: args}
	t.Cleanup(p.end)
	all := map[string]string{
		"BARAZA_LISTEN":            address,
		"BARAZA_DATA":              filepath.Join(p.dir, "data"),
		"BARAZA_META_APP_SECRET":   appSecret + "," + previousSecret,
		"BARAZA_META_VERIFY_TOKEN": verifyToken,
		"BARAZA_VERIFY_TENANCY":    "1",
		"BARAZA_RATE_LIMITS":       "off", // tests are in more of a hurry than people
	}
	for name, value := range env {
		all[name] = value
	}
	if all["DATABASE_URL"] == "" {
		// Found from here, where node_modules is above; a program started elsewhere has none.
		all["BARAZA_PG_BIN"] = cluster(t).BinDir()
	}
	p.env = childEnvironment(all)
	return p
}

// childEnvironment is what a started program gets: no variable of the machine's own can
// change what is tested.
func childEnvironment(variables map[string]string) []string {
	env := []string{asProgram + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + os.TempDir()}
	for name, value := range variables {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// process is one run of the program.
type process struct {
	cmd   *exec.Cmd
	out   output
	ended chan struct{}
	err   error // of Wait; read after ended
}

// output collects what a process prints; it is read while it is written.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// tail is the end of it, for a failure's message.
func (o *output) tail() string {
	lines := strings.Split(strings.TrimSpace(o.String()), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}

// launch runs the program with arguments in a folder.
func launch(t testing.TB, dir string, env []string, args ...string) *process {
	t.Helper()
	return launchCommand(t, dir, env, append([]string{os.Args[0]}, args...))
}

func launchCommand(t testing.TB, dir string, env, command []string) *process {
	t.Helper()
	return launchReading(t, nil, dir, env, command)
}

func launchReading(t testing.TB, stdin io.Reader, dir string, env, command []string) *process {
	t.Helper()
	p := &process{ended: make(chan struct{})}
	p.cmd = exec.Command(command[0], command[1:]...) //nolint:noctx // it is ended by signals, as people do
	p.cmd.Dir, p.cmd.Env, p.cmd.Stdin = dir, env, stdin
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// What holds its output may outlive it by a moment.
	p.cmd.WaitDelay = 10 * time.Second
	require.NoError(t, p.cmd.Start())
	go func() {
		defer close(p.ended)
		p.err = p.cmd.Wait()
	}()
	return p
}

func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// code is the exit code of an ended process, -1 when a signal ended it.
func (p *process) code() int {
	var exit *exec.ExitError
	switch {
	case p.err == nil:
		return 0
	case errors.As(p.err, &exit):
		return exit.ExitCode()
	}
	return -2
}

// command runs a subcommand to its end and returns what it printed.
func (p *program) command(args ...string) (string, int) {
	p.t.Helper()
	one := launch(p.t, p.dir, p.env, args...)
	within(p.t, patience, "the end of baraza "+strings.Join(args, " "), one.hasEnded)
	return one.out.String(), one.code()
}

func (p *program) start() *program {
	p.t.Helper()
	require.Nil(p.t, p.running)
	p.running = launchCommand(p.t, p.dir, p.env, slices.Concat(p.under, []string{os.Args[0]}, p.args))
	return p
}

// ready starts it and waits until it is.
func (p *program) ready() *program {
	p.t.Helper()
	p.start().waitReady()
	return p
}

func (p *program) waitReady() {
	p.t.Helper()
	eventually(p.t, "the server on "+p.url, func() bool {
		if p.running.hasEnded() {
			require.FailNow(p.t, "the server ended", p.running.out.tail())
		}
		answer, err := http.Get(p.url + "/readyz") //nolint:noctx // the poll has a deadline
		if err != nil {
			return false
		}
		defer answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
}

// kill ends the process as a power cut would: nothing of it runs any more.
func (p *program) kill() {
	p.t.Helper()
	require.NoError(p.t, p.running.cmd.Process.Kill())
	p.awaitEnd()
}

// stop asks it to end, which it must within 25 seconds, by itself and without an error.
// The signal goes to its process group, as Ctrl-C in a terminal does.
func (p *program) stop(signal syscall.Signal) {
	p.t.Helper()
	r, err := send("GET", p.url+"/readyz", "", nil)
	require.NoError(p.t, err)
	require.Contains(p.t, string(r.body), `"tenancy":{"ok":true`, "SE-03: every connection carried its tenant")
	require.NoError(p.t, syscall.Kill(-p.running.cmd.Process.Pid, signal))
	asked := time.Now()
	one := p.running
	p.awaitEnd()
	require.Zero(p.t, one.code(), one.out.tail())
	require.Less(p.t, time.Since(asked), 25*time.Second, "OP-33: it drains within 25 seconds")
}

func (p *program) awaitEnd() {
	p.t.Helper()
	within(p.t, patience, "the end of the program", p.running.hasEnded)
	p.check(p.running)
	p.running = nil
}

// check looks at what a run printed: no race, no secret.
func (p *program) check(one *process) {
	p.t.Helper()
	text := one.out.String()
	require.NotContains(p.t, text, "DATA RACE", text)
	require.NotContains(p.t, text, "panic:", text)
	for _, secret := range []string{appSecret, previousSecret, verifyToken, accessToken, password} {
		require.NotContains(p.t, text, secret, "OP-18: a secret was printed")
	}
}

// end leaves nothing behind: neither the process nor one it started.
func (p *program) end() {
	if p.t.Failed() && p.running != nil {
		p.t.Logf("what the program said last:\n%s", p.running.out.tail())
	}
	if p.running != nil {
		p.kill()
	}
	within(p.t, 20*time.Second, "processes left behind", func() bool { return len(processesIn(p.t, p.dir)) == 0 })
}

// processesIn lists those that work in a folder: the program, its hash worker and its
// Postgres all do.
func processesIn(t testing.TB, dir string) []int {
	t.Helper()
	dir, err := filepath.EvalSymlinks(dir)
	require.NoError(t, err)
	entries, err := os.ReadDir("/proc")
	require.NoError(t, err)
	var found []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		cwd, err := os.Readlink(filepath.Join("/proc", entry.Name(), "cwd"))
		// A zombie, one that is gone, and another user's have none.
		if err == nil && (cwd == dir || strings.HasPrefix(cwd, dir+"/")) {
			found = append(found, pid)
		}
	}
	return found
}
