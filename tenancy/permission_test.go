package tenancy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/tenancy"
)

// closedList is PRODUCT.md §5.1, copied: what a role of people may hold, group by group.
const closedList = `
conversation.view .reply .note .assign .transfer .bulk_transfer .takeover .takeover_force .resolve .reopen .snooze .tag .priority .export .delete
contact.view .edit .merge .block .import .export .erase .view_pii
campaign.view .manage .send   template.view .manage   canned.manage
team.view .manage   shift.manage   presence.manage_others   routing.manage   wrapup.manage
analytics.view .export   activity.view_all   event.view   project.manage   datasource.view .manage   dashboard.view .manage .share
log.view .ingest .manage   assistant.use
channel.view .manage   automation.manage   webhook.manage   apikey.manage   member.manage   role.manage   settings.manage   audit.view
billing.manage   tenant.export .delete`

// permissions reads the page's notation: ".edit" belongs to the noun before it.
func permissions(text string) (list []tenancy.Permission) {
	noun := ""
	for _, word := range strings.Fields(text) {
		if before, verb, _ := strings.Cut(word, "."); before != "" {
			noun = before
			list = append(list, tenancy.Permission(word))
		} else {
			list = append(list, tenancy.Permission(noun+"."+verb))
		}
	}
	return list
}

// TN-07: the list of rights is closed.
func TestPermissionsAreTheClosedList(t *testing.T) {
	t.Parallel()
	want := permissions(closedList)
	require.Equal(t, want, tenancy.MemberPermissions(), "in the order of the page")

	for _, p := range append(want, "event.capture", "bot.speak", "public", "self", "platform.settings", "platform.tenants") {
		require.True(t, tenancy.Known(p), p)
	}
	for _, p := range []tenancy.Permission{"", "conversation", "conversation.", "conversation.views", "Conversation.View", "platform.users"} {
		require.False(t, tenancy.Known(p), p)
	}

	changed := tenancy.MemberPermissions()
	changed[0] = "everything"
	require.Equal(t, want, tenancy.MemberPermissions(), "nobody else's list")
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	set := tenancy.Grant(tenancy.TeamView, tenancy.ContactEdit, tenancy.TeamView)
	require.Equal(t, []tenancy.Permission{tenancy.ContactEdit, tenancy.TeamView}, set.List())
	require.True(t, set.Has(tenancy.TeamView))
	require.False(t, set.Has(tenancy.TeamManage))
	require.Empty(t, tenancy.Grant().List())
	require.False(t, tenancy.Permissions(nil).Has(tenancy.TeamView))
}

// builtin is PRODUCT.md §5.3, copied.
var builtin = map[string]struct {
	rows   tenancy.RowScope
	grants string
}{
	"owner": {tenancy.RowScope{All: true}, closedList},
	"agent": {tenancy.RowScope{Own: true}, `
		conversation.view .reply .note .transfer .takeover .resolve .reopen .snooze .tag .priority
		contact.view .edit   channel.view   team.view   template.view   dashboard.view   assistant.use`},
	"manager": {tenancy.RowScope{Own: true, Team: true}, `
		conversation.view .reply .note .transfer .takeover .resolve .reopen .snooze .tag .priority
		contact.view .edit   channel.view   team.view   template.view   dashboard.view   assistant.use
		conversation.assign .bulk_transfer .takeover_force .export
		team.manage   shift.manage   presence.manage_others   wrapup.manage   analytics.view .export   canned.manage`},
	"analyst": {tenancy.RowScope{}, `
		analytics.view .export   dashboard.view .manage .share   datasource.view .manage   event.view   log.view
		assistant.use   activity.view_all   team.view`},
	"auditor": {tenancy.RowScope{All: true}, `
		conversation.view   contact.view   campaign.view   template.view   team.view   analytics.view   activity.view_all
		event.view   datasource.view   dashboard.view   log.view   channel.view   audit.view`},
	"member": {tenancy.RowScope{}, `assistant.use   dashboard.view`},
}

// TN-07: what each built-in role may do, and on which rows.
func TestBuiltinRoles(t *testing.T) {
	t.Parallel()
	sorted := func(list []tenancy.Permission) []tenancy.Permission { slices.Sort(list); return list }
	seen := []string{}
	for _, role := range tenancy.BuiltinRoles() {
		seen = append(seen, role.Key)
		require.NotEmpty(t, role.Name)
		for _, p := range role.Permissions.List() {
			require.Contains(t, tenancy.MemberPermissions(), p, role.Key)
		}
		if role.Key == "admin" { // everything but three rights; changing owners is no permission of the list
			require.Equal(t, tenancy.RowScope{All: true}, role.Rows)
			all := permissions(closedList)
			all = slices.DeleteFunc(all, func(p tenancy.Permission) bool { return p == "billing.manage" || p == "tenant.delete" })
			require.Equal(t, sorted(all), role.Permissions.List())
			continue
		}
		want, ok := builtin[role.Key]
		require.True(t, ok, role.Key)
		require.Equal(t, want.rows, role.Rows, role.Key)
		require.Equal(t, sorted(permissions(want.grants)), role.Permissions.List(), role.Key)
	}
	require.ElementsMatch(t, []string{"owner", "admin", "manager", "agent", "analyst", "auditor", "member"}, seen)

	for _, role := range tenancy.BuiltinRoles() {
		if role.Key == "auditor" {
			for _, p := range role.Permissions.List() {
				require.Contains(t, string(p), ".view", "an auditor reads only")
				require.NotEqual(t, tenancy.ContactViewPII, p)
			}
		}
	}
}
