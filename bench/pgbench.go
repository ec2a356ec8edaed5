package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"baraza/bench/measure"
)

// script is what pgbench runs, and as whom.
type script struct {
	name      string
	text      string
	variables map[string]string
	role      string
	options   []string // session settings
}

// benched is what pgbench found: rate and latencies after its warm-up, and all that was
// done.
type benched struct {
	rate    float64
	done    int
	latency measure.Histogram
}

var benchDone = regexp.MustCompile(`number of transactions actually processed: (\d+)`)

// pgbench runs a script with clients for whole seconds; a rate above 0 makes it an open
// loop whose latencies count from the schedule.
func (s *stage) pgbench(ctx context.Context, sc script, clients int, span time.Duration, rate float64) (out benched, err error) {
	dir, err := os.MkdirTemp(s.dir, "pgbench-")
	if err != nil {
		return out, fmt.Errorf("pgbench: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, sc.name+".sql")
	if err := os.WriteFile(file, []byte(sc.text), 0o600); err != nil {
		return out, fmt.Errorf("pgbench: %w", err)
	}
	seconds := max(int(span.Seconds()+0.5), 2) // a shorter run is all warm-up
	args := []string{
		"-n", "-M", "prepared", "-c", strconv.Itoa(clients), "-j", strconv.Itoa(min(clients, 2)), "-T", strconv.Itoa(seconds),
		"-f", file, "-l", "--log-prefix", filepath.Join(dir, "log"),
	}
	if rate > 0 {
		args = append(args, "-R", strconv.FormatFloat(rate, 'f', 1, 64))
	}
	for name, value := range sc.variables {
		args = append(args, "-D", name+"="+value)
	}
	cmd := exec.CommandContext(ctx, s.tool("pgbench"), args...)
	if cmd.Env, err = s.postgresEnvironment(sc.role, sc.options...); err != nil {
		return out, err
	}
	var printed, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &complaints
	if err := cmd.Run(); err != nil {
		return out, fmt.Errorf("pgbench %s: %w: %s", sc.name, err, complaints.String())
	}
	if out.done, err = parseBench(printed.String()); err != nil {
		return out, fmt.Errorf("pgbench %s: %w: %s%s", sc.name, err, printed.String(), complaints.String())
	}
	logs, err := filepath.Glob(filepath.Join(dir, "log.*"))
	if err != nil {
		return out, err
	}
	var all []transaction
	for _, path := range logs {
		list, err := readBenchLog(path)
		if err != nil {
			return out, fmt.Errorf("pgbench %s: %w", sc.name, err)
		}
		all = append(all, list...)
	}
	warmUp := warmUpClosed
	if rate > 0 {
		warmUp = warmUpOpen
	}
	if err := out.settle(all, warmUp); err != nil {
		return out, fmt.Errorf("pgbench %s: %w", sc.name, err)
	}
	return out, nil
}

// What counts for nothing at the beginning of a run: each client plans its statements
// first, and in an open loop what was due meanwhile has to be caught up with.
const (
	warmUpClosed = 0.2
	warmUpOpen   = 0.5
)

// settle counts what ended after the warm-up.
func (b *benched) settle(all []transaction, warmUp float64) error {
	slices.SortFunc(all, func(x, y transaction) int { return x.ended.Compare(y.ended) })
	if len(all) < 10 {
		return fmt.Errorf("only %d transactions", len(all))
	}
	first, last := all[0].ended, all[len(all)-1].ended
	from := first.Add(time.Duration(warmUp * float64(last.Sub(first))))
	counted := 0
	for _, t := range all {
		if t.ended.After(from) {
			b.latency.Record(t.took)
			counted++
		}
	}
	b.rate = float64(counted) / last.Sub(from).Seconds()
	return nil
}

func parseBench(text string) (done int, err error) {
	found := benchDone.FindStringSubmatch(text)
	if found == nil {
		return 0, errors.New("unknown output")
	}
	return strconv.Atoi(found[1])
}

// transaction is one line of a log.
type transaction struct {
	ended time.Time
	took  time.Duration // from when it was due
}

// readBenchLog reads lines of client, number, microseconds, script, and when it ended in
// seconds and microseconds.
func readBenchLog(path string) (list []transaction, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var client, number, took, script, seconds, micros int64
		if _, err := fmt.Sscan(lines.Text(), &client, &number, &took, &script, &seconds, &micros); err != nil {
			return nil, fmt.Errorf("unknown line %q: %w", lines.Text(), err)
		}
		list = append(list, transaction{time.Unix(seconds, micros*1000), time.Duration(took) * time.Microsecond})
	}
	return list, lines.Err()
}
