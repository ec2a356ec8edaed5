package realtime

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
)

// relayed is what people see of each other in a conversation: typing and viewing. It
// is stored nowhere, replayed never, and left out first when a reader is behind.
type relayed struct {
	Name         string          `json:"name"`
	Conversation uuid.UUID       `json:"conversation_id"`
	User         uuid.UUID       `json:"user_id"`
	Data         json.RawMessage `json:"data"`
	// Ask has those who view the conversation say so: the newcomer cannot know.
	Ask bool `json:"ask,omitempty"`
}

func (cmd *typing) run(ctx context.Context, c *connection) {
	id, err := c.sees(ctx, cmd.Conversation)
	if err != nil {
		c.fail(cmd.Ref, conversationPrefix+cmd.Conversation, err)
		return
	}
	user := c.rights.Load().UserID
	data := member(member(aboutPerson(id, user), "state", cmd.State), "mode", cmd.Mode)
	c.hub.spread(c.tenant, relayed{Name: "typing", Conversation: id, User: user, Data: append(data, '}')})
}

func (cmd *presence) run(ctx context.Context, c *connection) {
	if cmd.Availability != nil {
		reason := ""
		if cmd.Reason != nil {
			reason = *cmd.Reason
		}
		err := error(domain.ErrUnavailable)
		if set := c.hub.config.SetAvailability; set != nil {
			err = set(ctx, *cmd.Availability, reason)
		}
		if err != nil {
			c.fail(cmd.Ref, "", err)
		}
	}
	switch {
	case !cmd.Viewing.Set:
	case cmd.Viewing.Null:
		c.view(uuid.Nil)
	default:
		id, err := c.sees(ctx, cmd.Viewing.Value)
		if err != nil {
			c.fail(cmd.Ref, conversationPrefix+cmd.Viewing.Value, err)
			return
		}
		c.view(id)
	}
}

// sees reads a conversation's id and says whether the person sees it.
func (c *connection) sees(ctx context.Context, text string) (uuid.UUID, error) {
	r := c.rights.Load()
	if !r.views || r.UserID == uuid.Nil {
		return uuid.Nil, domain.ErrDenied
	}
	id, ok := parseID(text)
	if !ok {
		return uuid.Nil, domain.ErrNotFound
	}
	if c.subscribed(topic{c.tenant, conversationTopic, id}) {
		return id, nil
	}
	return id, c.hub.visible(ctx, id)
}

// view says that the person looks at another conversation, or (nil UUID) at none.
func (c *connection) view(conversation uuid.UUID) {
	c.mu.Lock()
	before := c.viewing
	c.viewing = conversation
	c.mu.Unlock()
	if before != uuid.Nil && before != conversation {
		c.showViewing(before, false)
	}
	if conversation != uuid.Nil {
		c.showViewing(conversation, true)
	}
}

func (c *connection) showViewing(conversation uuid.UUID, looks bool) {
	user := c.rights.Load().UserID
	c.hub.spread(c.tenant, relayed{Name: "viewing", Conversation: conversation, User: user, Data: viewingData(conversation, user, looks), Ask: looks})
}

func viewingData(conversation, user uuid.UUID, looks bool) []byte {
	data := append(aboutPerson(conversation, user), `,"viewing":`...)
	if looks {
		return append(data, `true}`...)
	}
	return append(data, `false}`...)
}

func aboutPerson(conversation, user uuid.UUID) []byte {
	return []byte(`{"conversation_id":"` + conversation.String() + `","user_id":"` + user.String() + `"`)
}

// spread relays here and to the other instances.
func (h *Hub) spread(tenant uuid.UUID, r relayed) {
	h.relay(tenant, r)
	h.config.Publisher.announce(tenant, announcement{Relay: &r})
}

// relay shows it to those who have the conversation open, the person aside.
func (h *Hub) relay(tenant uuid.UUID, r relayed) {
	if reachOf(r.Name) != toConversation {
		return
	}
	s := h.shardOf(tenant)
	offered := s.offer(func(context.Context) { s.relay(tenant, r) })
	if !offered {
		h.count.Skipped.Add(1)
	}
}

func (s *shard) relay(tenant uuid.UUID, r relayed) {
	list := s.topics.of(topic{tenant, conversationTopic, r.Conversation})
	if len(list) == 0 {
		return
	}
	it := item{opcode: opText, fleeting: true, head: eventHead(conversationTopic, r.Conversation), body: eventBody(db.NewID(), r.Name, time.Now(), r.Data)}
	answered := map[uuid.UUID]bool{}
	for _, chunk := range list {
		for _, one := range chunk {
			rights := one.rights.Load()
			if !rights.views || rights.UserID == r.User {
				continue
			}
			one.send(it)
			if r.Ask && !answered[rights.UserID] && one.looksAt(r.Conversation) {
				answered[rights.UserID] = true
				s.answer(tenant, r.Conversation, rights.UserID)
			}
		}
	}
}

// answer shows a newcomer who was there before. Nobody answers an answer.
func (s *shard) answer(tenant, conversation, user uuid.UUID) {
	s.hub.spread(tenant, relayed{Name: "viewing", Conversation: conversation, User: user, Data: viewingData(conversation, user, true)})
}

func (c *connection) looksAt(conversation uuid.UUID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.viewing == conversation
}
