package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

// cable is the connection between a program and one of its engines; it can be cut, and
// be a bad one.
type cable struct{ proxy *toxiproxy.Proxy }

func newCable(t *testing.T, engine, upstream string) *cable {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	c := &cable{toxiproxy.NewProxy(server, engine, "127.0.0.1:0", upstream)}
	require.NoError(t, c.proxy.Start())
	t.Cleanup(c.cut)
	return c
}

func postgresCable(t *testing.T) *cable {
	t.Helper()
	return newCable(t, "postgres", fmt.Sprintf("127.0.0.1:%d", cluster(t).Port()))
}

// over leads an engine's address through the cable.
func (c *cable) over(t *testing.T, address string) string {
	t.Helper()
	return through(t, address, c.proxy.Listen)
}

// through is an engine's address by way of another.
func through(t *testing.T, address, host string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	u.Host, u.RawQuery = host, ""
	return u.String()
}

func (c *cable) cut() { c.proxy.Stop() }

func (c *cable) mend(t *testing.T) {
	t.Helper()
	require.NoError(t, c.proxy.Start())
}

// suffer makes the cable a bad one for a while, in both directions.
func (c *cable) suffer(ctx context.Context, toxic string, attributes map[string]int, d time.Duration) error {
	for _, stream := range []string{"upstream", "downstream"} {
		text, err := json.Marshal(map[string]any{"name": stream, "type": toxic, "stream": stream, "attributes": attributes})
		if err != nil {
			return err
		}
		if _, err := c.proxy.Toxics.AddToxicJson(bytes.NewReader(text)); err != nil {
			return err
		}
	}
	wait(ctx, d)
	return errors.Join(c.proxy.Toxics.RemoveToxic(ctx, "upstream"), c.proxy.Toxics.RemoveToxic(ctx, "downstream"))
}

// CH-06 (SECURITY D7, G3): while Postgres is away webhooks are acknowledged and nothing
// else is promised; when it is back, everything acknowledged arrives by itself.
func TestPostgresAway(t *testing.T) {
	t.Parallel()
	store, g, c := newDatabase(t, true), newGraph(t), postgresCable(t)
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
	alive, err := send("GET", p.url+"/livez", "", nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, alive.status)
	// 200 a second, as long as the proof wants it.
	count, pace, until := 1, time.NewTicker(5*time.Millisecond), time.Now().Add(lasting(t, 0, 30*time.Second))
	defer pace.Stop()
	for count < 60 || time.Now().Before(until) {
		count++
		require.Equal(t, http.StatusOK, deliver(count), "a webhook needs no Postgres")
		<-pace.C
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
	mended := time.Now()
	var thread []message
	eventually(t, "everything acknowledged", func() bool {
		thread = owner.thread(list[0].ID)
		return len(thread) >= count+1
	})
	r := trial{Fault: "postgres away", Trial: 1, Seconds: time.Since(mended).Seconds()}
	r.count(&sender{last: count}, thread)
	r.record(t)
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

// CH-06, OP-32 (SECURITY D1, D7): both engines are elsewhere. The NATS server is killed,
// and each of the two links is slow, reset and silent for a while, under load: nothing
// acknowledged is lost or doubled, and the program comes back by itself.
func TestBadLinks(t *testing.T) {
	t.Parallel()
	store, g, pg, nats := newDatabase(t, true), newGraph(t), postgresCable(t), newNATS(t)
	link := newCable(t, "nats", nats.address)
	env := store.settings()
	env["DATABASE_URL"], env["BARAZA_PLATFORM_DATABASE_URL"] = pg.over(t, store.url("baraza_app")), pg.over(t, store.url("baraza_platform"))
	env["NATS_URL"], env["BARAZA_META_GRAPH_URL"] = link.over(t, "nats://"+nats.address), g.URL
	p := newProgram(t, env).ready()
	crowd := newCrowd(t, p, g)
	goroutines := p.scrape("go_goroutines")

	for n := range trials(t) {
		crowd.round(trial{Fault: "kill nats", Trial: n + 1}, func() {
			nats.kill()
			eventually(t, "/readyz to name the streams", func() bool {
				r, err := send("GET", p.url+"/readyz", "", nil)
				require.NoError(t, err)
				return r.status == http.StatusServiceUnavailable && strings.Contains(string(r.body), `"streams":{"ok":false`)
			})
			nats.start()
			p.waitReady()
		})
		crowd.round(trial{Fault: "links slow, reset, silent", Trial: n + 1}, func() {
			d := lasting(t, 500*time.Millisecond, 4*time.Second)
			for _, toxic := range []struct {
				kind       string
				attributes map[string]int
			}{
				{"latency", map[string]int{"latency": 100, "jitter": 50}},
				{"reset_peer", map[string]int{"timeout": 0}},
				{"timeout", map[string]int{"timeout": 0}}, // nothing arrives
			} {
				var both errgroup.Group
				for _, cable := range []*cable{pg, link} {
					both.Go(func() error { return cable.suffer(t.Context(), toxic.kind, toxic.attributes, d) })
				}
				require.NoError(t, both.Wait())
			}
			p.waitReady()
		})
	}
	eventually(t, "goroutines as before", func() bool { return p.scrape("go_goroutines") <= goroutines*1.05+8 })
	p.stop(syscall.SIGTERM)
}
