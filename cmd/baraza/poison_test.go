package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"baraza/bus"
	"baraza/db"
	"baraza/domain/channels"
	"baraza/integrations/meta"
)

// CH-47 (SECURITY G6): an item that cannot be stored is put aside raw after five tries,
// which a crash does not reset; its neighbours arrive; replaying it, once its cause is
// gone, stores it once.
func TestPoison(t *testing.T) {
	t.Parallel()
	store := newDatabase(t, true)
	admin := store.admin()
	p := newProgram(t, store.settings()).ready()
	owner := p.register("poison")
	l := owner.connect("418290667154000", "301577920444000")
	// A rule that the poison breaks, slowly enough to kill the program between two tries.
	alter(t, store, `alter table messages add constraint bitter check
		(case when provider_id = 'wamid.poison' then pg_sleep(0.3) is null else true end)`)
	texts := func(ids ...string) []byte {
		var list []inboundText
		for _, id := range ids {
			list = append(list, inboundText{"wamid." + id, "254700000401", "Chebet", id, time.Now()})
		}
		return l.webhook(list...)
	}

	r, err := post(p.url, texts("before", "poison", "after"), appSecret)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, r.status)
	r, err = post(p.url, texts("behind"), appSecret)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, r.status)

	tries := func() int { return one[int](t, admin, `select coalesce(max(tries), 0) from stream_positions`) }
	eventually(t, "a try", func() bool { return tries() > 0 })
	p.kill()
	left := tries()
	require.Positive(t, left)
	p.ready()
	eventually(t, "the poison to be put aside", func() bool {
		return one[int](t, admin, `select count(*) from inbound_failures`) == 1
	})
	out := p.running.out.String()
	for try := 1; try <= maxTries; try++ {
		again := strings.Contains(out, fmt.Sprintf("try %d:", try))
		require.Equal(t, try > left && try < maxTries, again, "try %d after a crash with %d behind it", try, left)
	}
	eventually(t, "its neighbours", func() bool {
		list := owner.conversations()
		if len(list) != 1 {
			return false
		}
		var stored []string
		for _, m := range owner.thread(list[0].ID) {
			if m.Direction == "in" {
				stored = append(stored, m.text())
			}
		}
		return strings.Join(stored, " ") == "before after behind"
	})
	require.EqualValues(t, 1, p.scrape(`baraza_inbound_items_total{outcome="failed"}`))

	var aside struct {
		tenant      uuid.UUID
		key, signer string
		reason      string
		raw         []byte
		tries       int
	}
	require.NoError(t, admin.QueryRow(t.Context(), `select owner_tenant, routing_key, signer, reason, raw, tries from inbound_failures where state = 'open'`).
		Scan(&aside.tenant, &aside.key, &aside.signer, &aside.reason, &aside.raw, &aside.tries))
	require.Equal(t, owner.tenant, aside.tenant)
	require.Equal(t, l.number, aside.key)
	require.Equal(t, meta.SignerMeta, aside.signer)
	require.Equal(t, maxTries, aside.tries)
	require.Contains(t, aside.reason, "bitter")
	require.NotContains(t, aside.reason, "Chebet", "no reason holds what customers say")
	require.True(t, json.Valid(aside.raw))
	items, err := meta.Split(aside.raw)
	require.NoError(t, err)
	require.Len(t, items, 1, "the item alone")
	require.Contains(t, string(aside.raw), "wamid.poison")
	p.stop(syscall.SIGTERM)

	t.Run("it_stays_aside_while_its_cause_lasts", func(t *testing.T) {
		out, code := p.command("replay", "--failures")
		require.Zero(t, code, out)
		require.Contains(t, out, "still fails")
		require.Contains(t, out, "0 of 1 items received")
		require.Equal(t, 1, one[int](t, admin, `select count(*) from inbound_failures where state = 'open'`))

		out, code = p.command("replay", "--from", time.Now().Add(-time.Hour).UTC().Format(time.RFC3339))
		require.Zero(t, code, out)
		require.Contains(t, out, "still fails")
		require.Contains(t, out, "2 webhooks received again", "it goes on past the poison")
		require.Equal(t, 1, one[int](t, admin, `select count(*) from inbound_failures`))
	})
	alter(t, store, `alter table messages drop constraint bitter`)
	t.Run("replay_stores_it_once", func(t *testing.T) {
		out, code := p.command("replay", "--failures")
		require.Zero(t, code, out)
		require.Contains(t, out, "1 of 1 items received")
		require.Equal(t, []string{"before", "after", "behind", "poison"}, all[string](t, admin, `select text from messages order by seq`))
		require.Equal(t, []string{"replayed"}, all[string](t, admin, `select state from inbound_failures`))
	})
	t.Run("replay_again_changes_nothing", func(t *testing.T) {
		before := contents(t, admin)
		for _, args := range [][]string{
			{"replay", "--failures"},
			{"replay", "--from", time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)},
			{"replay", "--from", time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), "--to", time.Now().Add(time.Hour).UTC().Format(time.RFC3339)},
		} {
			out, code := p.command(args...)
			require.Zero(t, code, out)
			if args[1] == "--from" {
				require.Contains(t, out, "2 webhooks received again")
			}
			require.Equal(t, before, contents(t, admin), args)
		}
	})
	p.ready()
	require.Len(t, owner.thread(owner.conversations()[0].ID), 5, "the opening and four messages")
	p.stop(syscall.SIGTERM)
}

