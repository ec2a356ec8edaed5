package chat

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/channels"
	"baraza/tenancy"
)

// crowd is a tenant with most of the rows and neighbours with the rest.
const crowd = `
	set session_replication_role = replica; -- no look at every key: they are right by construction
	insert into tenants (id, slug, name) select gen_random_uuid(), 'neighbour-' || n, 'Neighbour' from generate_series(1, 400) n;
	create temp table place as select id as tenant, row_number() over (order by id) n from tenants where slug like 'neighbour-%%';
	insert into teams (tenant_id, id, name) select tenant, gen_random_uuid(), 'Team ' || i from place, generate_series(1, 3) i;
	insert into roles (tenant_id, id, key, name, builtin, permissions, scopes) select tenant, gen_random_uuid(), 'agent', 'Agent', true, '{}', '{}' from place;
	insert into memberships (tenant_id, id, user_id, role_id, name, email)
		select tenant_id, gen_random_uuid(), gen_random_uuid(), id, 'Neighbour', 'n@example.test' from roles, generate_series(1, 5) where name = 'Agent' and tenant_id in (select tenant from place);
	insert into api_keys (tenant_id, id, name, kind, prefix, scopes) select tenant, gen_random_uuid(), 'Shop', 'server', 'sk_', '{}' from place, generate_series(1, 3);
	insert into channels (tenant_id, id, kind, name, status, identity_scope, sealed_credentials, token_last4)
		select tenant, gen_random_uuid(), 'whatsapp', 'Line', 'connected', 'waba', '', '' from place, generate_series(1, 3);
	create temp table line as select distinct on (tenant_id) tenant_id tenant, id channel from channels where tenant_id in (select tenant from place);
	insert into line select %[1]s, %[2]s from generate_series(1, 1600); -- four of five conversations
	create temp table talk as select tenant, channel, gen_random_uuid() conversation, gen_random_uuid() contact, gen_random_uuid() identity, row_number() over () n
		from line, generate_series(1, 12);
	insert into contacts (tenant_id, id, name, first_seen_at, last_seen_at) select tenant, contact, 'Customer ' || n, now(), now() from talk;
	insert into contact_identities (tenant_id, id, contact_id, family, scope) select tenant, identity, contact, 'whatsapp', 'waba' from talk;
	insert into identity_keys (tenant_id, kind, scope, value, identity_id) select tenant, 'wa_phone', 'waba', '2547' || n, identity from talk;
	insert into conversations (tenant_id, id, number, channel_id, contact_id, identity_id, status, team_id, assignee_id, opened_at, last_message_at, window_expires_at, last_seq, inbound_count)
		select tenant, conversation, 1000 + n, channel, contact, identity,
		       case when n %% 10 < 7 then (array['resolved', 'closed'])[1 + n %% 2] when n %% 10 = 7 then 'active' else 'queued' end,
		       case when tenant = %[1]s then %[3]s end, case when n %% 10 = 7 then %[4]s end, now(), now() - n * interval '1 second', now() + interval '1 day', 9, 4
		from talk;
	insert into messages (tenant_id, id, conversation_id, channel_id, seq, direction, kind, text, status, provider_id, client_id, sender_kind)
		select tenant, gen_random_uuid(), conversation, channel, i, case i %% 2 when 0 then 'in' else 'out' end, 'text', 'hello', case i %% 2 when 0 then 'received' else 'sent' end,
		       'wamid.' || n || '.' || i, gen_random_uuid(), 'contact'
		from talk, generate_series(1, 8) i;
	update conversations c set last_message_id = m.id from messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.seq = 8;
	insert into message_reactions (tenant_id, message_id, sender_kind, sender_id, emoji, at) select tenant_id, id, 'contact', gen_random_uuid(), '👍', now() from messages where seq = 4;
	insert into message_attempts (tenant_id, message_id, n) select tenant_id, id, 1 from messages where seq = 3;
	insert into media (tenant_id, id, message_id, position, kind, mime, provider_media_id) select tenant_id, gen_random_uuid(), id, 0, 'image', 'image/jpeg', 'media' from messages where seq = 2;
	insert into conversation_events (tenant_id, id, conversation_id, seq, kind, actor_kind) select tenant, gen_random_uuid(), conversation, 9, 'opened', 'contact' from talk;
	insert into read_markers (tenant_id, user_id, conversation_id, seq, inbound_count) select tenant, %[4]s, conversation, 5, 2 from talk;
	reset session_replication_role;
	analyze`

// hot is a use case that runs all day, and the index that carries it.
type hot struct {
	name  string
	index string // "" for any that is led by the tenant; "a or b"
	do    func() error
	// ordered pages come out of the index in their order: a page costs what it shows, not what there is.
	ordered bool
}

