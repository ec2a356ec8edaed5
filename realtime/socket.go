package realtime

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"baraza/domain"
	"baraza/domain/access"
	"baraza/tenancy"
)

const (
	retryUpgrade = time.Second
	retryFull    = 30 * time.Second
)

var (
	errOrigin    = &domain.Error{Kind: domain.Denied, Code: "origin_denied", Detail: "This origin may not open a socket."}
	errHandshake = &domain.Error{Kind: domain.Malformed, Code: "bad_parameter", Detail: "This address speaks WebSocket only."}
	errSuspended = &domain.Error{Kind: domain.Denied, Code: "tenant_suspended", Detail: "The workspace is suspended."}
)

// Serve is GET /api/ws. It answers with an error, before the upgrade, or has taken the
// connection over and returns at once.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request) error {
	c, err := h.admit(r)
	if err != nil {
		h.count.Refused.Add(1)
		return err
	}
	ws, socket, err := upgrade(w, r)
	if ws == nil {
		h.count.Refused.Add(1)
		h.leave(c)
		return err
	}
	h.count.Accepted.Add(1)
	c.attach(ws, socket)
	h.wheel.add(c)
	go c.read() // joined: Run waits for it
	return nil
}

// admit decides who may open a socket: origin, credential, limits, and the login read
// again after the connection is known to Revoke, so that none slips through between.
func (h *Hub) admit(r *http.Request) (*connection, error) {
	if h.horizon.Load() == nil {
		return nil, errGoing
	}
	ticket := r.URL.Query().Get("ticket")
	if err := h.allowOrigin(r, ticket != ""); err != nil {
		return nil, err
	}
	scope, err := h.identify(r, ticket)
	if err != nil {
		return nil, err
	}
	if !websocket.IsWebSocketUpgrade(r) {
		return nil, errHandshake
	}
	if !h.gate.allow(time.Now()) {
		return nil, errCrowded
	}
	c := &connection{hub: h, tenant: scope.TenantID, shard: h.shardOf(scope.TenantID), lane: h.lanes[int(h.serial.Add(1))%len(h.lanes)]}
	c.rights.Store(rightsOf(scope))
	if err := h.join(c); err != nil {
		return nil, err
	}
	if err := c.renew(r.Context()); err != nil {
		h.leave(c)
		return nil, err
	}
	return c, nil
}

func (h *Hub) identify(r *http.Request, ticket string) (tenancy.Scope, error) {
	var scope tenancy.Scope
	var err error
	if ticket != "" {
		scope, err = h.config.TakeTicket(r.Context(), ticket)
	} else {
		scope, err = h.config.Authenticate(r)
	}
	switch {
	case err != nil:
		return scope, err
	case scope.Suspended:
		return scope, errSuspended
	case scope.Owes != "":
		return scope, access.Owed(scope.Owes)
	case scope.TenantID == uuid.Nil:
		return scope, domain.ErrUnauthenticated
	}
	return scope, nil
}

// allowOrigin refuses pages of other sites. A browser always names its page's origin;
// without one only a program gets in, which has no cookie to be misused.
func (h *Hub) allowOrigin(r *http.Request, ticket bool) error {
	switch origins := r.Header.Values("Origin"); {
	case len(origins) == 0 && (ticket || r.Header.Get("Cookie") == ""):
		return nil
	case len(origins) == 1 && h.origins[origins[0]]:
		return nil
	}
	return errOrigin
}

// renew reads the login's rights anew. An error is its end.
func (c *connection) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, renewTimeout)
	defer cancel()
	c.renewing.Lock() // an older answer must not follow a newer one
	defer c.renewing.Unlock()
	old := c.rights.Load()
	scope, ends, err := c.hub.config.Renew(tenancy.With(ctx, old.Scope))
	switch {
	case err != nil:
		return err
	case scope.Suspended:
		return errSuspended
	case scope.Owes != "":
		return access.Owed(scope.Owes)
	case scope.TenantID != old.TenantID || scope.UserID != old.UserID:
		return domain.ErrUnauthenticated
	}
	c.rights.Store(rightsOf(scope))
	if ends.IsZero() {
		c.ends.Store(0)
	} else {
		c.ends.Store(ends.UnixMilli())
	}
	return nil
}

// hello is always the first frame.
func (c *connection) hello() item {
	rights := c.rights.Load()
	b := &body{text: []byte(`{"type":"hello",`)}
	b.appendCursor()
	b.text = append(b.text, `,"session":{"id":`...)
	b.appendID(rights.SessionID)
	b.text = append(b.text, `,"user_id":`...)
	b.appendID(rights.UserID)
	b.text = append(b.text, `,"tenant_id":`...)
	b.appendID(rights.TenantID)
	b.text = append(b.text, `,"expires_at":`...)
	if ends := c.ends.Load(); ends != 0 {
		b.text = append(time.UnixMilli(ends).UTC().AppendFormat(append(b.text, '"'), wireTime), '"')
	} else {
		b.text = append(b.text, "null"...)
	}
	b.text = append(member(append(b.text, '}'), "server", c.hub.config.Name), `,"heartbeat_s":20}`...)
	return item{opcode: opText, body: b, at: c.home.horizon.Load(), version: uint32(rights.Version)}
}

func (b *body) appendID(id uuid.UUID) {
	if id == uuid.Nil {
		b.text = append(b.text, "null"...)
		return
	}
	b.text = append(append(append(b.text, '"'), id.String()...), '"')
}
