package api

import (
	"context"
	"net/http"

	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/channels"
	"baraza/domain/chat"
	"baraza/tenancy"
)

// Services are the use cases behind the routes, and the handlers that are not use
// cases. Without them the table is complete all the same: it then only describes.
type Services struct {
	Accounts      *access.Accounts
	Sessions      *access.Sessions
	Members       *access.Members
	Tickets       *access.Tickets
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
	Name             string     `json:"name"`
	Mode             string     `json:"mode" enum:"saas,whitelabel"`
	SignupEnabled    bool       `json:"signup_enabled"`
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

	session(r, "POST", "/api/auth/register", tenancy.Public, 201, s.Accounts.Register, says("Makes a person and the workspace they own, and signs them in"))
	session(r, "POST", "/api/auth/login", tenancy.Public, 200, s.Accounts.Login, says("Signs in"))
	session(r, "POST", "/api/auth/refresh", tenancy.Public, 200, s.Sessions.Refresh, says("Exchanges a refresh token for new tokens"))
	session(r, "POST", "/api/auth/logout", tenancy.Self, 204, s.Sessions.Logout, whileSuspended, says("Ends this session, or all of them"))
	session(r, "POST", "/api/auth/switch", tenancy.Self, 200, s.Sessions.Switch, whileSuspended, says("Moves the session to another workspace"))
	route(r, "GET", "/api/auth/me", tenancy.Self, 200, s.Accounts.Me, whileSuspended, says("Shows who you are and what you may do"))
	route(r, "PATCH", "/api/auth/me", tenancy.Self, 200, s.Accounts.UpdateMe, says("Changes your own profile"))
	route(r, "GET", "/api/auth/users", tenancy.MemberManage, 200, s.Members.List, says("Lists the people of the workspace"))
	route(r, "POST", "/api/auth/users", tenancy.MemberManage, 201, s.Members.Create, says("Makes an account for somebody"))
	route(r, "GET", "/api/config", tenancy.Public, 200, s.Config, says("Says what anybody may know of this installation"))

	route(r, "GET", "/api/channels", tenancy.ChannelView, 200, s.Channels.List, says("Lists the channels"))
	route(r, "POST", "/api/channels", tenancy.ChannelManage, 201, s.Channels.Connect, says("Connects an address after checking its credential"))
	route(r, "POST", "/api/channels/simulated", tenancy.ChannelManage, 201, s.Channels.ConnectSimulated, says("Makes a simulated line"))
	route(r, "GET", "/api/channels/:id", tenancy.ChannelView, 200, s.Channels.Get, says("Shows one channel"))
	route(r, "POST", "/api/channels/:id/simulate", tenancy.ChannelManage, 200, s.Channels.Simulate, says("Lets a customer of a simulated line write"))

	route(r, "GET", "/api/conversations", tenancy.ConversationView, 200, s.Conversations.List, says("Lists conversations, the newest message first"))
	route(r, "GET", "/api/conversations/counts", tenancy.ConversationView, 200, s.Conversations.Counts, says("Counts the inbox"))
	route(r, "GET", "/api/conversations/:id", tenancy.ConversationView, 200, s.Conversations.Get, says("Shows one conversation"))
	route(r, "POST", "/api/conversations/:id/read", tenancy.ConversationView, 200, s.Conversations.Read, says("Moves your read marker"))
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
