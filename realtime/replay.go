package realtime

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

const (
	// retention is how long changes are kept.
	retention = 48 * time.Hour
	// replayChunk is how many frames are made at once.
	replayChunk = 500
)

// replay tells a reader what changed since their cursor, on the topics just subscribed.
type replay struct {
	c       *connection
	topics  []topic
	sent    int
	reset   bool     // cannot be told: the reader starts afresh
	reached *horizon // the reader's place after it
}

// run replays, or finds that it cannot. Either way the reader is told where they are.
func (r *replay) run(ctx context.Context, cursor string) {
	h := r.c.hub
	r.reached = r.c.home.horizon.Load()
	since, version, err := parseCursor(cursor)
	rights := r.c.rights.Load()
	if err != nil || since.generation != r.reached.generation || version != uint32(rights.Version) || time.Since(since.at) > retention {
		r.fail()
		return
	}
	if err := r.replay(ctx, &since); err != nil {
		if r.c.accepting() {
			h.config.Log.Warn("replay failed", zap.Stringer("tenant_id", r.c.tenant), zap.Error(err))
		}
		r.fail()
	}
}

func (r *replay) fail() {
	r.reset = true
	r.c.hub.count.Resets.Add(1)
}

func (r *replay) replay(ctx context.Context, since *horizon) error {
	h := r.c.hub
	at := time.Now()
	done, err := h.query(ctx)
	if err != nil {
		return err
	}
	seen, changes, err := listReplay(ctx, h.config.Tenant, since.xid)
	done()
	if err != nil {
		return err
	}
	if since.xid > seen.Xmax || len(changes) > replayLimit {
		r.fail()
		return nil
	}
	for chunk := range slices.Chunk(r.wanted(changes), replayChunk) {
		if err := r.tell(ctx, since, chunk); err != nil {
			return err
		}
	}
	if r.c.replayLost() {
		r.fail()
		return nil
	}
	h.count.Replayed.Add(int64(r.sent))
	r.reached = &horizon{generation: since.generation, xid: seen.Xmin, at: at}
	return nil
}

// wanted keeps what belongs to the topics. Frames show things as they are now, so of
// several changes of one thing the last says it all.
func (r *replay) wanted(changes []db.Change) []db.Change {
	type same struct {
		name   string
		entity uuid.UUID
	}
	said := map[same]bool{}
	var list []db.Change
	for _, c := range slices.Backward(changes) {
		if _, ok := r.topicOf(c); ok && !said[same{c.Name, c.EntityID}] {
			said[same{c.Name, c.EntityID}] = true
			list = append(list, c)
		}
	}
	slices.Reverse(list)
	return list
}

// topicOf is the narrowest of the topics that carries the change.
func (r *replay) topicOf(c db.Change) (topic, bool) {
	user := r.c.rights.Load().UserID
	if c.UserID != uuid.Nil && c.UserID != user {
		return topic{}, false
	}
	to := reachOf(c.Name)
	for _, t := range []topic{
		{r.c.tenant, conversationTopic, c.ConversationID}, {r.c.tenant, inboxTopic, uuid.Nil}, {r.c.tenant, meTopic, user},
	} {
		carries := to&toConversation != 0 && t.kind == conversationTopic ||
			to&toInbox != 0 && t.kind == inboxTopic ||
			to&toMe != 0 && t.kind == meTopic && c.UserID != uuid.Nil
		if carries && slices.Contains(r.topics, t) {
			return t, true
		}
	}
	return topic{}, false
}

// tell makes the frames of a chunk and queues them as the connection takes them.
func (r *replay) tell(ctx context.Context, since *horizon, chunk []db.Change) error {
	h, rights := r.c.hub, r.c.rights.Load()
	system := tenancy.With(ctx, tenancy.System(r.c.tenant))
	lives, err := h.lives(system, chunk)
	if err != nil {
		return err
	}
	read, err := r.markers(system, chunk)
	if err != nil {
		return err
	}
	for i, c := range chunk {
		c, live, ok, err := r.shown(ctx, c, lives[i])
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		t, ok := r.topicOf(c)
		if !ok {
			continue
		}
		data := live.Data
		if live.Masked != nil && !rights.pii {
			data = live.Masked
		}
		it := item{
			opcode: opText, head: eventHead(t.kind, c.ConversationID), body: eventBody(c.ID, c.Name, c.At, data),
			at: since, version: uint32(rights.Version), unread: read.unread(r.c.tenant, c.ConversationID, rights.UserID, live),
		}
		if err := r.c.sendReplayed(ctx, it); err != nil {
			return err
		}
		r.sent++
	}
	return nil
}

// shown is a change as this reader gets it: as it is, as the end of what they may not
// see any more, or not at all.
func (r *replay) shown(ctx context.Context, c db.Change, live domain.Live) (db.Change, domain.Live, bool, error) {
	rights := r.c.rights.Load()
	if c.Name == removed && c.UserID != uuid.Nil {
		err := r.c.hub.visible(ctx, c.ConversationID)
		if errors.Is(err, domain.ErrNotFound) {
			return c, domain.Live{Data: removedData(c.ConversationID)}, true, nil
		}
		return c, live, false, err // theirs again, or not known
	}
	c, live, ok := present(c, live)
	if !ok || c.UserID != uuid.Nil || rights.Sees(live.Audience) {
		return c, live, ok, nil
	}
	if c.ConversationID == uuid.Nil || live.Before == nil || !rights.Sees(*live.Before) {
		return c, live, false, nil
	}
	c.Name = removed
	return c, domain.Live{Data: removedData(c.ConversationID)}, true, nil
}

// markers reads the reader's own, for the chunk's conversations.
func (r *replay) markers(ctx context.Context, chunk []db.Change) (markers, error) {
	user := r.c.rights.Load().UserID
	conversations := map[uuid.UUID]struct{}{}
	for _, c := range chunk {
		if c.ConversationID != uuid.Nil {
			conversations[c.ConversationID] = struct{}{}
		}
	}
	read := markers{}
	if len(conversations) == 0 {
		return read, nil
	}
	list, err := r.c.hub.readMarkers(ctx, conversations, map[uuid.UUID]struct{}{user: {}})
	for _, m := range list {
		read.room(r.c.tenant, m.ConversationID)[m.UserID] = m.Count
	}
	return read, err
}
