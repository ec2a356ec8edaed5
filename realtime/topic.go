package realtime

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"
)

type topicKind uint8

const (
	inboxTopic topicKind = iota + 1
	conversationTopic
	meTopic
)

// topic is what a connection subscribes to. The tenant is always the connection's
// own: a topic of another one cannot be named.
type topic struct {
	tenant uuid.UUID
	kind   topicKind
	id     uuid.UUID // the conversation, or the person of "me"
}

const conversationPrefix = "conversation:"

// parseTopic reads a topic's name as the person of scope means it.
func parseTopic(name string, tenant, user uuid.UUID) (topic, bool) {
	switch {
	case name == "inbox":
		return topic{tenant, inboxTopic, uuid.Nil}, true
	case name == "me":
		return topic{tenant, meTopic, user}, true
	}
	text, ok := strings.CutPrefix(name, conversationPrefix)
	if !ok {
		return topic{}, false
	}
	id, ok := parseID(text)
	return topic{tenant, conversationTopic, id}, ok
}

// parseID takes the one spelling ids have on the wire.
func parseID(text string) (uuid.UUID, bool) {
	id, err := uuid.Parse(text)
	return id, err == nil && id != uuid.Nil && id.String() == text
}

func (t topic) String() string {
	switch t.kind {
	case inboxTopic:
		return "inbox"
	case meTopic:
		return "me"
	}
	return conversationPrefix + t.id.String()
}

// reach says which topics carry an event.
type reach uint8

const (
	toInbox reach = 1 << iota
	toConversation
	toMe
)

// reachOf is the contract's table of events; a name it does not know goes nowhere.
func reachOf(name string) reach {
	switch name {
	case "conversation.created", "conversation.updated", "conversation.removed", "message.created", "message.updated",
		"message.status", "takeover.requested", "takeover.decided":
		return toInbox | toConversation
	case "counts.changed", "channel.status", "workspace.changed":
		return toInbox
	case "conversation.event", "note.created", "note.updated", "note.deleted", "typing", "viewing", "read.changed",
		"csat.answered", "handover.requested":
		return toConversation
	case "draft.updated":
		return toConversation | toMe
	case "notification.created", "notification.read", "job.updated", "assignment.offered", "assignment.expired",
		"permissions.changed", "session.revoked":
		return toMe
	}
	return 0
}

const chunkSize = 256

// subscribers of one topic, in chunks that are never written again: a change copies
// one chunk, a broadcast walks the list without a lock.
type subscribers struct {
	chunks atomic.Pointer[[][]*connection]
}

func (s *subscribers) load() [][]*connection {
	if p := s.chunks.Load(); p != nil {
		return *p
	}
	return nil
}

func (s *subscribers) add(c *connection) {
	old := s.load()
	for i, chunk := range old {
		if len(chunk) < chunkSize {
			s.replace(old, i, append(slices.Clip(chunk), c))
			return
		}
	}
	s.replace(old, len(old), []*connection{c})
}

func (s *subscribers) remove(c *connection) {
	old := s.load()
	for i, chunk := range old {
		if j := slices.Index(chunk, c); j >= 0 {
			rest := make([]*connection, 0, len(chunk)-1)
			s.replace(old, i, append(append(rest, chunk[:j]...), chunk[j+1:]...))
			return
		}
	}
}

// replace stores the list with another chunk at i; an empty one goes.
func (s *subscribers) replace(old [][]*connection, i int, chunk []*connection) {
	list := make([][]*connection, 0, len(old)+1)
	list = append(list, old[:i]...)
	if len(chunk) > 0 {
		list = append(list, chunk)
	}
	if i < len(old) {
		list = append(list, old[i+1:]...)
	}
	s.chunks.Store(&list)
}

// topics of one shard. Writers hold the lock for one copied chunk.
type topics struct {
	mu   sync.RWMutex
	list map[topic]*subscribers
}

func (t *topics) subscribe(name topic, c *connection) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.list[name]
	if s == nil {
		s = &subscribers{}
		t.list[name] = s
	}
	s.add(c)
}

func (t *topics) unsubscribe(name topic, c *connection) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.list[name]
	if s == nil {
		return
	}
	s.remove(c)
	if len(s.load()) == 0 {
		delete(t.list, name)
	}
}

// of returns the topic's subscribers as they are now; the caller reads only.
func (t *topics) of(name topic) [][]*connection {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if s := t.list[name]; s != nil {
		return s.load()
	}
	return nil
}
