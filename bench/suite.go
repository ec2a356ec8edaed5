package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"baraza/bench/machine"
	"baraza/bench/measure"
)

// size is how much of everything there is.
type size struct {
	name                          string
	rounds                        int
	window                        time.Duration
	sharedBuffers                 string
	sockets                       []int // path b, ascending
	idle                          time.Duration
	conversations, messages, open int // path c
}

var sizes = map[string]size{
	"smoke": {"smoke", 2, 2 * time.Second, "128MB", []int{100, 200}, 2 * time.Second, 2_000, 20_000, 500},
	"quick": {"quick", 3, 4 * time.Second, "1GB", []int{1_000, 5_000}, 12 * time.Second, 20_000, 200_000, 5_000},
	"full":  {"full", 11, 8 * time.Second, "4GB", []int{1_000, 5_000, 10_000}, time.Minute, 1_000_000, 20_000_000, 5_000},
}

// suite is one run: what was measured so far, and what is to be known about all of it.
type suite struct {
	size    size
	run     string
	git     string
	machine machine.Facts
	stage   *stage
	profile string // folder for perf's records, "" for none
	out     io.Writer
	points  []Point
	// void says why nothing of this run counts: its A/A pair was not equal.
	void string
}

type runFlags struct {
	Size    string `enum:"smoke,quick,full" default:"quick" help:"smoke tries the bench itself, quick takes minutes, full an hour."`
	Data    string `help:"Folder of bench gen, kept. Defaults to a temporary one."`
	Results string `default:"bench/results" help:"Where the lines go."`
	Profile string `help:"Folder for perf's records of the program; takes windows of its own."`
}

type runCommand struct {
	runFlags
	Paths []string `arg:"" enum:"a,b,c" help:"a inbound, b sockets, c lists."`
}

func (r runCommand) Run(e environment) error {
	paths := map[string]func(context.Context, *suite) error{"a": pathA, "b": pathB, "c": pathC}
	return r.measure(e, func(ctx context.Context, s *suite) error {
		for _, p := range r.Paths {
			s.void = ""
			if err := paths[p](ctx, s); err != nil {
				return fmt.Errorf("path %s: %w", p, err)
			}
		}
		return nil
	})
}

type floorCommand struct{ runFlags }

func (f floorCommand) Run(e environment) error { return f.measure(e, floors) }

type genCommand struct {
	Data string `required:"" help:"Folder to make and keep."`
	Size string `enum:"smoke,quick,full" default:"quick" help:"How many rows."`
}

func (g genCommand) Run(e environment) (err error) {
	stage, err := newStage(e.ctx, sizes[g.Size], g.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.close(e.ctx)) }()
	_, err = inboxRows(e.ctx, stage, sizes[g.Size], e.out)
	return err
}

// measure sets the stage, runs do, and writes what came of it.
func (f runFlags) measure(e environment, do func(context.Context, *suite) error) (err error) {
	s := &suite{size: sizes[f.Size], run: time.Now().UTC().Format("20060102T150405Z"), git: revision(e.ctx), profile: f.Profile, out: e.out}
	if f.Profile != "" {
		if err := os.MkdirAll(f.Profile, 0o755); err != nil {
			return fmt.Errorf("make a folder for profiles: %w", err)
		}
	}
	if s.machine, err = machine.Read(); err != nil {
		return err
	}
	if s.stage, err = newStage(e.ctx, s.size, f.Data); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stage.close(e.ctx)) }()
	s.machine.Postgres, s.machine.Settings = s.stage.postgres.Version(), settings(s.size)
	if s.machine.FsyncUS, err = s.stage.fsync(e.ctx); err != nil {
		return err
	}
	s.printMachine()
	failed := do(e.ctx, s)
	if err := os.MkdirAll(f.Results, 0o755); err != nil {
		return fmt.Errorf("make a folder for results: %w", err)
	}
	// What was measured before something broke was measured.
	if err := errors.Join(failed, writePoints(filepath.Join(f.Results, s.run+".jsonl"), s.points)); err != nil {
		return err
	}
	targets, err := readTargets()
	if err != nil {
		return err
	}
	return table(e.out, claimsOf(s.points), targets)
}

