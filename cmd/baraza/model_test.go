package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zaptest"
	"pgregory.net/rapid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/attempts"
	"baraza/domain/channels"
	"baraza/domain/chat"
	"baraza/domain/passwords"
	"baraza/domain/people"
	"baraza/integrations/meta"
	"baraza/tenancy"
)

// SE-02, TN-02 (SECURITY I7): three workspaces and random use cases of each, also with things of the
// others: every one sees exactly what a model of a few maps says, whatever the others did.
// -rapid.checks and -rapid.steps say how much is tried.
func TestModel(t *testing.T) {
	t.Parallel()
	s := newServices(t)
	places := make([]*modelled, 3)
	for i := range places {
		places[i] = s.enroll(fmt.Sprint("model ", i))
	}
	steps, checks := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r := &round{T: t, services: s, places: places, clients: make([]uuid.UUID, 4), clock: time.Now().Add(-time.Hour)}
		for i := range r.clients {
			r.clients[i] = db.NewID()
		}
		for _, p := range places {
			r.begin(p)
		}
		actions := map[string]func(*rapid.T){
			"receive": r.receive, "receive_for_several": r.receiveForSeveral, "react": r.react, "send": r.send, "read": r.read,
			"page": r.page, "write_to_an_unknown_number": r.unknownNumber,
			"": func(*rapid.T) { steps++; r.check(false) },
		}
		t.Repeat(actions)
		r.check(true)
		checks++
	})
	t.Logf("%d runs, %d steps", checks, steps)
	require.Zero(t, s.tenant.Mismatches())
}

// services are the real ones, in this process.
type services struct {
	t             testing.TB
	tenant        *db.Tenant
	rights        *access.Rights
	accounts      *access.Accounts
	members       *people.Members
	channels      *channels.Channels
	inbound       *inbound
	conversations *chat.Conversations
	messages      *chat.Messages
}

func newServices(t testing.TB) *services {
	t.Helper()
	store := newDatabase(t, true)
	tenant, err := db.OpenTenant(t.Context(), db.TenantConfig{URL: store.url("baraza_app"), Patience: patience})
	require.NoError(t, err)
	platform, err := db.OpenPlatform(t.Context(), store.url("baraza_platform"), 0, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, errors.Join(tenant.Close(), platform.Close())) })
	_, err = db.Exec(t.Context(), platform, `select maintain_changes(7, 10000)`)
	require.NoError(t, err)
	file := filepath.Join(openDir(t), "master.key")
	require.NoError(t, tenancy.NewMasterFile(file))
	master, err := tenancy.ReadMaster(file)
	require.NoError(t, err)
	cursors, err := tenancy.NewCursors(master.Derive("cursors"))
	require.NoError(t, err)
	executable, err := os.Executable()
	require.NoError(t, err)
	hasher := passwords.NewHasher(executable)
	t.Cleanup(hasher.Close)
	counts, err := newInboundCounts(prometheus.NewRegistry())
	require.NoError(t, err)

	log := zaptest.NewLogger(t)
	tokens := &access.Tokens{DB: platform, Master: master, BaseURL: "https://baraza.test"}
	require.NoError(t, tokens.Load(t.Context()))
	rights := &access.Rights{DB: platform, Tokens: tokens}
	gate := &access.Gate{DB: platform, Hasher: hasher, Counter: &attempts.Counter{DB: platform}, Codes: &access.Codes{DB: platform}}
	sessions := &access.Sessions{DB: platform, Tokens: tokens, Revocations: &access.Revocations{DB: platform, Rights: rights, Log: log}}
	routes := &channels.Routes{Platform: platform}
	horizon := func(context.Context) string { return "" }
	return &services{
		t: t, tenant: tenant, rights: rights,
		accounts: &access.Accounts{
			DB: platform, Sessions: sessions, Hasher: hasher, Gate: gate, Master: master, Mode: func(context.Context, db.PlatformQueryer) (access.Mode, error) { return access.SaaS, nil },
		},
		members: &people.Members{
			DB: tenant, Accounts: &access.Members{Tenant: tenant, Platform: platform, Hasher: hasher}, Sessions: sessions, Cursors: cursors,
		},
		channels: &channels.Channels{
			DB: tenant, Cursors: cursors, Keys: &tenancy.Keys{Master: master, Wrapped: (&access.TenantKeys{DB: tenant}).Wrapped},
			Changed: func(context.Context) { routes.Forget() },
		},
		inbound:       &inbound{platform: platform, routes: routes, log: log, counts: counts, receiver: &chat.Receiver{DB: tenant, Numbers: &chat.Numbers{}}},
		conversations: &chat.Conversations{DB: tenant, Cursors: cursors, Horizon: horizon},
		messages:      &chat.Messages{DB: tenant, Horizon: horizon},
	}
}

