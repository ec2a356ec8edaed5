package channels_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/channels"
	"baraza/integrations/meta"
	"baraza/tenancy"
)

const token = "EAAinventedToken1234"

// desk is a server that speaks Graph's two calls, and the services over it.
type desk struct {
	dbtest.DB
	channels   *channels.Channels
	dispatcher *channels.Dispatcher
	routes     *channels.Routes

	mu    sync.Mutex
	calls []string // authorization and path of what was asked
	known string   // the only number the platform knows
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{DB: dbtest.New(t), known: number()}
	graph := httptest.NewServer(http.HandlerFunc(d.answer))
	t.Cleanup(graph.Close)
	client := meta.NewClient(meta.ClientConfig{BaseURL: graph.URL})
	t.Cleanup(client.Close)
	cursors, err := tenancy.NewCursors(make([]byte, 32))
	require.NoError(t, err)
	keys := &tenancy.Keys{Master: dbtest.Master(t), Wrapped: func(ctx context.Context) ([]byte, error) {
		return db.One[[]byte](ctx, d.Tenant, `select wrapped from tenant_keys`)
	}}
	connectors := map[string]channels.Connector{channels.WhatsApp: client}
	d.routes = &channels.Routes{Platform: d.Platform}
	d.channels = &channels.Channels{DB: d.Tenant, Cursors: cursors, Keys: keys, Connectors: connectors, WebhookURL: "https://baraza.test/webhooks/meta",
		Changed: func(context.Context) { d.routes.Forget() }}
	d.dispatcher = &channels.Dispatcher{DB: d.Tenant, Keys: keys, Real: connectors}
	return d
}

func (d *desk) answer(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = append(d.calls, r.Header.Get("Authorization")+" "+r.URL.Path)
	switch {
	case r.Header.Get("Authorization") != "Bearer "+token:
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error":{"message":"Invalid OAuth access token","type":"OAuthException","code":190}}`)
	case r.Method == http.MethodPost:
		fmt.Fprint(w, `{"messages":[{"id":"wamid.out"}]}`)
	default:
		fmt.Fprintf(w, `{"id":%q,"display_phone_number":"+1 202-555-0100","verified_name":"Kavaleri"}`, d.known)
	}
}

func (d *desk) asked() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls
}

// number is an invented phone number id.
func number() string {
	id := db.NewID()
	return fmt.Sprintf("1%014d", uint64(id[8])<<40|uint64(id[9])<<32|uint64(id[10])<<24|uint64(id[11])<<16|uint64(id[12])<<8|uint64(id[13]))
}

func (d *desk) connect() channels.Connect {
	return channels.Connect{Kind: channels.WhatsApp, Name: "Orders", PhoneNumberID: d.known, WabaID: "9" + d.known, AccessToken: token}
}

