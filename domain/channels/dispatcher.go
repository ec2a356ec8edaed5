package channels

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/tenancy"
)

// Dispatcher hands messages to the platforms; nobody else opens a credential.
type Dispatcher struct {
	DB   *db.Tenant
	Keys tenancy.Opener
	// Real and Simulated connectors by kind.
	Real, Simulated map[string]Connector
}

// Send makes exactly one call for the message and returns as Connector.Send does,
// or ErrDisabled, or domain.ErrNotFound for a channel that is gone.
func (s *Dispatcher) Send(ctx context.Context, channel uuid.UUID, m Outgoing) (string, error) {
	type row struct {
		channelRow
		Sealed []byte `db:"sealed_credentials"`
	}
	r, err := db.One[row](ctx, s.DB, `select `+channelColumns+`, sealed_credentials from channels where id = $1`, channel)
	if err != nil {
		return "", err
	}
	if r.Status == "disabled" {
		return "", ErrDisabled
	}
	connectors := s.Real
	if r.Simulated {
		connectors = s.Simulated
	}
	connector, ok := connectors[r.Kind]
	if !ok {
		return "", ErrDisabled
	}
	clear, err := s.Keys.Open(ctx, credentialPlace(channel), r.Sealed)
	if err != nil {
		return "", fmt.Errorf("open credentials of channel %s: %w", channel, err)
	}
	var credentials Credentials
	if err := json.Unmarshal(clear, &credentials); err != nil {
		return "", fmt.Errorf("read credentials of channel %s: %w", channel, err)
	}
	return connector.Send(ctx, Account{Kind: r.Kind, External: r.external(), Simulated: r.Simulated}, credentials, m)
}
