package audit

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
)

// Table is a CSV file in the making: it is written while it is read.
type Table struct {
	name  string
	write func(io.Writer) error
}

// File says how it is sent.
func (t Table) File() (name, contentType string, write func(io.Writer) error) {
	return t.name, "text/csv; charset=utf-8", t.write
}

// Export returns what List would, all of it, as CSV whose cells no spreadsheet takes
// for a formula. That somebody took it is itself an entry, written first.
func (l *Log) Export(ctx context.Context, in Filter) (Table, error) {
	was := map[string]any{}
	for name, value := range map[string]string{"action": in.Action, "object": in.Object} {
		if value != "" {
			was[name] = value
		}
	}
	err := l.DB.Tx(ctx, func(tx *db.Tx) error {
		return Record(ctx, tx, Act{Action: LogExported, After: was})
	})
	if err != nil {
		return Table{}, err
	}
	name := "audit-log-" + time.Now().UTC().Format("2006-01-02") + ".csv"
	return Table{name, func(w io.Writer) error { return l.writeCSV(ctx, in, w) }}, nil
}

func (l *Log) writeCSV(ctx context.Context, in Filter, w io.Writer) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	// What cannot be written is reported once, at the end.
	_ = out.Write([]string{"at", "actor_kind", "actor_id", "actor_name", "action", "object", "object_id", "before", "after", "ip", "user_agent",
		"request_id", "chain_no"})
	for before, more := uuid.Max, true; more && out.Error() == nil; {
		rows, err := listEntries(ctx, l.DB, in, before, verifyBatch)
		if err != nil {
			return err
		}
		for _, row := range rows {
			_ = out.Write(row.cells())
			before = row.ID
		}
		more = len(rows) == verifyBatch
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write audit log: %w", err)
	}
	return nil
}

func (r namedRow) cells() []string {
	cells := []string{
		r.At.UTC().Format(time.RFC3339Nano), r.ActorKind, text(r.ActorID), text(r.ActorName), r.Action, r.Object, text(r.ObjectID),
		text(r.Before), text(r.After), r.IP, r.UserAgent, r.RequestID, text(r.ChainNo),
	}
	for i, cell := range cells {
		cells[i] = domain.SafeCell(cell)
	}
	return cells
}

func text[T any](v *T) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(*v)
}
