package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/google/uuid"

	"baraza/bench/load"
	"baraza/bench/machine"
	"baraza/bench/measure"
	"baraza/bench/sql"
	"baraza/db"
	"baraza/domain/chat"
	"baraza/tenancy"
)

const (
	pageRows = 50
	// deepRows make page 1,000 of the open conversations their last one.
	deepRows = 5
	deepPage = 1000
)

// pathC is the inbox of a large tenant as agents read it.
func pathC(ctx context.Context, s *suite) (err error) {
	c := &listPath{suite: s}
	defer func() { err = errors.Join(err, c.close(ctx)) }()
	if err := c.prepare(ctx); err != nil {
		return err
	}
	if err := s.same("c", func() (float64, error) {
		out, err := s.stage.pgbench(ctx, c.floor, 2, s.size.window/2, 0)
		return out.rate, err
	}); err != nil {
		return err
	}
	most, err := c.firstPage(ctx)
	if err != nil {
		return err
	}
	if err := c.depth(ctx); err != nil {
		return err
	}
	return c.others(ctx, most)
}

type listPath struct {
	*suite
	inbox        workspace
	tokens       []string
	floor, owner script
}

// ownerSchema shows the tenant's rows to a superuser, whom row-level security does not
// concern: the same statement over the same rows without it.
const ownerSchema = "bench_owner"

func (c *listPath) close(ctx context.Context) error {
	_, err := c.stage.admin.Exec(context.WithoutCancel(ctx), `drop schema if exists `+ownerSchema+` cascade`)
	return errors.Join(err, c.stage.stop())
}

func (c *listPath) prepare(ctx context.Context) (err error) {
	if c.inbox, err = inboxRows(ctx, c.stage, c.size, c.out); err != nil {
		return err
	}
	if err := c.stage.start(ctx, ""); err != nil {
		return err
	}
	if c.tokens, err = c.stage.tokens(ctx, c.inbox); err != nil {
		return err
	}
	if _, err := c.stage.admin.Exec(ctx, `create schema `+ownerSchema); err != nil {
		return fmt.Errorf("make the owner's views: %w", err)
	}
	for _, t := range []string{"conversations", "channels", "contacts", "contact_identities", "identity_keys", "messages", "memberships", "teams", "read_markers"} {
		if _, err := c.stage.admin.Exec(ctx, fmt.Sprintf(`create view %s.%s as select * from public.%s where tenant_id = '%s'`, ownerSchema, t, t, c.inbox.tenant)); err != nil {
			return fmt.Errorf("make the owner's views: %w", err)
		}
	}
	return c.scripts(ctx)
}

// scripts records the statement of a first page and makes both floors of it.
func (c *listPath) scripts(ctx context.Context) (err error) {
	recorder := &sql.Recorder{}
	tenant, err := db.OpenTenant(ctx, db.TenantConfig{URL: c.stage.url("baraza_app"), MaxConns: 1, VerifyEvery: 1000, Tracer: recorder})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tenant.Close()) }()
	cursors, err := tenancy.NewCursors(make([]byte, 32))
	if err != nil {
		return err
	}
	owner := c.inbox.people[0].user
	scope := tenancy.Scope{TenantID: c.inbox.tenant, UserID: owner, Rows: tenancy.RowScope{All: true}}
	conversations := &chat.Conversations{DB: tenant, Cursors: cursors, Horizon: func(context.Context) string { return "" }}
	page, err := conversations.List(tenancy.With(ctx, scope), chat.ListConversations{Status: []string{"open"}, Limit: pageRows})
	if err != nil {
		return err
	}
	if len(page.Items) != pageRows {
		return fmt.Errorf("the first page has %d rows", len(page.Items))
	}
	text, variables, err := sql.List(recorder.Take(), owner.String(), pageRows+1)
	if err != nil {
		return err
	}
	c.floor = script{"list", text, variables, "baraza_app", []string{"app.tenant_id=" + c.inbox.tenant.String()}}
	c.owner = script{"list-owner", text, variables, "postgres", []string{"search_path=" + ownerSchema}}
	return nil
}

// get is load on one address, as the person of a token.
func (c *listPath) get(path, token string, connections int) load.Load {
	request := load.Request("GET", path, map[string]string{"Authorization": "Bearer " + token}, nil)
	return load.Load{Address: c.stage.app.address, Connections: connections, Status: 200, Request: func(int) []byte { return request }}
}

func (c *listPath) firstPagePath() string {
	return fmt.Sprintf("/api/conversations?status=open&limit=%d", pageRows)
}

