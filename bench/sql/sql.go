// Package sql makes pgbench scripts of the statements the product sends, as it sends
// them: floor and product can differ in everything but the SQL.
//
// A script is made at the start of a run from what a recorder saw of the use case.
// What pgbench cannot do is bridged and nothing more: its variables hold no arrays
// made in Go, so ids, times and provider ids come out of the first two statements,
// wrapped in an aggregate; constants arrive as variables in Postgres's text form.
package sql

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// Recorder is a tracer that keeps the SQL of a pool, without what the pool's hook sends.
type Recorder struct {
	mu   sync.Mutex
	list []string
}

// TraceQueryStart implements pgx.QueryTracer.
func (r *Recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if !strings.Contains(data.SQL, "app.tenant_id") && data.SQL != "-- ping" && data.SQL != ";" {
		r.add(data.SQL)
	}
	return ctx
}

// TraceBatchStart implements pgx.BatchTracer.
func (r *Recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	for _, q := range data.Batch.QueuedQueries {
		r.add(q.SQL)
	}
	return ctx
}

// TraceBatchQuery implements pgx.BatchTracer.
func (*Recorder) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd implements pgx.BatchTracer.
func (*Recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (r *Recorder) add(sql string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, sql)
}

// TraceQueryEnd implements pgx.QueryTracer.
func (*Recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Take returns what was sent since the last call.
func (r *Recorder) Take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.list
	r.list = nil
	return list
}

// block is one statement of a script.
type block struct {
	// of is something the product's statement has and no other of its use case.
	of string
	// arguments are the expressions for $1, $2, …
	arguments []string
	// before and after wrap the statement; a plain one ends with a semicolon.
	before, after string
}

// identifier is a time-ordered id, as the product makes them.
const identifier = `(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) ||
  '8' || substr(md5(random()::text), 1, 15))::uuid`

// receive is chat.Receiver.Receive of :n texts from as many customers who are known
// and whose conversations are open. Each client has customers of its own, as each
// shard of the product has: they do not wait for each other's rows.
var receive = []block{
	{of: "begin", after: ";"},
	{
		of: "left join identity_keys",
		arguments: []string{":index", ":channels", ":kinds", `array(
  select '+1555' || lpad((((:r::int + i) % :span::int) * :clients::int + :client_id::int)::text, 7, '0') from generate_series(0, :n::int - 1) i)`},
		before: "select array_agg(q.identity_id order by q.n) identities, array_agg(q.contact_id order by q.n) contacts,\n" +
			"  array_agg(" + identifier + ") messages, array_agg(" + identifier + ") changes,\n" +
			"  array_agg('wamid.' || md5(random()::text)) providers\nfrom (",
		after: ") q \\gset",
	},
	{
		of:        "for update",
		arguments: []string{":channels", ":identities", "'{}'", "'{}'", "'{}'", "'{}'", "'{}'"},
		before: "select array_agg(q.id order by p.place) conversations, array_agg(q.last_seq + 1 order by p.place) seqs,\n" +
			"  array_fill(now(), array[count(*)::int]) moments\nfrom (",
		after: ") q, lateral (select array_position(:identities::uuid[], q.identity_id) place) p \\gset",
	},
	{of: "select s.channel_id, s.provider_id", arguments: []string{":channels", ":providers"}, after: ";"},
	{
		of: "insert into messages",
		arguments: []string{
			":messages", ":conversations", ":channels", ":seqs", ":kind", ":texts", ":blanks", ":blanks", ":providers", ":contacts", ":blanks", ":moments",
			"'{}'", "'{}'", "'{}'", "'{}'", "'{}'", "'{}'", "'{}'", "'{}'",
			"'{}'", "'{}'", "'{}'",
			":conversations", ":seqs", ":messages", ":ones", ":moments", ":moments", ":moments",
			":contacts", ":names", ":moments", ":identities", ":blanks", "'{}'"},
		after: ";",
	},
	{of: "rm.conversation_id = c.id", arguments: []string{"'00000000-0000-0000-0000-000000000000'", ":conversations"}, after: ";"},
	{of: "from messages m\n\tjoin conversations c", arguments: []string{":messages"}, after: ";"},
	{of: "insert into changes", arguments: []string{":changes", ":events", ":entities", ":messages", ":conversations", ":nulls"}, after: ";"},
	{of: "commit", after: ";"},
}

