package access

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/tenancy"
)

// Every tenant starts with the seven roles, and each gives what the product promises.
func TestBuiltinRoles(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	session := i.register(t)
	ctx := i.as(t, session)

	agent := []string{
		"assistant.use", "channel.view", "contact.edit", "contact.view", "conversation.note", "conversation.priority",
		"conversation.reopen", "conversation.reply", "conversation.resolve", "conversation.snooze", "conversation.tag",
		"conversation.takeover", "conversation.transfer", "conversation.view", "dashboard.view", "team.view", "template.view",
	}
	manager := append([]string{
		"analytics.export", "analytics.view", "canned.manage", "conversation.assign", "conversation.bulk_transfer",
		"conversation.export", "conversation.takeover_force", "presence.manage_others", "shift.manage", "team.manage", "wrapup.manage",
	}, agent...)
	owner, admin := []string{}, []string{}
	for _, p := range tenancy.MemberPermissions() {
		owner = append(owner, string(p))
		if p != tenancy.BillingManage && p != tenancy.TenantDelete {
			admin = append(admin, string(p))
		}
	}
	for _, want := range []struct {
		key, name           string
		permissions, scopes []string
	}{
		{"owner", "Owner", owner, []string{"all"}},
		{"admin", "Admin", admin, []string{"all"}},
		{"manager", "Manager", manager, []string{"own", "team"}},
		{"agent", "Agent", agent, []string{"own"}},
		{"analyst", "Analyst", []string{
			"activity.view_all", "analytics.export", "analytics.view", "assistant.use", "dashboard.manage", "dashboard.share",
			"dashboard.view", "datasource.manage", "datasource.view", "event.view", "log.view", "team.view",
		}, []string{}},
		{"auditor", "Auditor", []string{
			"activity.view_all", "analytics.view", "audit.view", "campaign.view", "channel.view", "contact.view",
			"conversation.view", "dashboard.view", "datasource.view", "event.view", "log.view", "team.view", "template.view",
		}, []string{"all"}},
		{"member", "Member", []string{"assistant.use", "dashboard.view"}, []string{}},
	} {
		role, err := roleByKey(ctx, d.Tenant, want.key)
		require.NoError(t, err, want.key)
		require.ElementsMatch(t, want.permissions, []string(role.Permissions), want.key)
		require.Equal(t, want.scopes, append([]string{}, role.Scopes...), want.key)
		require.Equal(t, permissionSet(want.permissions), permissionSet(role.Permissions), want.key)

		// TN-02: its row is the tenant's own.
		other, err := db.All[uuid.UUID](d.B, d.Tenant, `select id from roles where id = $1`, role.ID)
		require.NoError(t, err)
		require.Empty(t, other)
	}
	n, err := db.One[int](ctx, d.Tenant, `select count(*) from roles`)
	require.NoError(t, err)
	require.Equal(t, len(tenancy.BuiltinRoles()), n)
}

func TestRowScope(t *testing.T) {
	t.Parallel()
	for n := range 16 {
		s := tenancy.RowScope{Own: n&1 > 0, Team: n&2 > 0, Channel: n&4 > 0, All: n&8 > 0}
		require.Equal(t, s, rowScope(scopeNames(s)))
	}
	require.Zero(t, rowScope([]string{"everything"}))
}
