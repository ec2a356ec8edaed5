package access

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/tenancy"
)

// TN-15: who was refused is in the log of every tenant that trusts the account, and of
// no other.
func TestRefusedSignIns(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t) // other tests are refused too
	i := newInstance(t, d)
	session, stranger := i.register(t), i.register(t)
	join(t, d, session.User, d.B, "owner")
	ctx := domain.WithRequest(t.Context(), domain.Request{IP: "192.0.2.7", UserAgent: "Firefox", ID: "request-1"})

	_, err := i.accounts.Login(ctx, Login{Email: session.User.Email, Password: "a wrong password"})
	require.ErrorIs(t, err, ErrInvalidCredentials)
	_, err = i.accounts.MailCode(ctx, LoginCode{Email: session.User.Email, Password: "a wrong password"})
	require.ErrorIs(t, err, ErrInvalidCredentials)
	_, err = i.accounts.Login(ctx, Login{Email: email("nobody"), Password: "a wrong password"})
	require.ErrorIs(t, err, ErrInvalidCredentials)

	waiting, err := db.All[uuid.UUID](t.Context(), d.Platform, `select id from sign_in_refusals`)
	require.NoError(t, err)
	require.Len(t, waiting, 3)
	for _, id := range append(waiting, waiting...) { // a job may run twice
		require.NoError(t, i.accounts.RecordRefusal(t.Context(), RecordRefusal{id}))
	}

	type entry struct {
		TenantID  uuid.UUID `db:"tenant_id"`
		ObjectID  uuid.UUID `db:"object_id"`
		Reason    string    `db:"reason"`
		IP        string    `db:"ip"`
		RequestID string    `db:"request_id"`
	}
	entries, err := db.All[entry](t.Context(), d.Platform, `
		select tenant_id, object_id, after ->> 'reason' reason, ip, request_id from audit_entries where action = $1`, string(audit.SignInFailed))
	require.NoError(t, err)
	require.Len(t, entries, 4)
	tenants := map[uuid.UUID]int{}
	for _, e := range entries {
		tenants[e.TenantID]++
		require.Equal(t, entry{e.TenantID, session.User.ID, "invalid_credentials", "192.0.2.7", "request-1"}, e)
	}
	require.Equal(t, map[uuid.UUID]int{session.Tenant.ID: 2, tenancy.From(d.B).TenantID: 2}, tenants)
	require.NotContains(t, tenants, stranger.Tenant.ID)
	left, err := db.One[int](t.Context(), d.Platform, `select count(*) from sign_in_refusals`)
	require.NoError(t, err)
	require.Zero(t, left)
}
