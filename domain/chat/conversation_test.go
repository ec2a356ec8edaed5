package chat

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

// receive lets n customers write once each, the last one last.
func (f fixture) receive(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		_, err := f.receiver.Receive(system(f.A), []Inbound{
			text(f.channelA, customer(fmt.Sprint(254711000000+i), fmt.Sprint("Customer ", i)), fmt.Sprint("wamid.", i), "hi", time.Now())})
		require.NoError(t, err)
	}
}

// walk reads a list to its end in pages of two.
func (f fixture) walk(t *testing.T, ctx context.Context, in ListConversations) []Conversation {
	t.Helper()
	var all []Conversation
	in.Limit = 2
	for {
		page, err := f.conversations.List(ctx, in)
		require.NoError(t, err)
		all = append(all, page.Items...)
		if page.NextCursor == nil {
			return all
		}
		in.Cursor = *page.NextCursor
	}
}

func numbers(list []Conversation) []int64 {
	n := make([]int64, len(list))
	for i, c := range list {
		n[i] = c.Number
	}
	return n
}

func TestListConversations(t *testing.T) {
	t.Parallel()

	t.Run("pages_neither_repeat_nor_skip_while_rows_arrive", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		f.receive(t, 5)
		first, err := f.conversations.List(f.A, ListConversations{Limit: 2})
		require.NoError(t, err)
		require.Equal(t, []int64{5, 4}, numbers(first.Items))
		f.receive(t, 1) // customer 0 writes again: known message, nothing moves
		_, err = f.receiver.Receive(system(f.A), []Inbound{text(f.channelA, customer("254711999999", "New"), "wamid.new", "hi", time.Now())})
		require.NoError(t, err)
		rest := f.walk(t, f.A, ListConversations{Cursor: *first.NextCursor})
		require.Equal(t, []int64{3, 2, 1}, numbers(rest))
		require.Equal(t, []int64{1, 2, 3, 4, 5, 6}, numbers(f.walk(t, f.A, ListConversations{Sort: "oldest"})))
	})

	// S12: a cursor is bound to tenant, user and filter.
	t.Run("a_cursor_opens_for_its_own_list_alone", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		f.receive(t, 3)
		page, err := f.conversations.List(f.A, ListConversations{Limit: 1})
		require.NoError(t, err)
		colleague := f.NewMember(t, tenancy.From(f.A).TenantID, "admin")
		for name, call := range map[string]func() error{
			"other tenant": func() error {
				_, err := f.conversations.List(f.B, ListConversations{Cursor: *page.NextCursor})
				return err
			},
			"other user": func() error {
				_, err := f.conversations.List(colleague, ListConversations{Cursor: *page.NextCursor})
				return err
			},
			"other filter": func() error {
				_, err := f.conversations.List(f.A, ListConversations{Cursor: *page.NextCursor, Unread: true})
				return err
			},
		} {
			require.ErrorIs(t, call(), domain.ErrBadCursor, name)
		}
	})

	// PERFORMANCE §3: list, page, counts and one conversation are one round trip each.
	t.Run("reads_cost_one_round_trip", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		f.receive(t, 3)
		id := f.walk(t, f.A, ListConversations{})[0].ID
		for name, read := range map[string]func(context.Context) error{
			"page": func(ctx context.Context) error {
				_, err := f.messages.List(ctx, ListMessages{ConversationID: id, Limit: 50})
				return err
			},
			"list":   func(ctx context.Context) error { _, err := f.conversations.List(ctx, ListConversations{}); return err },
			"counts": func(ctx context.Context) error { _, err := f.conversations.Counts(ctx, domain.None{}); return err },
			"get":    func(ctx context.Context) error { _, err := f.conversations.Get(ctx, GetConversation{id}); return err },
		} {
			ctx, counter := dbtest.Counted(f.A)
			require.NoError(t, read(ctx))
			require.Equal(t, 1, counter.Trips(), "%s: %q", name, counter.SQL)
		}
	})

	// UX rule 5: every count is the length of the list it links to.
	t.Run("counts_equal_their_lists", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		f.receive(t, 6)
		all := f.walk(t, f.A, ListConversations{})
		for _, c := range all[:2] {
			_, err := f.messages.Send(f.A, SendMessage{ConversationID: c.ID, ClientID: db.NewID(), Kind: "text", Text: "hello"})
			require.NoError(t, err)
		}
		_, err := f.conversations.Read(f.A, MarkRead{ConversationID: all[2].ID})
		require.NoError(t, err)
		counts, err := f.conversations.Counts(f.A, domain.None{})
		require.NoError(t, err)
		for _, test := range []struct {
			count int64
			list  ListConversations
		}{
			{counts.Open, ListConversations{Status: []string{"open"}}},
			{counts.Mine, ListConversations{Assignee: "me", Status: []string{"open"}}},
			{counts.Unassigned, ListConversations{Status: []string{"unassigned"}}},
			{counts.Unread, ListConversations{Unread: true, Status: []string{"open"}}},
			{counts.Snoozed, ListConversations{Status: []string{"snoozed"}}},
		} {
			require.Len(t, f.walk(t, f.A, test.list), int(test.count), "%+v", test.list)
		}
		require.EqualValues(t, 2, counts.Mine)
		require.EqualValues(t, 3, counts.Unread, "two answered, one read")
		require.Equal(t, map[uuid.UUID]int64{all[0].Team.ID: 6}, counts.ByTeam)
		none, err := f.conversations.Counts(f.B, domain.None{})
		require.NoError(t, err)
		require.Equal(t, Counts{ByTeam: map[uuid.UUID]int64{}, ByView: map[uuid.UUID]int64{}}, none)
	})

	// PRODUCT §5.2: own is what is mine or waits in a queue of my teams; without contact.view_pii numbers are masked.
	t.Run("row_scope_and_masking_follow_the_role", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		f.receive(t, 3)
		agent := f.NewMember(t, tenancy.From(f.A).TenantID, "agent")
		all := f.walk(t, f.A, ListConversations{})
		_, err := f.messages.Send(f.A, SendMessage{ConversationID: all[0].ID, ClientID: db.NewID(), Kind: "text", Text: "mine now"})
		require.NoError(t, err)
		seen := f.walk(t, agent, ListConversations{})
		require.Equal(t, numbers(all[1:]), numbers(seen))
		require.Equal(t, "+254 ••• 001", seen[0].Contact.Identity.Value)
		_, err = f.conversations.Get(agent, GetConversation{all[0].ID})
		require.ErrorIs(t, err, domain.ErrNotFound)
		member := f.NewMember(t, tenancy.From(f.A).TenantID, "member")
		require.Empty(t, f.walk(t, member, ListConversations{}))
	})
}

