package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/api"
)

// Routes that take no id of a workspace's thing, and why.
var withoutIDs = map[string]string{
	"GET /livez": "the server's own", "GET /readyz": "the server's own", "GET /health": "the server's own", "GET /healthz": "the server's own",
	"GET /v1/health": "the server's own", "GET /metrics": "the server's own", "GET /api/openapi.json": "the server's own",
	"POST /api/csp-report": "the server's own", "GET /api/config": "the server's own",
	"POST /api/auth/register": "makes what it is about", "POST /api/auth/refresh": "a token, no id", "POST /api/auth/logout": "the caller's session",
	"GET /api/auth/me": "the caller", "PATCH /api/auth/me": "the caller", "POST /api/auth/users": "a role's key, no id",
	"POST /api/channels/simulated": "makes what it is about", "GET /api/conversations/counts": "the caller's", "POST /api/ws/ticket": "the caller's session",
	"GET /api/ws":        "topics, tried below",
	"GET /webhooks/meta": "a token, no id", "GET /webhooks/whatsapp": "a token, no id",
	"POST /webhooks/meta": "signed by Meta for all", "POST /webhooks/whatsapp": "signed by Meta for all",
}

// crossing is one place of a route where somebody can put an id.
type crossing struct {
	route string
	where string
	// theirs is the other workspace's valid value, nobodys one that means nothing.
	theirs, nobodys string
	path            string                 // with %s for the value, if it belongs there
	body            func(value string) any // nil for none
}

// SE-02 (SECURITY I3): another workspace's id, in every place of every route, is answered
// as an id that nobody has, and changes nothing of theirs.
func TestIsolation(t *testing.T) {
	t.Parallel()
	store, g := newDatabase(t, true), newGraph(t)
	env := store.settings()
	env["BARAZA_META_GRAPH_URL"] = g.URL
	p := newProgram(t, env).ready()
	admin := store.admin()
	a, b := furnish(t, p, "alpha", "41829066715500"), furnish(t, p, "bravo", "41829066715600")
	crossings := crossingsBetween(a, b)

	t.Run("every_route_is_tried", func(t *testing.T) {
		tried := map[string]bool{}
		for _, c := range crossings {
			tried[c.route] = true
		}
		for _, r := range api.All(api.Services{}).List() {
			line := r.Method + " " + r.Path
			require.True(t, tried[line] != (withoutIDs[line] != ""), "%s: give it a crossing for each place of an id, or say why it has none", line)
			delete(tried, line)
		}
		require.Empty(t, tried, "crossings of routes that are gone")
	})

	before, jobs := contentsOf(t, admin, b.owner.tenant), jobsOf(t, admin, b.owner.tenant)
	for _, who := range []*person{a.owner, a.agent} {
		for _, c := range crossings {
			theirs, nobodys := c.ask(t, who, c.theirs), c.ask(t, who, c.nobodys)
			where := fmt.Sprintf("%s, %s in %s", who.name, c.route, c.where)
			require.Equal(t, nobodys.status, theirs.status, where)
			require.Equal(t, neutral(t, nobodys, c.nobodys), neutral(t, theirs, c.theirs), where)
		}
	}
	t.Run("a_client_id_belongs_to_a_workspace", func(t *testing.T) {
		r, err := a.owner.write(a.conversation, b.clientID, "mine")
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, r.status, "%s", r.body)
	})
	t.Run("I8_a_topic_of_theirs_is_nobodys", func(t *testing.T) {
		s := watch(t, p.url, "", a.owner.token)
		refusal := func(conversation uuid.UUID) string {
			require.NoError(t, s.conn.WriteJSON(map[string]any{"type": "subscribe", "ref": "x", "topics": []string{"conversation:" + conversation.String()}}))
			var got frame
			s.await("a refusal", func(f frame) bool { got = f; return f.Type == "error" })
			require.Equal(t, "not_found", got.Code)
			text, err := json.Marshal(got)
			require.NoError(t, err)
			return strings.ReplaceAll(string(text), conversation.String(), "ID")
		}
		require.Equal(t, refusal(uuid.Must(uuid.NewV7())), refusal(b.conversation))
	})
	require.Equal(t, before, contentsOf(t, admin, b.owner.tenant), "nothing of theirs has changed")
	require.Equal(t, jobs, jobsOf(t, admin, b.owner.tenant))
	require.Zero(t, one[int](t, admin, `select count(*) from messages m join conversations c on c.id = m.conversation_id where m.tenant_id <> c.tenant_id`))

	// The same ids are good where they belong: the crossings are not refused for another reason.
	b.owner.call("GET", "/api/conversations/"+b.conversation.String(), nil, http.StatusOK, nil)
	b.owner.call("GET", "/api/messages/"+b.message.String(), nil, http.StatusOK, nil)
	b.owner.call("GET", "/api/channels/"+b.line.id.String(), nil, http.StatusOK, nil)
	b.owner.call("POST", "/api/channels/"+b.simulated.String()+"/simulate",
		map[string]any{"from": map[string]string{"name": "X", "id": "254700000509"}, "kind": "text", "text": "hi"}, http.StatusOK, nil)
	b.owner.call("GET", "/api/channels?limit=1&cursor="+b.channelCursor, nil, http.StatusOK, nil)
	b.owner.call("GET", "/api/conversations?limit=1&cursor="+b.conversationCursor, nil, http.StatusOK, nil)
	b.owner.call("GET", "/api/auth/users?limit=1&cursor="+b.memberCursor, nil, http.StatusOK, nil)
	p.stop(syscall.SIGTERM)
}

