package realtime

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/tenancy"
)

// W9, I10: what ended closes its sockets within a second, and theirs alone.
func TestRevoke(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	tenant := tenancy.From(s.A).TenantID
	ended := &domain.Error{Kind: domain.Unauthenticated, Code: "session_revoked"}
	within := func(c *client, code int) {
		t.Helper()
		start := time.Now()
		require.Equal(t, code, c.closed())
		require.Less(t, time.Since(start), time.Second)
	}
	b := s.open(s.B)

	t.Run("a_session_that_ended", func(t *testing.T) {
		one := s.open(s.NewMember(t, tenant, "agent"))
		stays := s.open(s.NewMember(t, tenant, "agent"))
		s.hub.Revoke(access.Revocation{Kind: access.SessionEnded, SessionID: one.scope.SessionID})
		within(one, closeSession)
		stays.quiet()
	})
	t.Run("a_membership_that_ended", func(t *testing.T) {
		one := s.open(s.NewMember(t, tenant, "agent"))
		s.desk.change(one.scope.SessionID, func(l *login) { l.err = access.ErrTokenExpired })
		s.hub.Revoke(access.Revocation{Kind: access.MembershipChanged, UserID: one.scope.UserID, TenantID: tenant})
		within(one, closeSuspended)
	})
	t.Run("a_session_found_ended_on_the_way", func(t *testing.T) {
		one := s.open(s.NewMember(t, tenant, "agent"))
		s.desk.change(one.scope.SessionID, func(l *login) { l.err = ended })
		s.hub.Revoke(access.Revocation{Kind: access.MembershipChanged, UserID: one.scope.UserID, TenantID: tenant})
		within(one, closeSession)
	})
	t.Run("rights_that_cannot_be_read_are_none", func(t *testing.T) {
		one := s.open(s.NewMember(t, tenant, "agent"))
		s.desk.change(one.scope.SessionID, func(l *login) { l.err = domain.ErrUnavailable })
		s.hub.Revoke(access.Revocation{Kind: access.MembershipChanged, UserID: one.scope.UserID, TenantID: tenant})
		within(one, closeGoing)
	})
	t.Run("a_tenant_that_is_suspended", func(t *testing.T) {
		one, two := s.open(s.A), s.open(s.NewMember(t, tenant, "agent"))
		for _, c := range []*client{one, two} {
			s.desk.change(c.scope.SessionID, func(l *login) { l.scope.Suspended = true })
		}
		s.hub.Revoke(access.Revocation{Kind: access.TenantChanged, TenantID: tenant})
		within(one, closeSuspended)
		within(two, closeSuspended)
		b.quiet()
	})
	t.Run("a_second_factor_that_is_owed", func(t *testing.T) {
		one := s.open(s.NewMember(t, tenant, "agent"))
		s.desk.change(one.scope.SessionID, func(l *login) { l.scope.Owes, l.scope.Permissions = tenancy.SetUpFactor, nil })
		s.hub.Revoke(access.Revocation{Kind: access.TenantChanged, TenantID: tenant})
		within(one, closeSuspended)
	})
	t.Run("a_login_that_ran_out", func(t *testing.T) {
		s := newStage(t, func(c *Config) { c.PingEvery = 200 * time.Millisecond })
		scope := tenancy.From(s.A)
		put := time.Now().Add(time.Second)
		token := s.desk.signIn(scope)
		s.desk.change(scope.SessionID, func(l *login) { l.ends = put })
		ws, _, err := dial(s.at, map[string][]string{"Authorization": {"Bearer " + token}}, "")
		require.NoError(t, err)
		c := &client{t: t, ws: ws, scope: scope}
		require.Contains(t, string(c.next().Session), put.UTC().Format(wireTime))
		require.Equal(t, closeSession, c.closed())
		require.NoError(t, ws.Close())
	})
}