// I12: the statements of every hot use case, as the product sends them, in the largest tenant and behind its wall,
// read through an index led by the tenant whether or not the planner knows the arguments.
func TestPlans(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t)
	recorder := &dbtest.Recorder{}
	handle, err := db.OpenTenant(t.Context(), db.TenantConfig{URL: d.URLs.App, Tracer: recorder, Patience: time.Minute})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, handle.Close()) })
	admin, err := pgx.Connect(t.Context(), d.URLs.Admin)
	require.NoError(t, err)
	defer admin.Close(t.Context()) //nolint:errcheck // the test is over

	scope := tenancy.From(d.A)
	channel := addChannel(t, d, d.A)
	literal := func(id uuid.UUID) string { return "'" + id.String() + "'::uuid" }
	began := time.Now()
	_, err = admin.Exec(t.Context(), fmt.Sprintf(crowd, literal(scope.TenantID), literal(channel), literal(scope.Teams[0]), literal(scope.UserID)))
	require.NoError(t, err)
	t.Logf("rows made in %s", time.Since(began))

	agent := tenancy.From(d.NewMember(t, scope.TenantID, "agent"))
	for _, who := range []struct {
		name string
		tenancy.Scope
	}{{"owner", scope}, {"agent", agent}} {
		ctx := tenancy.With(context.WithoutCancel(t.Context()), who.Scope)
		for _, h := range hotUseCases(t, d, handle, ctx, channel) {
			recorder.Take()
			require.NoError(t, h.do(), h.name)
			statements := recorder.Take()
			require.NotEmpty(t, statements, h.name)
			for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
				used, trees := map[string]bool{}, ""
				for _, s := range statements {
					require.NoError(t, handle.Direct(ctx, func(conn *pgx.Conn) error {
						tree, nodes := s.Explain(t, conn, mode)
						trees += tree
						for _, n := range nodes {
							used[n.Index] = true
							if h.ordered && n.Type == "Limit" && len(n.Plans) > 0 && slices.ContainsFunc(n.Plans, func(child dbtest.Node) bool { return child.Sorts("conversations") }) {
								t.Errorf("%s as %s, %s: sorts all there is for a page\n%s\n%s", h.name, who.name, mode, s.SQL, tree)
							}
							if unled(n) {
								t.Errorf("%s as %s, %s: %s of %s %s\n%s\n%s", h.name, who.name, mode, n.Type, n.Relation, n.Index, s.SQL, tree)
							}
						}
						return nil
					}))
				}
				if h.index != "" && !slices.ContainsFunc(strings.Split(h.index, " or "), func(index string) bool { return used[index] }) {
					t.Errorf("%s as %s, %s: does not use %s\n%s", h.name, who.name, mode, h.index, trees)
				}
			}
			recorder.Take()
		}
	}
}

// unled says whether a part of a plan reads a tenant's table without the tenant in front. A person's memberships
// are few, and looked up by the person; River's tables are shared.
func unled(n dbtest.Node) bool {
	switch {
	case strings.HasPrefix(n.Relation, "river_"), n.Index == "memberships_user_idx":
		return false
	case n.Type == "Seq Scan":
		return true
	}
	return n.Index != "" && !strings.Contains(n.Cond, "tenant_id") && !strings.HasPrefix(n.Index, "river_")
}