// firstPage takes the list and its floors in turn, and returns the most first pages per
// second on eight connections.
func (c *listPath) firstPage(ctx context.Context) (float64, error) {
	type way struct {
		name      string
		rates     []float64
		p50       []float64
		usages    []machine.Usage
		done      float64
		latency   measure.Histogram
		takeRound func() (rate float64, done int, latency *measure.Histogram, err error)
	}
	bench := func(sc script, clients int) func() (float64, int, *measure.Histogram, error) {
		return func() (float64, int, *measure.Histogram, error) {
			out, err := c.stage.pgbench(ctx, sc, clients, c.size.window/2, 0)
			return out.rate, out.done, &out.latency, err
		}
	}
	api := func(connections int) func() (float64, int, *measure.Histogram, error) {
		return func() (float64, int, *measure.Histogram, error) {
			out, err := c.get(c.firstPagePath(), c.tokens[0], connections).Closed(ctx, c.size.window/2, 1_000_000)
			return out.Rate(), out.Done, &out.Latency, err
		}
	}
	ways := []*way{
		{name: "floor.list@2", takeRound: bench(c.floor, 2)}, {name: "list@2", takeRound: api(2)}, {name: "floor.owner@2", takeRound: bench(c.owner, 2)},
		{name: "floor.list@8", takeRound: bench(c.floor, 8)}, {name: "list@8", takeRound: api(8)},
	}
	var steps []func(int) error
	for _, w := range ways {
		steps = append(steps, func(int) error {
			usage, err := c.watch(nil, func() error {
				rate, done, latency, err := w.takeRound()
				if err != nil {
					return err
				}
				w.rates, w.p50, w.done = append(w.rates, rate), append(w.p50, measure.Micros(latency.Quantile(0.5))), w.done+float64(done)
				w.latency.Merge(latency)
				return nil
			})
			w.usages = append(w.usages, usage)
			return err
		})
	}
	if err := measure.Rounds(c.size.rounds, steps...); err != nil {
		return 0, err
	}
	floor2, list2, owner2, floor8, list8 := ways[0], ways[1], ways[2], ways[3], ways[4]
	over, tax := make([]float64, len(list2.p50)), make([]float64, len(floor2.rates))
	for i := range over {
		over[i] = list2.p50[i] - floor2.p50[i]
		tax[i] = 100 * (1 - floor2.rates[i]/owner2.rates[i])
	}
	ratio := func(id string, ours, floor *way) Claim {
		return Claim{ID: id, Interval: measure.Of(measure.Ratios(ours.rates, floor.rates)), Unit: "×", Value: measure.Median(ours.rates),
			Floor: measure.Median(floor.rates), Of: "pages/s"}
	}
	claims := map[*way][]Claim{
		list2: {ratio("c.list@2", list2, floor2), {ID: "c.list.over", Interval: measure.Of(over), Unit: "µs", Value: measure.Median(list2.p50),
			Floor: measure.Median(floor2.p50), Of: "p50 µs"}},
		list8: {ratio("c.list@8", list8, floor8)},
		owner2: {{ID: "c.rls_tax", Interval: measure.Of(tax), Unit: "%", Value: measure.Median(floor2.rates), Floor: measure.Median(owner2.rates),
			Of: "statements/s with, floor without"}},
	}
	for _, w := range ways {
		c.add(Point{Path: "c", Name: w.name, Rate: measure.Median(w.rates), Latency: w.latency.Quantiles(), CPU: machine.Sum(w.usages...).PerOperation(w.done),
			Claims: claims[w], Taint: taints(w.usages...)})
	}
	return measure.Median(list8.rates), c.perf(ctx, "c-list", func() error {
		_, _, _, err := api(8)()
		return err
	})
}

