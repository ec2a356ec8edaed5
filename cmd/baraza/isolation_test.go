package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/api"
	"baraza/tenancy"
)

// SE-02, TN-02 (SECURITY I3, I8): of every operation of the served document and every frame of the hub, each
// place that names a thing × each built-in role, a program and nobody: another workspace's is answered like
// one that nobody has, shows nothing of theirs, and changes nothing of theirs.
//
// I5: a canary is in all texts of theirs meanwhile, and in nothing the server says to us.
// S30: no secret of either is in what the program logs.
func TestIsolation(t *testing.T) {
	t.Parallel()
	store, g, nats := newDatabase(t, true), newGraph(t), newStream(t)
	env := store.settings()
	env["BARAZA_META_GRAPH_URL"], env["NATS_URL"] = g.URL, nats.url
	p := newProgram(t, env).ready()
	admin := store.admin()
	canary := "canary" + strings.ReplaceAll(uuid.NewString(), "-", "")
	ours := newTap(t, p.url, canary)
	tapped := *p
	tapped.url = ours.url
	x := &isolation{t: t, document: readDocument(t, p.url), known: meanings(), a: furnish(t, &tapped, "alpha", "41829066715500"), b: furnish(t, p, "bravo", "41829066715600")}
	settled := func() {
		t.Helper()
		nats.drained(admin)
		eventually(t, "everything to be sent", func() bool {
			// What is scheduled looks after a process that might have died, and finds nothing to do.
			return one[int](t, admin, `select count(*) from river.river_job where state not in ('completed', 'scheduled')`) == 0 &&
				one[int](t, admin, `select count(*) from messages where direction = 'out' and status <> 'sent'`) == 0
		})
	}
	settled()
	x.theirs = idsOf(t, admin, x.b.owner.tenant)
	theirs := &singing{t: t, admin: admin, tenant: x.b.owner.tenant, canary: canary}
	theirs.sing()
	places := fmt.Sprint(theirs.where)
	for _, place := range []string{"audit_entries.action", "channels.name", "contacts.name", "messages.text", "teams.name", "tenants.name", "users.name"} {
		require.Contains(t, places, place)
	}
	t.Logf("a canary is in %d columns: %s", len(theirs.where), places)
	before := traces(t, admin, x.b.owner.tenant)
	var announced atomic.Int64
	stop, err := nats.bus.SubscribeLive(x.b.owner.tenant, func(message []byte) {
		if !old(message, x.theirs) {
			announced.Add(1)
		}
	})
	require.NoError(t, err)
	defer stop()
	screen := watch(t, p.url, "", x.b.owner.token)

	// In order: what is tried is followed by proof that it was worth trying.
	t.Run("the_document_is_the_route_table", x.isTheTable)
	t.Run("operations", x.operations)
	settled()
	t.Run("TN-02_no_request_names_its_tenant", x.namesNoTenant)
	t.Run("frames", x.frames)
	require.Equal(t, before, traces(t, admin, x.b.owner.tenant), "something of theirs has changed")
	for id := range idsOf(t, admin, x.a.owner.tenant) {
		require.False(t, x.theirs[id] && !x.free(id), "%s of theirs is in a row of ours", id)
	}
	require.Zero(t, announced.Load(), "something was announced to them")
	require.Empty(t, screen.answers(t, map[string]any{"type": "ping"})[1:], "something was said to them")
	require.Empty(t, screen.news(x.theirs), "something was shown to them")
	require.Zero(t, ours.sung.Load(), "something of theirs was said to us")
	require.Greater(t, ours.read.Load(), int64(1<<20), "the tap is read")
	t.Run("the_canary_sings_where_it_belongs", func(t *testing.T) {
		home := newTap(t, p.url, canary)
		home.as(x.b.owner).conversations()
		require.Positive(t, home.sung.Load())
	})
	theirs.hush()

	t.Run("where_they_belong_the_values_are_good", x.controls)
	screen.await("what their own requests did", func(f frame) bool { return f.Type == "event" })
	require.Positive(t, announced.Load())
	settled()
	t.Run("forged_notifications", func(t *testing.T) { x.notifications(t, p, admin, store.url("baraza_app")) })
	running := p.running
	p.stop(syscall.SIGTERM)
	logged := running.out.String()
	for _, secret := range append(append(x.a.secrets(), x.b.secrets()...), canary) {
		require.False(t, strings.Contains(logged, secret), "S30: logged: %s", secret)
	}
}