// modelled is a workspace as it should be: its people, and what this run did on a line of its own.
type modelled struct {
	name   string
	people []*member // an owner, who sees everything, and an agent
	others int64     // open conversations of earlier runs

	line      line
	contacts  []*thread // in the order they were opened
	providers map[string]*entry
	sent      map[uuid.UUID]sending
}

type member struct {
	context.Context
	id   uuid.UUID
	name string
	own  bool // sees the team's queue and what is theirs
}

// thread is a conversation.
type thread struct {
	phone    string
	id       uuid.UUID
	assignee *member
	entries  []*entry // by seq; nil is an event
	inbound  int64
	answered int64
	read     map[uuid.UUID]int64 // by person: inbound messages before their marker
}

// entry is a message.
type entry struct {
	id        uuid.UUID // of an outgoing one
	in        bool
	text      string
	quoted    string
	reactions []reaction // in the order they were set
}

type reaction struct{ phone, emoji string }

// sending is what was sent under a client id.
type sending struct {
	thread *thread
	entry  *entry
}

func (s *services) enroll(name string) *modelled {
	s.t.Helper()
	address := strings.ReplaceAll(name, " ", "-")
	session, err := s.accounts.Register(s.t.Context(), access.Register{TenantName: name, Name: "Owner of " + name, Email: address + "@example.test", Password: password})
	require.NoError(s.t, err)
	p := &modelled{name: name}
	p.people = append(p.people, s.signed(session, "Owner of "+name, false))
	_, err = s.members.Create(p.people[0], access.CreateMember{Name: "Agent of " + name, Email: "agent-" + address + "@example.test", Password: password, Role: "agent"})
	require.NoError(s.t, err)
	session, err = s.accounts.Login(s.t.Context(), access.Login{Email: "agent-" + address + "@example.test", Password: password})
	require.NoError(s.t, err)
	p.people = append(p.people, s.signed(session, "Agent of "+name, true))
	return p
}

func (s *services) signed(session access.Session, name string, own bool) *member {
	s.t.Helper()
	scope, err := s.rights.Authenticate(s.t.Context(), session.AccessToken)
	require.NoError(s.t, err)
	return &member{tenancy.With(s.t.Context(), scope), scope.UserID, name, own}
}

func (m *member) sees(c *thread) bool { return !m.own || c.assignee == nil || c.assignee == m }

// round is one sequence of random steps.
type round struct {
	*rapid.T
	*services
	places  []*modelled
	clients []uuid.UUID // used in every workspace
	clock   time.Time   // of the platform
	touched []*thread
}

var phones = []string{"254711000701", "254711000702", "254711000703"} // customers of all three

// begin connects a line for this run: what runs share cannot be told apart from a leak.
func (r *round) begin(p *modelled) {
	open, err := r.conversations.Counts(p.people[0], domain.None{})
	require.NoError(r.T, err)
	p.others = open.Open
	p.contacts, p.providers, p.sent = nil, map[string]*entry{}, map[uuid.UUID]sending{}
	number := strconv.FormatInt(time.Now().UnixNano(), 10)[4:]
	channel, err := r.channels.Connect(p.people[0], channels.Connect{
		Kind: channels.WhatsApp, Name: "Line of " + p.name, PhoneNumberID: number, WabaID: number, AccessToken: accessToken, SkipCheck: true})
	require.NoError(r.T, err)
	p.line = line{id: channel.ID, number: number, waba: number}
}

func (r *round) place(t *rapid.T, label string) *modelled {
	return rapid.SampledFrom(r.places).Draw(t, label)
}

