package chat

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/channels"
	"baraza/tenancy"
)

// fixture is two tenants with a channel each, and everything chat is made of.
type fixture struct {
	dbtest.DB
	channelA, channelB uuid.UUID
	receiver           *Receiver
	conversations      *Conversations
	messages           *Messages
}

func setup(t *testing.T) fixture {
	t.Helper()
	d := dbtest.New(t)
	cursors, err := tenancy.NewCursors(make([]byte, 32))
	require.NoError(t, err)
	horizon := func(context.Context) string { return "horizon" }
	return fixture{
		DB: d, channelA: addChannel(t, d, d.A), channelB: addChannel(t, d, d.B),
		receiver:      &Receiver{DB: d.Tenant, Numbers: &Numbers{}},
		conversations: &Conversations{DB: d.Tenant, Cursors: cursors, Horizon: horizon},
		messages:      &Messages{DB: d.Tenant, Horizon: horizon},
	}
}

// addChannel connects an invented number. Its credential is not a sealed one: nothing here sends.
func addChannel(t *testing.T, d dbtest.DB, ctx context.Context) uuid.UUID {
	t.Helper()
	id := db.NewID()
	number := fmt.Sprint(rand.Int64N(1e15))
	err := d.Tenant.Tx(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `
			insert into channels (id, kind, name, status, phone_number_id, waba_id, identity_scope, sealed_credentials, token_last4, team_id)
			values ($1, 'whatsapp', 'Support line', 'connected', $2, $2, $2, '', '', (select id from teams where everyone))`, id, number)
		return err
	})
	require.NoError(t, err)
	return id
}

func system(ctx context.Context) context.Context {
	return tenancy.With(ctx, tenancy.System(tenancy.From(ctx).TenantID))
}

func customer(phone, name string) channels.Sender {
	return channels.Sender{Keys: []channels.IdentityKey{{Kind: "bsuid", Value: "US." + phone}, {Kind: "wa_phone", Value: phone}}, Name: name}
}

func text(channel uuid.UUID, from channels.Sender, providerID, body string, at time.Time) Inbound {
	return Inbound{channel, channels.Event{At: at, Message: &channels.InboundMessage{
		From: from, ProviderID: providerID, Kind: "text", Text: body, OpensWindow: true}}}
}

func status(channel uuid.UUID, providerID, what string, at time.Time) Inbound {
	return Inbound{channel, channels.Event{At: at, Status: &channels.MessageStatus{ProviderID: providerID, Status: what}}}
}

func (f fixture) only(t *testing.T, ctx context.Context) Conversation {
	t.Helper()
	page, err := f.conversations.List(ctx, ListConversations{})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	return page.Items[0]
}

func (f fixture) texts(t *testing.T, ctx context.Context, conversation uuid.UUID) []string {
	t.Helper()
	page, err := f.messages.List(ctx, ListMessages{ConversationID: conversation, Limit: 200})
	require.NoError(t, err)
	list := []string{}
	for _, m := range page.Items {
		if m.Text != nil {
			list = append(list, *m.Text)
		}
	}
	return list
}

// dense asserts that seq has no gaps over messages and events.
func (f fixture) dense(t *testing.T, ctx context.Context, conversation uuid.UUID) {
	t.Helper()
	page, err := f.messages.List(ctx, ListMessages{ConversationID: conversation, Limit: 200, Include: []string{"events"}})
	require.NoError(t, err)
	for i, m := range page.Items {
		require.EqualValues(t, i+1, m.Seq)
	}
	c, err := f.conversations.Get(ctx, GetConversation{conversation})
	require.NoError(t, err)
	if len(page.Items) < 200 {
		require.EqualValues(t, len(page.Items), c.LastSeq)
	}
}

