package api

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the edge itself costs per request, from the router to the written answer. The
// counts are kept: TestAdapterAllocations fails when they rise.
func BenchmarkAdapter(b *testing.B) {
	for name, one := range map[string]func(*fixture){
		"get":  func(f *fixture) { f.do(request("GET", "/api/versioned", "")) },
		"list": func(f *fixture) { f.do(request("GET", notesPath("?limit=20&status=queued"), "")); <-f.listed },
		"post": func(f *fixture) { f.do(request("POST", notesPath(""), `{"text":"rang back"}`)); <-f.added },
		"404":  func(f *fixture) { f.do(request("GET", "/api/nothing", "")) },
	} {
		b.Run(name, func(b *testing.B) {
			f := newFixture(b, nil)
			b.ReportAllocs()
			for b.Loop() {
				one(f)
				if f.log.Len() > 1000 {
					f.log.TakeAll()
				}
			}
		})
	}
	b.Run("of_which_the_test_itself", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			w := httptest.NewRecorder()
			_, _ = w.WriteString(strings.Repeat("a", 100))
			_ = request("POST", notesPath(""), `{"text":"rang back"}`)
		}
	})
}

func TestAdapterAllocations(t *testing.T) {
	f := newFixture(t, nil)
	own := testing.AllocsPerRun(100, func() {
		w := httptest.NewRecorder()
		_, _ = w.WriteString("x")
		_ = request("POST", notesPath(""), `{"text":"rang back"}`)
	})
	all := testing.AllocsPerRun(100, func() {
		f.do(request("POST", notesPath(""), `{"text":"rang back"}`))
		<-f.added
	})
	t.Logf("%.0f allocations", all-own)
	require.LessOrEqual(t, all-own, 76.0, "allocations of one POST through the whole edge")
}
