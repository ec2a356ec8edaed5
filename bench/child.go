package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"baraza/bench/load"
)

// process is a program that was started here and ends with us, however we end.
type process struct {
	cmd   *exec.Cmd
	log   tail
	ended chan struct{}
	err   error // of Wait; read after ended
}

func start(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, ended: make(chan struct{})}
	if cmd.Stdout == nil {
		cmd.Stdout = &p.log
	}
	cmd.Stderr = &p.log
	cmd.WaitDelay = 10 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	go func() {
		defer close(p.ended)
		p.err = cmd.Wait()
	}()
	return p, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// stop asks it to end, and ends it when it does not within twenty seconds.
func (p *process) stop() error {
	// Either fails only when it has ended already.
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	timer := time.NewTimer(20 * time.Second)
	defer timer.Stop()
	select {
	case <-p.ended:
	case <-timer.C:
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
	var exit *exec.ExitError
	if errors.As(p.err, &exit) && exit.ExitCode() < 0 {
		return nil // by the signal
	}
	return p.err
}

// tail keeps the end of what a process prints.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if over := len(t.text) - 16<<10; over > 0 {
		t.text = t.text[over:]
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(t.text)), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}

// child is this program once more, playing one part and answering commands.
type child struct {
	*process
	in      io.WriteCloser
	encoder *json.Encoder
	decoder *json.Decoder
}

func startChild(part string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find our own program: %w", err)
	}
	cmd := exec.Command(self, part) //nolint:noctx // it ends when its input does
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout = write
	p, err := start(cmd)
	if err != nil {
		return nil, errors.Join(err, read.Close(), write.Close())
	}
	return &child{p, in, json.NewEncoder(in), json.NewDecoder(read)}, write.Close()
}

// ask sends a command and waits for its answer.
func (c *child) ask(cmd load.Command, result any) error {
	if err := c.encoder.Encode(cmd); err != nil {
		return fmt.Errorf("ask %s: %w: %s", c.cmd.Args[1], err, c.log.String())
	}
	var answer load.Answer
	if err := c.decoder.Decode(&answer); err != nil {
		return fmt.Errorf("ask %s: %w: %s", c.cmd.Args[1], err, c.log.String())
	}
	if answer.Error != "" {
		return fmt.Errorf("%s: %s", c.cmd.Args[1], answer.Error)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(answer.Result, result)
}

func (c *child) stop() error {
	return errors.Join(c.in.Close(), c.process.stop())
}

type crowdCommand struct{}

// Run plays the clients of path b.
func (crowdCommand) Run(e environment) error {
	crowd := load.NewCrowd()
	err := load.Serve(e.in, e.out, func(c load.Command) (any, error) { return crowd.Do(e.ctx, c) })
	return errors.Join(err, crowd.Leave())
}

// addresses is the first line the least server prints.
type addresses struct {
	HTTP string `json:"http"`
	Raw  string `json:"raw"`
}

type leastCommand struct{}

// Run plays the least server.
func (leastCommand) Run(e environment) error {
	floor, err := load.NewFloor()
	if err != nil {
		return err
	}
	if err := json.NewEncoder(e.out).Encode(addresses{floor.HTTP.Addr().String(), floor.Raw.Addr().String()}); err != nil {
		return err
	}
	return floor.During(e.ctx, func() error {
		return load.Serve(e.in, e.out, func(c load.Command) (any, error) { return floor.Do(e.ctx, c) })
	})
}

// least is a running least server.
type least struct {
	*child
	addresses
}

func startLeast() (*least, error) {
	c, err := startChild("least")
	if err != nil {
		return nil, err
	}
	l := &least{child: c}
	if err := c.decoder.Decode(&l.addresses); err != nil {
		return nil, errors.Join(fmt.Errorf("start the least server: %w", err), c.stop())
	}
	return l, nil
}