func TestConnect(t *testing.T) {
	t.Parallel()

	// CH-01: the platform is asked before anything is stored; what is shown has no secret.
	t.Run("asks_the_platform_first", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		c, err := d.channels.Connect(d.A, d.connect())
		require.NoError(t, err)
		require.Equal(t, "connected", c.Status)
		require.Contains(t, c.External.Display, "202-555-0100")
		require.Len(t, d.asked(), 1)
		require.NotNil(t, c.TeamID, "it points at Everyone")
		require.Equal(t, "1234", *c.Credentials.AccessToken.Last4)
		shown, err := json.Marshal(c)
		require.NoError(t, err)
		require.NotContains(t, string(shown), token)
		// TN-15: connecting is in the log, without the secret.
		entry, err := db.One[string](d.A, d.Tenant, `select action || ' ' || after::text from audit_entries where object_id = $1`, c.ID)
		require.NoError(t, err)
		require.Contains(t, entry, "channel.connected")
		require.NotContains(t, entry, token)

		_, err = d.channels.Get(d.B, channels.Get{ID: c.ID})
		require.ErrorIs(t, err, domain.ErrNotFound)
		page, err := d.channels.List(d.B, channels.List{})
		require.NoError(t, err)
		require.Empty(t, page.Items)
	})

	t.Run("a_refusal_stores_nothing_and_says_what_to_do", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		in := d.connect()
		in.AccessToken = "EAAsomebodyElses"
		_, err := d.channels.Connect(d.A, in)
		var refused *domain.Error
		require.ErrorAs(t, err, &refused)
		require.Equal(t, "provider_error", refused.Code)
		require.NotContains(t, refused.Detail, in.AccessToken)
		require.Contains(t, refused.Extra, "provider")
		page, err := d.channels.List(d.A, channels.List{})
		require.NoError(t, err)
		require.Empty(t, page.Items)
	})

	t.Run("without_the_check_nobody_is_asked", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		in := d.connect()
		in.SkipCheck = true
		c, err := d.channels.Connect(d.A, in)
		require.NoError(t, err)
		require.Equal(t, "connecting", c.Status)
		require.Empty(t, d.asked())
	})

	// CH-02: an address belongs to one tenant; a second one learns no more than that.
	t.Run("an_address_is_connected_once_anywhere", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		_, err := d.channels.Connect(d.A, d.connect())
		require.NoError(t, err)
		for name, ctx := range map[string]context.Context{"same tenant": d.A, "another": d.B} {
			_, err := d.channels.Connect(ctx, d.connect())
			require.ErrorIs(t, err, db.ErrTaken, name)
			require.NotContains(t, err.Error(), d.known, name)
		}
		page, err := d.channels.List(d.B, channels.List{})
		require.NoError(t, err)
		require.Empty(t, page.Items, "the channel went with its route")
	})

	// AG-06: an archived team takes no channels, also when it is archived at the same moment.
	t.Run("an_archived_team_is_no_team_to_point_at", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		team := db.NewID()
		in := d.connect()
		in.TeamID = &team
		require.NoError(t, d.Tenant.Tx(d.A, func(tx *db.Tx) error {
			_, err := db.Exec(d.A, tx, `insert into teams (id, name) values ($1, 'Returns')`, team)
			return err
		}))
		meanwhile := make(chan error, 1)
		require.NoError(t, d.Tenant.Tx(d.A, func(tx *db.Tx) error {
			archiving, err := db.One[int](d.A, tx, `select pg_backend_pid() from teams where id = $1 for update`, team)
			if err != nil {
				return err
			}
			go func() {
				_, err := d.channels.Connect(d.A, in)
				meanwhile <- err
			}()
			dbtest.Eventually(t, "the channel to wait for the team", func() bool {
				waiting, err := db.One[int](t.Context(), d.Platform, `select count(*) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))`, archiving)
				return err == nil && waiting > 0
			})
			return db.Must(db.Exec(d.A, tx, `update teams set archived_at = now() where id = $1`, team))
		}))
		_, afterwards := d.channels.Connect(d.A, in)
		for _, err := range []error{<-meanwhile, afterwards} {
			require.Equal(t, "team_id archived", domain.As(err).Fields[0].Field+" "+domain.As(err).Fields[0].Code)
		}
		page, err := d.channels.List(d.A, channels.List{})
		require.NoError(t, err)
		require.Empty(t, page.Items)
	})

	t.Run("another_tenants_team_is_no_team", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		foreign, err := db.One[uuid.UUID](d.B, d.Tenant, `select id from teams where everyone`)
		require.NoError(t, err)
		in := d.connect()
		in.TeamID = &foreign
		_, err = d.channels.Connect(d.A, in)
		random := db.NewID()
		in.TeamID = &random
		_, same := d.channels.Connect(d.A, in)
		require.Error(t, err)
		require.Equal(t, same.Error(), err.Error())
	})
}

// SE-09: the credential is sealed for its row; it opens for the sender, and nowhere else.
func TestCredentialsAreSealed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first, err := d.channels.Connect(d.A, d.connect())
	require.NoError(t, err)
	second := d.connect()
	second.PhoneNumberID, second.SkipCheck, second.AccessToken = number(), true, "EAAanotherToken5678"
	other, err := d.channels.Connect(d.A, second)
	require.NoError(t, err)

	sealed, err := db.One[[]byte](d.A, d.Tenant, `select sealed_credentials from channels where id = $1`, first.ID)
	require.NoError(t, err)
	require.NotContains(t, string(sealed), token)

	out := channels.Outgoing{MessageID: db.NewID(), ClientKey: "key:1", To: []channels.IdentityKey{{Kind: "wa_phone", Value: "12025550117"}}, Kind: "text", Text: "hello"}
	id, err := d.dispatcher.Send(d.A, first.ID, out)
	require.NoError(t, err)
	require.Equal(t, "wamid.out", id)
	_, err = d.dispatcher.Send(d.B, first.ID, out)
	require.ErrorIs(t, err, domain.ErrNotFound)

	// Moved to another row of the same tenant it opens no more.
	require.NoError(t, d.Tenant.Tx(d.A, func(tx *db.Tx) error {
		return db.Must(db.Exec(d.A, tx, `update channels set sealed_credentials = $2 where id = $1`, other.ID, sealed))
	}))
	calls := len(d.asked())
	_, err = d.dispatcher.Send(d.A, other.ID, out)
	require.ErrorContains(t, err, "open credentials")
	require.Len(t, d.asked(), calls, "nothing was sent")
}

