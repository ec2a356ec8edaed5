package access

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/tenancy"
)

// TN-15: what a person does to their account is in the logs of the workspaces it
// concerns, in the act's transaction, and in no other's.
func TestRecord(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	session := i.register(t)
	i.deliver(t, session.User)
	cursors, err := tenancy.NewCursors(make([]byte, 32))
	require.NoError(t, err)
	log := &audit.Log{DB: d.Tenant, Cursors: cursors}
	// acts are the person's in a workspace, oldest first, since they were asked for last.
	seen := map[context.Context]int{}
	acts := func(tenant context.Context) (list []audit.Action) {
		page, err := log.List(tenant, audit.List{Filter: audit.Filter{Actor: &session.User.ID}})
		require.NoError(t, err)
		for n := len(page.Items) - 1 - seen[tenant]; n >= 0; n-- {
			list = append(list, audit.Action(page.Items[n].Action))
		}
		seen[tenant] = len(page.Items)
		return list
	}
	own := tenancy.With(t.Context(), tenancy.System(session.Tenant.ID))
	require.Equal(t, []audit.Action{audit.SignedIn}, acts(own))

	app := i.newApp(t, session)
	_, err = i.twoFactor.Verify(i.as(t, session), VerifyFactor{Code: "000000"})
	require.Error(t, err)
	_, err = i.twoFactor.Verify(i.as(t, session), VerifyFactor{Code: app.code()})
	require.NoError(t, err)
	require.Equal(t, []audit.Action{audit.SecondFactorOn}, acts(own), "what failed is not there")

	// From then on the other workspace is theirs too.
	join(t, d, session.User, d.B, "owner")
	prove := func() ProveFactor { return ProveFactor{Password: goodPassword, Code: app.code()} }
	_, err = i.twoFactor.RenewCodes(i.as(t, session), prove())
	require.NoError(t, err)
	_, err = i.twoFactor.Disable(i.as(t, session), prove())
	require.NoError(t, err)
	_, err = i.security.Set(i.as(t, session), SetSecurity{PasswordMaxAgeDays: 30})
	require.NoError(t, err)
	require.Equal(t, []audit.Action{audit.RecoveryRenewed, audit.SecondFactorOff, audit.SecurityChanged}, acts(own))
	require.Equal(t, []audit.Action{audit.RecoveryRenewed, audit.SecondFactorOff}, acts(d.B), "settings are one workspace's")

	next, err := i.passwords.Change(i.as(t, session), ChangePassword{CurrentPassword: goodPassword, NewPassword: otherPassword})
	require.NoError(t, err)
	_, err = i.sessions.EndOthers(i.as(t, next), domain.None{})
	require.NoError(t, err)
	_, err = i.sessions.Logout(i.as(t, next), Logout{})
	require.NoError(t, err)
	_, err = i.passwords.Forgot(t.Context(), ForgotPassword{Email: session.User.Email})
	require.NoError(t, err)
	letters := i.deliver(t, session.User)
	_, token := linkIn(t, letters[0])
	_, err = i.passwords.Reset(t.Context(), ResetPassword{Token: token, NewPassword: goodPassword})
	require.NoError(t, err)
	require.Equal(t, []audit.Action{audit.PasswordChanged, audit.SignedIn, audit.SessionsEnded, audit.SignedOut, audit.PasswordReset}, acts(own))
	require.Equal(t, []audit.Action{audit.PasswordChanged, audit.PasswordReset}, acts(d.B))

	page, err := log.List(own, audit.List{Filter: audit.Filter{Action: string(audit.SecurityChanged)}})
	require.NoError(t, err)
	require.JSONEq(t, `{"password_max_age_days":0}`, string(page.Items[0].Before))
	require.JSONEq(t, `{"password_max_age_days":30}`, string(page.Items[0].After))
	require.Empty(t, acts(d.A), "nobody's there")
}
