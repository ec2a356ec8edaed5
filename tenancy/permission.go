package tenancy

import "slices"

// Permission is one right of the closed list. Route lines, roles and keys name
// these and nothing else.
type Permission string

// Pseudo-permissions of the route table.
const (
	// Public needs no credential at all, or checks one of its own (signature, refresh token).
	Public Permission = "public"
	// Self is any signed-in person, on their own things.
	Self Permission = "self"
)

// The closed list.
const (
	ConversationView          Permission = "conversation.view"
	ConversationReply         Permission = "conversation.reply"
	ConversationNote          Permission = "conversation.note"
	ConversationAssign        Permission = "conversation.assign"
	ConversationTransfer      Permission = "conversation.transfer"
	ConversationBulkTransfer  Permission = "conversation.bulk_transfer"
	ConversationTakeover      Permission = "conversation.takeover"
	ConversationTakeoverForce Permission = "conversation.takeover_force"
	ConversationResolve       Permission = "conversation.resolve"
	ConversationReopen        Permission = "conversation.reopen"
	ConversationSnooze        Permission = "conversation.snooze"
	ConversationTag           Permission = "conversation.tag"
	ConversationPriority      Permission = "conversation.priority"
	ConversationExport        Permission = "conversation.export"
	ConversationDelete        Permission = "conversation.delete"

	ContactView    Permission = "contact.view"
	ContactEdit    Permission = "contact.edit"
	ContactMerge   Permission = "contact.merge"
	ContactBlock   Permission = "contact.block"
	ContactImport  Permission = "contact.import"
	ContactExport  Permission = "contact.export"
	ContactErase   Permission = "contact.erase"
	ContactViewPII Permission = "contact.view_pii"

	CampaignView   Permission = "campaign.view"
	CampaignManage Permission = "campaign.manage"
	CampaignSend   Permission = "campaign.send"
	TemplateView   Permission = "template.view"
	TemplateManage Permission = "template.manage"
	CannedManage   Permission = "canned.manage"

	TeamView             Permission = "team.view"
	TeamManage           Permission = "team.manage"
	ShiftManage          Permission = "shift.manage"
	PresenceManageOthers Permission = "presence.manage_others"
	RoutingManage        Permission = "routing.manage"
	WrapupManage         Permission = "wrapup.manage"

	AnalyticsView    Permission = "analytics.view"
	AnalyticsExport  Permission = "analytics.export"
	ActivityViewAll  Permission = "activity.view_all"
	EventView        Permission = "event.view"
	ProjectManage    Permission = "project.manage"
	DatasourceView   Permission = "datasource.view"
	DatasourceManage Permission = "datasource.manage"
	DashboardView    Permission = "dashboard.view"
	DashboardManage  Permission = "dashboard.manage"
	DashboardShare   Permission = "dashboard.share"

	LogView      Permission = "log.view"
	LogIngest    Permission = "log.ingest"
	LogManage    Permission = "log.manage"
	AssistantUse Permission = "assistant.use"

	ChannelView      Permission = "channel.view"
	ChannelManage    Permission = "channel.manage"
	AutomationManage Permission = "automation.manage"
	WebhookManage    Permission = "webhook.manage"
	APIKeyManage     Permission = "apikey.manage"
	MemberManage     Permission = "member.manage"
	RoleManage       Permission = "role.manage"
	SettingsManage   Permission = "settings.manage"
	AuditView        Permission = "audit.view"
	BillingManage    Permission = "billing.manage"
	TenantExport     Permission = "tenant.export"
	TenantDelete     Permission = "tenant.delete"

	EventCapture Permission = "event.capture" // keys only
	BotSpeak     Permission = "bot.speak"     // keys only

	// These are an operator's, whom no tenant's role makes one.
	PlatformSettings Permission = "platform.settings"
	PlatformTenants  Permission = "platform.tenants"
)

// memberPermissions are those a person's role may hold, in the order of the list.
var memberPermissions = []Permission{
	ConversationView, ConversationReply, ConversationNote, ConversationAssign, ConversationTransfer,
	ConversationBulkTransfer, ConversationTakeover, ConversationTakeoverForce, ConversationResolve,
	ConversationReopen, ConversationSnooze, ConversationTag, ConversationPriority, ConversationExport,
	ConversationDelete,
	ContactView, ContactEdit, ContactMerge, ContactBlock, ContactImport, ContactExport, ContactErase, ContactViewPII,
	CampaignView, CampaignManage, CampaignSend, TemplateView, TemplateManage, CannedManage,
	TeamView, TeamManage, ShiftManage, PresenceManageOthers, RoutingManage, WrapupManage,
	AnalyticsView, AnalyticsExport, ActivityViewAll, EventView, ProjectManage, DatasourceView, DatasourceManage,
	DashboardView, DashboardManage, DashboardShare,
	LogView, LogIngest, LogManage, AssistantUse,
	ChannelView, ChannelManage, AutomationManage, WebhookManage, APIKeyManage, MemberManage, RoleManage,
	SettingsManage, AuditView, BillingManage, TenantExport, TenantDelete,
}

// MemberPermissions returns all rights a role of people may hold.
func MemberPermissions() []Permission { return slices.Clone(memberPermissions) }

// Known says whether p is of the closed list, keys' rights and pseudo-permissions included.
func Known(p Permission) bool {
	return p == Public || p == Self || p == EventCapture || p == BotSpeak || p == PlatformSettings || p == PlatformTenants || slices.Contains(memberPermissions, p)
}

// Permissions is a set of rights.
type Permissions map[Permission]struct{}

// Grant makes a set.
func Grant(list ...Permission) Permissions {
	set := make(Permissions, len(list))
	for _, p := range list {
		set[p] = struct{}{}
	}
	return set
}

// Has says whether p is in the set.
func (s Permissions) Has(p Permission) bool {
	_, ok := s[p]
	return ok
}

// List returns the set in a stable order.
func (s Permissions) List() []Permission {
	list := make([]Permission, 0, len(s))
	for p := range s {
		list = append(list, p)
	}
	slices.Sort(list)
	return list
}
