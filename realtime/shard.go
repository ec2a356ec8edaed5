package realtime

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

const (
	// shardQueue bounds what waits for a shard. What does not fit is left to the sweep.
	shardQueue  = 1024
	loadTimeout = 5 * time.Second
)

// shard passes on what happens in its share of the tenants, one thing after another,
// on one goroutine: nothing below but topics is touched by another one.
type shard struct {
	hub    *Hub
	topics topics
	in     chan func(context.Context)

	passed     passed
	markers    markers
	dirty      map[uuid.UUID]struct{} // tenants whose counts moved
	recipients []recipient
	events     []event
}

// recipient gets the event under the narrowest topic it subscribes to.
type recipient struct {
	c      *connection
	rights *rights
	kind   topicKind
}

// event is a change on its way to recipients[from:to].
type event struct {
	change   db.Change
	live     domain.Live
	from, to int
	counted  bool // its data holds the reader's unread
}

func newShard(h *Hub) *shard {
	return &shard{
		hub: h, topics: topics{list: map[topic]*subscribers{}}, in: make(chan func(context.Context), shardQueue),
		passed: newPassed(), markers: markers{}, dirty: map[uuid.UUID]struct{}{},
	}
}

func (s *shard) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case do := <-s.in:
			do(ctx)
		}
	}
}

// offer hands work over without waiting; false when the shard is behind.
func (s *shard) offer(do func(context.Context)) bool {
	select {
	case s.in <- do:
		return true
	default:
		return false
	}
}

// deliver passes on the changes nobody passed on before, all or none, and says how
// many. After an error the sweep tries again.
func (s *shard) deliver(ctx context.Context, tenant uuid.UUID, changes []db.Change) (int, error) {
	ctx, cancel := context.WithTimeout(tenancy.With(ctx, tenancy.System(tenant)), loadTimeout)
	defer cancel()
	fresh := make([]db.Change, 0, len(changes)) // changes belong to others too
	for _, c := range changes {
		if !s.passed.has(c.ID) {
			fresh = append(fresh, c)
		}
	}
	if len(fresh) == 0 {
		return 0, nil
	}
	defer s.clear()
	lives, err := s.hub.lives(ctx, fresh)
	if err != nil {
		return 0, err
	}
	for i, c := range fresh {
		s.address(tenant, c, lives[i])
	}
	if err := s.readMarkers(ctx, tenant); err != nil {
		return 0, err
	}
	for i := range s.events {
		s.post(&s.events[i])
	}
	for _, c := range fresh {
		s.passed.add(c.ID)
	}
	return len(fresh), nil
}

func (s *shard) clear() {
	clear(s.recipients)
	clear(s.events)
	s.recipients, s.events = s.recipients[:0], s.events[:0]
}

// address finds who gets a change.
func (s *shard) address(tenant uuid.UUID, c db.Change, live domain.Live) {
	if c.Name == "read.changed" {
		s.markers.forget(tenant, c.ConversationID, c.UserID)
	}
	if c.Name == removed && c.UserID != uuid.Nil {
		s.recheck(tenant, c)
		return
	}
	c, live, ok := present(c, live)
	if !ok {
		return
	}
	from, to := len(s.recipients), reachOf(c.Name)
	var near [][]*connection
	if to&toConversation != 0 && c.ConversationID != uuid.Nil {
		near = s.topics.of(topic{tenant, conversationTopic, c.ConversationID})
		s.admit(near, nil, conversationTopic, c, live)
	}
	if to&toInbox != 0 {
		s.admit(s.topics.of(topic{tenant, inboxTopic, uuid.Nil}), near, inboxTopic, c, live)
		if c.ConversationID != uuid.Nil {
			s.dirty[tenant] = struct{}{}
		}
	}
	if to&toMe != 0 && c.UserID != uuid.Nil {
		for _, chunk := range s.topics.of(topic{tenant, meTopic, c.UserID}) {
			for _, one := range chunk {
				if !contains(near, one) {
					s.recipients = append(s.recipients, recipient{one, one.rights.Load(), meTopic})
				}
			}
		}
	}
	if len(s.recipients) > from {
		counted := bytes.Contains(live.Data, []byte(unreadToken))
		s.events = append(s.events, event{c, live, from, len(s.recipients), counted})
	}
}

