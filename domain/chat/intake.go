package chat

import (
	"cmp"
	"strings"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain/channels"
)

// intake is a batch on its way into the database.
type intake struct {
	now       time.Time
	senders   []*sender
	messages  []*incoming
	reactions []Inbound
	statuses  []Inbound
	received  Received

	conversations map[uuid.UUID]*touched
	targets       []target  // messages that statuses and reactions are about
	settled       []settled // what came of them
}

// sender is a customer of one channel in the batch; several events may be theirs.
type sender struct {
	channelID  uuid.UUID
	from       channels.Sender
	lastAt     time.Time
	scope      string // of the identity's keys
	family     string
	identityID uuid.UUID
	contactID  uuid.UUID
	missing    []channels.IdentityKey // keys of a known identity we had not seen
	// conversation is the open one; nil UUID until it is known or opened.
	conversation uuid.UUID
}

// incoming is a message of the batch.
type incoming struct {
	*channels.InboundMessage
	id     uuid.UUID
	at     time.Time // the platform's time
	sender *sender
	seq    int64
}

// touched is a conversation of the batch, under its lock.
type touched struct {
	id              uuid.UUID
	lastSeq         int64
	lastID          uuid.UUID
	inbound         int64
	firstAt, lastAt time.Time // the platform's times of the batch's messages in it
	windowFrom      time.Time // latest moment that opens the window; zero if none
	opening         uuid.UUID // the event, when this batch opened it
	contactID       uuid.UUID
	from            *sender
}

// target is a known message that a status or reaction of the batch is about.
type target struct {
	index          int // in statuses, or in reactions behind them
	messageID      uuid.UUID
	conversationID uuid.UUID
}

// newIntake sorts a batch out, keeping its order.
func newIntake(batch []Inbound, now time.Time) *intake {
	w := &intake{now: now, conversations: map[uuid.UUID]*touched{}}
	known := map[string]*sender{}
	for _, in := range batch {
		at := in.Event.At
		if at.IsZero() || at.After(now) {
			at = now // a platform's clock ahead of ours must not hold a window open longer
		}
		switch {
		case in.Event.Message != nil:
			s := w.sender(known, in.ChannelID, in.Event.Message.From, at)
			w.messages = append(w.messages, &incoming{InboundMessage: in.Event.Message, id: db.NewID(), at: at, sender: s})
		case in.Event.Reaction != nil:
			w.sender(known, in.ChannelID, in.Event.Reaction.From, at)
			w.reactions = append(w.reactions, in)
		case in.Event.Status != nil:
			w.statuses = append(w.statuses, in)
		}
	}
	return w
}

// sender finds or makes the batch's entry of a customer: one of their keys suffices.
func (w *intake) sender(known map[string]*sender, channel uuid.UUID, from channels.Sender, at time.Time) *sender {
	var s *sender
	for _, key := range from.Keys {
		if found, ok := known[senderKey(channel, key)]; ok {
			s = found
			break
		}
	}
	if s == nil {
		s = &sender{channelID: channel, from: channels.Sender{Name: from.Name, Username: from.Username}}
		w.senders = append(w.senders, s)
	}
	for _, key := range from.Keys {
		if _, ok := known[senderKey(channel, key)]; !ok {
			s.from.Keys = append(s.from.Keys, key)
		}
		known[senderKey(channel, key)] = s
	}
	s.from.Name = cmp.Or(from.Name, s.from.Name)
	s.from.Username = cmp.Or(from.Username, s.from.Username)
	if at.After(s.lastAt) {
		s.lastAt = at
	}
	return s
}

func senderKey(channel uuid.UUID, k channels.IdentityKey) string {
	return strings.Join([]string{channel.String(), k.Kind, k.Value}, "\x00")
}

// number gives the messages that are new their seq, behind the conversation's last
// one. An opened conversation's first seq is its opening.
func (w *intake) number() {
	for _, m := range w.messages {
		c := w.conversations[m.sender.conversation]
		if c.opening != uuid.Nil && c.lastSeq == 0 {
			c.lastSeq = 1
		}
		c.lastSeq++
		m.seq = c.lastSeq
		c.inbound++
		c.lastID = m.id
		if c.firstAt.IsZero() || m.at.Before(c.firstAt) {
			c.firstAt = m.at
		}
		if m.at.After(c.lastAt) {
			c.lastAt = m.at
		}
		if m.OpensWindow && m.at.After(c.windowFrom) {
			c.windowFrom = m.at
		}
	}
}

// outcome is what a batch's statuses say together about one message.
type outcome struct {
	messageID                             uuid.UUID
	providerID                            string
	status                                string // the furthest of them
	sent, delivered, read, played, failed *time.Time
	err                                   *channels.SendError
}

// outcomes gathers the statuses per message: their order in a webhook says nothing,
// and one statement may touch a row once.
func (w *intake) outcomes() []*outcome {
	byMessage := map[uuid.UUID]*outcome{}
	var list []*outcome
	for _, t := range w.targets {
		if t.index >= len(w.statuses) {
			continue
		}
		s := w.statuses[t.index].Event
		o := byMessage[t.messageID]
		if o == nil {
			o = &outcome{messageID: t.messageID}
			byMessage[t.messageID] = o
			list = append(list, o)
		}
		at := s.At
		if at.IsZero() {
			at = w.now
		}
		o.providerID = cmp.Or(o.providerID, s.Status.ProviderID)
		status := s.Status.Status
		switch status {
		case MessageSent:
			o.sent = &at
		case MessageDelivered:
			o.delivered = &at
		case "played":
			status, o.played = MessageRead, &at
			o.read = cmp.Or(o.read, &at)
		case MessageRead:
			o.read = &at
		case MessageFailed:
			o.failed, o.err = &at, s.Status.Error
		default:
			continue
		}
		if rank(status) > rank(o.status) {
			o.status = status
		}
	}
	return list
}

// rank orders what a platform reports; a lower one never replaces a higher one.
func rank(status string) int {
	switch status {
	case MessageSent:
		return 2
	case MessageDelivered:
		return 3
	case MessageRead:
		return 4
	case MessageFailed:
		return 5
	}
	return 0
}
