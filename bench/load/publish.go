package load

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go"

	"baraza/bench/measure"
	"baraza/domain"
)

// Publish has events announced as another instance of the server would, on the
// subjects of the tenants in turn, so that nothing but the fan-out is measured.
type Publish struct {
	NATS    string      `json:"nats"`
	Tenants []uuid.UUID `json:"tenants"`
	// Each event reaches so many sockets.
	Each int `json:"each"`
	// Bytes of an event's data.
	Bytes int           `json:"bytes"`
	Span  time.Duration `json:"span"`
	// Window of events that may be under way at once; 0 keeps to Rate instead.
	Window int     `json:"window"`
	Rate   float64 `json:"rate"`
}

// announcement is what instances tell each other, after the sixteen bytes of who says so.
type announcement struct {
	Changes []announced `json:"changes"`
}

type announced struct {
	ID             uuid.UUID   `json:"id"`
	Name           string      `json:"name"`
	Entity         string      `json:"entity"`
	EntityID       uuid.UUID   `json:"entity_id"`
	ConversationID uuid.UUID   `json:"conversation_id"`
	UserID         uuid.UUID   `json:"user_id"`
	At             time.Time   `json:"at"`
	Live           domain.Live `json:"live"`
}

// event is an announcement whose id and time are written in place: making one costs
// the publisher next to nothing.
type event struct {
	text      []byte
	id, stamp int
}

const stampWidth = 19

func newEvent(size int) (event, error) {
	const empty = `{"id":"",` + stampMember + `}`
	id := uuid.New()
	data := `{"id":"` + strings.Repeat("x", max(size-len(empty)-stampWidth, 1)) + `",` + stampMember + strings.Repeat("1", stampWidth) + `}`
	text, err := json.Marshal(announcement{[]announced{{
		ID: id, Name: "message.status", Entity: "message", EntityID: uuid.New(), At: time.Now(),
		Live: domain.Live{Data: []byte(data), Audience: domain.Audience{Everyone: true}},
	}}})
	if err != nil {
		return event{}, fmt.Errorf("encode an event: %w", err)
	}
	origin := uuid.New()
	e := event{text: append(origin[:], text...)}
	e.id = strings.Index(string(e.text), id.String())
	e.stamp = strings.Index(string(e.text), stampMember) + len(stampMember)
	return e, nil
}

// at is the event for a moment, under a new id. It is good until the next call.
func (e event) at(due time.Time) []byte {
	copy(e.text[e.id:], uuid.Must(uuid.NewV7()).String())
	copy(e.text[e.stamp:], fmt.Appendf(nil, "%0*d", stampWidth, due.UnixNano()))
	return e.text
}

// Published says what came of it.
type Published struct {
	Counted
	Events int               `json:"events"`
	Lag    measure.Quantiles `json:"lag"`
}

// Publish publishes for the span and waits until every socket has all.
func (c *Crowd) Publish(ctx context.Context, p Publish) (out Published, err error) {
	conn, err := nats.Connect(p.NATS, nats.Name("bench"))
	if err != nil {
		return out, fmt.Errorf("connect to NATS: %w", err)
	}
	defer conn.Close()
	e, err := newEvent(p.Bytes)
	if err != nil {
		return out, err
	}
	send := func(i int, due time.Time) error {
		return conn.Publish("live."+p.Tenants[i%len(p.Tenants)].String(), e.at(due))
	}
	first := c.frames.Load()
	each := int64(p.Each)
	out.Counted, err = c.during(func() error {
		if p.Window == 0 {
			var failed error
			lag := measure.Even(p.Rate, p.Span).Pace(ctx, func(_ int, due time.Time) {
				if err := send(out.Events, due); err != nil {
					failed = err
				}
				out.Events++
			})
			out.Lag = lag.Quantiles()
			return failed
		}
		for end := time.Now().Add(p.Span); time.Now().Before(end) && ctx.Err() == nil; out.Events++ {
			if ahead := out.Events - p.Window + 1; ahead > 0 {
				if err := c.await(ctx, first+int64(ahead)*each); err != nil {
					return err
				}
			}
			if err := send(out.Events, time.Now()); err != nil {
				return err
			}
		}
		return c.await(ctx, first+int64(out.Events)*each)
	})
	return out, err
}