// isolation is two workspaces, and what could go from one to the other.
type isolation struct {
	t        *testing.T
	document document
	known    map[string]meaning
	a, b     *furnished
	theirs   map[string]bool // ids in rows of b
	tried    int
}

func (x *isolation) isTheTable(t *testing.T) {
	table := map[string]bool{}
	for _, r := range api.All(api.Services{}).List() {
		parts := strings.Split(r.Path, "/")
		for i, part := range parts {
			if name, ok := strings.CutPrefix(part, ":"); ok {
				parts[i] = "{" + name + "}"
			}
		}
		line := r.Method + " " + strings.Join(parts, "/")
		table[line] = true
		require.Equal(t, r.Kind == api.Raw, byHand[line] != "",
			"%s reads its requests itself: say in byHand where what it takes is tried; any other route is described by its types", line)
	}
	require.Equal(t, slices.Sorted(maps.Keys(table)), slices.Sorted(maps.Keys(x.document.operations)))
	for line := range byHand {
		require.True(t, table[line], "%s of byHand is gone", line)
	}
}

// of is what a workspace puts into the places of a person's requests.
func (x *isolation) of(f *furnished, role string) values {
	return func(p place) (string, bool) {
		if m, ok := x.known[p.line+": "+p.name+" (new)"]; ok {
			return m.of(f, role), true
		}
		m, ok := find(x.known, p)
		if !ok {
			return "", false
		}
		return m.of(f, role), true
	}
}

// named lists the places that name a thing, and says of each what a workspace has.
func (x *isolation) named(t testing.TB, each func(p place, m meaning)) {
	t.Helper()
	for _, line := range slices.Sorted(maps.Keys(x.document.operations)) {
		for _, p := range x.document.places(x.document.operations[line]) {
			m, ok := find(x.known, p)
			if p.name == "cursor" {
				m, ok = thing(func(f *furnished, _ string) string { return cursorOf(t, x.at(f, p.operation), f.owner) }), true
			}
			require.True(t, ok, "%s: say in meanings() what it holds, and of which of a workspace's things", p)
			if m.names {
				each(p, m)
			}
		}
	}
}

// at is an operation on a workspace's own things: its path names them.
func (x *isolation) at(f *furnished, o operation) operation {
	for _, p := range o.Parameters {
		if m, ok := find(x.known, place{o, p.In, p.Name}); ok && p.In == "path" {
			o.path = strings.ReplaceAll(o.path, "{"+p.Name+"}", m.of(f, f.owner.name))
		}
	}
	return o
}

func (x *isolation) operations(t *testing.T) {
	x.named(t, func(p place, m meaning) {
		nobody := &person{t: t, url: x.a.owner.url, name: "owner"}
		people := append([]*person{nobody}, append(x.a.people, x.a.server)...)
		if p.Permission == tenancy.Public {
			people = people[:2] // all others are nobody there
		}
		for _, who := range people {
			theirs := m.of(x.b, who.name)
			random := nobodys(theirs)
			where := fmt.Sprintf("%s as %s (signed in: %t)", p, who.name, who.token != "")
			told, untold := x.ask(t, p, who, theirs), x.ask(t, p, who, random)
			x.shows(t, where, told.body, theirs)
			x.tried++
			if m.apart != "" {
				continue
			}
			require.Equal(t, untold.status, told.status, "%s: %s", where, told.body)
			require.Equal(t, neutral(t, untold.body, random), neutral(t, told.body, theirs), where)
			require.Equal(t, headers(untold), headers(told), where)
			if who.name == "owner" && who.token != "" && p.in != "query" {
				// A filter by what nobody has finds nothing; anything else is refused.
				require.Contains(t, []int{http.StatusNotFound, http.StatusUnprocessableEntity}, told.status, where)
			}
		}
	})
	t.Logf("%d places of other workspaces' things, as people of every role", x.tried)
	require.Greater(t, x.tried, 100)
}

