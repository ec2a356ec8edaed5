package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/go-json-experiment/json"
)

//go:embed targets.json
var targetsJSON []byte

// Target is what a claim is held to: one of AtLeast and AtMost.
type Target struct {
	ID        string   `json:"id"`
	Says      string   `json:"says"`
	AtLeast   *float64 `json:"at_least"`
	AtMost    *float64 `json:"at_most"`
	Tolerance float64  `json:"tolerance"`
}

func readTargets() ([]Target, error) {
	var list []Target
	if err := json.Unmarshal(targetsJSON, &list, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("read targets.json: %w", err)
	}
	for _, t := range list {
		if (t.AtLeast == nil) == (t.AtMost == nil) {
			return nil, fmt.Errorf("target %s needs one of at_least and at_most", t.ID)
		}
	}
	return list, nil
}

func (t Target) String() string {
	if t.AtLeast != nil {
		return fmt.Sprintf("≥ %s", number(*t.AtLeast))
	}
	return fmt.Sprintf("≤ %s", number(*t.AtMost))
}

// missed says that the whole interval lies beyond the target and its tolerance.
func (t Target) missed(c Claim) bool {
	if t.AtLeast != nil {
		return c.High < *t.AtLeast-t.Tolerance
	}
	return c.Low > *t.AtMost+t.Tolerance
}

// verdict on one claim. An absolute figure needs no narrow interval to be far from
// its limit; a ratio does.
func (t Target) verdict(c Claim) string {
	held, below, half := c.Low, c.High, false
	var want float64
	if t.AtLeast != nil {
		want = *t.AtLeast
		half = c.Mid < want/2
	} else {
		want, held, below = -*t.AtMost, -c.High, -c.Low
		half = c.Mid > *t.AtMost*2
	}
	once := ""
	if len(c.Rounds) == 1 {
		// What was measured once is judged as it is, and said to be.
		held, below, once = c.Mid, c.Mid, ", one round"
		if t.AtMost != nil {
			held, below = -c.Mid, -c.Mid
		}
	}
	switch {
	case held >= want:
		return "holds" + once
	case below < want && half:
		return "far off" + once
	case below < want:
		return "missed" + once
	case !c.Conclusive():
		return "inconclusive"
	}
	return "undecided"
}

// taken is a claim with the point it stands in.
type taken struct {
	Claim
	point *Point
}

// claimsOf keeps the last of each claim.
func claimsOf(points []Point) map[string]taken {
	last := map[string]taken{}
	for i := range points {
		for _, c := range points[i].Claims {
			last[c.ID] = taken{c, &points[i]}
		}
	}
	return last
}

// table prints the claims in the order of the targets.
func table(out io.Writer, claims map[string]taken, targets []Target) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "\nclaim\tmeasured\t95 %\ttarget\tverdict\tmade of\ttaint")
	for _, t := range targets {
		c, ok := claims[t.ID]
		if !ok {
			continue
		}
		fmt.Fprintf(w, "%s\t%s%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, number(c.Mid), unit(c.Unit), interval(c.Claim), t, t.verdict(c.Claim), madeOf(c.Claim), strings.Join(c.point.Taint, "; "))
	}
	return w.Flush()
}

func madeOf(c Claim) string {
	if c.Floor == 0 {
		return c.Of
	}
	return fmt.Sprintf("%s: %s, floor %s", c.Of, number(c.Value), number(c.Floor))
}

func unit(u string) string {
	if u == "×" || u == "" {
		return u
	}
	return " " + u
}

func interval(c Claim) string {
	if c.Low < -1e30 || c.High > 1e30 {
		return "one round"
	}
	return number(c.Low) + "–" + number(c.High)
}