// admit appends those of a topic who may see the change and are not in near, which
// has them under a narrower one.
func (s *shard) admit(list, near [][]*connection, kind topicKind, c db.Change, live domain.Live) {
	for _, chunk := range list {
		for _, one := range chunk {
			r := one.rights.Load()
			if !r.views || c.UserID != uuid.Nil && c.UserID != r.UserID || contains(near, one) {
				continue
			}
			// What is addressed to a person is theirs, whatever rows they reach.
			if c.UserID != uuid.Nil || r.Sees(live.Audience) {
				s.recipients = append(s.recipients, recipient{one, r, kind})
				continue
			}
			if c.ConversationID != uuid.Nil && (kind == conversationTopic || live.Before != nil && r.Sees(*live.Before)) {
				one.recheck(c.ConversationID)
			}
		}
	}
}

// contains looks through the few who have a conversation open.
func contains(list [][]*connection, c *connection) bool {
	for _, chunk := range list {
		if slices.Contains(chunk, c) {
			return true
		}
	}
	return false
}

// recheck has the person's connections ask whether they still see the conversation.
func (s *shard) recheck(tenant uuid.UUID, c db.Change) {
	for _, list := range [][][]*connection{
		s.topics.of(topic{tenant, inboxTopic, uuid.Nil}),
		s.topics.of(topic{tenant, conversationTopic, c.ConversationID}),
	} {
		for _, chunk := range list {
			for _, one := range chunk {
				if one.rights.Load().UserID == c.UserID {
					one.recheck(c.ConversationID)
				}
			}
		}
	}
}

// post encodes an event, once or, where some see less, twice, and queues it for all.
func (s *shard) post(e *event) {
	var heads [meTopic + 1]string
	var plain, masked *body
	tenant := s.recipients[e.from].c.tenant
	for _, r := range s.recipients[e.from:e.to] {
		if heads[r.kind] == "" {
			heads[r.kind] = eventHead(r.kind, e.change.ConversationID)
		}
		chosen, data := &plain, e.live.Data
		if e.live.Masked != nil && !r.rights.pii {
			chosen, data = &masked, e.live.Masked
		}
		if *chosen == nil {
			s.hub.count.Encodes.Add(1)
			*chosen = eventBody(e.change.ID, e.change.Name, e.change.At, data)
		}
		it := item{opcode: opText, head: heads[r.kind], body: *chosen}
		if e.counted {
			it.unread = s.markers.unread(tenant, e.change.ConversationID, r.rights.UserID, e.live)
		}
		r.c.send(it)
	}
	s.hub.count.Events.Add(1)
	s.hub.count.Deliveries.Add(int64(e.to - e.from))
}

// tick tells the inboxes whose counts moved since the last one.
func (s *shard) tick(context.Context) {
	for tenant := range s.dirty {
		delete(s.dirty, tenant)
		list := s.topics.of(topic{tenant, inboxTopic, uuid.Nil})
		if len(list) == 0 {
			continue
		}
		it := item{opcode: opText, head: eventHead(inboxTopic, uuid.Nil), body: eventBody(db.NewID(), "counts.changed", time.Now(), []byte(`{}`))}
		for _, chunk := range list {
			for _, one := range chunk {
				if one.rights.Load().views {
					one.send(it)
				}
			}
		}
	}
}

const removed = "conversation.removed"

// present is a change as it is shown. Of what is gone only a conversation's end is
// told: whoever had it on screen takes it off.
func present(c db.Change, live domain.Live) (db.Change, domain.Live, bool) {
	if live.Data != nil {
		return c, live, true
	}
	if c.Entity != "conversation" {
		return c, live, false
	}
	c.Name = removed
	return c, domain.Live{Data: removedData(c.EntityID), Audience: domain.Audience{Everyone: true}}, true
}

func removedData(conversation uuid.UUID) []byte {
	return []byte(`{"id":"` + conversation.String() + `"}`)
}
