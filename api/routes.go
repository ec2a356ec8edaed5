package api

import (
	"context"
	"net/http"
	"time"

	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/activity"
	"baraza/domain/audit"
	"baraza/domain/channels"
	"baraza/domain/chat"
	"baraza/domain/keys"
	"baraza/domain/mail"
	"baraza/domain/people"
	"baraza/domain/platform"
	"baraza/domain/usage"
	"baraza/tenancy"
)

// Services are the use cases behind the routes, and the handlers that are not use
// cases. Without them the table is complete all the same: it then only describes.
type Services struct {
	Accounts      *access.Accounts
	Sessions      *access.Sessions
	Members       *people.Members
	Roles         *people.Roles
	Invitations   *people.Invitations
	Teams         *people.Teams
	Tenants       *people.Tenants
	Appearances   *people.Appearances
	Installation  *platform.Installation
	Setup         *platform.Setup
	Passwords     *access.Passwords
	Emails        *access.Emails
	TwoFactor     *access.TwoFactor
	Security      *access.Security
	Keys          *keys.Keys
	Usage         *usage.Usage
	Mailbox       *mail.Mailbox
	Tickets       *access.Tickets
	Activities    *activity.Activities
	Audit         *audit.Log
	Channels      *channels.Channels
	Conversations *chat.Conversations
	Messages      *chat.Messages
	// Config is what anybody may know of this installation.
	Config func(context.Context, domain.None) (PublicConfig, error)
	// Webhook takes what Meta reports, Socket is GET /api/ws.
	Webhook http.Handler
	Socket  func(http.ResponseWriter, *http.Request) error
}

// PublicConfig is shown before anybody signs in.
type PublicConfig struct {
	Name          string `json:"name"`
	Mode          string `json:"mode" enum:"saas,whitelabel"`
	SignupEnabled bool   `json:"signup_enabled"`
	// SetupNeeded says that nobody is here yet: / leads to the set-up.
	SetupNeeded      bool       `json:"setup_needed"`
	SimulatorEnabled bool       `json:"simulator_enabled"`
	Branding         *struct{}  `json:"branding"`
	VAPIDPublicKey   *string    `json:"vapid_public_key"`
	Meta             MetaConfig `json:"meta"`
	Version          string     `json:"version"`
}

// MetaConfig is what a browser needs to sign in with Meta.
type MetaConfig struct {
	AppID    *string `json:"app_id"`
	ConfigID *string `json:"config_id"`
}

// maxWebhook is Meta's limit of a webhook's body, and a little.
const maxWebhook = 3<<20 + 1

