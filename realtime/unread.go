package realtime

import (
	"context"

	"github.com/google/uuid"

	"baraza/domain"
)

// markersLimit is how many conversations of a tenant are remembered; then none are.
const markersLimit = 10_000

// noMarker stands for a person who never opened the conversation.
const noMarker = -1

// markers remembers how far people have read, by tenant, conversation and person,
// until read.changed says that one of them is somewhere else.
type markers map[uuid.UUID]map[uuid.UUID]map[uuid.UUID]int64

func (m markers) forget(tenant, conversation, user uuid.UUID) {
	delete(m[tenant][conversation], user)
}

func (m markers) unread(tenant, conversation, user uuid.UUID, live domain.Live) int64 {
	marker, ok := m[tenant][conversation][user]
	if !ok || marker == noMarker {
		marker = live.AnsweredCount
	}
	return max(live.InboundCount-marker, 0)
}

// room returns the conversation's people.
func (m markers) room(tenant, conversation uuid.UUID) map[uuid.UUID]int64 {
	conversations := m[tenant]
	if conversations == nil {
		conversations = map[uuid.UUID]map[uuid.UUID]int64{}
		m[tenant] = conversations
	}
	people := conversations[conversation]
	if people == nil {
		people = map[uuid.UUID]int64{}
		conversations[conversation] = people
	}
	return people
}

// readMarkers fetches, in one read for all the events, the markers that are missing.
func (s *shard) readMarkers(ctx context.Context, tenant uuid.UUID) error {
	if len(s.markers[tenant]) >= markersLimit {
		delete(s.markers, tenant)
	}
	conversations, users := map[uuid.UUID]struct{}{}, map[uuid.UUID]struct{}{}
	for i := range s.events {
		e := &s.events[i]
		if !e.counted {
			continue
		}
		people := s.markers.room(tenant, e.change.ConversationID)
		for _, r := range s.recipients[e.from:e.to] {
			if _, ok := people[r.rights.UserID]; !ok {
				people[r.rights.UserID] = noMarker
				conversations[e.change.ConversationID] = struct{}{}
				users[r.rights.UserID] = struct{}{}
			}
		}
	}
	if len(conversations) == 0 {
		return nil
	}
	list, err := s.hub.readMarkers(ctx, conversations, users)
	if err != nil {
		for conversation := range conversations {
			delete(s.markers[tenant], conversation)
		}
		return err
	}
	for _, m := range list {
		s.markers.room(tenant, m.ConversationID)[m.UserID] = m.Count
	}
	return nil
}

// readMarkers asks for the markers of these people in these conversations.
func (h *Hub) readMarkers(ctx context.Context, conversations, users map[uuid.UUID]struct{}) ([]domain.Marker, error) {
	done, err := h.query(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	return h.config.Markers(ctx, keys(conversations), keys(users))
}

func keys(set map[uuid.UUID]struct{}) []uuid.UUID {
	list := make([]uuid.UUID, 0, len(set))
	for id := range set {
		list = append(list, id)
	}
	return list
}
