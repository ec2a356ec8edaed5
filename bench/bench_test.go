package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"baraza/bench/machine"
	"baraza/bench/measure"
	"baraza/integrations/meta"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func point(run, id string, rounds ...float64) Point {
	return Point{Run: run, Git: "abc", Size: "quick", Path: "a", Name: "max.1", Class: "D2", Rate: 1234.5, Machine: machine.Facts{Cores: 2, FsyncUS: 30},
		Claims: []Claim{{ID: id, Interval: bounded(measure.Of(rounds)), Unit: "×", Of: "messages/s"}}}
}

func TestResults(t *testing.T) {
	t.Parallel()

	t.Run("a_line_reads_back_as_it_was_written", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		one := point("20260102T000000Z", "a.max.1", 0.9)
		one.CPU, one.Taint, one.Latency = map[string]float64{"baraza": 410}, []string{"steal 3 %"}, measure.Quantiles{N: 3, P50: 1.5}
		require.False(t, math.IsInf(one.Claims[0].High, 1), "an infinite end cannot be written")
		other := point("20260101T000000Z", "a.max.1", 0.8, 0.9)
		require.NoError(t, writePoints(filepath.Join(dir, "b.jsonl"), []Point{one}))
		require.NoError(t, writePoints(filepath.Join(dir, "c.jsonl"), []Point{other}))
		got, err := readPoints(dir)
		require.NoError(t, err)
		require.Equal(t, []Point{other, one}, got, "the oldest run first")
		text, err := os.ReadFile(filepath.Join(dir, "b.jsonl"))
		require.NoError(t, err)
		require.Equal(t, 1, strings.Count(string(text), "\n"), "one line per point")
	})

	t.Run("an_unknown_member_is_an_error", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "x.jsonl"), []byte(`{"run":"1","speed":9}`), 0o600))
		_, err := readPoints(dir)
		require.ErrorContains(t, err, "speed")
	})
}

func TestTargets(t *testing.T) {
	t.Parallel()
	targets, err := readTargets()
	require.NoError(t, err)
	require.NotEmpty(t, targets)
	known := map[string]bool{}
	for _, target := range targets {
		require.False(t, known[target.ID], target.ID)
		known[target.ID] = true
	}

	limit := func(v float64) *float64 { return &v }
	least, most := Target{AtLeast: limit(0.8), Tolerance: 0.05}, Target{AtMost: limit(10)}
	for _, one := range []struct {
		target Target
		rounds []float64
		want   string
	}{
		{least, []float64{0.85, 0.86, 0.87}, "holds"},
		{least, []float64{0.7, 0.71, 0.72}, "missed"},
		{least, []float64{0.3, 0.31, 0.32}, "far off"},
		{least, []float64{0.5, 0.8, 1.1}, "inconclusive"},
		{least, []float64{0.79, 0.8, 0.81}, "undecided"},
		{least, []float64{0.9}, "holds, one round"},
		{most, []float64{25}, "far off, one round"},
		{most, []float64{5, 8, 9}, "holds"},
		{most, []float64{12, 13, 14}, "missed"},
		{most, []float64{30, 31, 32}, "far off"},
	} {
		c := point("r", "x", one.rounds...).Claims[0]
		require.Equal(t, one.want, one.target.verdict(c), "%v against %s", one.rounds, one.target)
	}
}

func TestGate(t *testing.T) {
	t.Parallel()
	limit := 0.8
	targets := []Target{{ID: "a.max.1", AtLeast: &limit, Tolerance: 0.05}}
	good := func(run string) Point { return point(run, "a.max.1", 0.9, 0.91) }
	bad := func(run string) Point { return point(run, "a.max.1", 0.5, 0.51) }
	tainted := func(run string) Point {
		p := bad(run)
		p.Taint = []string{"foreign load 40 %"}
		return p
	}

	require.Empty(t, gate([]Point{bad("1"), good("2"), good("3")}, targets), "one bad hour")
	require.Equal(t, []string{"a.max.1"}, gate([]Point{bad("1"), good("2"), bad("3")}, targets))
	require.Empty(t, gate([]Point{bad("1"), bad("2"), good("3"), good("4"), good("5")}, targets), "long ago")
	require.Empty(t, gate([]Point{tainted("1"), tainted("2"), good("3")}, targets), "disturbed")
	require.Empty(t, gate([]Point{point("1", "a.max.1", 0.76), point("2", "a.max.1", 0.77)}, targets), "within the tolerance, or one round")
}

func TestReport(t *testing.T) {
	t.Parallel()
	limit := 0.8
	targets := []Target{{ID: "a.max.1", Says: "messages/s", AtLeast: &limit}, {ID: "a.max.5", Says: "five", AtLeast: &limit}}
	first := part([]Point{point("20260102T030405Z", "a.max.1", 0.9, 0.91)}, targets)
	require.Contains(t, first, "| messages/s (`a.max.1`) | 0.91× | 0.90–0.91 | ≥ 0.80 | holds | `make bench-path P=a` | 2026-01-02, abc, 2 cores, 0 GB, fdatasync 30 µs |")
	require.Contains(t, first, "1 of 2 targets have no figure yet.")

	page, err := splice("# Proof\n\nAbove.\n", benchMarks, first)
	require.NoError(t, err)
	page += "\nBelow.\n"
	again, err := splice(page, benchMarks, "## Speed\n\nother\n")
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(again, "# Proof\n\nAbove.\n"))
	require.True(t, strings.HasSuffix(again, "\nBelow.\n"))
	require.NotContains(t, again, "messages/s")
	_, err = splice(benchMarks.begin, benchMarks, "")
	require.Error(t, err)

	var out bytes.Buffer
	require.NoError(t, table(&out, claimsOf([]Point{point("1", "a.max.1", 0.9, 0.91)}), targets))
	require.Contains(t, out.String(), "holds")
}