func (r *round) somebody(t *rapid.T, p *modelled) *member {
	return rapid.SampledFrom(p.people).Draw(t, "person")
}

// anyThread is one of any workspace's. While there is none, rapid draws another step:
// its Skip leaves no test out.
func (r *round) anyThread(t *rapid.T) *thread {
	var all []*thread
	for _, p := range r.places {
		all = append(all, p.contacts...)
	}
	if len(all) == 0 {
		t.Skip("nothing was written yet")
	}
	return rapid.SampledFrom(all).Draw(t, "conversation")
}

func (r *round) tick() time.Time {
	r.clock = r.clock.Add(time.Second)
	return r.clock
}

// deliver takes a webhook as it comes out of the stream.
func (r *round) deliver(bodies ...[]byte) {
	var list []delivery
	for _, body := range bodies {
		items, err := meta.Split(body)
		require.NoError(r.T, err)
		for _, item := range items {
			list = append(list, delivery{item, meta.SignerMeta, 1})
		}
	}
	require.NoError(r.T, r.inbound.store(r.t.Context(), list))
}

// text draws a message of a customer, and models it. Ids of the platform come from a few,
// the same in every workspace.
func (r *round) text(t *rapid.T, p *modelled) []byte {
	phone := rapid.SampledFrom(phones).Draw(t, "phone")
	id := fmt.Sprint("wamid.model.", rapid.IntRange(0, 9).Draw(t, "id"))
	text := fmt.Sprintf("%s says %d", p.name, rapid.IntRange(0, 999).Draw(t, "text"))
	if _, known := p.providers[id]; !known {
		at := slices.IndexFunc(p.contacts, func(c *thread) bool { return c.phone == phone })
		if at < 0 {
			at = len(p.contacts)
			p.contacts = append(p.contacts, &thread{phone: phone, entries: []*entry{nil}, read: map[uuid.UUID]int64{}})
		}
		c := p.contacts[at]
		p.providers[id] = &entry{in: true, text: text}
		c.entries = append(c.entries, p.providers[id])
		c.inbound++
		r.touched = append(r.touched, c)
	}
	return p.line.webhook(inboundText{id, phone, "Customer", text, r.tick()})
}

func (r *round) receive(t *rapid.T) { r.deliver(r.text(t, r.place(t, "place"))) }

func (r *round) receiveForSeveral(t *rapid.T) {
	var bodies [][]byte
	for range rapid.IntRange(2, 6).Draw(t, "messages") {
		bodies = append(bodies, r.text(t, r.place(t, "place")))
	}
	r.deliver(bodies...)
}

func (r *round) unknownNumber(t *rapid.T) {
	l := line{number: "999999999999999", waba: "999999999999999"}
	r.deliver(l.webhook(inboundText{"wamid.model.0", phones[0], "Customer", "to nobody", r.tick()}))
}

func (r *round) react(t *rapid.T) {
	p := r.place(t, "place")
	phone := rapid.SampledFrom(phones).Draw(t, "phone")
	id := fmt.Sprint("wamid.model.", rapid.IntRange(0, 9).Draw(t, "id"))
	emoji := rapid.SampledFrom([]string{"👍", "❤", ""}).Draw(t, "emoji")
	if e := p.providers[id]; e != nil {
		e.reactions = slices.DeleteFunc(e.reactions, func(one reaction) bool { return one.phone == phone })
		if emoji != "" {
			e.reactions = append(e.reactions, reaction{phone, emoji})
		}
	}
	body, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{
		"id": p.line.waba,
		"changes": []any{map[string]any{"field": "messages", "value": map[string]any{
			"messaging_product": "whatsapp", "metadata": map[string]string{"display_phone_number": "15550000000", "phone_number_id": p.line.number},
			"contacts": []any{map[string]any{"profile": map[string]string{"name": "Customer"}, "wa_id": phone}},
			"messages": []any{map[string]any{"from": phone, "id": "wamid.reaction." + db.NewID().String(), "timestamp": strconv.FormatInt(r.tick().Unix(), 10),
				"type": "reaction", "reaction": map[string]string{"message_id": id, "emoji": emoji}}},
		}}}}}})
	require.NoError(t, err)
	r.deliver(body)
}