func TestReceive(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC().Truncate(time.Second)
	otieno := customer("254711000222", "Otieno")

	t.Run("opens_one_conversation_and_stores_its_messages_in_order", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		got, err := f.receiver.Receive(system(f.A), []Inbound{
			text(f.channelA, otieno, "wamid.1", "Hello", now.Add(-time.Minute)),
			text(f.channelA, otieno, "wamid.2", "Is my order on its way?", now),
		})
		require.NoError(t, err)
		require.Equal(t, Received{Messages: 2}, got)
		c := f.only(t, f.A)
		require.Equal(t, StatusQueued, c.Status)
		require.EqualValues(t, 2, c.Unread)
		require.EqualValues(t, 3, c.LastSeq, "the opening takes seq 1")
		require.Equal(t, "Otieno", c.Contact.Name)
		require.Equal(t, "+254711000222", c.Contact.Identity.Value)
		require.Equal(t, now.Add(24*time.Hour), c.WindowExpiresAt.Time)
		require.Equal(t, now.Add(-time.Minute), c.WaitingSince.Time)
		require.Equal(t, "Everyone", c.Team.Name)
		require.Equal(t, []string{"Hello", "Is my order on its way?"}, f.texts(t, f.A, c.ID))
		f.dense(t, f.A, c.ID)

		page, err := f.conversations.List(f.B, ListConversations{})
		require.NoError(t, err)
		require.Empty(t, page.Items)
		_, err = f.conversations.Get(f.B, GetConversation{c.ID})
		require.ErrorIs(t, err, domain.ErrNotFound)
		_, err = f.messages.List(f.B, ListMessages{ConversationID: c.ID})
		require.ErrorIs(t, err, domain.ErrNotFound)
	})

	// CH-07, G4, invariant 2: the same message any number of times is one message, and burns no seq.
	t.Run("a_repeated_message_changes_nothing", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		batch := []Inbound{text(f.channelA, otieno, "wamid.1", "one", now), text(f.channelA, otieno, "wamid.1", "one", now), text(f.channelA, otieno, "wamid.2", "two", now)}
		for range 3 {
			_, err := f.receiver.Receive(system(f.A), batch)
			require.NoError(t, err)
		}
		got, err := f.receiver.Receive(system(f.A), append(batch, text(f.channelA, otieno, "wamid.3", "three", now)))
		require.NoError(t, err)
		require.Equal(t, Received{Messages: 1, Duplicates: 3}, got)
		c := f.only(t, f.A)
		require.Equal(t, []string{"one", "two", "three"}, f.texts(t, f.A, c.ID))
		require.EqualValues(t, 3, c.Unread)
		f.dense(t, f.A, c.ID)
	})

	// Invariant 3: 200 parallel webhooks of one sender make one contact, one conversation, 200 messages.
	t.Run("parallel_batches_of_one_sender_share_a_conversation", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		var wait sync.WaitGroup
		errs := make([]error, 200)
		gate := make(chan struct{}, 6) // at once: each waits for a connection for half a second at most
		for i := range errs {
			wait.Go(func() {
				gate <- struct{}{}
				defer func() { <-gate }()
				_, errs[i] = f.receiver.Receive(system(f.A), []Inbound{text(f.channelA, otieno, fmt.Sprint("wamid.", i), fmt.Sprint(i), now)})
			})
		}
		wait.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		c := f.only(t, f.A)
		require.EqualValues(t, 200, c.Unread)
		require.EqualValues(t, 201, c.LastSeq)
		n, err := db.One[int](f.A, f.Tenant, `select count(*) from contacts`)
		require.NoError(t, err)
		require.Equal(t, 1, n)
	})

	t.Run("a_customer_is_known_by_any_of_their_keys", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		phone := channels.Sender{Keys: []channels.IdentityKey{{Kind: "wa_phone", Value: "254711000222"}}}
		bsuid := channels.Sender{Keys: []channels.IdentityKey{{Kind: "bsuid", Value: "US.254711000222"}}, Name: "Otieno"}
		for i, from := range []channels.Sender{phone, otieno, bsuid} {
			_, err := f.receiver.Receive(system(f.A), []Inbound{text(f.channelA, from, fmt.Sprint("wamid.", i), "hi", now)})
			require.NoError(t, err)
		}
		c := f.only(t, f.A)
		require.EqualValues(t, 3, c.Unread)
		require.Equal(t, "Otieno", c.Contact.Name)
	})

	// CH-14, invariant 5: whatever the order, the furthest status stands and none goes back.
	t.Run("statuses_move_forward_only", func(t *testing.T) {
		t.Parallel()
		orders := [][]string{{"sent", "delivered", "read"}, {"read", "delivered", "sent"}, {"delivered", "read", "sent"}, {"read", "sent", "failed"}}
		for _, order := range orders {
			f := setup(t)
			_, err := f.receiver.Receive(system(f.A), []Inbound{text(f.channelA, otieno, "wamid.1", "hi", now)})
			require.NoError(t, err)
			c := f.only(t, f.A)
			m, err := f.messages.Send(f.A, SendMessage{ConversationID: c.ID, ClientID: db.NewID(), Kind: "text", Text: "Hello"})
			require.NoError(t, err)
			setProviderID(t, f, m.ID, "wamid.out")
			for i, s := range order {
				_, err := f.receiver.Receive(system(f.A), []Inbound{status(f.channelA, "wamid.out", s, now.Add(time.Duration(i)*time.Second))})
				require.NoError(t, err)
			}
			got, err := f.messages.Get(f.A, GetMessage{m.ID})
			require.NoError(t, err)
			require.Equal(t, MessageRead, got.Status, "%v", order)
			require.NotNil(t, got.StatusAt.Sent)
			require.NotNil(t, got.StatusAt.Delivered)
			again, err := f.receiver.Receive(system(f.A), []Inbound{status(f.channelA, "wamid.out", order[0], now)})
			require.NoError(t, err)
			require.Zero(t, again.Statuses, "repeating announces nothing")
			_, err = f.messages.Get(f.B, GetMessage{m.ID})
			require.ErrorIs(t, err, domain.ErrNotFound)
		}
	})

	t.Run("failed_is_final_and_says_why", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		_, err := f.receiver.Receive(system(f.A), []Inbound{text(f.channelA, otieno, "wamid.1", "hi", now)})
		require.NoError(t, err)
		m, err := f.messages.Send(f.A, SendMessage{ConversationID: f.only(t, f.A).ID, ClientID: db.NewID(), Kind: "text", Text: "Hello"})
		require.NoError(t, err)
		setProviderID(t, f, m.ID, "wamid.out")
		failed := status(f.channelA, "wamid.out", "failed", now)
		failed.Event.Status.Error = &channels.SendError{Code: "131026", Title: "This person cannot receive messages here"}
		_, err = f.receiver.Receive(system(f.A), []Inbound{failed})
		require.NoError(t, err)
		_, err = f.receiver.Receive(system(f.A), []Inbound{status(f.channelA, "wamid.out", "delivered", now)})
		require.NoError(t, err)
		got, err := f.messages.Get(f.A, GetMessage{m.ID})
		require.NoError(t, err)
		require.Equal(t, MessageFailed, got.Status)
		require.Equal(t, "131026", got.Error.Code)
	})

	t.Run("reactions_are_set_replaced_and_taken_away", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		_, err := f.receiver.Receive(system(f.A), []Inbound{text(f.channelA, otieno, "wamid.1", "hi", now)})
		require.NoError(t, err)
		c := f.only(t, f.A)
		react := func(emoji string, at time.Time) int {
			got, err := f.receiver.Receive(system(f.A), []Inbound{{f.channelA, channels.Event{At: at, Reaction: &channels.InboundReaction{
				From: otieno, ProviderID: "wamid.r" + emoji, Target: "wamid.1", Emoji: emoji}}}})
			require.NoError(t, err)
			return got.Reactions
		}
		reactions := func() []Reaction {
			page, err := f.messages.List(f.A, ListMessages{ConversationID: c.ID})
			require.NoError(t, err)
			require.Len(t, page.Items, 1)
			return page.Items[0].Reactions
		}
		react("👍", now)
		react("❤", now.Add(time.Second))
		require.Len(t, reactions(), 1)
		require.Equal(t, "❤", reactions()[0].Emoji)
		require.Equal(t, "Otieno", reactions()[0].Sender.Name)
		require.Equal(t, 1, react("", now.Add(2*time.Second)))
		require.Empty(t, reactions())

		// CH-07: an older webhook may be delivered again, after the one that took it away.
		require.Zero(t, react("❤", now.Add(time.Second)))
		require.Zero(t, react("", now.Add(2*time.Second)))
		require.Empty(t, reactions())
		require.Equal(t, 1, react("🎉", now.Add(3*time.Second)))
		require.Equal(t, "🎉", reactions()[0].Emoji)
	})

	// SECURITY D8: an instance whose clock is ten minutes off makes no negative durations:
	// what we measure is by the database's clock, what the platform says by the platform's.
	t.Run("a_clock_ten_minutes_off_makes_no_negative_durations", func(t *testing.T) {
		t.Parallel()
		for _, off := range []time.Duration{-10 * time.Minute, 10 * time.Minute} {
			f := setup(t)
			f.receiver.Now = func() time.Time { return time.Now().Add(off) }
			for i := range 2 {
				_, err := f.receiver.Receive(system(f.A), []Inbound{text(f.channelA, otieno, fmt.Sprint("wamid.", i), "hi", now)})
				require.NoError(t, err)
			}
			_, err := f.messages.Send(f.A, SendMessage{ConversationID: f.only(t, f.A).ID, ClientID: db.NewID(), Kind: "text", Text: "Hello"})
			require.NoError(t, err, "the window is open")
			inOrder, err := db.One[bool](f.A, f.Tenant, `
				select opened_at <= first_human_reply_at and queued_at <= accepted_at and opened_at <= last_message_at
				   and last_inbound_at <= last_outbound_at and updated_at <= now() from conversations`)
			require.NoError(t, err)
			require.True(t, inOrder, "%s", off)
		}
	})

	// PERFORMANCE §3: at most ten statements in one transaction, whatever the batch size.
	t.Run("a_batch_costs_ten_statements_at_most", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		var batch []Inbound
		for i := range 40 {
			from := customer(fmt.Sprint(254711000000+i%20), "")
			batch = append(batch, text(f.channelA, from, fmt.Sprint("wamid.", i), "hi", now))
		}
		_, err := f.receiver.Receive(system(f.A), batch[:1]) // takes a block of numbers
		require.NoError(t, err)
		ctx, counter := dbtest.Counted(system(f.A))
		got, err := f.receiver.Receive(ctx, batch)
		require.NoError(t, err)
		require.Equal(t, Received{Messages: 39, Duplicates: 1}, got)
		require.LessOrEqual(t, counter.N(), 10+2, "begin and commit aside: %q", counter.SQL)
	})
}

func setProviderID(t *testing.T, f fixture, message uuid.UUID, providerID string) {
	t.Helper()
	require.NoError(t, f.Tenant.Tx(f.A, func(tx *db.Tx) error {
		return db.Must(db.Exec(f.A, tx, `update messages set provider_id = $2, status = 'sent', attempt = 1 where id = $1`, message, providerID))
	}))
}
