// Package machine says what a number was taken on, and who else used the machine
// meanwhile. It reads Linux's /proc.
package machine

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Facts are written beside every number.
type Facts struct {
	Cores      int               `json:"cores"`
	MemoryGB   int               `json:"memory_gb"`
	Kernel     string            `json:"kernel"`
	Go         string            `json:"go"`
	GOMAXPROCS int               `json:"gomaxprocs"`
	GOGC       string            `json:"gogc"`
	Postgres   string            `json:"postgres,omitempty"`
	Settings   map[string]string `json:"postgres_settings,omitempty"`
	FsyncUS    float64           `json:"fdatasync_us,omitempty"`
}

// Read asks the machine.
func Read() (Facts, error) {
	f := Facts{Cores: runtime.NumCPU(), Go: runtime.Version(), GOMAXPROCS: runtime.GOMAXPROCS(0), GOGC: os.Getenv("GOGC")}
	if f.GOGC == "" {
		f.GOGC = "100"
	}
	kernel, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return f, fmt.Errorf("read the kernel's version: %w", err)
	}
	f.Kernel = string(bytes.TrimSpace(kernel))
	memory, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return f, fmt.Errorf("read the memory's size: %w", err)
	}
	kb, err := field(string(memory), "MemTotal:")
	f.MemoryGB = int((kb + 1<<19) >> 20)
	return f, err
}

// RSS is the memory of one process that is in RAM, in bytes.
func RSS(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, fmt.Errorf("read the memory of process %d: %w", pid, err)
	}
	kb, err := field(string(text), "Rss:")
	return kb << 10, err
}

// field reads the number behind a name at the beginning of a line.
func field(text, name string) (int64, error) {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			words := strings.Fields(rest)
			if len(words) == 0 {
				break
			}
			return strconv.ParseInt(words[0], 10, 64)
		}
	}
	return 0, fmt.Errorf("there is no %s", name)
}

// Established counts the open connections of a listener on loopback, its side of them:
// those it has closed are not among them, even while the kernel still holds their data.
func Established(address string) (int, error) {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return 0, err
	}
	text, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return 0, fmt.Errorf("read the machine's connections: %w", err)
	}
	return established(string(text), at.Port()), nil
}

func established(table string, port uint16) int {
	local, n := fmt.Sprintf(":%04X", port), 0
	for line := range strings.Lines(table) {
		if fields := strings.Fields(line); len(fields) > 3 && strings.HasSuffix(fields[1], local) && fields[3] == "01" {
			n++
		}
	}
	return n
}