// send writes to a conversation of anybody's, in answer to a message of anybody's.
func (r *round) send(t *rapid.T) {
	p := r.place(t, "place")
	who, c := r.somebody(t, p), r.anyThread(t)
	client := rapid.SampledFrom(r.clients).Draw(t, "client id")
	in := chat.SendMessage{ConversationID: c.id, ClientID: client, Kind: "text", Text: fmt.Sprintf("%s answers %d", p.name, rapid.IntRange(0, 9).Draw(t, "text"))}
	var quoted *entry
	of := r.anyThread(t)
	if answers := slices.DeleteFunc(slices.Clone(of.entries), func(e *entry) bool { return e == nil }); rapid.Bool().Draw(t, "quotes") {
		quoted = rapid.SampledFrom(answers).Draw(t, "quoted")
		in.ReplyTo = &quoted.id
	}
	got, err := r.messages.Send(who, in)
	before, used := p.sent[client]
	switch {
	case !slices.Contains(p.contacts, c) || !who.sees(c):
		require.ErrorIs(t, err, domain.ErrNotFound)
	case used && before.thread == c && before.entry.text == in.Text && before.entry.quoted == textOf(quoted) && (quoted == nil || of == c):
		require.NoError(t, err)
		require.True(t, got.Replayed())
		require.Equal(t, before.entry.id, got.ID)
	case used:
		require.ErrorIs(t, err, chat.ErrClientIDReused)
	case quoted != nil && of != c:
		require.Equal(t, domain.Invalid, domain.As(err).Kind, "%v", err)
	default:
		require.NoError(t, err)
		e := &entry{id: got.ID, text: in.Text, quoted: textOf(quoted)}
		if c.assignee == nil {
			c.assignee, c.entries = who, append(c.entries, nil)
		}
		c.entries = append(c.entries, e)
		c.answered = c.inbound
		p.sent[client] = sending{c, e}
		require.EqualValues(t, len(c.entries), got.Seq)
		r.touched = append(r.touched, c)
	}
}

func textOf(e *entry) string {
	if e == nil {
		return ""
	}
	return e.text
}

func (r *round) read(t *rapid.T) {
	p := r.place(t, "place")
	who, c := r.somebody(t, p), r.anyThread(t)
	seq := rapid.Int64Range(0, int64(len(c.entries)+2)).Draw(t, "seq")
	got, err := r.conversations.Read(who, chat.MarkRead{ConversationID: c.id, Seq: &seq})
	if !slices.Contains(p.contacts, c) || !who.sees(c) {
		require.ErrorIs(t, err, domain.ErrNotFound)
		return
	}
	require.NoError(t, err)
	n := int64(0)
	for _, e := range c.entries[:min(int(seq), len(c.entries))] {
		if e != nil && e.in {
			n++
		}
	}
	c.read[who.id] = n
	require.Equal(t, c.inbound-n, got.Unread)
}

// page goes through a list two by two, and tries the places of the others' lists.
func (r *round) page(t *rapid.T) {
	p, other := r.place(t, "place"), r.place(t, "other")
	who := r.somebody(t, p)
	in := chat.ListConversations{Channel: []uuid.UUID{p.line.id}, Limit: 2, Sort: rapid.SampledFrom([]string{"", "oldest"}).Draw(t, "sort")}
	var seen []uuid.UUID
	for {
		page, err := r.conversations.List(who, in)
		require.NoError(t, err)
		for _, c := range page.Items {
			seen = append(seen, c.ID)
		}
		if page.NextCursor == nil {
			break
		}
		in.Cursor = *page.NextCursor
		if other != p {
			_, err := r.conversations.List(other.people[0], in)
			require.ErrorIs(t, err, domain.ErrBadCursor)
		}
	}
	var want []uuid.UUID
	for _, c := range p.contacts {
		if who.sees(c) {
			want = append(want, c.id)
		}
	}
	require.ElementsMatch(t, want, seen)
}

// shown is a conversation as its list shows it.
type shown struct {
	Phone, Status, Assignee, Last string
	Seq, Unread                   int64
}

