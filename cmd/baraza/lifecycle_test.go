package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// OP-05, OP-14, OP-33: the program alone is a whole system; Ctrl-C under load ends it,
// everything it started with it, and the next start goes on where it ended.
func TestSecondStart(t *testing.T) {
	t.Parallel()
	p := newProgram(t, nil).ready()
	owner := p.register("second")
	l := owner.connect("418290667150001", "301577920440001")

	t.Run("OP-14_health_and_metrics_answer_without_a_key", func(t *testing.T) {
		for _, path := range []string{"/livez", "/readyz", "/health", "/healthz", "/v1/health", "/metrics"} {
			r, err := send("GET", p.url+path, "", nil)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, r.status, path)
			if path == "/readyz" {
				for _, part := range []string{`"postgres"`, `"streams"`, `"tenancy"`, `"draining"`} {
					require.Contains(t, string(r.body), part)
				}
			}
		}
	})

	// A customer who goes on writing while the program is told to end.
	var acknowledged atomic.Int64
	stopped := make(chan struct{})
	written := make(chan struct{})
	go func() {
		defer close(written)
		for n := int64(1); ; n++ {
			select {
			case <-stopped:
				return
			default:
			}
			body := l.webhook(inboundText{fmt.Sprintf("wamid.second.%d", n), "254700000001", "Atieno", fmt.Sprint(n), time.Now()})
			r, err := post(p.url, body, appSecret)
			if err != nil || r.status != http.StatusOK {
				return
			}
			acknowledged.Store(n)
		}
	}()
	eventually(t, "the first messages", func() bool { return acknowledged.Load() > 20 })
	p.stop(syscall.SIGINT)
	close(stopped)
	<-written
	require.Empty(t, processesIn(t, p.dir), "Ctrl-C leaves no process")

	p.ready()
	var me struct {
		User struct {
			ID uuid.UUID `json:"id"`
		} `json:"user"`
	}
	owner.call("GET", "/api/auth/me", nil, http.StatusOK, &me)
	require.Equal(t, owner.id, me.User.ID, "a session outlives a restart")
	eventually(t, "every acknowledged message", func() bool {
		list := owner.conversations()
		return len(list) == 1 && list[0].LastSeq >= acknowledged.Load()+1
	})
	require.Zero(t, p.scrape(`baraza_inbound_items_total{outcome="duplicate"}`), "nothing is read twice after an orderly end")
	info, err := os.Stat(filepath.Join(p.dir, "data", "master.key"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o400), info.Mode().Perm())
	p.kill()
	eventually(t, "Postgres and hash worker to follow a killed program", func() bool { return len(processesIn(t, p.dir)) == 0 })
}

// OP-33, CH-07: what was stored when the program was told to end has its position too,
// so that nothing is read twice.
func TestStoredBatchKeepsItsPosition(t *testing.T) {
	t.Parallel()
	store := newDatabase(t, true)
	admin := store.admin()
	_, err := admin.Exec(t.Context(), `alter role baraza_platform in database `+store.name+` set lock_timeout = '1min'`)
	require.NoError(t, err)
	p := newProgram(t, store.settings()).ready()
	owner := p.register("position")
	l := owner.connect("418290667150009", "301577920440009")
	write := func(n int) {
		r, err := post(p.url, l.webhook(inboundText{fmt.Sprint("wamid.position.", n), "254700000009", "Atieno", fmt.Sprint(n), time.Now()}), appSecret)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.status)
	}
	stored := func() int { return one[int](t, admin, `select count(*) from messages`) }
	write(1)
	eventually(t, "a first message", func() bool { return stored() == 1 })

	held, err := store.admin().Begin(t.Context())
	require.NoError(t, err)
	_, err = held.Exec(t.Context(), `lock table stream_positions in share mode`)
	require.NoError(t, err)
	write(2)
	waiting := func() int {
		return one[int](t, admin, `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%stream_positions as p%'`)
	}
	eventually(t, "a message without its position", func() bool { return stored() == 2 && waiting() > 0 })
	require.NoError(t, syscall.Kill(-p.running.cmd.Process.Pid, syscall.SIGTERM))
	eventually(t, "work to be told to end", func() bool { return strings.Contains(p.running.out.String(), "River client stopped") })
	require.NoError(t, held.Rollback(t.Context()))
	p.awaitEnd()

	p.ready()
	write(3)
	eventually(t, "a third message", func() bool { return stored() == 3 })
	require.Zero(t, p.scrape(`baraza_inbound_items_total{outcome="duplicate"}`))
	p.stop(syscall.SIGTERM)
}

// OP-05: `baraza serve --demo` makes its workspaces once and prints their passwords
// once; its customers write by themselves.
func TestDemo(t *testing.T) {
	t.Parallel()
	p := newProgram(t, nil, "serve", "--demo").ready()
	text := func() string { return p.running.out.String() }
	eventually(t, "the demo's passwords", func() bool { return strings.Contains(text(), "Passwords are shown once") })
	secret := ""
	for one := range strings.Lines(text()) {
		if fields := strings.Fields(one); len(fields) == 3 && fields[0] == "wanjiku@kavaleri.test" {
			secret = fields[2]
		}
	}
	require.NotEmpty(t, secret, text())
	require.NotContains(t, text(), "/setup?token=", "SE-21: a demo has no operator to make")
	owner := p.signIn("wanjiku@kavaleri.test", secret)
	eventually(t, "a customer of the demo", func() bool { return len(owner.conversations()) > 0 })
	p.stop(syscall.SIGINT)

	p.ready()
	eventually(t, "the demo's second start", func() bool { return strings.Contains(text(), "demo customers are writing") })
	require.NotContains(t, text(), "wanjiku@kavaleri.test", "passwords are shown once")
	require.NotEmpty(t, owner.conversations(), "the second start keeps what the first had")
	beside, code := p.command("audit", "verify")
	require.Zero(t, code, beside)
	require.Contains(t, beside, "kavaleri-coffee: whole", "a command works beside the program that keeps the database")
	p.stop(syscall.SIGTERM)
	alone, code := p.command("audit", "verify")
	require.Zero(t, code, alone)
	require.Contains(t, alone, "kavaleri-coffee: whole")

	out, code := p.command("demo", "password")
	require.Zero(t, code, out)
	require.Contains(t, out, "wanjiku@kavaleri.test", "a lost password is made anew")
	require.NotContains(t, out, secret)
}
