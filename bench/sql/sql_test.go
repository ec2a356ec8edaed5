package sql

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain/channels"
	"baraza/domain/chat"
	"baraza/tenancy"
)

// The scripts are those of the statements the product sends today, and no others.
func TestScriptsFitTheProduct(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	recorder := &Recorder{}
	tenant, err := db.OpenTenant(t.Context(), db.TenantConfig{URL: d.URLs.App, MaxConns: 1, Tracer: recorder})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, tenant.Close()) })
	channel := connect(t, d)
	system := tenancy.With(d.A, tenancy.System(tenancy.From(d.A).TenantID))
	receiver := &chat.Receiver{DB: tenant, Numbers: &chat.Numbers{}}
	for _, id := range []string{"first", "second"} {
		recorder.Take()
		_, err := receiver.Receive(system, []chat.Inbound{{ChannelID: channel, Event: channels.Event{At: time.Now(), Message: &channels.InboundMessage{
			ProviderID: id, From: channels.Sender{Name: "Noor Haddad", Keys: []channels.IdentityKey{{Kind: "wa_phone", Value: "15550000001"}}},
			Kind: "text", Text: "hello", OpensWindow: true}}}})
		require.NoError(t, err)
	}
	received := recorder.Take()
	for _, n := range []int{1, 16} {
		script, variables, err := Receive(received, Batch{Messages: n, Clients: 8, Customers: 200, Channel: channel.String(), Text: "hello"})
		require.NoError(t, err)
		require.NotContains(t, script, "$")
		require.NotContains(t, script, "HH24:MI", "pgbench would take MI for a variable")
		require.Equal(t, fmt.Sprint(n), variables["n"])
	}
	_, _, err = Receive(received, Batch{Messages: 16, Clients: 8, Customers: 100})
	require.ErrorContains(t, err, "too few")

	cursors, err := tenancy.NewCursors(make([]byte, 32))
	require.NoError(t, err)
	conversations := &chat.Conversations{DB: tenant, Cursors: cursors, Horizon: func(context.Context) string { return "" }}
	_, err = conversations.List(d.A, chat.ListConversations{Status: []string{"open"}})
	require.NoError(t, err)
	script, variables, err := List(recorder.Take(), tenancy.From(d.A).UserID.String(), 51)
	require.NoError(t, err)
	require.Contains(t, script, "limit :rows")
	require.Equal(t, "51", variables["rows"])
}

func connect(t *testing.T, d dbtest.DB) uuid.UUID {
	t.Helper()
	id := db.NewID()
	require.NoError(t, d.Tenant.Tx(d.A, func(tx *db.Tx) error {
		_, err := db.Exec(d.A, tx, `
			insert into channels (id, kind, name, status, phone_number_id, waba_id, identity_scope, sealed_credentials, token_last4, team_id)
			values ($1, 'whatsapp', 'Support line', 'connected', $2, $2, $2, '', '', (select id from teams where everyone))`, id, id.String())
		return err
	}))
	return id
}

func TestCompose(t *testing.T) {
	t.Parallel()
	blocks := []block{{of: "from t", arguments: []string{":a", ":b"}, before: "select * from (", after: ") q \\gset"}}

	t.Run("arguments_literals_and_comments", func(t *testing.T) {
		t.Parallel()
		script, err := compose(blocks, []string{"-- it's $9\nselect to_char(x, 'HH:MI') from t where y = $2 and z = any($1::uuid[])"})
		require.NoError(t, err)
		require.Equal(t, "select * from (select to_char(x, 'HH:' || 'MI') from t where y = :b and z = any(:a::uuid[])) q \\gset\n", script)
	})

	t.Run("what_has_changed_is_an_error", func(t *testing.T) {
		t.Parallel()
		for _, statements := range [][]string{{}, {"select 1"}, {"select from t where y = $1"}, {"select from t where y = $3"}} {
			_, err := compose(blocks, statements)
			require.Error(t, err)
		}
	})
}