func (x *isolation) ask(t testing.TB, p place, who *person, value string) reply {
	t.Helper()
	r, err := x.document.build(p.operation, x.of(x.a, who.name), p, value)
	require.NoError(t, err)
	return r.send(t, who)
}

// shows fails when an answer holds anything of theirs but what was said first.
func (x *isolation) shows(t testing.TB, where string, answer []byte, said ...string) {
	t.Helper()
	text := string(answer)
	for _, one := range said {
		text = strings.ReplaceAll(text, one, "")
	}
	require.NotContains(t, text, x.b.name, where)
	for _, id := range anID.FindAllString(text, -1) {
		require.False(t, x.theirs[id], "%s: shows their %s", where, id)
	}
}

// free are the ids that people choose themselves: two workspaces may have the same one.
func (x *isolation) free(id string) bool {
	for _, b := range x.b.own {
		if b.clientID.String() == id {
			return true
		}
	}
	return false
}

// neutral is an answer without what every answer has of its own.
func neutral(t testing.TB, answer []byte, value string) string {
	t.Helper()
	var members map[string]any
	if err := json.Unmarshal(answer, &members); err != nil {
		return string(answer)
	}
	delete(members, "request_id")
	delete(members, "instance")
	text, err := json.Marshal(members)
	require.NoError(t, err)
	return strings.ReplaceAll(string(text), value, "VALUE")
}

func headers(r reply) http.Header {
	h := r.header.Clone()
	for _, own := range []string{"Date", "X-Request-Id", "X-Cursor"} {
		h.Del(own)
	}
	return h
}

func (x *isolation) namesNoTenant(t *testing.T) {
	theirs := x.b.owner.tenant.String()
	for _, line := range slices.Sorted(maps.Keys(x.document.operations)) {
		o := x.document.operations[line]
		if byHand[line] != "" {
			continue
		}
		build := func() request {
			r, err := x.document.build(o, x.of(x.a, "owner"), place{}, "")
			require.NoError(t, err)
			return r
		}
		r := build()
		r.query.Set("tenant_id", theirs)
		got := r.send(t, x.a.owner)
		if got.status == http.StatusForbidden {
			continue // refused before it is read: an operator's, or only after proof of who asks
		}
		require.Equal(t, http.StatusBadRequest, got.status, "%s?tenant_id: %s", line, got.body)
		if body := o.body(); body != nil && x.document.plain(body).Properties["tenant_id"] == nil {
			r = build()
			r.body["tenant_id"] = theirs
			got = r.send(t, x.a.owner)
			require.Equal(t, "unknown_field", got.problem(t).Code, "%s with a tenant_id: %s", line, got.body)
		}
		if o.method == http.MethodGet && o.Permission != tenancy.Public {
			plain := build().send(t, x.a.owner)
			for _, name := range []string{"X-Tenant-ID", "X-Tenant", "Tenant-ID"} {
				r = build()
				r.header.Set(name, theirs)
				got = r.send(t, x.a.owner)
				require.Equal(t, plain.status, got.status, "%s with %s", line, name)
				if moving[line] == "" && strings.HasPrefix(got.header.Get("Content-Type"), "application/json") {
					require.JSONEq(t, string(plain.body), string(got.body), "%s with %s", line, name)
				} else {
					x.shows(t, line+" with "+name, got.body)
				}
			}
		}
	}
}

