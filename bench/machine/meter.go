package machine

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of /proc/stat and /proc/PID/stat on every Linux.
const tick = 10 * time.Millisecond

// Limits past which a window is tainted, as shares of the machine.
const (
	stealLimit   = 0.02
	foreignLimit = 0.05
)

// Meter reads the CPU time of named processes with all they have started.
type Meter struct{ roots map[string]int }

// NewMeter names the processes by their ids.
func NewMeter(roots map[string]int) *Meter { return &Meter{roots} }

// Reading is one moment.
type Reading struct {
	at    time.Time
	cpu   map[string]time.Duration
	ours  time.Duration // this process and everything below it, ended ones too
	total totals
}

// totals of the whole machine since it started.
type totals struct{ all, busy, steal time.Duration }

// Read takes a reading.
func (m *Meter) Read() (Reading, error) {
	r := Reading{at: time.Now(), cpu: map[string]time.Duration{}}
	processes, err := readProcesses()
	if err != nil {
		return r, err
	}
	for name, pid := range m.roots {
		if pid == os.Getpid() {
			// What ended below this process has had a name of its own.
			r.cpu[name] = processes[pid].own
			continue
		}
		r.cpu[name] = processes.below(pid)
	}
	r.ours = processes.below(os.Getpid())
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return r, fmt.Errorf("read the machine's load: %w", err)
	}
	r.total, err = parseTotals(string(text))
	return r, err
}

// Usage is what happened between two readings.
type Usage struct {
	Span time.Duration
	CPU  map[string]time.Duration
	// Foreign and Steal are shares of the machine that others had: other processes here,
	// other machines on the same host.
	Foreign, Steal float64
}

// Since is the usage from before to r.
func (r Reading) Since(before Reading) Usage {
	u := Usage{Span: r.at.Sub(before.at), CPU: map[string]time.Duration{}}
	for name, cpu := range r.cpu {
		u.CPU[name] = max(cpu-before.cpu[name], 0)
	}
	all := float64(max(r.total.all-before.total.all, tick))
	u.Steal = float64(r.total.steal-before.total.steal) / all
	u.Foreign = max(float64((r.total.busy-before.total.busy)-(r.ours-before.ours))/all, 0)
	return u
}

// Sum adds up windows: spans and CPU times, not the shares of others.
func Sum(windows ...Usage) Usage {
	sum := Usage{CPU: map[string]time.Duration{}}
	for _, u := range windows {
		sum.Span += u.Span
		for name, cpu := range u.CPU {
			sum.CPU[name] += cpu
		}
	}
	return sum
}

// Taint names what others did to the window, "" when nothing that matters.
func (u Usage) Taint() string {
	var list []string
	if u.Foreign > foreignLimit {
		list = append(list, fmt.Sprintf("foreign load %.0f %%", 100*u.Foreign))
	}
	if u.Steal > stealLimit {
		list = append(list, fmt.Sprintf("steal %.0f %%", 100*u.Steal))
	}
	return strings.Join(list, ", ")
}

// PerOperation is the CPU time of each process over n operations, in microseconds.
func (u Usage) PerOperation(n float64) map[string]float64 {
	list := make(map[string]float64, len(u.CPU))
	for name, cpu := range u.CPU {
		list[name] = float64(cpu.Nanoseconds()) / 1000 / n
	}
	return list
}

// process is what the tree is made of.
type process struct {
	parent      int
	own, reaped time.Duration // its own time, and that of children that ended
}

type processes map[int]process

// below adds up a process and all its descendants.
func (p processes) below(root int) time.Duration {
	children := map[int][]int{}
	for pid, one := range p {
		children[one.parent] = append(children[one.parent], pid)
	}
	var sum time.Duration
	for waiting := []int{root}; len(waiting) > 0; {
		pid := waiting[len(waiting)-1]
		waiting = append(waiting[:len(waiting)-1], children[pid]...)
		sum += p[pid].own + p[pid].reaped
	}
	return sum
}

func readProcesses() (processes, error) {
	paths, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	list := make(processes, len(paths))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		pid, one, err := parseProcess(string(text))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		list[pid] = one
	}
	return list, nil
}

// parseProcess reads /proc/PID/stat. The name in parentheses may hold anything.
func parseProcess(text string) (pid int, p process, err error) {
	head, rest, ok := strings.Cut(text, " (")
	end := strings.LastIndex(rest, ") ")
	if !ok || end < 0 {
		return 0, p, fmt.Errorf("unknown form %q", text)
	}
	fields := strings.Fields(rest[end+2:])
	if len(fields) < 15 {
		return 0, p, fmt.Errorf("unknown form %q", text)
	}
	number := func(s string) time.Duration {
		n, parseErr := strconv.ParseInt(s, 10, 64)
		if parseErr != nil {
			err = parseErr
		}
		return time.Duration(n)
	}
	pid = int(number(head))
	p.parent = int(number(fields[1]))
	p.own = (number(fields[11]) + number(fields[12])) * tick
	p.reaped = (number(fields[13]) + number(fields[14])) * tick
	return pid, p, err
}

// parseTotals reads the first line of /proc/stat. Interrupts are nobody's: on
// loopback they are our own packets.
func parseTotals(text string) (t totals, err error) {
	line, _, _ := strings.Cut(text, "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return t, fmt.Errorf("unknown form of /proc/stat: %q", line)
	}
	for i, f := range fields[1:9] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return t, fmt.Errorf("unknown form of /proc/stat: %w", err)
		}
		span := time.Duration(n) * tick
		t.all += span
		switch i {
		case 0, 1, 2: // user, nice, system
			t.busy += span
		case 7:
			t.steal = span
		}
	}
	return t, nil
}
