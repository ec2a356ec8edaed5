package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// trial is one fault under load, as the tests of the program write it down.
type trial struct {
	Test         string  `json:"test"`
	Fault        string  `json:"fault"`
	At           string  `json:"at"`
	Revision     string  `json:"revision"`
	Seconds      float64 `json:"seconds"`
	Acknowledged int     `json:"acknowledged"`
	Lost         int     `json:"lost"`
	Doubled      int     `json:"doubled"`
	Disordered   int     `json:"disordered"`
	Sends        int     `json:"sends"`
	Unsettled    int     `json:"unsettled"`
	CalledTwice  int     `json:"called_twice"`
}

// step is one part of make proof.
type step struct {
	Step     string `json:"step"`
	Passed   bool   `json:"passed"`
	Seconds  int    `json:"seconds"`
	Revision string `json:"revision"`
	At       string `json:"at"`
}

// readProof reads a file of JSON lines that every folder of make proof may have, the
// newest line last. Members this page does not show are passed over.
func readProof[T any](folder, name string, at func(T) string) ([]T, error) {
	list, err := readLines[T](filepath.Join(folder, "*", name))
	slices.SortStableFunc(list, func(x, y T) int { return strings.Compare(at(x), at(y)) })
	return list, err
}

// faults is what the trials of one fault at its newest revision add up to.
type faults struct {
	trial
	trials int
}

func sumTrials(list []trial) []faults {
	var sums []faults
	for _, t := range list {
		i := slices.IndexFunc(sums, func(f faults) bool { return f.Test == t.Test && f.Fault == t.Fault })
		switch {
		case i < 0:
			sums = append(sums, faults{t, 1})
			continue
		case sums[i].Revision != t.Revision:
			sums[i] = faults{t, 1}
			continue
		}
		f := &sums[i]
		f.trials++
		f.At, f.Seconds = t.At, max(f.Seconds, t.Seconds)
		f.Acknowledged, f.Lost, f.Doubled, f.Disordered = f.Acknowledged+t.Acknowledged, f.Lost+t.Lost, f.Doubled+t.Doubled, f.Disordered+t.Disordered
		f.Sends, f.Unsettled, f.CalledTwice = f.Sends+t.Sends, f.Unsettled+t.Unsettled, f.CalledTwice+t.CalledTwice
	}
	return sums
}

// trialsPart is what make proof found: faults under load, models, fuzzing.
func trialsPart(trials []trial, steps []step) string {
	var b strings.Builder
	b.WriteString(`## Faults, models, fuzzing

The real program under load while something is killed, cut off or filled up. Acknowledged are webhooks that were answered 200; what is lost,
doubled or out of order is counted against that ledger afterwards. Unsettled are sends of which nobody knows whether they went out.

| fault | trials | acknowledged | lost | doubled | disordered | sends | called twice | unsettled | longest, s | command | taken |
|---|---|---|---|---|---|---|---|---|---|---|---|
`)
	for _, f := range sumTrials(trials) {
		fmt.Fprintf(&b, "| %s (`%s`) | %d | %d | %d | %d | %d | %d | %d | %d | %.1f | `scripts/proof.sh faults` | %s, %s |\n", f.Fault, f.Test, f.trials,
			f.Acknowledged, f.Lost, f.Doubled, f.Disordered, f.Sends, f.CalledTwice, f.Unsettled, f.Seconds, day(f.At), f.Revision)
	}
	b.WriteString("\n| step | result | seconds | command | taken |\n|---|---|---|---|---|\n")
	last := map[string]step{}
	var names []string
	for _, s := range steps {
		if _, seen := last[s.Step]; !seen {
			names = append(names, s.Step)
		}
		last[s.Step] = s
	}
	for _, name := range names {
		s := last[name]
		result := "passed"
		if !s.Passed {
			result = "**failed**"
		}
		fmt.Fprintf(&b, "| %s | %s | %d | `scripts/proof.sh %s` | %s, %s |\n", s.Step, result, s.Seconds, s.Step, day(s.At), s.Revision)
	}
	return b.String()
}

// day of an instant in RFC 3339.
func day(at string) string {
	before, _, _ := strings.Cut(at, "T")
	return before
}
