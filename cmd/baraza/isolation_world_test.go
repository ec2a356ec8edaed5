package main

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/tenancy"
)

// furnished is a workspace with a person of every built-in role, something of
// everything, and a conversation for each person.
type furnished struct {
	name      string
	owner     *person
	people    []*person // of every role, the owner first
	server    *person   // a program with a key
	line      *line
	simulated uuid.UUID // a practice line
	team      uuid.UUID
	session   uuid.UUID              // of the owner, elsewhere
	entry     uuid.UUID              // of their audit log
	key       uuid.UUID              // of a program
	spareKey  uuid.UUID              // to be revoked
	role      uuid.UUID              // of their own making
	spare     map[string]uuid.UUID   // by route: what its control removes
	group     uuid.UUID              // a team besides Everyone
	own       map[string]*belongings // by role
	shown     []string               // secrets of their keys, shown once
}

// secrets are what only they hold.
func (f *furnished) secrets() []string {
	list := slices.Clone(f.shown)
	for _, who := range f.people {
		list = append(list, who.token)
	}
	return list
}

// belongings are what one person may rightly name.
type belongings struct {
	conversation, contact, message uuid.UUID
	provider                       string    // the platform's id of the message
	clientID                       uuid.UUID // of one they wrote
}

func furnish(t *testing.T, p *program, name, number string) *furnished {
	t.Helper()
	f := &furnished{name: name, owner: p.register(name), own: map[string]*belongings{}}
	f.owner.name = "owner"
	for _, role := range tenancy.BuiltinRoles() {
		who := f.owner
		if role.Key != f.owner.name {
			email := role.Key + "-" + name + "@example.test"
			f.owner.call("POST", "/api/auth/users", map[string]string{
				"name": role.Name + " of " + name, "email": email, "password": password, "role": role.Key}, http.StatusCreated, nil)
			who = p.signIn(email, password)
			who.name = role.Key
		}
		f.people = append(f.people, who)
	}
	elsewhere := p.signIn(name+"@example.test", password)
	var sessions struct {
		Items []struct {
			ID      uuid.UUID `json:"id"`
			Current bool      `json:"current"`
		} `json:"items"`
	}
	elsewhere.call("GET", "/api/auth/sessions", nil, http.StatusOK, &sessions)
	for _, s := range sessions.Items {
		if s.Current {
			f.session = s.ID
		}
	}
	f.line = f.owner.connect(number+"0", number+"0")
	bot, key, spare := f.owner.makeKey("bot", nil), f.owner.makeKey("ingest", nil), f.owner.makeKey("write", nil)
	f.key, f.spareKey, f.shown = key.ID, spare.ID, []string{bot.Secret, key.Secret, spare.Secret}
	var channel struct {
		ID     uuid.UUID `json:"id"`
		TeamID uuid.UUID `json:"team_id"`
	}
	f.owner.call("POST", "/api/channels/simulated", map[string]string{"kind": "whatsapp", "name": "Practice of " + name}, http.StatusCreated, &channel)
	f.simulated, f.team = channel.ID, channel.TeamID

	f.spare = map[string]uuid.UUID{}
	makeRole := func(name string) uuid.UUID {
		return f.makes("/api/roles", map[string]any{"name": name, "permissions": []string{"conversation.view"}})
	}
	f.role, f.spare["DELETE /api/roles/{id}"] = makeRole("Helper of "+name), makeRole("Spare of "+name)

	f.group, f.spare["DELETE /api/teams/{id}"] = f.makes("/api/teams", map[string]any{"name": "Group of " + name}), f.makes("/api/teams", map[string]any{"name": "Spare of " + name})
	for _, who := range []*person{f.owner, f.people[1], f.people[5]} {
		f.makes("/api/teams/"+f.group.String()+"/members", map[string]any{"user_id": who.id, "role": "agent"})
	}
	f.spare["team member"] = f.makes("/api/teams/"+f.group.String()+"/members", map[string]any{"user_id": f.people[2].id, "role": "agent"})
	for _, line := range []string{"invitation", "DELETE /api/invitations/{id}"} {
		f.spare[line] = f.makes("/api/invitations", map[string]any{"email": uuid.NewString() + "@example.test", "role_id": f.role})
	}
	for _, line := range []string{
		"DELETE /api/members/{id}", "DELETE /api/members/{id} to another", "DELETE /api/auth/users/{id}", "DELETE /api/auth/users/{id} to another",
	} {
		f.spare[line] = f.makes("/api/auth/users", map[string]any{
			"name": "Spare of " + name, "email": uuid.NewString() + "@example.test", "password": password, "role": "agent"})
	}

	for i, who := range f.people {
		b := &belongings{provider: fmt.Sprintf("wamid.%s.%d", name, i), clientID: uuid.Must(uuid.NewV7())}
		f.own[who.name] = b
		r, err := post(p.url, f.line.webhook(inboundText{b.provider, fmt.Sprintf("25470000050%d", i), "Customer of " + name, "hello", time.Now()}), appSecret)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.status)
	}
	var list []conversation
	eventually(t, "conversations", func() bool {
		list = f.owner.conversations()
		return len(list) == len(f.people)
	})
	for _, c := range list {
		b := f.own[f.people[c.Contact.Identity.Value[len(c.Contact.Identity.Value)-1]-'0'].name]
		b.conversation, b.contact = c.ID, c.Contact.ID
		for _, m := range f.owner.thread(c.ID) {
			if m.ProviderID != nil {
				b.message = m.ID
			}
		}
	}
	var acts struct {
		Items []auditEntry `json:"items"`
	}
	f.owner.call("GET", "/api/audit-logs?limit=1", nil, http.StatusOK, &acts)
	f.entry = acts.Items[0].ID
	for _, b := range f.own {
		r, err := f.owner.write(f.own["owner"].conversation, b.clientID, theirText)
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, r.status, "%s", r.body)
	}
	f.server = f.owner.makeKey("server", []string{
		"channel.manage", "channel.view", "contact.view", "conversation.reply", "conversation.view", "settings.manage", "team.manage", "team.view",
	}).on(p)
	f.server.name, f.own["program"] = "program", f.own["owner"]
	return f
}