// TN: other rights narrow an open socket at once, and its reader starts afresh.
func TestRightsChange(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	tenant := tenancy.From(s.A).TenantID
	c := s.open(s.NewMember(t, tenant, "agent"))
	mine := s.conversation(s.A, c.scope.Teams[0], uuid.Nil)
	c.subscribe("", "inbox", "me", "conversation:"+mine.String())
	changed := access.Revocation{Kind: access.MembershipChanged, UserID: c.scope.UserID, TenantID: tenant}

	t.Run("out_of_the_team", func(t *testing.T) {
		s.desk.change(c.scope.SessionID, func(l *login) { l.scope.Teams, l.scope.Version = nil, 2 })
		s.hub.Revoke(changed)
		c.until("reset", func(f frame) bool { return f.Type == "subscribed" && f.Reset })
		receive(t, s.A, s.live, mine, "not for them", true)
		c.quiet("message.created")
		require.Empty(t, c.subscribe("", "conversation:"+mine.String()).Topics)
	})
	t.Run("a_fresh_proof_changes_nothing", func(t *testing.T) {
		proved := c.scope
		proved.AuthenticatedAt = time.Now()
		require.Equal(t, rightsOf(c.scope), rightsOf(proved))
	})
	t.Run("a_place_of_before_is_reset", func(t *testing.T) {
		again := s.open(s.with(c.scope, 2))
		require.True(t, again.subscribe(c.seen[0].Cursor, "inbox").Reset)
	})
	t.Run("no_inbox_any_more", func(t *testing.T) {
		s.desk.change(c.scope.SessionID, func(l *login) { l.scope.Permissions, l.scope.Version = tenancy.Grant(tenancy.DashboardView), 3 })
		s.hub.Revoke(changed)
		f := c.until("error", func(f frame) bool { return f.Type == "error" && f.Topic == "inbox" })
		require.Equal(t, "permission_denied", f.Code)
		reset := c.until("reset", func(f frame) bool { return f.Type == "subscribed" && f.Reset })
		require.Equal(t, []string{"me"}, reset.Topics)
		require.Empty(t, c.subscribe("", "inbox").Topics)
	})
}

// with is the same person with a membership of another version.
func (s *stage) with(scope tenancy.Scope, version int64) context.Context {
	scope.SessionID, scope.Version = uuid.New(), version
	return tenancy.With(s.t.Context(), scope)
}

// Told while the socket is being opened, the end is not forgotten.
func TestRevokedBeforeTheUpgrade(t *testing.T) {
	t.Parallel()
	var s *stage
	s = newStage(t, func(c *Config) {
		renew := c.Renew
		c.Renew = func(ctx context.Context) (tenancy.Scope, time.Time, error) {
			scope, ends, err := renew(ctx)
			s.hub.Revoke(access.Revocation{Kind: access.SessionEnded, SessionID: scope.SessionID})
			return scope, ends, err
		}
	})
	token := s.desk.signIn(tenancy.From(s.A))
	ws, _, err := dial(s.at, map[string][]string{"Authorization": {"Bearer " + token}}, "")
	require.NoError(t, err)
	defer ws.Close() //nolint:errcheck // closed by the other side
	require.Equal(t, closeSession, (&client{t: t, ws: ws}).closed())
}

func TestDrain(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clients := make([]*client, 10)
	for i := range clients {
		clients[i] = s.open(s.A)
	}
	s.hub.Drain(t.Context(), 100*time.Millisecond)
	for _, c := range clients {
		drain := c.until("drain", func(f frame) bool { return f.Type == "drain" })
		require.Less(t, drain.Retry, 2000)
		require.Equal(t, closeRestart, c.closed())
	}
	_, response, err := dial(s.at, map[string][]string{"Authorization": {"Bearer " + s.desk.signIn(tenancy.From(s.A))}}, "")
	require.Error(t, err)
	require.Equal(t, 503, response.StatusCode)
	require.EqualValues(t, len(clients), s.hub.Counts().Closed[closeRestart])
}

func TestStop(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.open(s.A)
	c.subscribe("", "inbox")
	stopped := make(chan struct{})
	go func() { defer close(stopped); s.stop() }()
	require.Equal(t, closeGoing, c.closed())
	<-stopped
	dbtest.Eventually(t, "nobody left", func() bool { return len(s.hub.Sockets()) == 0 })
}