// All is every route there is, one line each with its permission.
func All(s Services) *Routes {
	r := NewRoutes()

	session(r, "POST", "/api/auth/register", tenancy.Public, 201, s.Accounts.Register, limited("register"), says("Makes a person and the workspace they own, and signs them in"))
	session(r, "POST", "/api/auth/login", tenancy.Public, 200, s.Accounts.Login, says("Signs in"))
	session(r, "POST", "/api/auth/refresh", tenancy.Public, 200, s.Sessions.Refresh, says("Exchanges a refresh token for new tokens"))
	route(r, "POST", "/api/auth/login/code", tenancy.Public, 202, s.Accounts.MailCode, says("Mails a sign-in code to who has the password"))
	session(r, "POST", "/api/auth/logout", tenancy.Self, 204, s.Sessions.Logout, whileSuspended, whileOwing, says("Ends this session, or all of them"))
	session(r, "POST", "/api/auth/switch", tenancy.Self, 200, s.Sessions.Switch, whileSuspended, whileOwing, says("Moves the session to another workspace"))
	route(r, "GET", "/api/auth/me", tenancy.Self, 200, s.Accounts.Me, whileSuspended, whileOwing, says("Shows who you are and what you may do"))
	route(r, "PATCH", "/api/auth/me", tenancy.Self, 200, s.Accounts.UpdateMe, says("Changes your own profile"))
	session(r, "POST", "/api/auth/password", tenancy.Self, 200, s.Passwords.Change, whileOwing, says("Changes your password and ends your other sessions"))
	route(r, "POST", "/api/auth/password/forgot", tenancy.Public, 202, s.Passwords.Forgot, says("Mails a link to choose a new password, if there is such an account"))
	route(r, "POST", "/api/auth/password/reset", tenancy.Public, 204, s.Passwords.Reset, says("Sets a new password with a mailed link"))
	route(r, "POST", "/api/auth/email/verify", tenancy.Public, 204, s.Emails.Verify, says("Confirms an address with a mailed link"))
	route(r, "POST", "/api/auth/email/resend", tenancy.Self, 202, s.Emails.Resend, says("Mails another link to confirm your address"))
	route(r, "POST", "/api/auth/2fa/setup", tenancy.Self, 200, s.TwoFactor.SetUp, whileOwing, says("Makes a secret for an authenticator app"))
	route(r, "POST", "/api/auth/2fa/verify", tenancy.Self, 200, s.TwoFactor.Verify, whileOwing, says("Turns two-factor sign-in on and shows the recovery codes once"))
	route(r, "POST", "/api/auth/2fa/disable", tenancy.Self, 204, s.TwoFactor.Disable, says("Turns two-factor sign-in off"))
	route(r, "POST", "/api/auth/2fa/recovery-codes", tenancy.Self, 200, s.TwoFactor.RenewCodes, says("Makes new recovery codes; the old ones end"))
	route(r, "POST", "/api/auth/step-up", tenancy.Self, 204, s.TwoFactor.StepUp, says("Confirms that it is you, for ten minutes of dangerous acts"))
	route(r, "GET", "/api/auth/sessions", tenancy.Self, 200, s.Sessions.List, says("Lists where you are signed in"))
	route(r, "DELETE", "/api/auth/sessions", tenancy.Self, 204, s.Sessions.EndOthers, says("Ends all your other sessions"))
	route(r, "DELETE", "/api/auth/sessions/:id", tenancy.Self, 204, s.Sessions.End, says("Ends one of your sessions"))
	route(r, "GET", "/api/auth/users", tenancy.MemberManage, 200, s.Members.List, says("Lists the people of the workspace"))
	route(r, "POST", "/api/auth/users", tenancy.MemberManage, 201, s.Members.Create, stepUp, says("Makes an account for somebody"))
	route(r, "PUT", "/api/auth/users/:id", tenancy.MemberManage, 200, s.Members.Update, stepUp, says("Changes a person's role, state and teams"))
	route(r, "DELETE", "/api/auth/users/:id", tenancy.MemberManage, 204, s.Members.Remove, stepUp, says("Ends a membership, not the person"))
	route(r, "GET", "/api/members", tenancy.Self, 200, s.Members.List, says("Lists the people of the workspace; their names alone to who does not manage them"))
	route(r, "GET", "/api/members/:id", tenancy.Self, 200, s.Members.Get, says("Shows one person of the workspace"))
	route(r, "PATCH", "/api/members/:id", tenancy.MemberManage, 200, s.Members.Update, stepUp, says("Changes a person's role, state and teams"))
	route(r, "DELETE", "/api/members/:id", tenancy.MemberManage, 204, s.Members.Remove, stepUp, says("Ends a membership and hands over what was open"))
	route(r, "POST", "/api/members/:id/revoke-sessions", tenancy.MemberManage, 204, s.Members.RevokeSessions, says("Signs a person out everywhere"))
	route(r, "POST", "/api/members/:id/reset-2fa", tenancy.MemberManage, 204, s.Members.ResetFactor, stepUp, says("Takes the second factor of a person who lost it"))
	route(r, "GET", "/api/config", tenancy.Public, 200, s.Config, says("Says what anybody may know of this installation"))

	route(r, "GET", "/api/setup", tenancy.Public, 200, s.Setup.Get, says("Says whether this installation waits for its first operator, and how its machine is"))
	session(r, "POST", "/api/setup", tenancy.Public, 201, s.Setup.SetUp, says("Makes the first operator, with the link the program printed last"))

	route(r, "GET", "/api/invitations", tenancy.MemberManage, 200, s.Invitations.List, says("Lists who was invited"))
	route(r, "POST", "/api/invitations", tenancy.MemberManage, 201, s.Invitations.Create, stepUp, says("Mails somebody a link to come in"))
	route(r, "POST", "/api/invitations/:id/resend", tenancy.MemberManage, 200, s.Invitations.Resend, says("Mails another link; the one before no longer works"))
	route(r, "DELETE", "/api/invitations/:id", tenancy.MemberManage, 204, s.Invitations.Revoke, says("Takes an invitation back"))
	route(r, "GET", "/api/auth/invitations/:token", tenancy.Public, 200, s.Invitations.Open, says("Shows an invitation to who has its link"))
	route(r, "POST", "/api/auth/invitations/:token/remind", tenancy.Public, 204, s.Invitations.Remind, says("Asks the inviter for another link, where this one ran out"))
	session(r, "POST", "/api/auth/invitations/:token/accept", tenancy.Public, 200, s.Invitations.Accept, says("Comes in: as a new person, or as who is signed in"))
	route(r, "GET", "/api/tenants/current", tenancy.Self, 200, s.Tenants.Current, says("Shows the workspace you work in"))
	route(r, "PATCH", "/api/tenants/current", tenancy.SettingsManage, 200, s.Tenants.Update, says("Changes what the workspace is called, and where and how it speaks"))
	route(r, "GET", "/api/teams", tenancy.TeamView, 200, s.Teams.List, says("Lists the teams"))
	route(r, "POST", "/api/teams", tenancy.TeamManage, 201, s.Teams.Create, says("Makes a team"))
	route(r, "GET", "/api/teams/:id", tenancy.TeamView, 200, s.Teams.Get, says("Shows one team"))
	route(r, "PATCH", "/api/teams/:id", tenancy.TeamManage, 200, s.Teams.Update, says("Changes a team"))
	route(r, "DELETE", "/api/teams/:id", tenancy.TeamManage, 204, s.Teams.Archive, says("Archives a team no channel points at"))
	route(r, "POST", "/api/teams/:id/restore", tenancy.TeamManage, 200, s.Teams.Restore, says("Brings an archived team back"))
	route(r, "GET", "/api/teams/:id/members", tenancy.TeamView, 200, s.Teams.Members, says("Lists who is in a team"))
	route(r, "POST", "/api/teams/:id/members", tenancy.TeamManage, 201, s.Teams.AddMember, says("Puts somebody into a team"))
	route(r, "PATCH", "/api/teams/:id/members/:user_id", tenancy.TeamManage, 200, s.Teams.UpdateMember, says("Makes somebody a team's manager or agent"))
	route(r, "DELETE", "/api/teams/:id/members/:user_id", tenancy.TeamManage, 204, s.Teams.RemoveMember, says("Takes somebody out of a team"))
	route(r, "GET", "/api/permissions", tenancy.Self, 200, s.Roles.Permissions, says("Lists all there is to permit"))
	route(r, "GET", "/api/roles", tenancy.Self, 200, s.Roles.List, says("Lists the roles, the built-in ones first"))
	route(r, "POST", "/api/roles", tenancy.RoleManage, 201, s.Roles.Create, stepUp, says("Makes a role of what you hold yourself"))
	route(r, "GET", "/api/roles/:id", tenancy.Self, 200, s.Roles.Get, says("Shows one role"))
	route(r, "PATCH", "/api/roles/:id", tenancy.RoleManage, 200, s.Roles.Update, stepUp, says("Changes a custom role for all who have it"))
	route(r, "DELETE", "/api/roles/:id", tenancy.RoleManage, 204, s.Roles.Delete, stepUp, says("Removes a custom role nobody has"))

	route(r, "GET", "/api/settings/security", tenancy.Self, 200, s.Security.Get, says("Shows what the workspace demands of sign-in"))
	route(r, "PUT", "/api/settings/security", tenancy.SettingsManage, 200, s.Security.Set, stepUp, says("Sets what the workspace demands of sign-in"))
	route(r, "GET", "/api/settings/branding", tenancy.Self, 200, s.Appearances.GetBranding, says("Shows the workspace's colours"))
	route(r, "PUT", "/api/settings/branding", tenancy.SettingsManage, 200, s.Appearances.SetBranding, says("Sets the workspace's colours; one that cannot be read is refused"))
	route(r, "GET", "/api/settings/branding/palette", tenancy.SettingsManage, 200, s.Appearances.Judge, says("Says how colours would be read"))
	route(r, "GET", "/api/settings/navigation", tenancy.Self, 200, s.Appearances.GetNavigation, says("Shows what the workspace's rail says"))
	route(r, "PUT", "/api/settings/navigation", tenancy.SettingsManage, 200, s.Appearances.SetNavigation, says("Sets what the workspace's rail says"))
	route(r, "GET", "/api/api-keys", tenancy.APIKeyManage, 200, s.Keys.List, says("Lists the API keys that are not revoked"))
	route(r, "POST", "/api/api-keys", tenancy.APIKeyManage, 201, s.Keys.Create, stepUp, says("Makes an API key and shows its secret once"))
	route(r, "GET", "/api/api-keys/:id", tenancy.APIKeyManage, 200, s.Keys.Get, says("Shows one API key"))
	route(r, "PATCH", "/api/api-keys/:id", tenancy.APIKeyManage, 200, s.Keys.Update, stepUp, says("Changes the name, end or allow-list of an API key"))
	route(r, "DELETE", "/api/api-keys/:id", tenancy.APIKeyManage, 204, s.Keys.Revoke, says("Ends an API key for good"))
	route(r, "POST", "/api/api-keys/:id/rotate", tenancy.APIKeyManage, 200, s.Keys.Rotate, stepUp, says("Gives an API key another secret and shows it once"))
	route(r, "GET", "/api/platform/settings", tenancy.PlatformSettings, 200, s.Installation.Get, says("Shows what holds for the whole installation"))
	route(r, "PUT", "/api/platform/settings", tenancy.PlatformSettings, 200, s.Installation.Set, stepUp, says("Sets what the environment does not decide"))
	route(r, "POST", "/api/platform/mail/test", tenancy.PlatformSettings, 200, s.Installation.TestMail, within(45*time.Second), says("Sends you a letter now and says how that went"))
	session(r, "POST", "/api/platform/tenants", tenancy.PlatformTenants, 201, s.Accounts.CreateTenant, says("Makes a workspace of which you are the owner"))
	route(r, "GET", "/api/usage", tenancy.BillingManage, 200, s.Usage.Get, says("Counts what the workspace uses this month"))
	route(r, "GET", "/api/platform/mailbox", tenancy.PlatformSettings, 200, s.Mailbox.List, says("Shows mail that was kept because there is no mail server"))

	route(r, "POST", "/api/activity/track", tenancy.Self, 204, s.Activities.Track, says("Records what you did, for the figures about use"))

	route(r, "GET", "/api/audit-logs", tenancy.AuditView, 200, s.Audit.List, says("Lists security-relevant acts, the newest first"))
	route(r, "GET", "/api/audit-logs/verify", tenancy.AuditView, 200, s.Audit.Verify, within(time.Minute), says("Walks the chain of the audit log"))
	download(r, "/api/audit-logs/export", tenancy.AuditView, s.Audit.Export, within(5*time.Minute), says("Saves the audit log as CSV"))
	route(r, "GET", "/api/audit-logs/:id", tenancy.AuditView, 200, s.Audit.Get, says("Shows one act"))

	route(r, "GET", "/api/channels", tenancy.ChannelView, 200, s.Channels.List, says("Lists the channels"))
	route(r, "POST", "/api/channels", tenancy.ChannelManage, 201, s.Channels.Connect, says("Connects an address after checking its credential"))
	route(r, "POST", "/api/channels/simulated", tenancy.ChannelManage, 201, s.Channels.ConnectSimulated, says("Makes a simulated line"))
	route(r, "GET", "/api/channels/:id", tenancy.ChannelView, 200, s.Channels.Get, says("Shows one channel"))
	route(r, "POST", "/api/channels/:id/simulate", tenancy.ChannelManage, 200, s.Channels.Simulate, says("Lets a customer of a simulated line write"))

	route(r, "GET", "/api/conversations", tenancy.ConversationView, 200, s.Conversations.List, says("Lists conversations, the newest message first"))
	route(r, "GET", "/api/conversations/counts", tenancy.ConversationView, 200, s.Conversations.Counts, says("Counts the inbox"))
	route(r, "GET", "/api/conversations/:id", tenancy.ConversationView, 200, s.Conversations.Get, says("Shows one conversation"))
	route(r, "POST", "/api/conversations/:id/read", tenancy.ConversationView, 200, s.Conversations.Read, byPerson, says("Moves your read marker"))
	route(r, "GET", "/api/conversations/:id/messages", tenancy.ConversationView, 200, s.Messages.List, says("Lists one page of a thread"))
	route(r, "POST", "/api/conversations/:id/messages", tenancy.ConversationReply, 201, s.Messages.Send, says("Writes to the customer"))
	route(r, "GET", "/api/messages/:id", tenancy.ConversationView, 200, s.Messages.Get, says("Shows a message with its attempts"))
	route(r, "POST", "/api/messages/:id/retry", tenancy.ConversationReply, 200, s.Messages.Retry, says("Sends a failed message again"))

	raw(r, "GET", "/api/ws", tenancy.Public, s.Socket, stream, says("Opens the socket; the credential is checked by it"))
	route(r, "POST", "/api/ws/ticket", tenancy.Self, 200, s.Tickets.Create, says("Makes a ticket for one socket"))

	for _, path := range []string{"/webhooks/meta", "/webhooks/whatsapp"} {
		raw(r, "GET", path, tenancy.Public, plain(s.Webhook), says("Answers Meta's verification handshake"))
		raw(r, "POST", path, tenancy.Public, plain(s.Webhook), sized(maxWebhook), says("Takes a signed webhook and answers when it is on disk"))
	}
	return r
}
