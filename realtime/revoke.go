package realtime

import (
	"errors"
	"reflect"
	"time"

	"go.uber.org/zap"

	"baraza/domain"
	"baraza/domain/access"
)

// renewTimeout is within the second in which a lost right ends: when the rights cannot
// be read by then, the socket goes.
const renewTimeout = 800 * time.Millisecond

// Revoke acts on what ended: sockets of a session close with 4001; those of a changed
// membership or tenant read their rights anew, and close with 4003 if there are none.
// It does not wait.
func (h *Hub) Revoke(r access.Revocation) {
	for _, c := range h.connections() {
		if !r.Concerns(c.rights.Load().Scope) {
			continue
		}
		if r.Kind == access.SessionEnded {
			c.close(closeSession, "session ended")
			continue
		}
		h.tasks.Go(func() { c.narrow(closeSuspended) })
	}
}

// narrow reads the person's rights and has the connection keep to them. ended is the
// code when there are none left.
func (c *connection) narrow(ended int) {
	before := c.rights.Load()
	if err := c.renew(c.hub.base); err != nil {
		c.closeFor(err, ended)
		return
	}
	if !reflect.DeepEqual(c.rights.Load(), before) {
		c.keepToRights()
	}
}

func (c *connection) closeFor(err error, ended int) {
	var e *domain.Error
	switch {
	case c.hub.base.Err() != nil: // stopping, which closes too
	case !errors.As(err, &e) || e.Kind != domain.Unauthenticated && e.Kind != domain.Denied && e.Kind != domain.NotFound:
		c.hub.config.Log.Warn("rights cannot be read", zap.Stringer("tenant_id", c.tenant), zap.Error(err))
		c.close(closeGoing, "rights cannot be read")
	case e.Code == "session_revoked":
		c.close(closeSession, "session ended")
	default:
		c.close(ended, "no rights here")
	}
}

// keepToRights ends the topics that went with the old rights; what stays is told to
// start afresh, for the rows it shows may be others.
func (c *connection) keepToRights() {
	c.mu.Lock()
	topics := append([]topic(nil), c.topics...)
	c.mu.Unlock()
	views := c.rights.Load().views
	for _, t := range topics {
		switch {
		case t.kind == meTopic:
		case !views:
			if c.unsubscribe(t) {
				c.fail(nil, t.String(), domain.ErrDenied)
			}
		case t.kind == conversationTopic:
			c.recheck(t.id)
		}
	}
	c.startAfresh()
}

// expire is the login's planned end. It may have been put off meanwhile.
func (c *connection) expire() {
	if err := c.renew(c.hub.base); err != nil {
		c.closeFor(err, closeSession)
		return
	}
	if c.ends.Load() <= time.Now().UnixMilli() {
		c.close(closeSession, "session ended")
	}
}
