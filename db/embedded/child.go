package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.uber.org/zap"
)

// child owns the server process: it is waited for, and nothing of it is left.
type child struct {
	process *os.Process
	log     *serverLog
	stopped atomic.Bool
	done    chan struct{}
	err     error // of the process; set before done is closed
}

func startChild(cmd *exec.Cmd, logger *zap.Logger) (*child, error) {
	c := &child{log: &serverLog{logger: logger, ready: make(chan struct{})}, done: make(chan struct{})}
	cmd.Stderr = c.log
	// Sessions of a killed server hold its stderr until they notice.
	cmd.WaitDelay = 5 * time.Second
	started := make(chan error)
	go func() {
		// The parent-death signal follows the thread that forked, not the process:
		// this thread stays with the server as long as it lives.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(c.done)
		err := cmd.Start()
		started <- err
		if err == nil {
			c.err = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		<-c.done
		return nil, err
	}
	c.process = cmd.Process
	return c, nil
}

// stop asks for a fast shutdown, for an immediate one when the context ends, and
// kills when even that is not followed.
func (c *child) stop(ctx context.Context) error {
	c.stopped.Store(true)
	if err := c.signal(syscall.SIGINT); err != nil {
		return err
	}
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
	}
	if err := c.signal(syscall.SIGQUIT); err != nil {
		return err
	}
	// The server itself kills its sessions 5 s after an immediate shutdown.
	timer := time.NewTimer(8 * time.Second)
	defer timer.Stop()
	select {
	case <-c.done:
		return fmt.Errorf("postgres was stopped without its checkpoint, the next start recovers: %w", ctx.Err())
	case <-timer.C:
	}
	if err := c.signal(syscall.SIGKILL); err != nil {
		return err
	}
	<-c.done
	return fmt.Errorf("postgres had to be killed, the next start recovers: %w", ctx.Err())
}

// giveUp ends a server whose start failed after it was launched.
func (c *child) giveUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	return c.stop(ctx)
}

func (c *child) signal(signal os.Signal) error {
	if err := c.process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("send %s to postgres: %w", signal, err)
	}
	return nil
}

// failure says why the server ended; nil when it was asked to. Only after done.
func (c *child) failure() error {
	if c.stopped.Load() {
		return nil
	}
	reason := c.log.lastFatal()
	switch {
	case reason == "" && c.err == nil:
		return errors.New("postgres was stopped by somebody else")
	case reason == "":
		return fmt.Errorf("postgres ended: %w", c.err)
	case c.err == nil:
		return fmt.Errorf("postgres ended: %s", reason)
	}
	return fmt.Errorf("postgres ended: %s (%w)", reason, c.err)
}

// serverLog passes the server's lines on and notices the one that matters.
type serverLog struct {
	logger *zap.Logger
	ready  chan struct{}

	mu      sync.Mutex
	partial []byte
	isReady bool
	fatal   string
}

func (l *serverLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.partial = append(l.partial, p...)
	for {
		line, rest, found := bytes.Cut(l.partial, []byte("\n"))
		if !found {
			return len(p), nil
		}
		l.take(string(line))
		l.partial = rest
	}
}

func (l *serverLog) take(line string) {
	severity, text, _ := strings.Cut(line, ":")
	text = strings.TrimSpace(text)
	switch severity {
	case "LOG", "HINT", "DETAIL":
		l.logger.Debug("postgres says", zap.String("line", line))
	case "FATAL":
		// A refused log-in is fatal too, for its session only.
		l.fatal = text
		l.logger.Info("postgres says", zap.String("line", line))
	default:
		l.logger.Warn("postgres says", zap.String("line", line))
		if severity == "PANIC" || l.fatal == "" {
			l.fatal = text
		}
	}
	if severity == "LOG" && text == "database system is ready to accept connections" && !l.isReady {
		l.isReady, l.fatal = true, ""
		close(l.ready)
	}
}

// lastFatal is the last reason the server gave for not going on.
func (l *serverLog) lastFatal() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fatal
}
