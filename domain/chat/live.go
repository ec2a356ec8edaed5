package chat

import (
	"context"
	"encoding/json"
	"fmt"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"baraza/db"
	"baraza/domain"
)

// Names of changes, as clients know them.
const (
	conversationCreated = "conversation.created"
	conversationUpdated = "conversation.updated"
	conversationEvent   = "conversation.event"
	messageCreated      = "message.created"
	messageUpdated      = "message.updated"
	messageStatus       = "message.status"
	readChanged         = "read.changed"
	workspaceChanged    = "workspace.changed"
)

// Entities a change may be about.
const (
	entityConversation = "conversation"
	entityMessage      = "message"
	entityEvent        = "event"
	entityReadMarker   = "read_marker"
	entityWorkspace    = "workspace"
)

// WorkspaceChanged tells every inbox of the workspace to read anew what it is called
// and how it looks.
func WorkspaceChanged(tenant uuid.UUID) db.Change {
	return db.Change{Name: workspaceChanged, Entity: entityWorkspace, EntityID: tenant, Live: workspaceLive()}
}

func workspaceLive() domain.Live {
	return domain.Live{Data: json.RawMessage(`{}`), Audience: domain.Audience{Everyone: true}}
}

// conversationBrief travels with a new message, so that a list can move its row.
type conversationBrief struct {
	ID              uuid.UUID    `json:"id"`
	LastSeq         int64        `json:"last_seq"`
	Status          string       `json:"status"`
	Unread          int64        `json:"unread"`
	WindowExpiresAt *domain.Time `json:"window_expires_at"`
	WaitingSince    *domain.Time `json:"waiting_since"`
	Version         int64        `json:"version"`
	UpdatedAt       domain.Time  `json:"updated_at"`
}

// statusFrame is the data of message.status.
type statusFrame struct {
	ConversationID uuid.UUID     `json:"conversation_id"`
	ID             uuid.UUID     `json:"id"`
	Seq            int64         `json:"seq"`
	Status         string        `json:"status"`
	StatusAt       StatusAt      `json:"status_at"`
	Error          *MessageError `json:"error"`
	ProviderID     *string       `json:"provider_id"`
	Version        int64         `json:"version"`
	At             domain.Time   `json:"at"`
}

// ReadFrame is the data of read.changed, which only its user gets.
type ReadFrame struct {
	ConversationID uuid.UUID `json:"conversation_id"`
	UserID         uuid.UUID `json:"user_id"`
	Seq            int64     `json:"seq"`
	InboundCount   int64     `json:"inbound_count"`
	Unread         int64     `json:"unread"`
}

// shownRows are the rows that frames are made of.
type shownRows struct {
	conversations map[uuid.UUID]conversationRow
	messages      map[uuid.UUID]messageRow
	events        map[uuid.UUID]eventRow
	markers       map[markerKey]markerRow
}

// show reads what changes are about in one round trip, one statement per kind of
// entity; known events are not read again.
func show(ctx context.Context, conn batcher, changes []db.Change, known ...eventRow) (shownRows, error) {
	s := shownRows{map[uuid.UUID]conversationRow{}, map[uuid.UUID]messageRow{}, map[uuid.UUID]eventRow{}, map[markerKey]markerRow{}}
	for _, e := range known {
		s.events[e.ID] = e
	}
	conversations, messages, events := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	markers := map[markerKey]bool{}
	for _, c := range changes {
		if c.Entity == entityReadMarker {
			markers[markerKey{c.UserID, c.ConversationID}] = true
			continue
		}
		if c.ConversationID != uuid.Nil {
			conversations[c.ConversationID] = true
		}
		switch c.Entity {
		case entityMessage:
			messages[c.EntityID] = true
		case entityEvent:
			if _, ok := s.events[c.EntityID]; !ok {
				events[c.EntityID] = true
			}
		}
	}
	batch := &pgx.Batch{}
	if len(conversations) > 0 {
		conversationsByID(batch, keys(conversations), func(r conversationRow) { s.conversations[r.ID] = r })
	}
	if len(messages) > 0 {
		messagesByID(batch, keys(messages), func(r messageRow) { s.messages[r.ID] = r })
	}
	if len(events) > 0 {
		eventsByID(batch, keys(events), func(r eventRow) { s.events[r.ID] = r })
	}
	if len(markers) > 0 {
		markersByKey(batch, markers, func(k markerKey, r markerRow) { s.markers[k] = r })
	}
	if batch.Len() == 0 {
		return s, nil
	}
	return s, conn.SendBatch(ctx, batch).Close()
}

// batcher is a pgx connection or transaction.
type batcher interface {
	SendBatch(context.Context, *pgx.Batch) pgx.BatchResults
}

// collect hands the rows of a batch's query to each, one by one.
func collect[T any](each func(T)) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		list, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
		for _, row := range list {
			each(row)
		}
		return err
	}
}

func keys(set map[uuid.UUID]bool) []uuid.UUID {
	list := make([]uuid.UUID, 0, len(set))
	for id := range set {
		list = append(list, id)
	}
	return list
}

