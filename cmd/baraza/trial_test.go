package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BARAZA_TRIALS is how often each fault is tried: once in the suite, ten times for the
// proof, which also makes the faults last longer. BARAZA_TRIALS_OUT names a file that
// gets a line of JSON for each trial.
func trials(t testing.TB) int {
	t.Helper()
	text := os.Getenv("BARAZA_TRIALS")
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	require.Positive(t, n)
	return n
}

// lasting is how long a fault lasts in the suite, and in a proof.
func lasting(t testing.TB, suite, proof time.Duration) time.Duration {
	t.Helper()
	if trials(t) > 1 {
		return proof
	}
	return suite
}

// trial is one fault under load, as its ledger says afterwards.
type trial struct {
	Test         string  `json:"test"`
	Fault        string  `json:"fault"`
	Trial        int     `json:"trial"`
	At           string  `json:"at"`
	Revision     string  `json:"revision"`
	Seconds      float64 `json:"seconds"` // from the fault until everything answers again
	Acknowledged int     `json:"acknowledged"`
	Stored       int     `json:"stored"`
	Lost         int     `json:"lost"`    // acknowledged, and not stored
	Doubled      int     `json:"doubled"` // stored more than once
	Disordered   int     `json:"disordered"`
	Sends        int     `json:"sends"`
	Sent         int     `json:"sent"`
	Unknown      int     `json:"unknown"`      // after the fault, before their statuses came
	Unsettled    int     `json:"unsettled"`    // after them, though the platform had been called
	CalledTwice  int     `json:"called_twice"` // sends with more than one call
}

// record writes the trial down, then holds it against what is promised.
func (r *trial) record(t testing.TB) {
	t.Helper()
	r.Test, r.At = t.Name(), time.Now().UTC().Format(time.RFC3339)
	r.Revision = os.Getenv("BARAZA_TRIALS_REVISION")
	if info, ok := debug.ReadBuildInfo(); ok && r.Revision == "" {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				r.Revision = s.Value
			}
		}
	}
	text, err := json.Marshal(r)
	require.NoError(t, err)
	t.Logf("%s", text)
	if path := os.Getenv("BARAZA_TRIALS_OUT"); path != "" {
		trialsFile.Lock()
		defer trialsFile.Unlock()
		file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		require.NoError(t, err)
		_, err = fmt.Fprintf(file, "%s\n", text)
		require.NoError(t, err)
		require.NoError(t, file.Close())
	}
	require.Positive(t, r.Acknowledged)
	require.Zero(t, r.Lost, "%s", text)
	require.Zero(t, r.Doubled, "%s", text)
	require.Zero(t, r.Disordered, "%s", text)
	require.Zero(t, r.Unsettled, "%s", text)
	require.Zero(t, r.CalledTwice, "%s", text)
}

var trialsFile sync.Mutex

// count adds what a sender's thread says about the ledger: they number their messages.
func (r *trial) count(s *sender, thread []message) {
	times := map[int]int{}
	previous := 0
	for i, m := range thread {
		if m.Seq != int64(i+1) {
			r.Disordered++
		}
		if m.Direction != "in" {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(m.text()))
		if err != nil || n < previous {
			r.Disordered++
		}
		previous = n
		times[n]++
	}
	for n := 1; n <= s.last; n++ {
		switch times[n] {
		case 0:
			r.Lost++
		case 1:
		default:
			r.Doubled++
		}
	}
	r.Acknowledged += s.last
	r.Stored += len(times)
}