// Trials of one revision add up; those of an older one are gone.
func TestTrials(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"old/trials.jsonl": `{"test":"TestKilled","fault":"app","at":"2026-01-01T00:00:00Z","revision":"old","acknowledged":9,"lost":1}`,
		"new/trials.jsonl": `{"test":"TestKilled","fault":"app","at":"2026-01-02T00:00:00Z","revision":"new","acknowledged":10,"seconds":1.5,"sent":3}
{"test":"TestKilled","fault":"app","at":"2026-01-02T00:01:00Z","revision":"new","acknowledged":12,"seconds":2.25}`,
		"new/steps.jsonl": `{"step":"faults","passed":false,"seconds":7,"revision":"new","at":"2026-01-02T00:00:00Z"}
{"step":"faults","passed":true,"seconds":8,"revision":"new","at":"2026-01-02T01:00:00Z"}`,
	} {
		require.NoError(t, os.MkdirAll(filepath.Join(folder, filepath.Dir(name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	trials, err := readProof(folder, "trials.jsonl", func(t trial) string { return t.At })
	require.NoError(t, err)
	steps, err := readProof(folder, "steps.jsonl", func(s step) string { return s.At })
	require.NoError(t, err)
	text := trialsPart(trials, steps)
	require.Contains(t, text, "| app (`TestKilled`) | 2 | 22 | 0 | 0 | 0 | 0 | 0 | 0 | 2.2 | `scripts/proof.sh faults` | 2026-01-02, new |")
	require.Contains(t, text, "| faults | passed | 8 | `scripts/proof.sh faults` | 2026-01-02, new |")
	require.NotContains(t, text, "**failed**")
}

func TestPgbench(t *testing.T) {
	t.Parallel()
	done, err := parseBench("number of transactions actually processed: 4213\ntps = 1 (without initial connection time)\n")
	require.NoError(t, err)
	require.Equal(t, 4213, done)
	_, err = parseBench("")
	require.Error(t, err)

	path := filepath.Join(t.TempDir(), "log")
	var text strings.Builder
	text.WriteString("0 1 90000 0 100 0\n") // planning
	for i := range 100 {
		text.WriteString("1 2 500 0 " + []string{"100", "101"}[i/50] + " 500000 12\n")
	}
	require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
	list, err := readBenchLog(path)
	require.NoError(t, err)
	require.Len(t, list, 101)
	var b benched
	require.NoError(t, b.settle(list, warmUpClosed))
	require.EqualValues(t, 100, b.latency.Count(), "the warm-up counts for nothing")
	require.Equal(t, 500*time.Microsecond, b.latency.Max())
	require.InDelta(t, 100/1.2, b.rate, 0.01)
	require.Error(t, b.settle(list[:5], warmUpClosed))
}

func TestTaints(t *testing.T) {
	t.Parallel()
	clean, busy, busier := machine.Usage{Foreign: 0.01}, machine.Usage{Foreign: 0.2}, machine.Usage{Foreign: 0.4, Steal: 0.03}
	require.Empty(t, taints(clean, clean))
	require.Equal(t, []string{"foreign load 20 %"}, taints(busy))
	require.Equal(t, []string{"foreign load 40 %, steal 3 % in 2 of 3 windows"}, taints(busy, clean, busier))
}

// What the provider sends is what Meta sends, and what the screen reads is what it sent.
func TestProvider(t *testing.T) {
	t.Parallel()
	p := provider{number: "418290667153204"}
	require.Equal(t, 0, p.reserve(5))
	request := p.webhook(p.reserve(3), 3)
	head, body, ok := bytes.Cut(request, []byte("\r\n\r\n"))
	require.True(t, ok)
	_, signature, ok := bytes.Cut(head, []byte("X-Hub-Signature-256: "))
	require.True(t, ok)
	signature, _, _ = bytes.Cut(signature, []byte("\r\n"))
	valid, _ := meta.VerifySignature(body, string(signature), appSecret)
	require.True(t, valid)
	items, err := meta.Split(body)
	require.NoError(t, err)
	require.Len(t, items, 3)
	event, err := meta.Parse(items[1])
	require.NoError(t, err)
	require.Equal(t, "+"+phone(6), event.Message.From.Keys[0].Value)
	require.Len(t, event.Message.Text, textBytes)

	n, ok := messageOf([]byte(`{"type":"event","name":"message.created","data":{"message":{"text":"` + event.Message.Text + `"}}}`))
	require.True(t, ok)
	require.Equal(t, 6, n)
	_, ok = messageOf([]byte(`{"name":"conversation.updated","data":{"last_message":{"text":"` + event.Message.Text + `"}}}`))
	require.False(t, ok)
}