// live makes a change's frame from the rows; ok is false when what it tells of is
// gone.
func (s shownRows) live(c db.Change) (live domain.Live, ok bool, err error) {
	if c.Entity == entityReadMarker {
		m, ok := s.markers[markerKey{c.UserID, c.ConversationID}]
		if !ok {
			return domain.Live{}, false, nil
		}
		live, err = m.live(c.UserID)
		return live, err == nil, err
	}
	if c.Entity == entityWorkspace {
		return workspaceLive(), true, nil
	}
	conversation, ok := s.conversations[c.ConversationID]
	if !ok {
		return domain.Live{}, false, nil
	}
	live = domain.Live{Audience: conversation.audience(), InboundCount: conversation.InboundCount, AnsweredCount: conversation.AnsweredCount}
	if live.Data, ok, err = s.data(c, conversation, true); err != nil || !ok {
		return live, ok, err
	}
	masked, _, err := s.data(c, conversation, false)
	if string(masked) != string(live.Data) {
		live.Masked = masked
	}
	return live, true, err
}

func (s shownRows) data(c db.Change, conversation conversationRow, pii bool) (json.RawMessage, bool, error) {
	var data any
	switch c.Name {
	case conversationCreated, conversationUpdated:
		v := conversation.view(pii)
		v.Unread = -1
		data = v
	case messageCreated, messageUpdated:
		m, ok := s.messages[c.EntityID]
		if !ok {
			return nil, false, nil
		}
		data = struct {
			Message      Message           `json:"message"`
			Conversation conversationBrief `json:"conversation"`
		}{m.view(pii), conversation.brief()}
	case messageStatus:
		m, ok := s.messages[c.EntityID]
		if !ok {
			return nil, false, nil
		}
		v := m.view(pii)
		data = statusFrame{v.ConversationID, v.ID, v.Seq, v.Status, v.StatusAt, v.Error, v.ProviderID, v.Version, domain.At(c.At)}
	case conversationEvent:
		e, ok := s.events[c.EntityID]
		if !ok {
			return nil, false, nil
		}
		data = struct {
			Event Message `json:"event"`
		}{e.view()}
	default:
		return nil, false, nil
	}
	b, err := jsonv2.Marshal(data)
	if err != nil {
		return nil, false, fmt.Errorf("encode frame %s: %w", c.Name, err)
	}
	return b, true, nil
}

func (r conversationRow) brief() conversationBrief {
	return conversationBrief{r.ID, r.LastSeq, r.Status, -1, at(r.WindowExpiresAt), at(r.WaitingSince), r.Version, domain.At(r.UpdatedAt)}
}

// withLive fills in the frames of changes from inside their transaction, so that
// they need not be read again to be announced. It returns the rows it read.
func withLive(ctx context.Context, tx *db.Tx, changes []db.Change, known ...eventRow) (rows shownRows, err error) {
	err = db.Bulk(ctx, tx, func(tx pgx.Tx) error {
		if rows, err = show(ctx, tx, changes, known...); err != nil {
			return err
		}
		for i := range changes {
			live, ok, err := rows.live(changes[i])
			if err != nil {
				return err
			}
			if ok {
				changes[i].Live = live
			}
		}
		return nil
	})
	return rows, err
}

// changes lists what the batch did, in the order clients should hear it.
func (w *intake) changes(ctx context.Context, tx *db.Tx) ([]db.Change, error) {
	var list []db.Change
	var openings []eventRow
	for _, m := range w.messages {
		c := w.conversations[m.sender.conversation]
		if c.opening != uuid.Nil && m.seq == 2 {
			openings = append(openings, eventRow{ID: c.opening, ConversationID: c.id, Seq: 1, Kind: "opened", ActorKind: "contact",
				ActorID: &c.contactID, Data: "{}", At: c.firstAt})
			list = append(list,
				db.Change{Name: conversationCreated, Entity: entityConversation, EntityID: c.id, ConversationID: c.id},
				db.Change{Name: conversationEvent, Entity: entityEvent, EntityID: c.opening, ConversationID: c.id})
		}
		list = append(list, db.Change{Name: messageCreated, Entity: entityMessage, EntityID: m.id, ConversationID: c.id})
	}
	for _, s := range w.settled {
		name := messageStatus
		if s.Reaction {
			name = messageUpdated
		}
		list = append(list, db.Change{Name: name, Entity: entityMessage, EntityID: s.ID, ConversationID: s.ConversationID})
	}
	_, err := withLive(ctx, tx, list, openings...)
	return list, err
}

// Frames reads frames again for changes whose announcement was lost or is replayed.
type Frames struct{ DB *db.Tenant }

// Load returns a frame for each change; a zero Live where what it told of is gone.
func (f *Frames) Load(ctx context.Context, changes []db.Change) ([]domain.Live, error) {
	list := make([]domain.Live, len(changes))
	err := f.DB.Direct(ctx, func(conn *pgx.Conn) error {
		rows, err := show(ctx, conn, changes)
		if err != nil {
			return err
		}
		for i, c := range changes {
			if list[i], _, err = rows.live(c); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}
