package people

import (
	"context"

	"baraza/domain"
	"baraza/tenancy"
)

// Permission is a right of the closed list, for who puts a role together.
type Permission struct {
	Name        tenancy.Permission `json:"name"`
	Description string             `json:"description"`
	// Scoped says that the role's scopes say which rows it reaches.
	Scoped bool `json:"scoped"`
	// Held says that the caller has it, and so may give it.
	Held bool `json:"held"`
}

type described struct {
	scoped bool
	text   string
}

var descriptions = map[tenancy.Permission]described{
	tenancy.ConversationView:          {true, "See conversations and their messages"},
	tenancy.ConversationReply:         {true, "Answer customers"},
	tenancy.ConversationNote:          {true, "Write notes beside a conversation"},
	tenancy.ConversationAssign:        {true, "Assign conversations to others"},
	tenancy.ConversationTransfer:      {true, "Hand one's own conversations over"},
	tenancy.ConversationBulkTransfer:  {true, "Hand many conversations over at once"},
	tenancy.ConversationTakeover:      {true, "Ask for a conversation somebody else has"},
	tenancy.ConversationTakeoverForce: {true, "Take a conversation without being let"},
	tenancy.ConversationResolve:       {true, "Resolve conversations"},
	tenancy.ConversationReopen:        {true, "Reopen resolved conversations"},
	tenancy.ConversationSnooze:        {true, "Put conversations off until later"},
	tenancy.ConversationTag:           {true, "Tag conversations"},
	tenancy.ConversationPriority:      {true, "Set how urgent a conversation is"},
	tenancy.ConversationExport:        {true, "Export conversations"},
	tenancy.ConversationDelete:        {true, "Delete conversations"},
	tenancy.ContactView:               {true, "See contacts"},
	tenancy.ContactEdit:               {true, "Change contacts"},
	tenancy.ContactMerge:              {false, "Merge contacts"},
	tenancy.ContactBlock:              {false, "Block contacts"},
	tenancy.ContactImport:             {false, "Import contacts"},
	tenancy.ContactExport:             {false, "Export contacts"},
	tenancy.ContactErase:              {false, "Erase contacts for good"},
	tenancy.ContactViewPII:            {false, "See phone numbers and addresses in clear"},
	tenancy.CampaignView:              {false, "See campaigns"},
	tenancy.CampaignManage:            {false, "Prepare campaigns"},
	tenancy.CampaignSend:              {false, "Send campaigns"},
	tenancy.TemplateView:              {false, "See message templates"},
	tenancy.TemplateManage:            {false, "Write message templates"},
	tenancy.CannedManage:              {false, "Write canned replies for everyone"},
	tenancy.TeamView:                  {false, "See teams and who is in them"},
	tenancy.TeamManage:                {true, "Change teams and who is in them"},
	tenancy.ShiftManage:               {true, "Plan shifts"},
	tenancy.PresenceManageOthers:      {true, "Set whether others are available"},
	tenancy.RoutingManage:             {true, "Decide how conversations are given out"},
	tenancy.WrapupManage:              {true, "Change wrap-up forms, surveys and tags"},
	tenancy.AnalyticsView:             {true, "See reports"},
	tenancy.AnalyticsExport:           {false, "Export reports"},
	tenancy.ActivityViewAll:           {false, "See what everybody did in the product"},
	tenancy.EventView:                 {false, "See what customers did on the web"},
	tenancy.ProjectManage:             {false, "Change projects and their keys"},
	tenancy.DatasourceView:            {false, "See data sources and imported chats"},
	tenancy.DatasourceManage:          {false, "Change data sources and import"},
	tenancy.DashboardView:             {false, "See dashboards"},
	tenancy.DashboardManage:           {false, "Change everybody's dashboards"},
	tenancy.DashboardShare:            {false, "Share dashboards"},
	tenancy.LogView:                   {false, "Read logs"},
	tenancy.LogIngest:                 {false, "Send logs"},
	tenancy.LogManage:                 {false, "Delete logs"},
	tenancy.AssistantUse:              {false, "Ask the assistant"},
	tenancy.ChannelView:               {false, "See channels"},
	tenancy.ChannelManage:             {false, "Connect and change channels"},
	tenancy.AutomationManage:          {false, "Change automation and bots"},
	tenancy.WebhookManage:             {false, "Change webhooks to other systems"},
	tenancy.APIKeyManage:              {false, "Make and revoke API keys"},
	tenancy.MemberManage:              {false, "Invite, change and remove people"},
	tenancy.RoleManage:                {false, "Make and change roles"},
	tenancy.SettingsManage:            {false, "Change the workspace's settings"},
	tenancy.AuditView:                 {false, "Read the audit log"},
	tenancy.BillingManage:             {false, "See usage and change the plan"},
	tenancy.TenantExport:              {false, "Export the whole workspace"},
	tenancy.TenantDelete:              {false, "Delete the workspace or give it to another owner"},
}

// PermissionList is the closed list, whole.
type PermissionList struct {
	Items []Permission `json:"items"`
}

// Permissions lists what a role may hold, in the order of the list.
func (r *Roles) Permissions(ctx context.Context, _ domain.None) (PermissionList, error) {
	caller, err := anyMember(ctx)
	if err != nil {
		return PermissionList{}, err
	}
	list := PermissionList{Items: []Permission{}}
	for _, p := range tenancy.MemberPermissions() {
		d := descriptions[p]
		list.Items = append(list.Items, Permission{Name: p, Description: d.text, Scoped: d.scoped, Held: caller.May(p)})
	}
	return list, nil
}
