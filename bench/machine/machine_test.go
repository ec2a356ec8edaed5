package machine

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFacts(t *testing.T) {
	t.Parallel()
	f, err := Read()
	require.NoError(t, err)
	require.Positive(t, f.Cores)
	require.Positive(t, f.MemoryGB)
	require.NotEmpty(t, f.Kernel)
	rss, err := RSS(os.Getpid())
	require.NoError(t, err)
	require.Greater(t, rss, int64(1<<20))
	_, err = field("Rss: 1 kB\n", "Pss:")
	require.Error(t, err)
}

func TestParse(t *testing.T) {
	t.Parallel()

	t.Run("a_process_whose_name_holds_parentheses", func(t *testing.T) {
		t.Parallel()
		pid, p, err := parseProcess("812 (a) R (b) S 7 1 1 0 -1 4194560 100 0 0 0 30 12 5 3 20 0 1 0 99 1 1\n")
		require.NoError(t, err)
		require.Equal(t, 812, pid)
		require.Equal(t, process{parent: 7, own: 420 * time.Millisecond, reaped: 80 * time.Millisecond}, p)
		_, _, err = parseProcess("812 a S 7")
		require.Error(t, err)
	})

	t.Run("the_whole_machine", func(t *testing.T) {
		t.Parallel()
		got, err := parseTotals("cpu  100 10 50 800 5 7 8 20 0 0\ncpu0 1 1 1\n")
		require.NoError(t, err)
		require.Equal(t, totals{all: 10 * time.Second, busy: 1600 * time.Millisecond, steal: 200 * time.Millisecond}, got)
	})

	t.Run("connections_by_their_state", func(t *testing.T) {
		t.Parallel()
		table := "  sl  local_address rem_address   st\n" +
			"   0: 0100007F:1F90 00000000:0000 0A 0\n   1: 0100007F:1F90 0100007F:C001 01 0\n   2: 0100007F:1F90 0100007F:C002 04 0\n" +
			"   3: 0100007F:C001 0100007F:1F90 01 0\n"
		require.Equal(t, 1, established(table, 8080))
	})

	t.Run("a_tree_has_each_process_once", func(t *testing.T) {
		t.Parallel()
		p := processes{1: {0, 1, 0}, 2: {1, 10, 100}, 3: {2, 1000, 0}, 4: {1, 10000, 0}}
		require.EqualValues(t, 1110, p.below(2))
		require.EqualValues(t, 11111, p.below(1))
	})
}

func TestUsage(t *testing.T) {
	t.Parallel()

	t.Run("foreign_is_what_is_busy_and_not_ours", func(t *testing.T) {
		t.Parallel()
		before := Reading{cpu: map[string]time.Duration{"app": time.Second}}
		after := Reading{
			at: before.at.Add(2 * time.Second), cpu: map[string]time.Duration{"app": 2 * time.Second}, ours: 1500 * time.Millisecond,
			total: totals{all: 4 * time.Second, busy: 2 * time.Second, steal: 200 * time.Millisecond},
		}
		u := after.Since(before)
		require.Equal(t, time.Second, u.CPU["app"])
		require.InDelta(t, 0.125, u.Foreign, 1e-9)
		require.InDelta(t, 0.05, u.Steal, 1e-9)
		require.Equal(t, "foreign load 12 %, steal 5 %", u.Taint())
		require.InDelta(t, 100.0, u.PerOperation(10000)["app"], 1e-9)
		require.Empty(t, Usage{Foreign: 0.04, Steal: 0.01}.Taint())
	})

	t.Run("a_child_that_ended_is_ours", func(t *testing.T) {
		t.Parallel()
		m := NewMeter(map[string]int{"self": os.Getpid()})
		before, err := m.Read()
		require.NoError(t, err)
		require.NoError(t, exec.Command("sh", "-c", "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done").Run())
		after, err := m.Read()
		require.NoError(t, err)
		require.Positive(t, after.ours-before.ours)
	})
}
