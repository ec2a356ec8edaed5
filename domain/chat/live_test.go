package chat

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// CH-34: what a replay shows equals what was announced, and both equal what the API answers.
func TestFramesEqualTheirReplay(t *testing.T) {
	t.Parallel()
	f := setup(t)
	var announced []db.Change
	told, err := db.OpenTenant(t.Context(), db.TenantConfig{URL: f.URLs.App, OnCommit: func(_ context.Context, tenant uuid.UUID, changes []db.Change) {
		require.Equal(t, tenancy.From(f.A).TenantID, tenant)
		announced = append(announced, changes...)
	}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, told.Close()) })

	receiver := &Receiver{DB: told, Numbers: &Numbers{}}
	_, err = receiver.Receive(system(f.A), []Inbound{text(f.channelA, customer("254711000222", ""), "wamid.1", "hi", time.Now())})
	require.NoError(t, err)
	names := []string{}
	for _, c := range announced {
		names = append(names, c.Name)
	}
	require.Equal(t, []string{conversationCreated, conversationEvent, messageCreated}, names)

	frames := &Frames{DB: f.Tenant}
	replayed, err := frames.Load(system(f.A), announced)
	require.NoError(t, err)
	for i, c := range announced {
		live, ok := c.Live.(domain.Live)
		require.True(t, ok, c.Name)
		require.JSONEq(t, string(live.Data), string(replayed[i].Data), c.Name)
		require.Equal(t, live.Audience, replayed[i].Audience)
		require.Equal(t, live.InboundCount, replayed[i].InboundCount)
		require.LessOrEqual(t, strings.Count(string(live.Data), `"unread":-1`), 1, "each reader's own count goes there")
	}
	// A name that is nothing but the number is masked with it, for who may not see numbers.
	created := announced[0].Live.(domain.Live)
	require.Contains(t, string(created.Data), "+254711000222")
	require.NotContains(t, string(created.Masked), "+254711000222")

	// Who takes it from the queue takes it out of the others' lists.
	conversation := announced[0].ConversationID
	announced = nil
	messages := &Messages{DB: told, Horizon: f.messages.Horizon}
	_, err = messages.Send(f.A, SendMessage{ConversationID: conversation, ClientID: db.NewID(), Kind: "text", Text: "mine"})
	require.NoError(t, err)
	agent := tenancy.From(f.NewMember(t, tenancy.From(f.A).TenantID, "agent"))
	for _, c := range announced {
		if live, ok := c.Live.(domain.Live); ok && c.Name == conversationUpdated {
			require.True(t, agent.Sees(*live.Before))
			require.False(t, agent.Sees(live.Audience))
			foreign, err := frames.Load(system(f.B), announced)
			require.NoError(t, err)
			require.Equal(t, make([]domain.Live, len(announced)), foreign)
			return
		}
	}
	require.Fail(t, "nobody was told that the conversation was taken")
}
