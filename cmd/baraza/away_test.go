package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
)

// cable is the connection between a program and its Postgres; it can be cut.
type cable struct{ proxy *toxiproxy.Proxy }

func newCable(t *testing.T) *cable {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	c := &cable{toxiproxy.NewProxy(server, "postgres", "127.0.0.1:0", fmt.Sprintf("127.0.0.1:%d", cluster(t).Port()))}
	require.NoError(t, c.proxy.Start())
	t.Cleanup(c.cut)
	return c
}

// over leads a database's address through the cable.
func (c *cable) over(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	u.Host, u.RawQuery = c.proxy.Listen, ""
	return u.String()
}

func (c *cable) cut() { c.proxy.Stop() }

func (c *cable) mend(t *testing.T) {
	t.Helper()
	require.NoError(t, c.proxy.Start())
}

// CH-06 (SECURITY D7, G3): while Postgres is away webhooks are acknowledged and nothing
// else is promised; when it is back, everything acknowledged arrives by itself.
func TestPostgresAway(t *testing.T) {
	t.Parallel()
	store, g, c := newDatabase(t, true), newGraph(t), newCable(t)
	env := store.settings()
	env["DATABASE_URL"], env["BARAZA_PLATFORM_DATABASE_URL"] = c.over(t, store.url("baraza_app")), c.over(t, store.url("baraza_platform"))
	env["BARAZA_META_GRAPH_URL"] = g.URL
	p := newProgram(t, env).ready()
	owner := p.register("away")
	l := owner.connect("418290667153000", "301577920443000")
	deliver := func(n int) int {
		r, err := post(p.url, l.webhook(inboundText{fmt.Sprintf("wamid.away.%d", n), "254700000301", "Baraka", strconv.Itoa(n), time.Now()}), appSecret)
		require.NoError(t, err)
		return r.status
	}
	require.Equal(t, http.StatusOK, deliver(1))
	var list []conversation
	eventually(t, "the first message", func() bool {
		list = owner.conversations()
		return len(list) == 1
	})
	goroutines := p.scrape("go_goroutines")

	c.cut()
	eventually(t, "/readyz to name postgres", func() bool {
		r, err := send("GET", p.url+"/readyz", "", nil)
		require.NoError(t, err)
		var health struct {
			Checks map[string]struct {
				OK bool `json:"ok"`
			} `json:"checks"`
		}
		r.into(t, &health)
		return r.status == http.StatusServiceUnavailable && !health.Checks["postgres"].OK && health.Checks["streams"].OK
	})
	r, err := send("GET", p.url+"/livez", "", nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, r.status)
	const count = 60
	for n := 2; n <= count; n++ {
		require.Equal(t, http.StatusOK, deliver(n), "a webhook needs no Postgres")
	}
	client := uuid.Must(uuid.NewV7())
	for _, ask := range []func() (reply, error){
		func() (reply, error) { return owner.try("GET", "/api/conversations", nil) },
		func() (reply, error) { return owner.try("GET", "/api/conversations/"+list[0].ID.String(), nil) },
		func() (reply, error) { return owner.write(list[0].ID, client, "lost?") },
		func() (reply, error) { return owner.try("GET", "/api/auth/me", nil) },
		func() (reply, error) {
			return send("POST", p.url+"/api/auth/login", "", map[string]string{"email": "away@example.test", "password": password})
		},
	} {
		r, err := ask()
		require.NoError(t, err)
		require.Equal(t, http.StatusServiceUnavailable, r.status, "%s", r.body)
		require.Equal(t, "unavailable", r.problem(t).Code)
		wait, err := strconv.Atoi(r.header.Get("Retry-After"))
		require.NoError(t, err)
		require.Positive(t, wait)
	}

	c.mend(t)
	p.waitReady()
	var thread []message
	eventually(t, "everything acknowledged", func() bool {
		thread = owner.thread(list[0].ID)
		return len(thread) >= count+1
	})
	for i, m := range thread {
		require.EqualValues(t, i+1, m.Seq)
		if i > 0 { // the first is the opening
			require.Equal(t, strconv.Itoa(i), m.text(), "in order")
		}
	}
	// What was refused was not done; the same client id says so.
	var m message
	answered(t, "POST", p.url+"/api/conversations/"+list[0].ID.String()+"/messages", owner.token,
		map[string]any{"client_id": client, "kind": "text", "text": "lost?"}).into(t, &m)
	eventually(t, "a send after it", func() bool { return owner.message(m.ID).Status == "sent" })
	require.Equal(t, 1, g.callsFor(m.ID.String()))
	require.Zero(t, p.scrape(`baraza_inbound_items_total{outcome="failed"}`))
	eventually(t, "goroutines as before", func() bool { return p.scrape("go_goroutines") <= goroutines*1.05+8 })
	p.stop(syscall.SIGTERM)
}