// Members of frames that name nothing, with a value each.
var plainMembers = map[string]any{
	"type": nil, "ref": nil, "state": "start", "mode": "reply", "availability": nil, "reason": nil,
}

// Topics of another workspace's, and what somebody might try instead.
func topicsLike(conversation, tenant string) []any {
	list := []any{}
	for _, topic := range []string{
		"conversation:%s", "conversation:%s ", "conversation:%s.>", "conversation:*", "conversation:>", "conversation:%s,inbox", "Conversation:%s", "conversation:{%s}",
		"inbox:%[2]s", "inbox.%[2]s", "me:%[2]s", "live.%[2]s", "live.*", "live.>", "live %[2]s", ">", "*", "", ".", "$SYS.>", "signal.revoked", "_INBOX.>", "tenant:%[2]s/inbox",
		"conversation:%s\r\nPUB live.%[2]s 0", "conversation:%s\u0000",
	} {
		if strings.Contains(topic, "%s") || strings.Contains(topic, "%[2]s") {
			topic = strings.ReplaceAll(strings.ReplaceAll(topic, "%s", conversation), "%[2]s", tenant)
		}
		list = append(list, topic)
	}
	return list
}

func (x *isolation) frames(t *testing.T) {
	frames := framesOf(t)
	for _, who := range x.a.people {
		s := watch(t, who.url, "", who.token)
		for _, kind := range slices.Sorted(maps.Keys(frames)) {
			for _, member := range frames[kind] {
				if _, plain := plainMembers[member]; plain {
					continue
				}
				theirs := x.b.own[who.name].conversation.String()
				random := nobodys(theirs)
				say := func(conversation, tenant string) map[string]any {
					f := map[string]any{"type": kind}
					for _, name := range frames[kind] {
						if v := plainMembers[name]; v != nil {
							f[name] = v
						}
					}
					switch member {
					case "topics":
						f[member] = topicsLike(conversation, tenant)
					case "conversation_id", "viewing":
						f[member] = conversation
					case "since":
						f["topics"], f[member] = []string{"me"}, conversation
					default:
						require.FailNow(t, "a frame has a member this test does not know", "%s of %s: say here whether it names a thing", member, kind)
					}
					return f
				}
				where := fmt.Sprintf("%s, %s of a frame %s", who.name, member, kind)
				told := s.answers(t, say(theirs, x.b.owner.tenant.String()))
				untold := s.answers(t, say(random, uuid.Must(uuid.NewV7()).String()))
				require.Equal(t, len(untold), len(told), where)
				for i := range told {
					x.shows(t, where, told[i], theirs, x.b.owner.tenant.String())
					require.Equal(t, neutralFrame(t, untold[i]), neutralFrame(t, told[i]), where)
				}
			}
		}
		require.NoError(t, s.conn.Close())
	}
}

// answers says something and returns what came of it; events are counted.
func (s *socket) answers(t testing.TB, say map[string]any) (list [][]byte) {
	t.Helper()
	ref := uuid.NewString()
	say["ref"] = "asked"
	require.NoError(t, s.conn.WriteJSON(say))
	require.NoError(t, s.conn.WriteJSON(map[string]string{"type": "ping", "ref": ref}))
	s.await("the answer to "+fmt.Sprint(say), func(f frame) bool {
		switch {
		case f.Type == "event":
			s.events = append(s.events, f)
		case f.Type != "cursor" && f.Ref != ref: // a cursor comes when the hub has looked around
			text, err := json.Marshal(f)
			require.NoError(t, err)
			list = append(list, text)
		}
		return f.Ref == ref
	})
	return list
}

// news are the events of changes that nobody knew of before: what was written earlier may
// be told late. Counts are told when they are counted.
func (s *socket) news(known map[string]bool) []frame {
	return slices.DeleteFunc(slices.Clone(s.events), func(f frame) bool { return known[f.ID] || f.Name == "counts.changed" })
}