func TestRead(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for i := range 3 {
		_, err := f.receiver.Receive(system(f.A), []Inbound{text(f.channelA, customer("254711000222", ""), fmt.Sprint("wamid.", i), fmt.Sprint(i), time.Now())})
		require.NoError(t, err)
	}
	c := f.only(t, f.A)
	require.EqualValues(t, 3, c.Unread)
	seq := int64(3)
	read, err := f.conversations.Read(f.A, MarkRead{ConversationID: c.ID, Seq: &seq})
	require.NoError(t, err)
	require.EqualValues(t, 1, read.Unread, "the third message is unread")
	colleague := f.NewMember(t, tenancy.From(f.A).TenantID, "admin")
	theirs, err := f.conversations.Get(colleague, GetConversation{c.ID})
	require.NoError(t, err)
	require.EqualValues(t, 3, theirs.Unread, "unread is each reader's own")
	back := int64(0)
	read, err = f.conversations.Read(f.A, MarkRead{ConversationID: c.ID, Seq: &back})
	require.NoError(t, err)
	require.EqualValues(t, 3, read.Unread, "marked unread again")
	markers, err := f.conversations.Markers(f.B, []uuid.UUID{c.ID}, []uuid.UUID{tenancy.From(f.A).UserID})
	require.NoError(t, err)
	require.Empty(t, markers)
}
