package tenancy

import "slices"

// Role is a named set of rights and the rows they reach.
type Role struct {
	Key, Name   string
	Permissions Permissions
	Rows        RowScope
}

// BuiltinRoles are those every tenant starts with (PRODUCT.md §5.3). Manager is the
// role of a team's manager; the wider team rights come with the team membership.
func BuiltinRoles() []Role {
	except := func(list []Permission, not ...Permission) []Permission {
		return slices.DeleteFunc(slices.Clone(list), func(p Permission) bool { return slices.Contains(not, p) })
	}
	agent := []Permission{
		ConversationView, ConversationReply, ConversationNote, ConversationTransfer, ConversationTakeover,
		ConversationResolve, ConversationReopen, ConversationSnooze, ConversationTag, ConversationPriority,
		ContactView, ContactEdit, ChannelView, TeamView, TemplateView, DashboardView, AssistantUse,
	}
	manager := append(slices.Clone(agent),
		ConversationAssign, ConversationBulkTransfer, ConversationTakeoverForce, ConversationExport,
		TeamManage, ShiftManage, PresenceManageOthers, WrapupManage, AnalyticsView, AnalyticsExport, CannedManage)
	return []Role{
		{"owner", "Owner", Grant(memberPermissions...), RowScope{All: true}},
		{"admin", "Admin", Grant(except(memberPermissions, BillingManage, TenantDelete)...), RowScope{All: true}},
		{"manager", "Manager", Grant(manager...), RowScope{Own: true, Team: true}},
		{"agent", "Agent", Grant(agent...), RowScope{Own: true}},
		{"analyst", "Analyst", Grant(AnalyticsView, AnalyticsExport, DashboardView, DashboardManage, DashboardShare,
			DatasourceView, DatasourceManage, EventView, LogView, AssistantUse, ActivityViewAll, TeamView), RowScope{}},
		{"auditor", "Auditor", Grant(ConversationView, ContactView, CampaignView, TemplateView, TeamView, AnalyticsView,
			ActivityViewAll, EventView, DatasourceView, DashboardView, LogView, ChannelView, AuditView), RowScope{All: true}},
		{"member", "Member", Grant(AssistantUse, DashboardView), RowScope{}},
	}
}