// number has three digits that count.
func number(v float64) string {
	switch a := math.Abs(v); {
	case a >= 1000:
		return fmt.Sprintf("%.0f", v)
	case a >= 100:
		return fmt.Sprintf("%.0f", v)
	case a >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

type reportCommand struct {
	Results  string `default:"bench/results" help:"Where the lines are."`
	Proof    string `default:"proof" help:"Where make proof keeps what it found."`
	Document string `default:"docs/proof.md" help:"The page; its two parts are replaced."`
}

// marks enclose a part of the page that is written here.
type marks struct{ begin, end string }

var (
	benchMarks  = marks{"<!-- bench: written by `go run ./bench report` -->", "<!-- /bench -->"}
	trialsMarks = marks{"<!-- trials: written by `go run ./bench report` -->", "<!-- /trials -->"}
)

// Run replaces the parts of the page, or adds them. Without results of make proof its
// part stays as it is.
func (r reportCommand) Run(environment) error {
	points, err := readPoints(r.Results)
	if err != nil {
		return err
	}
	targets, err := readTargets()
	if err != nil {
		return err
	}
	page, err := os.ReadFile(r.Document)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", r.Document, err)
	}
	if len(page) == 0 {
		page = []byte("# Proof\n\nWhat is claimed, the command that shows it, and what it showed last.\n")
	}
	text, err := splice(string(page), benchMarks, part(points, targets))
	if err != nil {
		return fmt.Errorf("%s: %w", r.Document, err)
	}
	trials, err := readProof(r.Proof, "trials.jsonl", func(t trial) string { return t.At })
	if err != nil {
		return err
	}
	steps, err := readProof(r.Proof, "steps.jsonl", func(s step) string { return s.At })
	if err != nil {
		return err
	}
	if len(trials)+len(steps) > 0 {
		if text, err = splice(text, trialsMarks, trialsPart(trials, steps)); err != nil {
			return fmt.Errorf("%s: %w", r.Document, err)
		}
	}
	return os.WriteFile(r.Document, []byte(text), 0o644)
}

// splice puts the part between its marks, or at the end.
func splice(page string, m marks, part string) (string, error) {
	before, rest, ok := strings.Cut(page, m.begin)
	if !ok {
		return strings.TrimRight(page, "\n") + "\n\n" + m.begin + "\n" + part + m.end + "\n", nil
	}
	_, after, ok := strings.Cut(rest, m.end)
	if !ok {
		return "", fmt.Errorf("%q is missing", m.end)
	}
	return before + m.begin + "\n" + part + m.end + after, nil
}

// part is the bench part of the page.
func part(points []Point, targets []Target) string {
	var b strings.Builder
	b.WriteString(`## Speed

Every figure stands beside a floor taken in the same run: the same SQL in pgbench, a bare HTTP echo, a synced publish, raw socket
writes. A ratio of 1 would mean that everything but the floor costs nothing. Rounds alternate, latencies count from when a request was
meant to leave, the interval is a bootstrap over the rounds. *Inconclusive*: wider than ±7 %. A taint says who disturbed the run: a
figure with one is a hint, and an A/A pair that was not equal makes its whole path one.

| claim | figure | 95 % | target | verdict | command | taken |
|---|---|---|---|---|---|---|
`)
	claims := claimsOf(points)
	missing := 0
	for _, t := range targets {
		c, ok := claims[t.ID]
		if !ok {
			missing++
			continue
		}
		verdict := t.verdict(c.Claim)
		if len(c.point.Taint) > 0 {
			verdict += " (" + strings.Join(c.point.Taint, "; ") + ")"
		}
		fmt.Fprintf(&b, "| %s (`%s`) | %s%s | %s | %s | %s | `make bench-path P=%s` | %s, %s, %d cores, %d GB, fdatasync %.0f µs |\n",
			t.Says, t.ID, number(c.Mid), unit(c.Unit), interval(c.Claim), t, verdict, c.point.Path, date(c.point.Run), c.point.Git,
			c.point.Machine.Cores, c.point.Machine.MemoryGB, c.point.Machine.FsyncUS)
	}
	if missing > 0 {
		fmt.Fprintf(&b, "\n%d of %d targets have no figure yet.\n", missing, len(targets))
	}
	return b.String()
}

// date of a run's name.
func date(run string) string {
	if len(run) < 8 {
		return run
	}
	return run[:4] + "-" + run[4:6] + "-" + run[6:8]
}

type gateCommand struct {
	Results string `default:"bench/results" help:"Where the lines are."`
}

// gateRuns is how many runs of a claim are looked at, gateMisses how many of them must
// have missed before it counts: one bad hour of a machine proves nothing.
const (
	gateRuns   = 3
	gateMisses = 2
)

// Run fails when a target was missed in two of its last three runs without a taint.
func (g gateCommand) Run(e environment) error {
	points, err := readPoints(g.Results)
	if err != nil {
		return err
	}
	targets, err := readTargets()
	if err != nil {
		return err
	}
	missed := gate(points, targets)
	if len(missed) > 0 {
		return fmt.Errorf("missed in %d of the last %d clean runs: %s", gateMisses, gateRuns, strings.Join(missed, ", "))
	}
	_, err = fmt.Fprintln(e.out, "no target was missed twice")
	return err
}

func gate(points []Point, targets []Target) []string {
	var list []string
	for _, t := range targets {
		misses, runs := 0, 0
		for _, p := range slices.Backward(points) {
			if len(p.Taint) > 0 || p.Size == "smoke" {
				continue
			}
			for _, c := range p.Claims {
				if c.ID != t.ID || runs == gateRuns {
					continue
				}
				runs++
				if t.missed(c) {
					misses++
				}
			}
		}
		if misses >= gateMisses {
			list = append(list, t.ID)
		}
	}
	return list
}
