package access

import (
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

func TestTickets(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (dbtest.DB, *instance, Session) {
		t.Parallel()
		d := dbtest.New(t)
		i := newInstance(t, d)
		return d, i, i.register(t)
	}

	t.Run("open_one_door_as_the_one_who_asked", func(t *testing.T) {
		d, i, session := setup(t)
		ctx := i.as(t, session)
		ticket, err := i.tickets.Create(ctx, domain.None{})
		require.NoError(t, err)
		require.Equal(t, 30, ticket.ExpiresIn)
		scope, err := i.tickets.Take(t.Context(), ticket.Ticket)
		require.NoError(t, err)
		require.Equal(t, tenancy.From(ctx), scope)
		require.NotEqual(t, tenancy.From(d.B).TenantID, scope.TenantID)

		_, err = i.tickets.Take(t.Context(), ticket.Ticket)
		sameRefusal(t, domain.ErrUnauthenticated, err)
		_, err = i.tickets.Take(t.Context(), newRefreshToken())
		sameRefusal(t, domain.ErrUnauthenticated, err)
	})

	t.Run("let_one_of_a_hundred_in", func(t *testing.T) {
		_, i, session := setup(t)
		ticket, err := i.tickets.Create(i.as(t, session), domain.None{})
		require.NoError(t, err)
		won := 0
		for _, err := range parallel(100, func(int) error { _, err := i.tickets.Take(t.Context(), ticket.Ticket); return err }) {
			if err == nil {
				won++
				continue
			}
			sameRefusal(t, domain.ErrUnauthenticated, err)
		}
		require.Equal(t, 1, won)
	})

	t.Run("run_out_after_thirty_seconds", func(t *testing.T) {
		d, i, session := setup(t)
		ctx := i.as(t, session)
		ticket, err := i.tickets.Create(ctx, domain.None{})
		require.NoError(t, err)
		run(t, d, `update socket_tickets set expires_at = expires_at - interval '30 seconds' where session_id = $1`, tenancy.From(ctx).SessionID)
		_, err = i.tickets.Take(t.Context(), ticket.Ticket)
		sameRefusal(t, domain.ErrUnauthenticated, err)
	})

	t.Run("end_with_their_session_and_membership", func(t *testing.T) {
		d, i, session := setup(t)
		ctx := i.as(t, session)
		one, err := i.tickets.Create(ctx, domain.None{})
		require.NoError(t, err)
		two, err := i.tickets.Create(ctx, domain.None{})
		require.NoError(t, err)
		three, err := i.tickets.Create(ctx, domain.None{})
		require.NoError(t, err)

		run(t, d, `update tenants set status = 'suspended' where id = $1`, session.Tenant.ID)
		_, err = i.tickets.Take(t.Context(), one.Ticket)
		require.ErrorIs(t, err, ErrTenantSuspended)
		run(t, d, `update memberships set status = 'suspended' where user_id = $1`, session.User.ID)
		_, err = i.tickets.Take(t.Context(), two.Ticket)
		require.ErrorIs(t, err, ErrTokenExpired)
		_, err = i.sessions.Logout(ctx, Logout{})
		require.NoError(t, err)
		_, err = i.tickets.Take(t.Context(), three.Ticket)
		require.ErrorIs(t, err, ErrSessionRevoked)
	})

	t.Run("are_not_for_those_without_a_tenant", func(t *testing.T) {
		_, i, _ := setup(t)
		_, err := i.tickets.Create(tenancy.With(t.Context(), tenancy.Scope{UserID: db.NewID()}), domain.None{})
		require.ErrorIs(t, err, domain.ErrDenied)
	})
}