// moving are the routes whose answer differs from one moment to the next.
var moving = map[string]string{
	"GET /api/audit-logs/verify": "tells when it looked, and how many entries wait",
	"GET /api/usage":             "tells when it counted, and counts what others do",
}

// makes has the owner make something, and returns its id.
func (f *furnished) makes(path string, body map[string]any) uuid.UUID {
	var made struct {
		ID uuid.UUID `json:"id"`
	}
	f.owner.call("POST", path, body, http.StatusCreated, &made)
	return made.ID
}

// theirText is what every free text of a request says.
const theirText = "hi"

// meaning is what a parameter holds.
type meaning struct {
	// of is what a workspace has of it, for a person of a role.
	of func(f *furnished, role string) string
	// names says that the value names a thing of the workspace: another one's is tried.
	names bool
	// apart says why the answer to another workspace's may differ from that to nobody's.
	// Nothing of theirs is shown or changed all the same.
	apart string
}

func word(text string) meaning {
	return meaning{of: func(*furnished, string) string { return text }}
}

func thing(of func(f *furnished, role string) string) meaning { return meaning{of: of, names: true} }

func fresh(of func() string) meaning {
	return meaning{of: func(*furnished, string) string { return of() }}
}

// meanings is all that the generated cases know about the product: what each text of a
// request holds. A parameter is looked up by its whole place, then by its name; the one
// in a path by the word before it.
func meanings() map[string]meaning {
	owners := func(f *furnished, _ string) string { return f.name + "@example.test" }
	conversation := thing(func(f *furnished, role string) string { return f.own[role].conversation.String() })
	message := thing(func(f *furnished, role string) string { return f.own[role].message.String() })
	tenant := thing(func(f *furnished, _ string) string { return f.owner.tenant.String() })
	team := thing(func(f *furnished, _ string) string { return f.team.String() })
	line := thing(func(f *furnished, _ string) string { return f.line.id.String() })
	role := thing(func(f *furnished, _ string) string { return f.role.String() })
	// The last of the people: nobody asks as them once their own rights are tried.
	member := thing(func(f *furnished, _ string) string { return f.people[len(f.people)-1].id.String() })
	group := thing(func(f *furnished, _ string) string { return f.group.String() })
	made := 0
	spare := func(line string) meaning {
		return thing(func(f *furnished, _ string) string { return f.spare[line].String() })
	}
	number := func() string { made++; return fmt.Sprintf("4182906671%05d", made) }
	return map[string]meaning{
		"api-keys/{id}":                 thing(func(f *furnished, _ string) string { return f.key.String() }),
		"DELETE /api/api-keys/{id}: id": thing(func(f *furnished, _ string) string { return f.spareKey.String() }),
		"channels/{id}":                 line,
		"roles/{id}":                    thing(func(f *furnished, _ string) string { return f.role.String() }),
		"DELETE /api/roles/{id}: id":    spare("DELETE /api/roles/{id}"),
		"PATCH /api/roles/{id}: name":   fresh(func() string { made++; return fmt.Sprint("A role ", made) }),
		"POST /api/roles: name":         fresh(func() string { made++; return fmt.Sprint("A role ", made) }),
		"permissions":                   word("conversation.view"),
		"teams/{id}":                    group,
		"DELETE /api/teams/{id}: id":    spare("DELETE /api/teams/{id}"),
		"PATCH /api/teams/{id}: name":   fresh(func() string { made++; return fmt.Sprint("A team ", made) }),
		"PATCH /api/teams/{id}/members/{user_id}: user_id":        thing(func(f *furnished, _ string) string { return f.owner.id.String() }),
		"DELETE /api/teams/{id}/members/{user_id}: user_id":       thing(func(f *furnished, _ string) string { return f.people[1].id.String() }),
		"DELETE /api/teams/{id}/members/{user_id}: user_id (new)": spare("team member"),
		"POST /api/teams/{id}/members: user_id":                   thing(func(f *furnished, _ string) string { return f.people[3].id.String() }),
		"POST /api/teams/{id}/members: user_id (new)":             thing(func(f *furnished, _ string) string { return f.people[4].id.String() }),
		"slug":                                   fresh(func() string { return "mill-" + strings.ReplaceAll(uuid.NewString(), "-", "")[:24] }),
		"languages":                              word("sw"),
		"conversations/{id}":                     conversation,
		"messages/{id}":                          message,
		"POST /api/channels/{id}/simulate: id":   thing(func(f *furnished, _ string) string { return f.simulated.String() }),
		"POST /api/channels/{id}/simulate: text": word(theirText),
		"members/{id}":                           member, "users/{id}": member,
		"invitations/{id}":                      spare("invitation"),
		"DELETE /api/invitations/{id}: id":      spare("DELETE /api/invitations/{id}"),
		"POST /api/invitations: email":          fresh(func() string { return uuid.NewString() + "@example.test" }),
		"invitations/{token}":                   word("a secret of its holder, and no name"),
		"DELETE /api/members/{id}: id":          spare("DELETE /api/members/{id}"),
		"DELETE /api/members/{id}: id (new)":    spare("DELETE /api/members/{id} to another"),
		"DELETE /api/auth/users/{id}: id":       spare("DELETE /api/auth/users/{id}"),
		"DELETE /api/auth/users/{id}: id (new)": spare("DELETE /api/auth/users/{id} to another"),
		"GET /api/members: role":                role, "GET /api/auth/users: role": role,
		"role_id":     role,
		"team_ids":    team,
		"reassign_to": thing(func(f *furnished, _ string) string { return f.owner.id.String() }),
		"search":      word("of"),
		"POST /api/channels/{id}/simulate: faults": word("duplicate"),

		"accent": word("#0b5c58"), "accent_dark": word("#4fbfb3"),
		"labels.label": word("Support"),
		"base_url":     word("https://chat.example.test"),

		"tenant_id": tenant,
		"team":      team,
		"team_id":   team,
		"channel":   line,
		"contact":   thing(func(f *furnished, role string) string { return f.own[role].contact.String() }),
		"assignee":  thing(func(f *furnished, _ string) string { return f.owner.id.String() }),
		"reply_to":  message,
		"client_id": {of: func(f *furnished, role string) string { return f.own[role].clientID.String() }, names: true,
			apart: "it is the writer's own, and unique in a workspace only: both are stored as new messages"},
		"target": {of: func(f *furnished, role string) string { return f.own[role].provider }, names: true,
			apart: "the simulator makes an id of its own for each reaction"},
		"phone_number_id": {of: func(f *furnished, _ string) string { return f.line.number }, names: true,
			apart: "a number is connected once anywhere; taken is told without saying by whom"},

		"POST /api/auth/register: email": {of: owners, names: true, apart: "an account is a person's, in all workspaces"},
		"POST /api/auth/users: email":    {of: owners, names: true, apart: "an account is a person's, in all workspaces"},
		"email":                          {of: owners},
		// Only its person may end a session; this one is nobody's work.
		"sessions/{id}": thing(func(f *furnished, _ string) string { return f.session.String() }),

		// Of two meanings, the one in requests that are about something else.
		"POST /api/channels: phone_number_id (new)":              fresh(number),
		"POST /api/conversations/{id}/messages: client_id (new)": fresh(uuid.NewString),

		"POST /api/activity/track: path": word("/t/somewhere/inbox"),
		"actor":                          thing(func(f *furnished, _ string) string { return f.owner.id.String() }),
		"audit-logs/{id}":                thing(func(f *furnished, _ string) string { return f.entry.String() }),
		"action":                         word("channel.connected"),
		"object":                         word("channel"),
		"object_id":                      line,

		"waba_id":       fresh(number),
		"access_token":  word(accessToken),
		"app_secret":    word("fixture_channel_secret"),
		"refresh_token": word("a secret of its holder, and no name"),
		"password":      word(password), "current_password": word(password), "new_password": word(password),
		"token": word("a secret of its holder, and no name"),
		"code":  word("000000"), "totp": word("000000"), "recovery_code": word("0000-0000"),
		"If-Match": word("1"),
		// It is the caller's own: another workspace's is as new as any.
		"Idempotency-Key": fresh(uuid.NewString),
		"scopes":          word("log.ingest"),
		"ip_allow":        word("127.0.0.0/8"),
		"role":            word("agent"),
		"name":            word("A name"),
		"tenant_name":     word("A workspace"),
		"device":          word("A browser"),
		"locale":          word("en"),
		"timezone":        word("Africa/Nairobi"),
		"text":            word(theirText),
		"from.name":       word("Customer"),
		"from.id":         word("254700000599"),
	}
}

