package realtime

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"go.uber.org/zap"

	"baraza/domain"
	"baraza/tenancy"
)

const (
	// commandTimeout is less than Silence: a peer is not heard while it waits.
	commandTimeout = 30 * time.Second
	refLimit       = 64
)

// errFrame closes with 1008: the client has a bug.
var errFrame = errors.New("bad frame")

// command is any frame a client sends. Its own members are decoded strictly.
type command interface {
	run(context.Context, *connection)
}

type subscribe struct {
	Type   string   `json:"type"`
	Ref    *string  `json:"ref"`
	Topics []string `json:"topics"`
	Since  *string  `json:"since"`
}

type unsubscribe struct {
	Type   string   `json:"type"`
	Ref    *string  `json:"ref"`
	Topics []string `json:"topics"`
}

type ping struct {
	Type string  `json:"type"`
	Ref  *string `json:"ref"`
}

type typing struct {
	Type         string  `json:"type"`
	Ref          *string `json:"ref"`
	Conversation string  `json:"conversation_id"`
	State        string  `json:"state"`
	Mode         string  `json:"mode"`
}

type presence struct {
	Type         string                  `json:"type"`
	Ref          *string                 `json:"ref"`
	Availability *string                 `json:"availability"`
	Reason       *string                 `json:"reason"`
	Viewing      domain.Optional[string] `json:"viewing"`
}

// decode reads a client's frame. Unknown types, members and values are errFrame.
func decode(message []byte) (command, error) {
	var head struct {
		Type string `json:"type"`
	}
	if err := jsonv2.Unmarshal(message, &head); err != nil {
		return nil, errFrame
	}
	var c command
	switch head.Type {
	case "subscribe":
		c = &subscribe{}
	case "unsubscribe":
		c = &unsubscribe{}
	case "ping":
		c = &ping{}
	case "typing":
		c = &typing{}
	case "presence":
		c = &presence{}
	default:
		return nil, errFrame
	}
	if err := jsonv2.Unmarshal(message, c, jsonv2.RejectUnknownMembers(true)); err != nil || !valid(c) {
		return nil, errFrame
	}
	return c, nil
}

// valid checks what the types do not say.
func valid(c command) bool {
	var ref *string
	ok := true
	switch c := c.(type) {
	case *subscribe:
		ref, ok = c.Ref, len(c.Topics) > 0
	case *unsubscribe:
		ref, ok = c.Ref, len(c.Topics) > 0
	case *ping:
		ref = c.Ref
	case *typing:
		ref, ok = c.Ref, (c.State == "start" || c.State == "stop") && (c.Mode == "reply" || c.Mode == "note")
	case *presence:
		ref = c.Ref
		ok = c.Availability == nil || slices.Contains([]string{"available", "busy", "break", "training", "offline"}, *c.Availability)
	}
	return ok && (ref == nil || len(*ref) <= refLimit)
}

// handle does what one frame asks for, as the person and with the rights of now.
func (c *connection) handle(message []byte) {
	cmd, err := decode(message)
	if err != nil {
		c.close(closeBadFrame, "bad frame")
		return
	}
	ctx, cancel := context.WithTimeout(c.hub.base, commandTimeout)
	defer cancel()
	cmd.run(tenancy.With(ctx, c.rights.Load().Scope), c)
}

func (cmd *ping) run(ctx context.Context, c *connection) {
	b := &body{text: []byte(`{"type":"pong",`)}
	b.appendCursor()
	b.appendRef(cmd.Ref)
	if c.subscribed(topic{c.tenant, inboxTopic, uuid.Nil}) {
		counts, err := c.counts(ctx)
		if err != nil {
			c.fail(cmd.Ref, "inbox", err)
		} else {
			b.text = append(append(b.text, `,"counts":`...), counts...)
		}
	}
	b.text = append(b.text, '}')
	c.send(item{opcode: opText, body: b})
}

// counts reads the inbox's counts, once in a while: pings cost the client nothing.
func (c *connection) counts(ctx context.Context) (json.RawMessage, error) {
	if c.counted != nil && time.Since(c.countedAt) < c.hub.config.CountsEvery {
		return c.counted, nil
	}
	counts, err := c.hub.counts(ctx)
	if err != nil {
		return nil, err
	}
	c.counted, c.countedAt = counts, time.Now()
	return counts, nil
}

// fail tells the client that something it asked for was not done; all else goes on.
func (c *connection) fail(ref *string, topic string, err error) {
	e := domain.As(err)
	var id [8]byte
	rand.Read(id[:]) // never fails: it ends the process instead
	request := hex.EncodeToString(id[:])
	if e.Kind == domain.Internal {
		c.hub.config.Log.Error("socket request failed", zap.String("request_id", request), zap.Stringer("tenant_id", c.tenant),
			zap.Stringer("user_id", c.rights.Load().UserID), zap.Error(err))
	}
	b := &body{text: []byte(`{"type":"error"`)}
	b.appendRef(ref)
	b.text = member(b.text, "code", e.Code)
	if topic != "" {
		b.text = member(b.text, "topic", topic)
	}
	b.text = append(member(b.text, "request_id", request), '}')
	c.send(item{opcode: opText, body: b})
}

func (b *body) appendRef(ref *string) {
	if ref != nil {
		b.text = member(b.text, "ref", *ref)
	}
}

// appendTopics writes `,"topics":[…]`.
func (b *body) appendTopics(names []string) {
	b.text = append(b.text, `,"topics":[`...)
	for i, name := range names {
		if i > 0 {
			b.text = append(b.text, ',')
		}
		b.text = appendString(b.text, name)
	}
	b.text = append(b.text, ']')
}
