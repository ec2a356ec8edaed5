package channels

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/audit"
	"baraza/tenancy"
)

type newChannel struct {
	id        uuid.UUID
	kind      string
	name      string
	status    string
	external  External
	team      *uuid.UUID
	simulated bool
}

// credentialPlace is where a channel's credential is sealed.
func credentialPlace(channel uuid.UUID) tenancy.Place {
	return tenancy.Place{Table: "channels", Column: "sealed_credentials", Row: channel}
}

// store seals the credential and inserts the channel with its route: an address that
// is taken leaves nothing behind. Without a team the channel points at Everyone.
func (c *Channels) store(ctx context.Context, n newChannel, credentials Credentials) (Channel, error) {
	clear, err := json.Marshal(credentials)
	if err != nil {
		return Channel{}, fmt.Errorf("encode credentials: %w", err)
	}
	sealed, err := c.Keys.Seal(ctx, credentialPlace(n.id), clear)
	if err != nil {
		return Channel{}, fmt.Errorf("seal credentials: %w", err)
	}
	err = c.DB.Tx(ctx, func(tx *db.Tx) error {
		if n.team != nil {
			if err := lockTeam(ctx, tx, *n.team); err != nil {
				return err
			}
		}
		_, err := db.Exec(ctx, tx, `
			with added as (
				insert into channels (id, kind, name, status, phone_number_id, waba_id, display, identity_scope, sealed_credentials, token_last4,
				                      team_id, simulated)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, (select id from teams where everyone)), $12)
			)
			insert into channel_routes (provider, routing_key, channel_id, simulated) values ($2, $5, $1, $12)`,
			n.id, n.kind, n.name, n.status, n.external.PhoneNumberID, n.external.WabaID, n.external.Display,
			cmp.Or(n.external.WabaID, n.external.PhoneNumberID), sealed, last4(credentials.AccessToken), n.team, n.simulated)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Act{Action: audit.ChannelConnected, ObjectID: n.id,
			After: map[string]any{"kind": n.kind, "name": n.name, "simulated": n.simulated}})
	})
	if err != nil {
		return Channel{}, err
	}
	if c.Changed != nil {
		c.Changed(ctx)
	}
	return c.Get(ctx, Get{n.id})
}

// lockTeam keeps a team a channel is about to point at from being archived meanwhile.
func lockTeam(ctx context.Context, tx *db.Tx, id uuid.UUID) error {
	archived, err := db.One[bool](ctx, tx, `select archived_at is not null from teams where id = $1 for key share`, id)
	if err == nil && archived {
		err = errTeamArchived
	}
	return err
}

func last4(token string) string {
	if len(token) < 12 {
		return ""
	}
	return token[len(token)-4:]
}

type channelRow struct {
	ID            uuid.UUID    `db:"id"`
	Kind          string       `db:"kind"`
	Name          string       `db:"name"`
	Status        string       `db:"status"`
	StatusReason  *string      `db:"status_reason"`
	PhoneNumberID *string      `db:"phone_number_id"`
	WabaID        *string      `db:"waba_id"`
	Display       string       `db:"display"`
	Last4         string       `db:"token_last4"`
	OwnApp        bool         `db:"own_app"`
	TeamID        *uuid.UUID   `db:"team_id"`
	ReopenHours   int          `db:"reopen_hours"`
	Simulated     bool         `db:"simulated"`
	WebhookSeenAt *domain.Time `db:"webhook_seen_at"`
	CreatedAt     domain.Time  `db:"created_at"`
	UpdatedAt     domain.Time  `db:"updated_at"`
}

const channelColumns = `id, kind, name, status, status_reason, phone_number_id, waba_id, display, token_last4, own_app, team_id, reopen_hours,
	simulated, webhook_seen_at, created_at, updated_at`

func getChannel(ctx context.Context, q db.Queryer, id uuid.UUID) (channelRow, error) {
	return db.One[channelRow](ctx, q, `select `+channelColumns+` from channels where id = $1`, id)
}

// Ids are made in the order of time, so the primary key is the order of the list.
func listChannels(ctx context.Context, q db.Queryer, after uuid.UUID, limit int) ([]channelRow, error) {
	return db.All[channelRow](ctx, q, `
		select `+channelColumns+`
		from channels
		where id < $1
		order by id desc
		limit $2`, after, limit)
}

func (r channelRow) external() External {
	e := External{Display: r.Display}
	if r.PhoneNumberID != nil {
		e.PhoneNumberID = *r.PhoneNumberID
	}
	if r.WabaID != nil {
		e.WabaID = *r.WabaID
	}
	return e
}

func (r channelRow) view(webhook string) Channel {
	c := Channel{
		ID: r.ID, Kind: r.Kind, Name: r.Name, Status: r.Status, StatusReason: r.StatusReason, External: r.external(),
		Credentials:  CredentialView{AccessToken: SecretView{Set: true}},
		Webhook:      Webhook{URL: webhook, OwnApp: r.OwnApp, LastSeenAt: r.WebhookSeenAt},
		Capabilities: capabilities[r.Kind], TeamID: r.TeamID, Settings: Settings{ReopenHours: r.ReopenHours, MediaMode: "store"},
		Simulated: r.Simulated, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
	if r.Last4 != "" {
		c.Credentials.AccessToken.Last4 = &r.Last4
	}
	return c
}