// depth compares page 1,000 with page 1.
func (c *listPath) depth(ctx context.Context) error {
	paths := map[int]string{}
	base := fmt.Sprintf("/api/conversations?status=open&limit=%d", deepRows)
	last := min(deepPage, c.size.open/deepRows)
	cursor := ""
	for page := 1; page <= last; page++ {
		path := base
		if cursor != "" {
			path += "&cursor=" + url.QueryEscape(cursor)
		}
		if page == 1 || page == 10 || page == last {
			paths[page] = path
		}
		var err error
		if cursor, err = c.next(path); err != nil {
			return err
		}
	}
	type depth struct {
		page   int
		p50    []float64
		all    measure.Histogram
		usages []machine.Usage
	}
	depths := []*depth{{page: 1}, {page: 10}, {page: last}}
	var steps []func(int) error
	for _, d := range depths {
		steps = append(steps, func(int) error {
			usage, err := c.watch(nil, func() error {
				out, err := c.get(paths[d.page], c.tokens[0], 2).Closed(ctx, c.size.window/4, 1_000_000)
				d.p50 = append(d.p50, measure.Micros(out.Latency.Quantile(0.5)))
				d.all.Merge(&out.Latency)
				return err
			})
			d.usages = append(d.usages, usage)
			return err
		})
	}
	if err := measure.Rounds(c.size.rounds, steps...); err != nil {
		return err
	}
	for _, d := range depths {
		p := Point{Path: "c", Name: fmt.Sprintf("page.%d", d.page), Latency: d.all.Quantiles(), Taint: taints(d.usages...)}
		if d.page == last {
			p.Claims = []Claim{{ID: "c.depth", Interval: measure.Of(measure.Ratios(d.p50, depths[0].p50)), Unit: "×", Value: measure.Median(d.p50),
				Floor: measure.Median(depths[0].p50), Of: fmt.Sprintf("p50 µs of page %d, floor page 1", last)}}
		}
		c.add(p)
	}
	return nil
}

// next reads a page's next cursor.
func (c *listPath) next(path string) (string, error) {
	status, body, err := load.Once(c.stage.app.address, load.Request("GET", path, map[string]string{"Authorization": "Bearer " + c.tokens[0]}, nil))
	if err != nil {
		return "", err
	}
	var page struct {
		Items      []struct{ ID uuid.UUID } `json:"items"`
		NextCursor string                   `json:"next_cursor"`
	}
	if err := json.Unmarshal(body, &page); err != nil || status != 200 || len(page.Items) == 0 {
		return "", fmt.Errorf("%s was answered %d: %s", path, status, body)
	}
	return page.NextCursor, nil
}

// others are the list at three quarters of its maximum, and what else an inbox asks.
func (c *listPath) others(ctx context.Context, most float64) error {
	owner, agent := c.tokens[0], c.tokens[len(c.tokens)-1]
	if err := c.held(ctx, "list.held.75", c.get(c.firstPagePath(), owner, 8), 0.75*most, "c.list.us@75"); err != nil {
		return err
	}
	conversation := fmt.Sprintf("/api/conversations/%s/messages?limit=30&include=events", conversationID(1))
	for _, one := range []struct{ name, path, token, claim string }{
		{"counts", "/api/conversations/counts", owner, "c.counts.us"},
		{"messages", conversation, owner, ""},
		{"mine", "/api/conversations?status=open&assignee=me", agent, ""},
		{"agent", "/api/conversations?status=open", agent, ""},
		{"resolved", "/api/conversations?status=resolved", owner, ""},
		{"any", "/api/conversations", owner, ""},
		{"unread", "/api/conversations?status=open&unread=true", owner, ""},
	} {
		l := c.get(one.path, one.token, 2)
		out, err := l.Closed(ctx, c.size.window/4, 1_000_000)
		if err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		if err := c.held(ctx, one.name, l, out.Rate()/2, one.claim); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		if one.name == "counts" {
			if err := c.perf(ctx, "c-counts", func() error {
				_, err := l.Closed(ctx, c.size.window/2, 1_000_000)
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// held keeps a rate in an open loop.
func (c *listPath) held(ctx context.Context, name string, l load.Load, rate float64, claim string) error {
	var latency, lag measure.Histogram
	var p99, rates []float64
	var usages []machine.Usage
	for range c.size.rounds {
		usage, err := c.watch(nil, func() error {
			out, err := l.Open(ctx, measure.Even(rate, c.size.window/2))
			latency.Merge(&out.Latency)
			lag.Merge(&out.Lag)
			p99, rates = append(p99, measure.Micros(out.Latency.Quantile(0.99))), append(rates, out.Rate())
			return err
		})
		if err != nil {
			return err
		}
		usages = append(usages, usage)
	}
	p := Point{Path: "c", Name: name, RateWanted: rate, Rate: measure.Median(rates), Latency: latency.Quantiles(), LagP99: measure.Micros(lag.Quantile(0.99)),
		CPU: machine.Sum(usages...).PerOperation(float64(latency.Count())), Taint: taints(usages...)}
	if p.LagP99 > 1000 {
		p.Taint = append(p.Taint, fmt.Sprintf("generator late by %.1f ms", p.LagP99/1000))
	}
	if claim != "" {
		p.Claims = []Claim{{ID: claim, Interval: measure.Of(p99), Unit: "µs", Of: "p99"}}
	}
	c.add(p)
	return nil
}