// needs are members that a valid request has though no schema requires them: rules that
// look at several members. A boolean is sent as true.
var needs = map[string]map[string]bool{
	"POST /api/api-keys":               {"scopes": true},
	"POST /api/channels":               {"skip_check": true, "phone_number_id": true, "waba_id": true},
	"POST /api/channels/{id}/simulate": {"text": true},
}

// byHand are the routes that read their requests themselves, so that no document
// describes what they take, and where that is tried.
var byHand = map[string]string{
	"GET /livez": "takes nothing", "GET /readyz": "takes nothing", "GET /health": "takes nothing", "GET /healthz": "takes nothing",
	"GET /v1/health": "takes nothing", "GET /metrics": "takes nothing", "GET /api/openapi.json": "takes nothing",
	"POST /api/csp-report": "writes a log line",
	"GET /api/ws":          "frames, tried below",
	"GET /webhooks/meta":   "a token, no id", "GET /webhooks/whatsapp": "a token, no id",
	"POST /webhooks/meta": "signed by Meta for all", "POST /webhooks/whatsapp": "signed by Meta for all",
}

// find looks a place up; "" when nobody told of it.
func find(known map[string]meaning, p place) (meaning, bool) {
	keys := []string{p.line + ": " + p.name, p.name}
	if p.in == "path" {
		before, _, _ := strings.Cut(p.path, "/{"+p.name+"}")
		keys[1] = before[strings.LastIndex(before, "/")+1:] + "/{" + p.name + "}"
	}
	for _, key := range keys {
		if m, ok := known[key]; ok {
			return m, true
		}
	}
	return meaning{}, false
}

