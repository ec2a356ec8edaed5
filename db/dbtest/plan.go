package dbtest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/require"
)

// Statement is one that the product sent, with what it was given.
type Statement struct {
	SQL  string
	Args []any
}

// Recorder is a tracer that keeps the statements of a pool, those of batches too.
type Recorder struct {
	mu   sync.Mutex
	list []Statement
}

// Take returns what was sent since the last call, without begin and commit.
func (r *Recorder) Take() []Statement {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.list
	r.list = nil
	return list
}

func (r *Recorder) keep(sql string, args []any) {
	first, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(sql)), " ")
	switch {
	case isBookkeeping(sql), first == "begin", first == "commit", first == "rollback":
		return
	}
	s := Statement{SQL: sql}
	for _, arg := range args {
		switch arg.(type) {
		case pgx.QueryResultFormats, pgx.QueryResultFormatsByOID, pgx.QueryExecMode: // how, not what
		default:
			s.Args = append(s.Args, arg)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, s)
}

// TraceQueryStart implements pgx.QueryTracer.
func (r *Recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	r.keep(data.SQL, data.Args)
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (*Recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart implements pgx.BatchTracer.
func (r *Recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	for _, q := range data.Batch.QueuedQueries {
		r.keep(q.SQL, q.Arguments)
	}
	return ctx
}

// TraceBatchQuery implements pgx.BatchTracer.
func (*Recorder) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd implements pgx.BatchTracer.
func (*Recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// Node is one of a plan.
type Node struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Index    string  `json:"Index Name"`
	Cond     string  `json:"Index Cond"`
	Filter   string  `json:"Filter"`
	Rows     float64 `json:"Plan Rows"`
	Plans    []Node  `json:"Plans"`
}

// Sorts says whether rows of a table are sorted here or below.
func (n Node) Sorts(relation string) bool {
	return slices.ContainsFunc(n.Plans, func(child Node) bool {
		return strings.Contains(n.Type, "Sort") && child.reads(relation) || child.Sorts(relation)
	})
}

func (n Node) reads(relation string) bool {
	return n.Relation == relation || slices.ContainsFunc(n.Plans, func(child Node) bool { return child.reads(relation) })
}

// Explain plans the statement on the connection, as its role and behind its wall: once with the arguments known to the planner
// ("force_custom_plan") and once for any ("force_generic_plan"). It returns the plan as people read it, and its nodes.
func (s Statement) Explain(t testing.TB, conn *pgx.Conn, mode string) (tree string, nodes []Node) {
	t.Helper()
	var text string
	ctx := t.Context()
	_, err := conn.Exec(ctx, `select set_config('plan_cache_mode', $1, false)`, mode)
	require.NoError(t, err)
	prepared, err := conn.Prepare(ctx, "explained", s.SQL)
	require.NoError(t, err, s.SQL)
	require.Len(t, s.Args, len(prepared.ParamOIDs), s.SQL)
	values := make([]string, len(s.Args))
	for i, arg := range s.Args {
		value, err := conn.TypeMap().Encode(prepared.ParamOIDs[i], pgtype.TextFormatCode, arg, nil)
		require.NoError(t, err, s.SQL)
		if values[i] = "null"; value != nil {
			values[i] = "'" + strings.ReplaceAll(string(value), "'", "''") + "'"
		}
	}
	execute := `execute explained`
	if len(values) > 0 {
		execute += `(` + strings.Join(values, ", ") + `)`
	}
	require.NoError(t, conn.QueryRow(ctx, `explain (format json) `+execute, pgx.QueryExecModeSimpleProtocol).Scan(&text), s.SQL)
	require.NoError(t, conn.Deallocate(ctx, "explained"))
	var plans []struct{ Plan Node }
	require.NoError(t, json.Unmarshal([]byte(text), &plans))
	var drawn strings.Builder
	var walk func(Node, int)
	walk = func(n Node, depth int) {
		nodes = append(nodes, n)
		fmt.Fprintf(&drawn, "%s%s %s %s rows=%.0f cond=%s filter=%s\n", strings.Repeat("  ", depth), n.Type, n.Relation, n.Index, n.Rows, n.Cond, n.Filter)
		for _, child := range n.Plans {
			walk(child, depth+1)
		}
	}
	walk(plans[0].Plan, 0)
	return drawn.String(), nodes
}
