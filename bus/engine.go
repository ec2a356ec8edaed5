package bus

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/zap"
)

const (
	maxPayload   = 4 << 20
	readyTimeout = 30 * time.Second
	repairEvery  = 500 * time.Millisecond
	// repairSpace is what the disk must have before a stream that met its end is
	// opened again.
	repairSpace = 32 << 20
)

// engine is the embedded server. It listens to nobody outside this process.
type engine struct {
	server *server.Server
	dir    string
	lock   *os.File
	logger *zap.Logger
	// interrupt tells the bus that answers and deliveries under way are lost.
	interrupt func()
	// broken is true from a failed write until the streams are open again. A stream
	// that failed to write takes nothing more and answers nobody (nats-server 2.15).
	broken   atomic.Bool
	repairs  atomic.Uint64
	suspect  chan struct{}
	leaving  chan struct{}
	finished sync.WaitGroup
}

func startEngine(config Config, interrupt func()) (*engine, error) {
	dir, err := filepath.Abs(config.Dir)
	if err != nil {
		return nil, fmt.Errorf("find the stream directory %s: %w", config.Dir, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the stream directory %s cannot be made: %w", dir, err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	e := &engine{
		dir: dir, lock: lock, logger: config.Logger, interrupt: interrupt,
		suspect: make(chan struct{}, 1), leaving: make(chan struct{}),
	}
	if err := e.start(); err != nil {
		return nil, errors.Join(err, e.stop())
	}
	e.finished.Go(e.repairWhenBroken)
	return e, nil
}

func (e *engine) start() error {
	log := &engineLog{engine: e}
	var err error
	e.server, err = server.NewServer(&server.Options{
		ServerName: "baraza",
		DontListen: true,
		JetStream:  true,
		StoreDir:   e.dir,
		// An ack means on disk. Without it the server syncs every two minutes.
		SyncAlways: true,
		// Limits are the streams' own; the default would be 75 % of what is free at the start.
		JetStreamMaxStore:  math.MaxInt64 / 2,
		JetStreamMaxMemory: 256 << 20,
		MaxPayload:         maxPayload,
		NoSigs:             true,
	})
	if err != nil {
		return fmt.Errorf("make the embedded NATS: %w", err)
	}
	e.server.SetLoggerV2(log, false, false, false)
	e.server.Start()
	if !e.server.ReadyForConnections(readyTimeout) || !e.server.JetStreamEnabled() {
		return fmt.Errorf("the embedded NATS does not start in %s: %s", e.dir, log.last())
	}
	if config := e.server.JetStreamConfig(); config == nil || !config.SyncAlways {
		return errors.New("the embedded NATS does not sync what it acknowledges")
	}
	return nil
}

func (e *engine) stop() error {
	close(e.leaving)
	e.finished.Wait()
	if e.server != nil {
		e.server.Shutdown()
		e.server.WaitForShutdown()
	}
	return e.lock.Close()
}

// repairWhenBroken opens the streams again once the disk has room. Until then
// publishing fails at once, and what is stored can be read.
func (e *engine) repairWhenBroken() {
	for {
		select {
		case <-e.suspect:
		case <-e.leaving:
			return
		}
		e.broken.Store(true)
		e.interrupt()
		if !e.repair() {
			return
		}
		e.broken.Store(false)
		e.repairs.Add(1)
		e.logger.Info("embedded nats stores again")
		e.interrupt()
	}
}

// repair tries until it succeeds (true) or the engine stops.
func (e *engine) repair() bool {
	again := time.NewTicker(repairEvery)
	defer again.Stop()
	for {
		select {
		case <-again.C:
		case <-e.leaving:
			return false
		}
		if err := e.reopen(); err != nil {
			e.logger.Warn("embedded nats cannot store", zap.Error(err))
			continue
		}
		return true
	}
}

func (e *engine) reopen() error {
	free, err := freeBytes(e.dir)
	if err != nil {
		return err
	}
	if free < repairSpace {
		return fmt.Errorf("the disk of %s has %d bytes free", e.dir, free)
	}
	if config := e.server.JetStreamConfig(); config != nil {
		if err := e.server.ShutdownJetStream(); err != nil {
			return fmt.Errorf("close the streams: %w", err)
		}
	}
	err = e.server.EnableJetStream(&server.JetStreamConfig{
		StoreDir: e.dir, SyncAlways: true, Strict: true, CompressOK: true,
		MaxMemory: 256 << 20, MaxStore: math.MaxInt64 / 2,
	})
	if err != nil {
		return fmt.Errorf("open the streams: %w", err)
	}
	// What was heard before this belongs to the streams that are gone.
	select {
	case <-e.suspect:
	default:
	}
	if health := e.server.Healthz(&server.HealthzOptions{}); health.StatusCode >= 500 {
		return errors.New(health.Error)
	}
	return nil
}

// engineLog passes the server's lines on. It also is how we learn of a failed
// write: the server answers the publisher nothing.
type engineLog struct {
	engine *engine
	mu     sync.Mutex
	line   string
}

func (l *engineLog) last() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.line
}

func (l *engineLog) bad(format string, args []any) string {
	line := fmt.Sprintf(format, args...)
	l.mu.Lock()
	l.line = line
	l.mu.Unlock()
	if strings.Contains(line, "critical write error") || strings.Contains(line, "disabling JetStream") ||
		strings.Contains(line, "will be DISABLED") {
		select {
		case l.engine.suspect <- struct{}{}:
		default:
		}
	}
	return line
}

func (l *engineLog) Noticef(format string, args ...any) {
	l.engine.logger.Debug("nats says", zap.String("line", fmt.Sprintf(format, args...)))
}

func (l *engineLog) Warnf(format string, args ...any) {
	l.engine.logger.Warn("nats says", zap.String("line", l.bad(format, args)))
}

func (l *engineLog) Errorf(format string, args ...any) {
	l.engine.logger.Error("nats says", zap.String("line", l.bad(format, args)))
}

// Fatalf does not end the process: start sees that the server is not ready.
func (l *engineLog) Fatalf(format string, args ...any) {
	l.engine.logger.Error("nats says", zap.String("line", l.bad(format, args)))
}

func (l *engineLog) Debugf(string, ...any) {}
func (l *engineLog) Tracef(string, ...any) {}

// lockDir claims the folder for this process: the server itself would let two
// write the same files.
func lockDir(dir string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the stream directory %s cannot be written by this user: %w", dir, err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another Baraza is using the stream directory %s: stop it, or choose another directory", dir), lock.Close())
	}
	return lock, nil
}

// freeBytes is what the disk under dir has left for us.
func freeBytes(dir string) (int64, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return 0, fmt.Errorf("ask the disk of %s for its space: %w", dir, err)
	}
	return int64(disk.Bavail) * int64(disk.Bsize), nil //nolint:unconvert // their types differ between systems
}