func revision(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty=+", "--abbrev=10", "--exclude=*").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// mark tells this run's workspaces from another's in a folder that is kept.
func (s *suite) mark() string { return strings.ToLower(s.run) }

func (s *suite) printMachine() {
	m := s.machine
	s.say("%s: revision %s, %d cores, %d GB, Linux %s, %s, GOGC %s, PostgreSQL %s, fdatasync %.0f µs", s.run, s.git, m.Cores, m.MemoryGB, m.Kernel, m.Go,
		m.GOGC, m.Postgres, m.FsyncUS)
	var list []string
	for name, value := range m.Settings {
		list = append(list, name+"="+value)
	}
	slices.Sort(list)
	s.say("%s", strings.Join(list, " "))
}

func (s *suite) say(format string, args ...any) {
	fmt.Fprintf(s.out, format+"\n", args...)
}

// add keeps a point under this run.
func (s *suite) add(p Point) {
	p.Run, p.Git, p.Size, p.Machine = s.run, s.git, s.size.name, s.machine
	if s.void != "" {
		p.Taint = append(p.Taint, s.void)
	}
	slices.Sort(p.Taint)
	p.Taint = slices.Compact(p.Taint)
	for i := range p.Claims {
		p.Claims[i].Interval = bounded(p.Claims[i].Interval)
	}
	s.points = append(s.points, p)
	line := fmt.Sprintf("%s.%s", p.Path, p.Name)
	if p.Rate > 0 {
		line += fmt.Sprintf("  %.0f/s", p.Rate)
	}
	if p.Latency.N > 0 {
		line += fmt.Sprintf("  p50 %.0f p99 %.0f µs", p.Latency.P50, p.Latency.P99)
	}
	for _, c := range p.Claims {
		line += fmt.Sprintf("  %s %.3g%s", c.ID, c.Mid, c.Unit)
	}
	if len(p.Taint) > 0 {
		line += "  [" + strings.Join(p.Taint, "; ") + "]"
	}
	s.say("%s", line)
}

// watch measures what a window costs the named processes; the bench itself is always
// among them.
func (s *suite) watch(roots map[string]int, window func() error) (machine.Usage, error) {
	all := map[string]int{"bench": os.Getpid(), "postgres": s.stage.postmaster}
	for name, pid := range roots {
		all[name] = pid
	}
	if s.stage.app != nil {
		all["baraza"] = s.stage.app.pid()
	}
	meter := machine.NewMeter(all)
	before, err := meter.Read()
	if err != nil {
		return machine.Usage{}, err
	}
	if err := window(); err != nil {
		return machine.Usage{}, err
	}
	after, err := meter.Read()
	return after.Since(before), err
}

// sameWithin is how far an A/A pair may be from 1.
const sameWithin = 0.03

// same opens a path: one floor against itself. If the machine cannot tell that they
// are equal, nothing it says afterwards counts.
func (s *suite) same(path string, rate func() (float64, error)) error {
	var a, b []float64
	into := func(list *[]float64) func(int) error {
		return func(int) error {
			r, err := rate()
			*list = append(*list, r)
			return err
		}
	}
	usage, err := s.watch(nil, func() error { return measure.Rounds(s.size.rounds, into(&a), into(&b)) })
	if err != nil {
		return err
	}
	in := measure.Of(measure.Ratios(b, a))
	if in.Mid < 1-sameWithin || in.Mid > 1+sameWithin {
		s.void = fmt.Sprintf("A/A %.2f", in.Mid)
	}
	s.add(Point{Path: path, Name: "same", Rate: measure.Median(append(a, b...)), Taint: taints(usage),
		Claims: []Claim{{ID: path + ".same", Interval: in, Unit: "×", Of: "one floor against itself"}}})
	return nil
}

// taints says how bad it was at its worst, and in how many of the windows.
func taints(windows ...machine.Usage) []string {
	var worst machine.Usage
	n := 0
	for _, u := range windows {
		if u.Taint() != "" {
			n++
		}
		worst.Foreign, worst.Steal = max(worst.Foreign, u.Foreign), max(worst.Steal, u.Steal)
	}
	switch {
	case n == 0:
		return nil
	case len(windows) == 1:
		return []string{worst.Taint()}
	}
	return []string{fmt.Sprintf("%s in %d of %d windows", worst.Taint(), n, len(windows))}
}

// perf records where the program spends its time while a window runs, if asked for.
func (s *suite) perf(ctx context.Context, name string, window func() error) error {
	if s.profile == "" || s.stage.app == nil {
		return nil
	}
	cmd := exec.CommandContext(ctx, "perf", "record", "-q", "-F", "499", "-g", "-p", fmt.Sprint(s.stage.app.pid()), "-o", filepath.Join(s.profile, name+".perf"))
	recorder, err := start(cmd)
	if err != nil {
		return err
	}
	err = window()
	_ = recorder.cmd.Process.Signal(os.Interrupt) // perf writes its file and ends
	<-recorder.ended
	return err
}