// furnished is a workspace with one of everything.
type furnished struct {
	owner, agent                                    *person
	email                                           string
	line                                            *line
	conversation, contact, message, clientID, team  uuid.UUID
	simulated                                       uuid.UUID // a practice line
	channelCursor, conversationCursor, memberCursor string
}

func furnish(t *testing.T, p *program, name, number string) *furnished {
	t.Helper()
	f := &furnished{owner: p.register(name), email: name + "@example.test"}
	f.owner.call("POST", "/api/auth/users", map[string]string{
		"name": "Agent", "email": "agent-" + f.email, "password": password, "role": "agent"}, http.StatusCreated, nil)
	f.agent = p.signIn("agent-"+f.email, password)
	f.owner.name, f.agent.name = name+"'s owner", name+"'s agent"
	f.line = f.owner.connect(number+"0", number+"0")
	var practice struct {
		ID uuid.UUID `json:"id"`
	}
	f.owner.call("POST", "/api/channels/simulated", map[string]string{"kind": "whatsapp", "name": "Practice"}, http.StatusCreated, &practice)
	f.simulated = practice.ID
	for i := range 2 {
		r, err := post(p.url, f.line.webhook(inboundText{fmt.Sprintf("wamid.%s.%d", name, i), fmt.Sprintf("25470000050%d", i), "Customer", "hello", time.Now()}), appSecret)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.status)
	}
	var list []conversation
	eventually(t, "conversations", func() bool {
		list = f.owner.conversations()
		return len(list) == 2
	})
	f.conversation, f.contact = list[0].ID, list[0].Contact.ID
	f.clientID = uuid.Must(uuid.NewV7())
	r, err := f.owner.write(f.conversation, f.clientID, "ours")
	require.NoError(t, err)
	var m message
	r.into(t, &m)
	f.message = m.ID
	eventually(t, "our message to be sent", func() bool { return f.owner.message(m.ID).Status == "sent" })
	var channel struct {
		TeamID uuid.UUID `json:"team_id"`
	}
	f.owner.call("GET", "/api/channels/"+f.line.id.String(), nil, http.StatusOK, &channel)
	f.team = channel.TeamID
	for path, cursor := range map[string]*string{
		"/api/channels?limit=1": &f.channelCursor, "/api/conversations?limit=1": &f.conversationCursor, "/api/auth/users?limit=1": &f.memberCursor,
	} {
		var page struct {
			NextCursor string `json:"next_cursor"`
		}
		f.owner.call("GET", path, nil, http.StatusOK, &page)
		require.NotEmpty(t, page.NextCursor, path)
		*cursor = page.NextCursor
	}
	return f
}