// old says whether an announcement of the bus is all about changes that were known before.
func old(message []byte, known map[string]bool) bool {
	var a struct {
		Changes []struct{ ID string }
		Relay   any
	}
	if len(message) < 16 || json.Unmarshal(message[16:], &a) != nil || a.Relay != nil {
		return false
	}
	for _, c := range a.Changes {
		if !known[c.ID] {
			return false
		}
	}
	return true
}

// neutralFrame is a frame without the ids that were asked about, and without its place in time.
func neutralFrame(t testing.TB, text []byte) string {
	t.Helper()
	var f map[string]any
	require.NoError(t, json.Unmarshal(text, &f))
	delete(f, "cursor")
	delete(f, "request_id")
	text, err := json.Marshal(f)
	require.NoError(t, err)
	return anID.ReplaceAllString(string(text), "ID")
}

// Any role of the database may NOTIFY on any channel (SECURITY O16). What the app's role
// says there reaches no screen, stops nobody's work, and is told when it cannot be read.
func (x *isolation) notifications(t *testing.T, p *program, admin *pgx.Conn, url string) {
	app, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer app.Close(t.Context()) //nolint:errcheck // the test is over
	known := idsOf(t, admin, x.a.owner.tenant)
	maps.Copy(known, idsOf(t, admin, x.b.owner.tenant))
	ours, theirs := watch(t, p.url, "", x.a.owner.token), watch(t, p.url, "", x.b.owner.token)
	tenant, conversation := x.b.owner.tenant.String(), x.b.own["owner"].conversation.String()
	for _, channel := range []string{
		"river.river_insert", "river.river_control", "river.river_leadership", "river_control", "live." + tenant, "live.*", ">", "changes", "signal.revoked", "conversation:" + conversation,
	} {
		for _, payload := range []string{
			"", "garbage", tenant, conversation, strings.Repeat("x", 7999), `{"queue":"send"}`, `{"queue":7}`, "[", "null",
			`{"action":"cancel","job_id":1,"queue":"send"}`, `{"action":"pause","queue":"*"}`, `{"action":"pause","queue":"send"}`, `{"action":"metadata_changed","queue":"send"}`,
			`{"action":"request_resign"}`, `{"action":"resigned","leader_id":"x"}`,
			`{"changes":[{"id":"` + conversation + `","name":"message.created","entity":"message","conversation_id":"` + conversation + `"}]}`,
		} {
			_, err := app.Exec(t.Context(), `select pg_notify($1, $2)`, channel, payload)
			require.NoError(t, err)
		}
	}
	eventually(t, "a line about what could not be read", func() bool {
		return strings.Contains(p.running.out.String(), "Failed to unmarshal insert notification payload")
	})
	for _, s := range []*socket{ours, theirs} {
		require.Empty(t, s.answers(t, map[string]any{"type": "ping"})[1:])
		require.Empty(t, s.news(known), "a frame of nothing that happened")
	}
	// Nobody's queue has stopped.
	r, err := x.b.owner.write(x.b.own["owner"].conversation, uuid.Must(uuid.NewV7()), "still here")
	require.NoError(t, err)
	var sent message
	r.into(t, &sent)
	within(t, patience, "a message sent after the forgery", func() bool { return x.b.owner.message(sent.ID).Status == "sent" })
}

// The same values are good where they belong: what was tried was not refused for another reason.
func (x *isolation) controls(t *testing.T) {
	x.named(t, func(p place, m meaning) {
		for _, f := range []*furnished{x.a, x.b} {
			r, err := x.document.build(p.operation, x.of(f, "owner"), p, m.of(f, "owner"))
			require.NoError(t, err)
			got := r.send(t, f.owner)
			if strings.Contains(m.apart, "once anywhere") || strings.Contains(m.apart, "in all workspaces") {
				require.Equal(t, http.StatusConflict, got.status, "%s: %s", p, got.body)
				continue
			}
			require.Less(t, got.status, 300, "%s of %s: %s", p, f.name, got.body)
		}
	})
}