func TestDispatcher(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.channels.Simulator = &channels.Simulator{Token: func(string) string { return token }}
	simulated, err := d.channels.ConnectSimulated(d.A, channels.ConnectSimulated{Kind: channels.WhatsApp, Name: "Play"})
	require.NoError(t, err)
	require.True(t, simulated.Simulated)
	out := channels.Outgoing{MessageID: db.NewID(), Kind: "text", Text: "hello"}
	// CH-46: a simulated line has no way to the real platform.
	_, err = d.dispatcher.Send(d.A, simulated.ID, out)
	require.ErrorIs(t, err, channels.ErrDisabled)
	require.Empty(t, d.asked())

	live, err := d.channels.Connect(d.A, d.connect())
	require.NoError(t, err)
	require.NoError(t, d.Tenant.Tx(d.A, func(tx *db.Tx) error {
		return db.Must(db.Exec(d.A, tx, `update channels set status = 'disabled' where id = $1`, live.ID))
	}))
	_, err = d.dispatcher.Send(d.A, live.ID, out)
	require.ErrorIs(t, err, channels.ErrDisabled)
	_, err = d.dispatcher.Send(d.A, db.NewID(), out)
	require.ErrorIs(t, err, domain.ErrNotFound)

	// A real channel has no customers to play, nor has another tenant's.
	for _, in := range []channels.Simulate{{ID: live.ID}, {ID: simulated.ID}} {
		ctx, want := d.A, channels.ErrNoSimulator
		if in.ID == simulated.ID {
			ctx, want = d.B, domain.ErrNotFound
		}
		_, err = d.channels.Simulate(ctx, in)
		require.ErrorIs(t, err, want)
	}
	d.channels.Simulator = nil
	_, err = d.channels.ConnectSimulated(d.A, channels.ConnectSimulated{Kind: channels.WhatsApp, Name: "Play"})
	require.ErrorIs(t, err, channels.ErrNoSimulator)
}

func TestList(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var want []uuid.UUID
	for i := range 5 {
		in := d.connect()
		in.PhoneNumberID, in.SkipCheck, in.Name = number(), true, fmt.Sprint("Line ", i)
		c, err := d.channels.Connect(d.A, in)
		require.NoError(t, err)
		want = append([]uuid.UUID{c.ID}, want...)
	}
	var got []uuid.UUID
	var cursor string
	for {
		page, err := d.channels.List(d.A, channels.List{Paging: tenancy.Paging{Limit: 2, Cursor: cursor}})
		require.NoError(t, err)
		for _, c := range page.Items {
			got = append(got, c.ID)
		}
		if page.NextCursor == nil {
			break
		}
		cursor = *page.NextCursor
		_, err = d.channels.List(d.B, channels.List{Paging: tenancy.Paging{Limit: 2, Cursor: cursor}})
		require.ErrorIs(t, err, domain.ErrBadCursor, "another tenant's cursor")
	}
	require.Equal(t, want, got)
}

// CH-02: whose a number is, is asked once and known from the first item on.
func TestRoutes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	key := channels.RouteKey{Provider: channels.WhatsApp, RoutingKey: d.known}
	found, err := d.routes.Resolve(t.Context(), []channels.RouteKey{key})
	require.NoError(t, err)
	require.Empty(t, found, "an unknown key is nobody's")

	c, err := d.channels.Connect(d.A, d.connect())
	require.NoError(t, err)
	for range 2 {
		found, err = d.routes.Resolve(t.Context(), []channels.RouteKey{key, {Provider: channels.Messenger, RoutingKey: d.known}})
		require.NoError(t, err)
		require.Equal(t, map[channels.RouteKey]channels.Route{key: {TenantID: tenancy.From(d.A).TenantID, ChannelID: c.ID}}, found)
	}
}
