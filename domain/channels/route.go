package channels

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"baraza/db"
)

// Route is where a provider's id leads: the answer to "whose is this number?".
type Route struct {
	TenantID  uuid.UUID `db:"tenant_id"`
	ChannelID uuid.UUID `db:"channel_id"`
	Simulated bool      `db:"simulated"`
}

// RouteKey is a provider's id of a channel.
type RouteKey struct {
	Provider   string `db:"provider"`
	RoutingKey string `db:"routing_key"`
}

// maxRoutes bounds the cache; past it, it starts anew.
const maxRoutes = 100_000

// Routes finds the channel of a webhook's item before a tenant is known. Found
// routes are kept until Forget; unknown keys are asked for again each time, so a
// channel works from its first item on.
type Routes struct {
	Platform *db.Platform

	mu    sync.RWMutex
	known map[RouteKey]Route
}

// Resolve returns the routes of those keys that have one, in at most one statement.
func (r *Routes) Resolve(ctx context.Context, wanted []RouteKey) (map[RouteKey]Route, error) {
	found := make(map[RouteKey]Route, len(wanted))
	var providers, routingKeys []string
	r.mu.RLock()
	for _, k := range wanted {
		if route, ok := r.known[k]; ok {
			found[k] = route
			continue
		}
		providers, routingKeys = append(providers, k.Provider), append(routingKeys, k.RoutingKey)
	}
	r.mu.RUnlock()
	if len(providers) == 0 {
		return found, nil
	}
	type row struct {
		RouteKey
		Route
	}
	rows, err := db.All[row](ctx, r.Platform, `
		select c.provider, c.routing_key, c.tenant_id, c.channel_id, c.simulated
		from unnest($1::text[], $2::text[]) w(provider, routing_key)
		join channel_routes c on c.provider = w.provider and c.routing_key = w.routing_key`, providers, routingKeys)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil || len(r.known) > maxRoutes {
		r.known = map[RouteKey]Route{}
	}
	for _, row := range rows {
		found[row.RouteKey], r.known[row.RouteKey] = row.Route, row.Route
	}
	return found, nil
}

// Forget drops what is known, after a channel was connected, moved or removed on any
// instance.
func (r *Routes) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known = nil
}
