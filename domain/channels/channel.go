// Package channels owns the connected addresses of a tenant: a WhatsApp number, a
// Page, an Instagram account, a simulated line; and the words in which platforms
// are spoken to.
//
// Always true: an address is connected once anywhere; a channel's credential is
// sealed for its own row and opened by the sender alone; a simulated channel speaks
// to the simulator and a real one to the platform, never the other way round.
package channels

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// Channel is one connected address. Tokens are write-only: no more than the last
// four characters are ever shown.
type Channel struct {
	ID           uuid.UUID      `json:"id"`
	Kind         string         `json:"kind" enum:"whatsapp,messenger,instagram"`
	Name         string         `json:"name"`
	Status       string         `json:"status" enum:"connecting,connected,degraded,reauth_required,disabled"`
	StatusReason *string        `json:"status_reason"`
	External     External       `json:"external"`
	Credentials  CredentialView `json:"credentials"`
	Webhook      Webhook        `json:"webhook"`
	Capabilities Capabilities   `json:"capabilities"`
	TeamID       *uuid.UUID     `json:"team_id"`
	Settings     Settings       `json:"settings"`
	Simulated    bool           `json:"simulated"`
	CreatedAt    domain.Time    `json:"created_at"`
	UpdatedAt    domain.Time    `json:"updated_at"`
}

// CredentialView says which secrets are set.
type CredentialView struct {
	AccessToken SecretView `json:"access_token"`
	AppSecret   SecretView `json:"app_secret"`
}

// SecretView is a secret as it may be shown.
type SecretView struct {
	Set       bool         `json:"set"`
	Last4     *string      `json:"last4"`
	ExpiresAt *domain.Time `json:"expires_at"`
}

// Webhook is where the platform reports to.
type Webhook struct {
	URL        string       `json:"url"`
	OwnApp     bool         `json:"own_app"`
	LastSeenAt *domain.Time `json:"last_seen_at"`
}

// Capabilities are what the platform can do; the interface promises nothing else.
type Capabilities struct {
	Receipts  []string `json:"receipts"`
	Kinds     []string `json:"kinds"`
	MaxText   int      `json:"max_text"`
	Reactions bool     `json:"reactions"`
	Templates bool     `json:"templates"`
	TypingIn  bool     `json:"typing_in"`
}

// Settings of a channel.
type Settings struct {
	ReopenHours int    `json:"reopen_hours"`
	MediaMode   string `json:"media_mode" enum:"store"`
}

// capabilities holds what can be sent today; it grows with the kinds.
var capabilities = map[string]Capabilities{
	WhatsApp: {Receipts: []string{"sent", "delivered", "read", "played"}, Kinds: []string{"text"}, MaxText: 4096},
}

var errTeamArchived = domain.InvalidField("team_id", "archived", "is archived: bring it back first, or choose another team")

// ErrDisabled is a channel that must not send.
var ErrDisabled = &domain.Error{Kind: domain.Conflict, Code: "invalid_transition", Detail: "The channel is disabled."}

// Connect is what it takes to connect an address.
type Connect struct {
	Kind          string     `json:"kind" validate:"required,oneof=whatsapp"`
	Name          string     `json:"name" validate:"required,max=80"`
	PhoneNumberID string     `json:"phone_number_id" validate:"required_if=Kind whatsapp,omitempty,numeric,max=32"`
	WabaID        string     `json:"waba_id" validate:"required_if=Kind whatsapp,omitempty,numeric,max=32"`
	AccessToken   string     `json:"access_token" validate:"required,min=8,max=1024"`
	AppSecret     string     `json:"app_secret" validate:"omitempty,min=8,max=256"`
	TeamID        *uuid.UUID `json:"team_id"`
	// SkipCheck stores the channel as connecting without asking the platform.
	SkipCheck bool `query:"skip_check" json:"-"`
}

// ConnectSimulated makes a channel that is wired to the built-in simulator.
type ConnectSimulated struct {
	Kind string `json:"kind" validate:"required,oneof=whatsapp"`
	Name string `json:"name" validate:"required,max=80"`
}

// Get asks for one channel.
type Get struct {
	ID uuid.UUID `param:"id" json:"-"`
}

// List asks for all channels; a tenant has few.
type List struct{ tenancy.Paging }

const channelsList = "channels"

// Channels connects addresses and shows them.
type Channels struct {
	DB      *db.Tenant
	Cursors *tenancy.Cursors
	Keys    tenancy.Sealer
	// Connectors by kind, of the real platforms.
	Connectors map[string]Connector
	// Simulator is nil when it is switched off.
	Simulator *Simulator
	// WebhookURL is where platforms report to.
	WebhookURL string
	// Changed is told which routing keys to look up anew. Optional.
	Changed func(context.Context)
}

// Connect checks the credential with the platform and stores the channel sealed. A
// refusal is a provider_error and stores nothing; an address connected anywhere is
// db.ErrTaken.
func (c *Channels) Connect(ctx context.Context, in Connect) (Channel, error) {
	external := External{PhoneNumberID: in.PhoneNumberID, WabaID: in.WabaID}
	credentials := Credentials{AccessToken: strings.TrimSpace(in.AccessToken), AppSecret: in.AppSecret}
	status := "connecting"
	if !in.SkipCheck {
		display, err := c.Connectors[in.Kind].Check(ctx, Account{Kind: in.Kind, External: external}, credentials)
		if err != nil {
			return Channel{}, providerError(err)
		}
		external.Display, status = display, "connected"
	}
	return c.store(ctx, newChannel{id: db.NewID(), kind: in.Kind, name: in.Name, status: status, external: external, team: in.TeamID}, credentials)
}