// check compares what everybody sees with the model: lists always, threads that changed,
// and at the end all of them.
func (r *round) check(all bool) {
	for _, p := range r.places {
		for _, who := range p.people {
			r.compare(p, who)
		}
		counts, err := r.conversations.Counts(p.people[0], domain.None{})
		require.NoError(r.T, err)
		require.EqualValues(r.T, p.others+int64(len(p.contacts)), counts.Open)
		for _, c := range p.contacts {
			if all || slices.Contains(r.touched, c) {
				r.follow(p, c)
			}
		}
	}
	r.touched = nil
	if !all {
		return
	}
	for _, p := range r.places {
		page, err := r.members.List(p.people[0], people.ListMembers{})
		require.NoError(r.T, err)
		var names []string
		for _, m := range page.Items {
			names = append(names, m.Name)
		}
		require.ElementsMatch(r.T, []string{p.people[0].name, p.people[1].name}, names)
	}
}

func (r *round) compare(p *modelled, who *member) {
	page, err := r.conversations.List(who, chat.ListConversations{Channel: []uuid.UUID{p.line.id}})
	require.NoError(r.T, err)
	got, want := []shown{}, []shown{}
	for _, c := range page.Items {
		s := shown{Phone: strings.TrimPrefix(c.Contact.Identity.Value, "+"), Status: c.Status, Seq: c.LastSeq, Unread: c.Unread, Last: *c.LastMessage.Text}
		if c.Assignee != nil {
			s.Assignee = c.Assignee.Name
		}
		if who.own { // whose customers are masked
			s.Phone = s.Phone[len(s.Phone)-3:]
		} else if at := slices.IndexFunc(p.contacts, func(t *thread) bool { return t.phone == s.Phone }); at >= 0 && p.contacts[at].id == uuid.Nil {
			p.contacts[at].id = c.ID
		}
		got = append(got, s)
	}
	for _, c := range p.contacts {
		if !who.sees(c) {
			continue
		}
		s := shown{Phone: c.phone, Status: chat.StatusQueued, Seq: int64(len(c.entries)), Last: c.entries[len(c.entries)-1].text}
		if who.own {
			s.Phone = s.Phone[len(s.Phone)-3:]
		}
		if c.assignee != nil {
			s.Status, s.Assignee = chat.StatusActive, c.assignee.name
		}
		seen, opened := c.read[who.id]
		if !opened {
			seen = c.answered
		}
		s.Unread = c.inbound - seen
		want = append(want, s)
	}
	require.ElementsMatch(r.T, want, got, "%s of %s", who.name, p.name)
}

// follow compares a thread, message by message.
func (r *round) follow(p *modelled, c *thread) {
	owner := p.people[0]
	page, err := r.messages.List(owner, chat.ListMessages{ConversationID: c.id, Limit: 200, Include: []string{"events"}})
	require.NoError(r.T, err)
	require.Len(r.T, page.Items, len(c.entries))
	for i, m := range page.Items {
		require.EqualValues(r.T, i+1, m.Seq)
		want := c.entries[i]
		if want == nil {
			require.Equal(r.T, "event", m.Kind)
			continue
		}
		if want.id == uuid.Nil {
			want.id = m.ID
		}
		require.Equal(r.T, want.id, m.ID)
		require.Equal(r.T, want.text, *m.Text)
		require.Equal(r.T, want.in, m.Direction == "in")
		quoted := ""
		if m.ReplyTo != nil {
			quoted = *m.ReplyTo.Text
		}
		require.Equal(r.T, want.quoted, quoted)
		emojis, wanted := []string{}, []string{}
		for _, one := range m.Reactions {
			emojis = append(emojis, one.Emoji)
		}
		for _, one := range want.reactions {
			wanted = append(wanted, one.emoji)
		}
		require.Equal(r.T, wanted, emojis)
	}
	for _, other := range r.places {
		if other != p {
			_, err := r.conversations.Get(other.people[0], chat.GetConversation{ID: c.id})
			require.ErrorIs(r.T, err, domain.ErrNotFound)
			_, err = r.messages.List(other.people[0], chat.ListMessages{ConversationID: c.id})
			require.ErrorIs(r.T, err, domain.ErrNotFound)
		}
	}
}
