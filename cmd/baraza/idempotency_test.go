package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// repeat sends a request under a key.
func (p *person) repeat(path, key string, body any) (reply, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return reply{}, err
	}
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+path, bytes.NewReader(text))
	if err != nil {
		return reply{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Idempotency-Key", key)
	return do(r)
}

// SE-28 (S44): every operation that takes an Idempotency-Key, by the served document,
// and a process that is killed while requests are under way.
func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	store := newDatabase(t, true)
	g := newGraph(t)
	env := store.settings()
	env["NATS_URL"], env["BARAZA_META_GRAPH_URL"] = newStream(t).url, g.URL
	p := newProgram(t, env).ready()
	document := readDocument(t, p.url)
	x := &isolation{t: t, document: document, known: meanings(), a: furnish(t, p, "repeater", "41829066715700")}
	x.known["POST /api/auth/users: email"] = fresh(func() string { return uuid.NewString() + "@example.test" })
	owner := x.a.owner

	var lines []string
	for _, line := range slices.Sorted(maps.Keys(document.operations)) {
		o := document.operations[line]
		if slices.ContainsFunc(o.Parameters, func(p parameter) bool { return p.Name == "Idempotency-Key" }) {
			lines = append(lines, line)
			r, err := document.build(o, x.of(x.a, "owner"), place{}, "")
			require.NoError(t, err)
			path := r.path
			if len(r.query) > 0 {
				path += "?" + r.query.Encode()
			}
			key := uuid.NewString()
			var first reply
			eventually(t, line, func() bool {
				first, err = owner.repeat(path, key, r.body)
				require.NoError(t, err)
				return first.status != http.StatusServiceUnavailable
			})
			require.Equal(t, http.StatusCreated, first.status, "%s: %s", line, first.body)
			require.Empty(t, first.header.Get("Idempotent-Replayed"))
			again, err := owner.repeat(path, key, r.body)
			require.NoError(t, err)
			require.Equal(t, http.StatusCreated, again.status, "%s has its effect outside of a transaction: %s", line, again.body)
			require.Equal(t, "true", again.header.Get("Idempotent-Replayed"), line)
			require.Equal(t, first.header.Get("ETag"), again.header.Get("ETag"), line)
			require.JSONEq(t, string(first.body), string(again.body), line)
			other := maps.Clone(r.body)
			other["name"] = "Another"
			refused, err := owner.repeat(path, key, other)
			require.NoError(t, err)
			require.Equal(t, "idempotency_mismatch", refused.problem(t).Code, line)
			invalid, err := owner.repeat(path, "short", r.body)
			require.NoError(t, err)
			require.Equal(t, "bad_parameter", invalid.problem(t).Code, line)
		}
	}
	require.Subset(t, lines, []string{"POST /api/api-keys", "POST /api/auth/users", "POST /api/channels", "POST /api/channels/simulated"})
	require.NotContains(t, lines, "POST /api/conversations/{id}/messages", "client_id, for ever")

	// What is refused can be sent again under its key, mended.
	bad := uuid.NewString()
	got, err := owner.repeat("/api/api-keys", bad, map[string]any{"name": "mended", "kind": "server"})
	require.NoError(t, err)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	got, err = owner.repeat("/api/api-keys", bad, map[string]any{"name": "mended", "kind": "write"})
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, got.status)

	// 40 senders of one request each, who send it until it is answered; the process is killed under them.
	const senders, kills = 40, 2
	admin := store.admin()
	var all sync.WaitGroup
	settled := make([]error, senders)
	for i := range senders {
		key, body := uuid.NewString(), map[string]any{"name": fmt.Sprint("killed ", i), "kind": "write"}
		all.Go(func() {
			settled[i] = poll(patience, body["name"].(string), func() bool {
				r, err := owner.repeat("/api/api-keys", key, body)
				switch {
				case err != nil || r.status == http.StatusServiceUnavailable:
					return false
				case r.status == http.StatusConflict:
					return true // done, its answer lost with the process
				}
				return r.status == http.StatusCreated
			})
		})
	}
	for n := range kills {
		eventually(t, "some to be done", func() bool {
			return one[int](t, admin, `select count(*) from api_keys where name like 'killed %'`) > n*senders/4
		})
		p.kill()
		p.ready()
	}
	all.Wait()
	for _, err := range settled {
		require.NoError(t, err)
	}
	require.Equal(t, senders, one[int](t, admin, `select count(*) from api_keys where name like 'killed %'`))
	require.Equal(t, senders, one[int](t, admin, `select count(distinct name) from api_keys where name like 'killed %'`))
}