// Batch holds the variables of the receive script.
type Batch struct {
	// Messages per transaction, of as many customers.
	Messages int
	Clients  int
	// Customers there are: wa_phone +15550000000 and up.
	Customers int
	Channel   string
	Text      string
}

// Receive is the script of one transaction that stores a batch, and its variables.
func Receive(statements []string, b Batch) (script string, variables map[string]string, err error) {
	if b.Customers/b.Clients < b.Messages {
		return "", nil, fmt.Errorf("%d customers are too few for %d clients with %d messages each", b.Customers, b.Clients, b.Messages)
	}
	script, err = compose(receive, statements)
	fill := func(value string) string { return "{" + strings.Join(repeat(value, b.Messages), ",") + "}" }
	index := make([]string, b.Messages)
	for i := range index {
		index[i] = strconv.Itoa(i)
	}
	return "\\set r random(0, :span - 1)\n" + script, map[string]string{
		"n": strconv.Itoa(b.Messages), "clients": strconv.Itoa(b.Clients), "span": strconv.Itoa(b.Customers / b.Clients),
		"index": "{" + strings.Join(index, ",") + "}", "channels": fill(b.Channel), "kinds": fill("wa_phone"), "kind": fill("text"),
		"texts": fill(`"` + b.Text + `"`), "blanks": fill(`""`), "ones": fill("1"), "names": fill(`"Noor Haddad"`),
		"events": fill("message.created"), "entities": fill("message"), "nulls": fill("NULL"),
	}, err
}

func repeat(value string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = value
	}
	return list
}

// list is the first page of the inbox.
var list = []block{{of: "from conversations c", arguments: []string{":reader", ":rows"}, after: ";"}}

// List is the script of one first page, for a reader whose row scope is all.
func List(statements []string, reader string, rows int) (script string, variables map[string]string, err error) {
	script, err = compose(list, statements)
	return script, map[string]string{"reader": reader, "rows": strconv.Itoa(rows)}, err
}

var (
	argument = regexp.MustCompile(`\$(\d+)`)
	literal  = regexp.MustCompile(`'[^'\n]*'`)
	comment  = regexp.MustCompile(`(?m)--.*$`)
	inside   = regexp.MustCompile(`:(\w)`)
)

// compose puts the blocks' expressions into the product's statements. Statements that
// are not those the blocks were written for are an error: the floor is then another
// one, and somebody has to say which.
func compose(blocks []block, statements []string) (string, error) {
	if len(statements) != len(blocks) {
		return "", fmt.Errorf("the product sends %d statements and the script is written for %d:\n%s", len(statements), len(blocks), strings.Join(statements, "\n--\n"))
	}
	var script strings.Builder
	for i, b := range blocks {
		text := strings.TrimSpace(comment.ReplaceAllString(statements[i], ""))
		if !strings.Contains(text, b.of) {
			return "", fmt.Errorf("statement %d of the product has no %q:\n%s", i+1, b.of, text)
		}
		// pgbench would take what follows a colon for a variable, in a literal too.
		text = literal.ReplaceAllStringFunc(text, func(s string) string { return inside.ReplaceAllString(s, ":' || '$1") })
		highest := 0
		text = argument.ReplaceAllStringFunc(text, func(s string) string {
			n, err := strconv.Atoi(s[1:])
			if highest = max(highest, n); err != nil || n < 1 || n > len(b.arguments) {
				return s
			}
			return b.arguments[n-1]
		})
		if highest != len(b.arguments) {
			return "", fmt.Errorf("statement %d of the product takes %d arguments and the script has %d:\n%s", i+1, highest, len(b.arguments), text)
		}
		script.WriteString(b.before + text + b.after + "\n")
	}
	return script.String(), nil
}
