package main

import (
	"encoding/csv"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

type auditEntry struct {
	ID    uuid.UUID `json:"id"`
	Actor struct {
		ID   uuid.UUID `json:"id"`
		Name string    `json:"name"`
	} `json:"actor"`
	Action    string `json:"action"`
	IP        string `json:"ip"`
	RequestID string `json:"request_id"`
	ChainNo   *int64 `json:"chain_no"`
}

// TN-15, SE-22, SE-27: through the program, what an owner did is in their log and in
// nobody else's; the chain is made by itself, proven by page and command, and shows
// what a superuser changed.
func TestAudit(t *testing.T) {
	t.Parallel()
	store := newDatabase(t, true)
	p := newProgram(t, store.settings()).ready()
	owner, other := p.register("audited"), p.register("bystander")
	owner.call("POST", "/api/auth/users", map[string]string{
		"name": "Agent", "email": "audited-agent@example.test", "password": password, "role": "agent"}, http.StatusCreated, nil)
	agent := p.signIn("audited-agent@example.test", password)
	line := owner.connect("418290667000001", "418290667000001")
	list := func(who *person, query string) []auditEntry {
		var page struct {
			Items []auditEntry `json:"items"`
		}
		who.call("GET", "/api/audit-logs"+query, nil, http.StatusOK, &page)
		return page.Items
	}

	entries := list(owner, "?object_id="+line.id.String())
	require.Len(t, entries, 1)
	e := entries[0]
	require.Equal(t, []any{"channel.connected", owner.id, "Person audited", "127.0.0.1"}, []any{e.Action, e.Actor.ID, e.Actor.Name, e.IP})
	require.NotEmpty(t, e.RequestID)
	require.NotEmpty(t, list(owner, "?action=session.created&actor="+agent.id.String()))
	require.Empty(t, list(other, "?object_id="+line.id.String()))
	other.call("GET", "/api/audit-logs/"+e.ID.String(), nil, http.StatusNotFound, nil)
	for _, path := range []string{"", "/verify", "/export", "/" + e.ID.String()} {
		agent.call("GET", "/api/audit-logs"+path, nil, http.StatusForbidden, nil)
	}

	eventually(t, "a chain", func() bool {
		for _, e := range list(owner, "") {
			if e.ChainNo == nil {
				return false
			}
		}
		return true
	})
	var proof struct {
		State  string `json:"state"`
		Broken *struct {
			ChainNo int64  `json:"chain_no"`
			Reason  string `json:"reason"`
		} `json:"broken"`
	}
	owner.call("GET", "/api/audit-logs/verify", nil, http.StatusOK, &proof)
	require.Equal(t, "whole", proof.State)

	r := owner.call("GET", "/api/audit-logs/export?action=channel.connected", nil, http.StatusOK, nil)
	rows, err := csv.NewReader(strings.NewReader(string(r.body))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.Contains(t, r.header.Get("Content-Disposition"), "audit-log-")
	require.NotEmpty(t, list(owner, "?action=audit_log.exported"))

	// AC-01, AC-02: signing in, saving a file and what the page reports are activities of theirs.
	owner.call("POST", "/api/activity/track", map[string]any{"type": "PAGE_VIEW", "path": "/t/workspace-audited/inbox", "duration": 1200}, http.StatusNoContent, nil)
	owner.call("POST", "/api/activity/track", map[string]any{"type": "READING"}, http.StatusUnprocessableEntity, nil)
	require.Equal(t, []string{"LOGIN", "EXPORT", "PAGE_VIEW"},
		all[string](t, store.admin(), `select type from activities where user_id = $1 and ip = '127.0.0.1' order by id`, owner.id))

	out, code := p.command("audit", "verify")
	require.Zero(t, code, out)
	require.Contains(t, out, "workspace-audited: whole")

	admin := store.admin()
	_, err = admin.Exec(t.Context(), `set session_replication_role = replica`)
	require.NoError(t, err)
	_, err = admin.Exec(t.Context(), `update audit_entries set actor_id = gen_random_uuid() where id = $1`, e.ID)
	require.NoError(t, err)
	owner.call("GET", "/api/audit-logs/verify", nil, http.StatusOK, &proof)
	require.Equal(t, "broken", proof.State)
	require.Equal(t, "changed", proof.Broken.Reason)
	out, code = p.command("audit", "verify")
	require.Equal(t, 1, code)
	require.Contains(t, out, "broken at")
	require.Contains(t, out, "workspace-bystander: whole")
	p.stop(syscall.SIGTERM)
}