// crossingsBetween lists every place of a parameter in which a could put something of b's.
func crossingsBetween(a, b *furnished) []crossing {
	id := func(theirs uuid.UUID) (string, string) { return theirs.String(), uuid.Must(uuid.NewV7()).String() }
	var list []crossing
	add := func(route, where, theirs, nobodys, path string, body func(string) any) {
		list = append(list, crossing{route, where, theirs, nobodys, path, body})
	}
	given := func(v any) func(string) any { return func(string) any { return v } }
	simulated := map[string]any{"from": map[string]string{"name": "X", "id": "254700000509"}, "kind": "text", "text": "hi"}
	answer := map[string]any{"client_id": uuid.Must(uuid.NewV7()), "kind": "text", "text": "hi"}

	for _, r := range []struct {
		route, path string
		theirs      uuid.UUID
		body        func(string) any
	}{
		{"GET /api/channels/:id", "/api/channels/%s", b.line.id, nil},
		{"POST /api/channels/:id/simulate", "/api/channels/%s/simulate", b.simulated, given(simulated)},
		{"GET /api/conversations/:id", "/api/conversations/%s", b.conversation, nil},
		{"POST /api/conversations/:id/read", "/api/conversations/%s/read", b.conversation, given(map[string]any{"seq": 1})},
		{"GET /api/conversations/:id/messages", "/api/conversations/%s/messages?include=events", b.conversation, nil},
		{"POST /api/conversations/:id/messages", "/api/conversations/%s/messages", b.conversation, given(answer)},
		{"GET /api/messages/:id", "/api/messages/%s", b.message, nil},
		{"POST /api/messages/:id/retry", "/api/messages/%s/retry", b.message, given(map[string]any{"force": true})},
	} {
		theirs, nobodys := id(r.theirs)
		add(r.route, "the path", theirs, nobodys, r.path, r.body)
	}
	for name, theirs := range map[string]uuid.UUID{
		"channel": b.line.id, "team": b.team, "contact": b.contact, "assignee": b.owner.id,
	} {
		theirs, nobodys := id(theirs)
		add("GET /api/conversations", "?"+name, theirs, nobodys, "/api/conversations?"+name+"=%s", nil)
	}
	for route, cursor := range map[string]string{
		"GET /api/channels": b.channelCursor, "GET /api/conversations": b.conversationCursor, "GET /api/auth/users": b.memberCursor,
	} {
		add(route, "?cursor", cursor, strings.Repeat("A", len(cursor)), strings.TrimPrefix(route, "GET ")+"?limit=1&cursor=%s", nil)
	}
	theirs, nobodys := id(b.owner.tenant)
	add("POST /api/auth/switch", "tenant_id", theirs, nobodys, "/api/auth/switch", func(v string) any { return map[string]string{"tenant_id": v} })
	add("POST /api/auth/login", "tenant_id", theirs, nobodys, "/api/auth/login", func(v string) any {
		return map[string]string{"email": a.email, "password": password, "tenant_id": v}
	})
	theirs, nobodys = id(b.team)
	add("POST /api/channels", "team_id", theirs, nobodys, "/api/channels?skip_check=true", func(v string) any {
		return map[string]string{"kind": "whatsapp", "name": "Line", "phone_number_id": "418290667157777", "waba_id": "418290667157777", "access_token": accessToken, "team_id": v}
	})
	theirs, nobodys = id(b.message)
	add("POST /api/conversations/:id/messages", "reply_to", theirs, nobodys, "/api/conversations/"+a.conversation.String()+"/messages", func(v string) any {
		return map[string]any{"client_id": uuid.Must(uuid.NewV7()), "kind": "text", "text": "hi", "reply_to": v}
	})
	return list
}

func (c crossing) ask(t *testing.T, who *person, value string) reply {
	t.Helper()
	method, _, _ := strings.Cut(c.route, " ")
	path := c.path
	if strings.Contains(path, "%s") {
		path = fmt.Sprintf(path, value)
	}
	var body any
	if c.body != nil {
		body = c.body(value)
	}
	return answered(t, method, who.url+path, who.token, body)
}

// neutral is an answer without what every answer has of its own.
func neutral(t *testing.T, r reply, value string) string {
	t.Helper()
	var members map[string]any
	if err := json.Unmarshal(r.body, &members); err != nil {
		return string(r.body)
	}
	delete(members, "request_id")
	text, err := json.Marshal(members)
	require.NoError(t, err)
	return strings.ReplaceAll(string(text), value, "VALUE")
}

// contentsOf is a checksum of a workspace's rows in every tenant table.
func contentsOf(t *testing.T, admin *pgx.Conn, tenant uuid.UUID) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for _, table := range tenantTables(t, admin) {
		sums[table] = one[string](t, admin, `select count(*) || ' ' || coalesce(md5(string_agg(r::text, '|' order by r::text)), '') from `+
			pgx.Identifier{table}.Sanitize()+` r where tenant_id = $1`, tenant)
	}
	return sums
}

func jobsOf(t *testing.T, admin *pgx.Conn, tenant uuid.UUID) int {
	t.Helper()
	return one[int](t, admin, `select count(*) from river.river_job where args->>'tenant_id' = $1`, tenant.String())
}
