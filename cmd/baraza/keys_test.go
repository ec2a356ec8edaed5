package main

import (
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/tenancy"
)

// madeKey is a key in the answer that shows its secret.
type madeKey struct {
	ID     uuid.UUID `json:"id"`
	Secret string    `json:"secret"`
}

func (p *person) makeKey(kind string, scopes []string, more ...map[string]any) (key madeKey) {
	p.t.Helper()
	body := map[string]any{"name": "Program", "kind": kind, "scopes": scopes}
	if scopes == nil {
		delete(body, "scopes")
	}
	for _, members := range more {
		maps.Copy(body, members)
	}
	p.call("POST", "/api/api-keys", body, http.StatusCreated, &key)
	return key
}

// on is who holds the key, on one instance.
func (k madeKey) on(p *program) *person { return &person{t: p.t, url: p.url, token: k.Secret} }

// TN-14, SE-11, SE-29, EV-27 (S28): keys as programs use them, on two instances.
func TestAPIKeys(t *testing.T) {
	t.Parallel()
	store := newDatabase(t, true)
	shared := store.settings()
	shared["NATS_URL"] = newStream(t).url
	first, second := newProgram(t, shared).ready(), newProgram(t, shared).ready()
	owner := first.register("keyring")
	document := readDocument(t, first.url)

	// SE-29: over all operations there are, keys that only add get nothing from those that ask for a right.
	tried := 0
	for _, kind := range []string{"ingest", "write"} {
		holder := owner.makeKey(kind, nil).on(first)
		for _, line := range slices.Sorted(maps.Keys(document.operations)) {
			o := document.operations[line]
			if o.Permission == tenancy.Public || o.Permission == tenancy.LogIngest || o.Permission == tenancy.EventCapture {
				continue
			}
			r, err := document.build(o, func(place) (string, bool) { return uuid.NewString(), true }, place{}, "")
			require.NoError(t, err)
			got := r.send(t, holder)
			require.Equal(t, http.StatusForbidden, got.status, "%s with a key to %s: %s", line, kind, got.body)
			require.Equal(t, "permission_denied", got.problem(t).Code, line)
			tried++
		}
	}
	require.Greater(t, tried, 50)

	// A server key does what it was given, on each instance, and nothing that is a person's.
	key := owner.makeKey("server", []string{"channel.view", "conversation.view", "conversation.reply", "settings.manage"})
	for _, p := range []*program{first, second} {
		holder := key.on(p)
		holder.call("GET", "/api/channels", nil, http.StatusOK, nil)
		holder.call("GET", "/api/conversations", nil, http.StatusOK, nil)
		for line, code := range map[[2]string]string{
			{"GET", "/api/auth/me"}:                                      "permission_denied", // self
			{"POST", "/api/ws/ticket"}:                                   "permission_denied",
			{"POST", "/api/channels/simulated"}:                          "permission_denied", // not given
			{"PUT", "/api/settings/security"}:                            "permission_denied", // wants proof of a person
			{"POST", "/api/conversations/" + uuid.NewString() + "/read"}: "permission_denied", // a person's own marker
		} {
			got, err := holder.try(line[0], line[1], map[string]any{})
			require.NoError(t, err)
			require.Equal(t, code, got.problem(t).Code, "%v", line)
		}
		got, err := send("GET", p.url+"/api/ws", key.Secret, nil)
		require.NoError(t, err)
		require.Equal(t, http.StatusUnauthorized, got.status, "sockets are people's: %s", got.body)
	}

	// TN-14: it writes to customers in its own name, once however often it says the same, and to nobody else's.
	speaker := owner.makeKey("server", []string{"conversation.reply", "conversation.view"})
	var line struct {
		ID uuid.UUID `json:"id"`
	}
	owner.call("POST", "/api/channels/simulated", map[string]string{"kind": "whatsapp", "name": "Shop"}, http.StatusCreated, &line)
	owner.call("POST", "/api/channels/"+line.ID.String()+"/simulate", map[string]any{
		"from": map[string]string{"name": "Otieno", "id": "254711000333"}, "kind": "text", "text": "Where is it?"}, http.StatusOK, nil)
	var waiting []conversation
	eventually(t, "the customer's conversation", func() bool {
		waiting = owner.conversations()
		return len(waiting) == 1
	})
	client := uuid.Must(uuid.NewV7())
	for _, status := range []int{http.StatusCreated, http.StatusOK} {
		got, err := speaker.on(first).write(waiting[0].ID, client, "It left the shop")
		require.NoError(t, err)
		require.Equal(t, status, got.status, "%s", got.body)
		var sent struct {
			Sender struct {
				Kind string     `json:"kind"`
				ID   *uuid.UUID `json:"id"`
				Name string     `json:"name"`
			} `json:"sender"`
		}
		got.into(t, &sent)
		require.Equal(t, "system Program", sent.Sender.Kind+" "+sent.Sender.Name)
		require.Equal(t, speaker.ID, *sent.Sender.ID)
	}
	stranger := first.register("bystander").makeKey("server", []string{"conversation.reply"}).on(first)
	refusal, err := stranger.write(waiting[0].ID, client, "It left the shop")
	require.NoError(t, err)
	require.Equal(t, http.StatusNotFound, refusal.status, "%s", refusal.body)
	// What a program does is no person's activity.
	key.on(first).call("PATCH", "/api/tenants/current", map[string]string{"name": "Keyring"}, http.StatusOK, nil)
	require.Equal(t, 1, one[int](t, store.admin(), `select count(*) from audit_entries where actor_kind = 'api_key' and actor_id = $1`, key.ID))
	require.Zero(t, one[int](t, store.admin(), `select count(*) from activities where user_id = $1`, uuid.Nil))

	// From elsewhere it is refused, and the answer says why.
	foreign := owner.makeKey("read", []string{"channel.view"}, map[string]any{"ip_allow": []string{"203.0.113.0/24"}}).on(first)
	got, err := foreign.try("GET", "/api/channels", nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusForbidden, got.status)
	require.Equal(t, "ip_denied", got.problem(t).Code)

	// Revoked on one instance it is refused there at once, and on the other within five seconds.
	owner.call("DELETE", "/api/api-keys/"+key.ID.String(), nil, http.StatusNoContent, nil)
	revoked := time.Now()
	got, err = key.on(first).try("GET", "/api/channels", nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusUnauthorized, got.status)
	eventually(t, "the other instance to refuse a revoked key", func() bool {
		got, err := key.on(second).try("GET", "/api/channels", nil)
		return err == nil && got.status == http.StatusUnauthorized
	})
	t.Logf("revoked to first refusal on the other instance: %s", time.Since(revoked))
}