// What always takes too long blocks nobody behind it either: it counts as a try, is taken
// apart, and put aside alone.
func TestTooSlow(t *testing.T) {
	t.Parallel()
	store := newDatabase(t, true)
	admin := store.admin()
	p := newProgram(t, store.settings()).ready()
	owner := p.register("slow")
	l := owner.connect("418290667154100", "301577920444100")
	// As Postgres ends a statement for its time, without the time.
	alter(t, store, `create function takes_too_long() returns bool language plpgsql as
		$$ begin raise exception 'canceling statement due to statement timeout' using errcode = '57014'; end $$`)
	alter(t, store, `alter table messages add constraint slow check (case when provider_id = 'wamid.slow' then takes_too_long() else true end)`)
	deliver := func(ids ...string) {
		var list []inboundText
		for _, id := range ids {
			list = append(list, inboundText{"wamid." + id, "254700000402", "Chebet", id, time.Now()})
		}
		r, err := post(p.url, l.webhook(list...), appSecret)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.status)
	}
	deliver("before", "slow", "after")
	deliver("behind")
	stored := func() []string { return all[string](t, admin, `select text from messages order by seq`) }
	eventually(t, "its neighbours", func() bool { return len(stored()) == 3 })
	require.Equal(t, []string{"before", "after", "behind"}, stored())
	require.Equal(t, []int{maxTries}, all[int](t, admin, `select tries from inbound_failures`))
	require.Contains(t, one[string](t, admin, `select convert_from(raw, 'UTF8') from inbound_failures`), `wamid.slow`)
	require.Positive(t, p.scrape(`baraza_inbound_failures_total{reason="too_slow"}`))

	p.stop(syscall.SIGTERM)

	alter(t, store, `alter table messages drop constraint slow`)
	out, code := p.command("replay", "--failures")
	require.Zero(t, code, out)
	require.Equal(t, []string{"before", "after", "behind", "slow"}, stored())

	// An item that makes us panic ends no process: it would come again at every start.
	t.Run("a_panicking_item", func(t *testing.T) {
		platform, err := db.OpenPlatform(t.Context(), store.url("baraza_platform"), 0, nil)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, platform.Close()) })
		counts, err := newInboundCounts(prometheus.NewRegistry())
		require.NoError(t, err)
		// Without a receiver, whatever has an owner panics.
		in := &inbound{platform: platform, routes: &channels.Routes{Platform: platform}, log: zap.NewNop(), counts: counts}
		items, err := meta.Split(l.webhook(inboundText{"wamid.panic", "254700000403", "Chebet", "boo", time.Now()}))
		require.NoError(t, err)
		data, err := json.Marshal(meta.Envelope{ReceivedAt: time.Now(), Items: items})
		require.NoError(t, err)
		batch := []bus.Message{{Seq: 1, Header: map[string]string{headerSigner: meta.SignerMeta}, Data: data}}
		for try := 1; try < maxTries; try++ {
			require.ErrorContains(t, in.take(t.Context(), lane{"a stream", 0}, batch), "panic")
		}
		require.NoError(t, in.take(t.Context(), lane{"a stream", 0}, batch))
		require.Equal(t, 1, one[int](t, admin, `select count(*) from inbound_failures where reason like '%panic%'`))
	})
}

// A crash after an item was put aside and before the position moved brings it again.
func TestPutAsideOnce(t *testing.T) {
	t.Parallel()
	store := newDatabase(t, true)
	platform, err := db.OpenPlatform(t.Context(), store.url("baraza_platform"), 0, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, platform.Close()) })
	bad := func(raw string) refused {
		return refused{delivery{meta.Item{RoutingKey: "1", Raw: []byte(raw)}, meta.SignerMeta, 7}, errors.New("bitter")}
	}
	for _, raw := range []string{"{}", "{}", "[]"} {
		require.NoError(t, insertFailure(t.Context(), platform, bad(raw), nil))
	}
	require.Equal(t, 2, one[int](t, store.admin(), `select count(*) from inbound_failures`))
}

// contents is a checksum of every tenant table, by its name, but for the numbers that
// a process reserves for conversations to come: gaps in them are normal.
func contents(t *testing.T, admin *pgx.Conn) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for _, table := range tenantTables(t, admin) {
		if table == "conversation_numbers" {
			continue
		}
		sums[table] = one[string](t, admin, `select count(*) || ' ' || coalesce(md5(string_agg((to_jsonb(r) - 'chain_no' - 'hash')::text, '|' order by (to_jsonb(r) - 'chain_no' - 'hash')::text)), '') from `+pgx.Identifier{table}.Sanitize()+` r`)
	}
	return sums
}

// contentsOf is a checksum of a workspace's rows in every tenant table.
func contentsOf(t *testing.T, admin *pgx.Conn, tenant uuid.UUID) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for _, table := range tenantTables(t, admin) {
		sums[table] = one[string](t, admin, `select count(*) || ' ' || coalesce(md5(string_agg((to_jsonb(r) - 'chain_no' - 'hash')::text, '|' order by (to_jsonb(r) - 'chain_no' - 'hash')::text)), '') from `+
			pgx.Identifier{table}.Sanitize()+` r where tenant_id = $1`, tenant)
	}
	return sums
}

// tenantTables are all tables with a tenant's rows, from the catalogue; partitions
// count with the table they belong to.
func tenantTables(t testing.TB, admin *pgx.Conn) []string {
	t.Helper()
	tables := all[string](t, admin, `
		select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`)
	require.Greater(t, len(tables), 15)
	return tables
}