func hotUseCases(t *testing.T, d dbtest.DB, handle *db.Tenant, ctx context.Context, channel uuid.UUID) []hot { //nolint:revive // t comes first
	t.Helper()
	cursors, err := tenancy.NewCursors(make([]byte, 32))
	require.NoError(t, err)
	horizon := func(context.Context) string { return "" }
	conversations := &Conversations{DB: handle, Cursors: cursors, Horizon: horizon}
	messages := &Messages{DB: handle, Horizon: horizon}
	receiver := &Receiver{DB: handle, Numbers: &Numbers{}}
	outbox := &Outbox{DB: handle}

	own, err := conversations.List(ctx, ListConversations{Status: []string{"queued"}, Limit: 3})
	require.NoError(t, err)
	require.Len(t, own.Items, 3)
	c := own.Items[0]
	message := c.LastMessage.ID
	var after int64 = 3
	var list []hot
	add := func(name, index string, do func() error) { list = append(list, hot{name, index, do, false}) }
	lists := func(name, index string, ordered bool, in ListConversations) {
		for _, sort := range []string{"newest", "oldest"} {
			in.Sort, in.Cursor = sort, ""
			first := in
			list = append(list, hot{name + ", " + sort, index, func() error {
				page, err := conversations.List(ctx, first)
				if err != nil || page.NextCursor == nil {
					return err
				}
				next := first
				next.Cursor = *page.NextCursor
				_, err = conversations.List(ctx, next)
				return err
			}, ordered})
		}
	}
	// Knowing the arguments, the planner takes this tenant for one of many equal ones: then it sorts a set that it
	// believes to be small.
	lists("open", "conversations_open_idx", true, ListConversations{Status: []string{"open"}})
	lists("unassigned", "conversations_open_idx or conversations_status_idx", false, ListConversations{Status: []string{"unassigned"}})
	lists("queued", "conversations_status_idx or conversations_open_idx", true, ListConversations{Status: []string{"queued"}})
	lists("mine", "conversations_mine_idx", true, ListConversations{Status: []string{"open"}, Assignee: "me"})
	lists("unread", "conversations_open_idx", true, ListConversations{Status: []string{"open"}, Unread: true})
	lists("of a team", "conversations_open_idx", true, ListConversations{Status: []string{"open"}, Team: tenancy.From(ctx).Teams})
	lists("of a channel", "conversations_open_idx or conversations_one_open_idx", false, ListConversations{Status: []string{"open"}, Channel: []uuid.UUID{channel}})
	lists("resolved", "conversations_status_idx", true, ListConversations{Status: []string{"resolved"}})
	// No index has every conversation in the list's order: it would be written with every message, for a list nobody
	// keeps open. The tenant's own are read, and sorted.
	lists("everything", "", false, ListConversations{})
	lists("of a customer", "conversations_contact_idx", false, ListConversations{Contact: &c.Contact.ID})
	lists("by number", "conversations_tenant_id_number_key", false, ListConversations{Number: &c.Number})
	add("counts", "conversations_open_idx", func() error { _, err := conversations.Counts(ctx, domain.None{}); return err })
	add("one conversation", "conversations_pkey", func() error { _, err := conversations.Get(ctx, GetConversation{c.ID}); return err })
	add("newest page", "messages_tenant_id_conversation_id_seq_key", func() error {
		_, err := messages.List(ctx, ListMessages{ConversationID: c.ID, Include: []string{"events"}})
		return err
	})
	add("page before", "messages_tenant_id_conversation_id_seq_key", func() error {
		_, err := messages.List(ctx, ListMessages{ConversationID: c.ID, Before: 7, Include: []string{"events"}})
		return err
	})
	add("page after", "messages_tenant_id_conversation_id_seq_key", func() error {
		_, err := messages.List(ctx, ListMessages{ConversationID: c.ID, After: &after})
		return err
	})
	add("one message", "messages_pkey", func() error { _, err := messages.Get(ctx, GetMessage{message}); return err })
	add("read", "messages_tenant_id_conversation_id_seq_key", func() error {
		_, err := conversations.Read(ctx, MarkRead{ConversationID: c.ID, Seq: &after})
		return err
	})
	add("markers", "read_markers_pkey or read_markers_conversation_idx", func() error {
		_, err := conversations.Markers(ctx, []uuid.UUID{c.ID}, []uuid.UUID{tenancy.From(ctx).UserID})
		return err
	})
	add("frames", "messages_pkey", func() error {
		_, err := (&Frames{DB: handle}).Load(ctx, []db.Change{
			{Name: messageCreated, Entity: entityMessage, EntityID: message, ConversationID: c.ID},
			{Name: readChanged, Entity: entityReadMarker, EntityID: c.ID, ConversationID: c.ID, UserID: tenancy.From(ctx).UserID}})
		return err
	})

	known := customer(strings.TrimPrefix(c.Contact.Identity.Value, "+"), "")
	if len(known.Keys[1].Value) < 6 || slices.Contains([]byte(known.Keys[1].Value), '*') || strings.Contains(c.Contact.Identity.Value, "•") {
		known = customer("254711000900", "")
	}
	add("receive", "identity_keys_pkey", func() error {
		_, err := receiver.Receive(system(ctx), []Inbound{
			text(channel, known, "wamid.new."+uuid.NewString(), "hello", time.Now()), text(channel, customer("254711"+uuid.NewString()[:6], ""), "wamid.new."+uuid.NewString(), "hello", time.Now()),
			status(channel, "wamid.1.1", "read", time.Now()),
			{channel, channels.Event{At: time.Now(), Reaction: &channels.InboundReaction{From: known, ProviderID: "r", Target: "wamid.1.2", Emoji: "👍"}}}})
		return err
	})
	var sent Message
	add("send", "messages_tenant_id_client_id_key", func() (err error) {
		sent, err = messages.Send(ctx, SendMessage{ConversationID: c.ID, ClientID: db.NewID(), Kind: "text", Text: "hi", ReplyTo: &message})
		return err
	})
	add("claim", "messages_queued_idx", func() error {
		next, err := outbox.claim(system(ctx), c.ID, nil, false)
		if err != nil {
			return err
		}
		_, err = outbox.claim(system(ctx), c.ID, &result{*next, "wamid.sent." + next.ID.String(), nil}, false)
		return err
	})
	add("retry", "messages_pkey", func() error { _, err := messages.Retry(ctx, RetryMessage{ID: sent.ID}); return err })
	return list
}
