package realtime

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

const topicLimit = 500

var errTopics = &domain.Error{Kind: domain.TooMany, Code: "rate_limited", Detail: "Too many topics on one connection."}

// run subscribes first and replays then: what happens meanwhile is held back and
// follows, so nothing falls between the two.
func (cmd *subscribe) run(ctx context.Context, c *connection) {
	before := c.rights.Load()
	var topics []topic
	for _, name := range cmd.Topics {
		t, err := c.admits(ctx, name)
		if err != nil {
			c.fail(cmd.Ref, name, err)
			continue
		}
		topics = append(topics, t)
	}
	if cmd.Since != nil {
		c.beginReplay()
	}
	var names []string
	added := topics[:0]
	for _, t := range topics {
		if !c.subscribe(t) {
			c.fail(cmd.Ref, t.String(), errTopics)
			continue
		}
		added, names = append(added, t), append(names, t.String())
	}
	if c.rights.Load() != before {
		c.keepToRights() // they changed between the look and the subscription
	}
	reply := &body{text: []byte(`{"type":"subscribed"`)}
	reply.appendRef(cmd.Ref)
	reply.appendTopics(names)
	reply.text = append(reply.text, ',')
	reply.appendCursor()
	if cmd.Since == nil {
		reply.text = append(reply.text, `,"resumed":false,"reset":false,"replayed":0}`...)
		c.send(item{opcode: opText, body: reply})
		return
	}
	r := replay{c: c, topics: added}
	r.run(ctx, *cmd.Since)
	reply.text = append(reply.text, `,"resumed":`...)
	reply.text = strconv.AppendBool(reply.text, !r.reset)
	reply.text = append(reply.text, `,"reset":`...)
	reply.text = strconv.AppendBool(reply.text, r.reset)
	reply.text = append(reply.text, `,"replayed":`...)
	reply.text = append(strconv.AppendInt(reply.text, int64(r.sent), 10), '}')
	c.endReplay(item{opcode: opText, body: reply}, r.reached)
}

func (cmd *unsubscribe) run(_ context.Context, c *connection) {
	for _, name := range cmd.Topics {
		if t, ok := parseTopic(name, c.tenant, c.rights.Load().UserID); ok {
			c.unsubscribe(t)
		}
	}
}

// admits says whether the person may have the topic. What is not theirs looks like
// what never existed.
func (c *connection) admits(ctx context.Context, name string) (topic, error) {
	r := c.rights.Load()
	t, ok := parseTopic(name, c.tenant, r.UserID)
	if !ok {
		return topic{}, domain.ErrNotFound
	}
	switch {
	case t.kind == meTopic && r.UserID == uuid.Nil, t.kind != meTopic && !r.views:
		return topic{}, domain.ErrDenied
	case t.kind == conversationTopic:
		return t, c.hub.visible(ctx, t.id)
	}
	return t, nil
}

// subscribe adds a topic; false when there are too many. Again changes nothing.
func (c *connection) subscribe(t topic) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if slices.Contains(c.topics, t) {
		return true
	}
	if len(c.topics) >= topicLimit {
		return false
	}
	c.topics = append(c.topics, t)
	c.shard.topics.subscribe(t, c)
	return true
}

func (c *connection) unsubscribe(t topic) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.Index(c.topics, t)
	if i < 0 {
		return false
	}
	c.topics = slices.Delete(c.topics, i, i+1)
	c.shard.topics.unsubscribe(t, c)
	return true
}

func (c *connection) subscribed(t topic) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Contains(c.topics, t)
}

// leave takes the connection out of everything; its goroutine ends with it.
func (c *connection) leave() {
	c.view(uuid.Nil)
	c.mu.Lock()
	topics := c.topics
	c.topics = nil
	for _, t := range topics {
		c.shard.topics.unsubscribe(t, c)
	}
	c.mu.Unlock()
	c.ended()
	c.hub.leave(c)
}

// recheck asks whether the person still sees the conversation and, when not, takes it
// off their screen. The database decides, not the order in which frames arrive.
func (c *connection) recheck(conversation uuid.UUID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != open {
		return
	}
	if again, busy := c.checking[conversation]; busy {
		*again = true // what is being read may be older than this change
		return
	}
	if c.checking == nil {
		c.checking = map[uuid.UUID]*bool{}
	}
	again := new(bool)
	c.checking[conversation] = again
	c.hub.tasks.Go(func() {
		told := false
		for more := true; more; {
			if !c.stillSees(conversation) && !told {
				c.takeAway(conversation)
				told = true
			}
			c.mu.Lock()
			more = *again
			*again = false
			if !more {
				delete(c.checking, conversation)
			}
			c.mu.Unlock()
		}
	})
}

// stillSees closes the connection when it cannot say: connecting again asks again.
func (c *connection) stillSees(conversation uuid.UUID) bool {
	ctx, cancel := context.WithTimeout(tenancy.With(c.hub.base, c.rights.Load().Scope), commandTimeout)
	defer cancel()
	err := c.hub.visible(ctx, conversation)
	if errors.Is(err, domain.ErrNotFound) {
		return false
	}
	if err != nil && c.hub.base.Err() == nil {
		c.hub.config.Log.Warn("visibility cannot be read", zap.Stringer("tenant_id", c.tenant), zap.Error(err))
		c.close(closeGoing, "rights cannot be read")
	}
	return true
}

// takeAway ends the conversation's topic and says so.
func (c *connection) takeAway(conversation uuid.UUID) {
	kind := inboxTopic
	if c.unsubscribe(topic{c.tenant, conversationTopic, conversation}) {
		kind = conversationTopic
	} else if !c.subscribed(topic{c.tenant, inboxTopic, uuid.Nil}) {
		return
	}
	c.send(item{opcode: opText, head: eventHead(kind, conversation), body: eventBody(db.NewID(), removed, time.Now(), removedData(conversation))})
}