// cursorOf is a person's place in a list, of the operation itself.
func cursorOf(t testing.TB, o operation, who *person) string {
	t.Helper()
	var page struct {
		NextCursor string `json:"next_cursor"`
	}
	r := answered(t, o.method, who.url+o.path+"?limit=1", who.token, nil)
	require.Equal(t, http.StatusOK, r.status, "%s: %s", o.line, r.body)
	r.into(t, &page)
	require.NotEmpty(t, page.NextCursor, "%s: furnish a workspace with a second one, so that the list has a cursor", o.line)
	return page.NextCursor
}

// traces are what is a workspace's: rows by table, jobs, people and their sessions.
func traces(t testing.TB, admin *pgx.Conn, tenant uuid.UUID) map[string]string {
	t.Helper()
	sums := map[string]string{}
	sum := func(name, from string) {
		sums[name] = one[string](t, admin, `select count(*) || ' ' || coalesce(md5(string_agg((to_jsonb(r) - 'chain_no' - 'hash')::text, '|' order by (to_jsonb(r) - 'chain_no' - 'hash')::text)), '') from `+from, tenant)
	}
	for _, table := range tenantTables(t, admin) {
		sum(table, pgx.Identifier{table}.Sanitize()+` r where tenant_id = $1`)
	}
	sum("jobs", `(select id, kind, args from river.river_job) r where args->>'tenant_id' = $1::uuid::text`)
	sum("people", `users r where id in (select user_id from memberships where tenant_id = $1)`)
	sum("sessions", `login_sessions r where user_id in (select user_id from memberships where tenant_id = $1)`)
	sum("failures", `inbound_failures r where owner_tenant = $1`)
	sum("tenant", `tenants r where id = $1`)
	return sums
}

// idsOf are all ids in a workspace's rows.
func idsOf(t testing.TB, admin *pgx.Conn, tenant uuid.UUID) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for _, table := range tenantTables(t, admin) {
		columns := all[string](t, admin, `
			select attname::text from pg_attribute where attrelid = $1::regclass and atttypid = 'uuid'::regtype and attnum > 0 and not attisdropped`, table)
		for _, column := range columns {
			name := pgx.Identifier{column}.Sanitize()
			for _, id := range all[uuid.UUID](t, admin, `select distinct `+name+` from `+pgx.Identifier{table}.Sanitize()+` where tenant_id = $1 and `+name+` is not null`, tenant) {
				ids[id.String()] = true
			}
		}
	}
	return ids
}

var anID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