// providerError shows a platform's refusal without its own text.
func providerError(err error) error {
	e := &domain.Error{Kind: domain.Provider, Code: "provider_error", Detail: "The platform could not be reached.", Cause: err}
	var refused *SendError
	var reauth *ReauthRequired
	if errors.As(err, &reauth) {
		refused = reauth.Cause
	}
	if refused != nil || errors.As(err, &refused) {
		e.Detail = refused.Title + ". " + refused.Detail
		e.Extra = map[string]any{"provider": map[string]any{"code": refused.Code, "message": refused.Title}}
	}
	return e
}

// Simulator makes credentials for simulated lines and plays their customers.
type Simulator struct {
	// Token is the access token the simulator takes for a number.
	Token func(phoneNumberID string) string
	// Play lets a customer write.
	Play func(ctx context.Context, phoneNumberID string, in Simulate) (Simulated, error)
}

// ConnectSimulated makes a simulated line with a number nobody has.
func (c *Channels) ConnectSimulated(ctx context.Context, in ConnectSimulated) (Channel, error) {
	if c.Simulator == nil {
		return Channel{}, ErrNoSimulator
	}
	// 15 digits with a prefix no real id has: ids of the platform do not start with 0.
	n, err := rand.Int(rand.Reader, big.NewInt(1e14))
	if err != nil {
		return Channel{}, fmt.Errorf("choose a number: %w", err)
	}
	number := fmt.Sprintf("0%014d", n)
	external := External{PhoneNumberID: number, WabaID: "0" + number, Display: "+1 555 " + number[8:11] + " " + number[11:]}
	return c.store(ctx, newChannel{id: db.NewID(), kind: in.Kind, name: in.Name, status: "connected", external: external, simulated: true},
		Credentials{AccessToken: c.Simulator.Token(number)})
}

// ErrNoSimulator is a simulator that the operator has switched off.
var ErrNoSimulator = &domain.Error{Kind: domain.NotFound, Code: "not_found", Detail: "The simulator is switched off on this server."}

// Simulate is what a simulated customer does.
type Simulate struct {
	ID   uuid.UUID     `param:"id" json:"-"`
	From SimulatedUser `json:"from"`
	Kind string        `json:"kind" validate:"required,oneof=text image reaction"`
	Text string        `json:"text" validate:"max=4096"`
	// At is the platform's time, for a message from 25 hours ago. Defaults to now.
	At *domain.Time `json:"at"`
	// Target is the provider id of the message a reaction is about.
	Target string   `json:"target" validate:"max=256"`
	Faults []string `json:"faults" validate:"max=8,dive,oneof=duplicate bad_signature tampered drop reorder delay"`
}

// SimulatedUser is an invented customer; ID is a phone number in digits.
type SimulatedUser struct {
	Name string `json:"name" validate:"required,max=80"`
	ID   string `json:"id" validate:"required,numeric,min=5,max=15"`
}

// Simulated says what became of it.
type Simulated struct {
	ProviderID string `json:"provider_id"`
	// Deliveries are the statuses our own webhook answered with, in order.
	Deliveries []int `json:"deliveries"`
}

// Simulate lets a customer of a simulated line write to it, over the same webhook as
// a platform's.
func (c *Channels) Simulate(ctx context.Context, in Simulate) (Simulated, error) {
	row, err := getChannel(ctx, c.DB, in.ID)
	if err != nil {
		return Simulated{}, err
	}
	if !row.Simulated || c.Simulator == nil {
		return Simulated{}, ErrNoSimulator
	}
	done, err := c.Simulator.Play(ctx, *row.PhoneNumberID, in)
	if err != nil {
		return done, &domain.Error{Kind: domain.Provider, Code: "provider_error", Detail: "The simulator did not answer.", Cause: err}
	}
	return done, nil
}

// List returns the channels, the newest first.
func (c *Channels) List(ctx context.Context, in List) (domain.Page[Channel], error) {
	after, err := in.From(ctx, c.Cursors, channelsList, uuid.Max)
	if err != nil {
		return domain.Page[Channel]{}, err
	}
	rows, err := listChannels(ctx, c.DB, after, in.Rows())
	if err != nil {
		return domain.Page[Channel]{}, err
	}
	shown := make([]Channel, len(rows))
	for i, row := range rows {
		shown[i] = row.view(c.WebhookURL)
	}
	return tenancy.PageOf(ctx, c.Cursors, channelsList, in.Paging, shown, func(one Channel) uuid.UUID { return one.ID })
}

// Get returns one channel.
func (c *Channels) Get(ctx context.Context, in Get) (Channel, error) {
	row, err := getChannel(ctx, c.DB, in.ID)
	if err != nil {
		return Channel{}, err
	}
	return row.view(c.WebhookURL), nil
}
