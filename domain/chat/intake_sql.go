package chat

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/channels"
)

// identify finds the customers of the batch by any of their keys and makes those
// nobody knows yet, in two statements. Who loses a race for a new one gets
// domain.ErrExists.
func (w *intake) identify(ctx context.Context, tx *db.Tx) error {
	var index []int32
	var channel []uuid.UUID
	var kind, value []string
	for i, s := range w.senders {
		for _, key := range s.from.Keys {
			index, channel, kind, value = append(index, int32(i)), append(channel, s.channelID), append(kind, key.Kind), append(value, key.Value)
		}
	}
	type hit struct {
		N          int32
		Kind       string
		Value      string
		Family     string
		Scope      string
		IdentityID *uuid.UUID
		ContactID  *uuid.UUID
	}
	var hits []hit
	err := db.Bulk(ctx, tx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			select s.n, s.kind, s.value, ch.kind family, ch.identity_scope scope, k.identity_id, i.contact_id
			from unnest($1::int[], $2::uuid[], $3::text[], $4::text[]) with ordinality s(n, channel_id, kind, value, position)
			join channels ch on ch.id = s.channel_id
			left join identity_keys k on k.kind = s.kind and k.scope = ch.identity_scope and k.value = s.value
			left join contact_identities i on i.id = k.identity_id
			order by s.position`, index, channel, kind, value)
		if err != nil {
			return err
		}
		hits, err = pgx.CollectRows(rows, pgx.RowToStructByName[hit])
		return err
	})
	if err != nil {
		return err
	}
	for _, h := range hits {
		s := w.senders[h.N]
		s.family, s.scope = h.Family, h.Scope
		switch {
		case h.IdentityID == nil:
			s.missing = append(s.missing, channels.IdentityKey{Kind: h.Kind, Value: h.Value})
		case s.identityID == uuid.Nil:
			s.identityID, s.contactID = *h.IdentityID, *h.ContactID
		}
	}
	return w.introduce(ctx, tx)
}

// introduce makes unknown customers, and adds to known ones the keys we had not seen.
func (w *intake) introduce(ctx context.Context, tx *db.Tx) error {
	var contact, identity, owner []uuid.UUID
	var name, family, scope, username, keyKind, keyScope, keyValue []string
	var seen []time.Time
	for _, s := range w.senders {
		if s.scope == "" {
			return fmt.Errorf("channel %s: %w", s.channelID, domain.ErrNotFound)
		}
		if s.identityID == uuid.Nil {
			s.identityID, s.contactID = db.NewID(), db.NewID()
			contact, identity = append(contact, s.contactID), append(identity, s.identityID)
			name, family, scope = append(name, s.from.Name), append(family, s.family), append(scope, s.scope)
			username, seen = append(username, s.from.Username), append(seen, s.lastAt)
		}
		for _, key := range s.missing {
			owner = append(owner, s.identityID)
			keyKind, keyScope, keyValue = append(keyKind, key.Kind), append(keyScope, s.scope), append(keyValue, key.Value)
		}
	}
	if len(keyKind) == 0 {
		return nil
	}
	return db.Bulk(ctx, tx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			with person as (
				insert into contacts (id, name, first_seen_at, last_seen_at)
				select id, name, seen, seen from unnest($1::uuid[], $2::text[], $3::timestamptz[]) p(id, name, seen)
			), identity as (
				insert into contact_identities (id, contact_id, family, scope, username, last_inbound_at)
				select id, contact_id, family, scope, nullif(username, ''), seen
				from unnest($4::uuid[], $1::uuid[], $5::text[], $6::text[], $7::text[], $3::timestamptz[]) i(id, contact_id, family, scope, username, seen)
			)
			insert into identity_keys (identity_id, kind, scope, value)
			select identity_id, kind, scope, value from unnest($8::uuid[], $9::text[], $10::text[], $11::text[]) k(identity_id, kind, scope, value)`,
			contact, name, seen, identity, family, scope, username, owner, keyKind, keyScope, keyValue)
		return err
	})
}

// Rows that are looked up by key are looked up one by one, in a lateral with a limit: a
// plan that was made while a table was almost empty, or by old statistics, would else
// join by reading all rows of the tenant, and a connection keeps its plans.

// lock takes the open conversations of the batch's customers and those of the
// messages its statuses and reactions are about, in the order of their ids as every
// writer does, and learns which messages those are.
func (w *intake) lock(ctx context.Context, tx *db.Tx) error {
	var senderChannel, senderIdentity, targetChannel, targetID []uuid.UUID
	var index, attempt []int32
	var provider []string
	for _, s := range w.senders {
		senderChannel, senderIdentity = append(senderChannel, s.channelID), append(senderIdentity, s.identityID)
	}
	aim := func(i int, channel uuid.UUID, providerID, clientKey string) {
		id, n := parseClientKey(clientKey)
		index, targetChannel, provider = append(index, int32(i)), append(targetChannel, channel), append(provider, providerID)
		targetID, attempt = append(targetID, id), append(attempt, int32(n))
	}
	for i, s := range w.statuses {
		aim(i, s.ChannelID, s.Event.Status.ProviderID, s.Event.Status.ClientKey)
	}
	for i, r := range w.reactions {
		aim(len(w.statuses)+i, r.ChannelID, r.Event.Reaction.Target, "")
	}
	type row struct {
		ID         uuid.UUID
		ChannelID  uuid.UUID
		IdentityID uuid.UUID
		Open       bool
		LastSeq    int64
		N          *int32
		MessageID  *uuid.UUID
	}
	var rows []row
	err := db.Bulk(ctx, tx, func(tx pgx.Tx) error {
		r, err := tx.Query(ctx, `
			with aimed as (
				select * from unnest($3::int[], $4::uuid[], $5::text[], $6::uuid[], $7::int[]) a(n, channel_id, provider_id, message_id, attempt)
			), target as materialized (
				select a.n, m.id message_id, m.conversation_id
				from aimed a cross join lateral (
					select id, conversation_id from messages where channel_id = a.channel_id and provider_id = a.provider_id limit 1) m
				union
				select a.n, m.id, m.conversation_id
				from aimed a cross join lateral (
					select id, conversation_id from messages
					where id = a.message_id and channel_id = a.channel_id and attempt = a.attempt limit 1) m
			), wanted as materialized (
				select c.id
				from unnest($1::uuid[], $2::uuid[]) s(channel_id, identity_id)
				cross join lateral (
					select id from conversations
					where channel_id = s.channel_id and identity_id = s.identity_id and status not in ('resolved', 'closed') limit 1) c
				union
				select conversation_id from target
			), locked as (
				select c.id, c.channel_id, c.identity_id, c.status not in ('resolved', 'closed') open, c.last_seq
				from conversations c
				where c.id in (select id from wanted)
				order by c.id
				for update
			)
			select l.id, l.channel_id, l.identity_id, l.open, l.last_seq, t.n, t.message_id
			from locked l left join target t on t.conversation_id = l.id`,
			senderChannel, senderIdentity, index, targetChannel, provider, targetID, attempt)
		if err != nil {
			return err
		}
		rows, err = pgx.CollectRows(r, pgx.RowToStructByName[row])
		return err
	})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.N != nil {
			w.targets = append(w.targets, target{int(*r.N), *r.MessageID, r.ID})
		}
		if !r.Open {
			continue
		}
		for _, s := range w.senders {
			if s.channelID == r.ChannelID && s.identityID == r.IdentityID {
				s.conversation = r.ID
				w.conversations[r.ID] = &touched{id: r.ID, lastSeq: r.LastSeq, from: s}
			}
		}
	}
	return nil
}

// dropKnown removes the messages that are stored already, and those that stand in
// the batch twice.
func (w *intake) dropKnown(ctx context.Context, tx *db.Tx) error {
	if len(w.messages) == 0 {
		return nil
	}
	type key struct {
		ChannelID  uuid.UUID
		ProviderID string
	}
	var channel []uuid.UUID
	var provider []string
	for _, m := range w.messages {
		channel, provider = append(channel, m.sender.channelID), append(provider, m.ProviderID)
	}
	known := map[key]bool{}
	err := db.Bulk(ctx, tx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			select s.channel_id, s.provider_id
			from unnest($1::uuid[], $2::text[]) s(channel_id, provider_id)
			cross join lateral (
				select from messages m where m.channel_id = s.channel_id and m.provider_id = s.provider_id limit 1) m`, channel, provider)
		if err != nil {
			return err
		}
		keys, err := pgx.CollectRows(rows, pgx.RowToStructByName[key])
		for _, k := range keys {
			known[k] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	w.messages = slices.DeleteFunc(w.messages, func(m *incoming) bool {
		k := key{m.sender.channelID, m.ProviderID}
		if known[k] {
			w.received.Duplicates++
			return true
		}
		known[k] = true
		return false
	})
	return nil
}

// open makes a conversation for each customer who wrote and has none open.
func (w *intake) open(ctx context.Context, tx *db.Tx, number func(uuid.UUID) int64) error {
	var id, channel, contact, identity []uuid.UUID
	var numbers []int64
	for _, m := range w.messages {
		s := m.sender
		if s.conversation != uuid.Nil {
			continue
		}
		s.conversation = db.NewID()
		w.conversations[s.conversation] = &touched{id: s.conversation, opening: db.NewID(), contactID: s.contactID, from: s}
		id, channel, contact = append(id, s.conversation), append(channel, s.channelID), append(contact, s.contactID)
		identity, numbers = append(identity, s.identityID), append(numbers, number(tx.Tenant()))
	}
	if len(id) == 0 {
		return nil
	}
	return db.Bulk(ctx, tx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into conversations (id, number, channel_id, contact_id, identity_id, status, team_id, simulated, opened_at, queued_at,
			                           last_message_at, previous_id)
			select n.id, n.number, n.channel_id, n.contact_id, n.identity_id, 'queued', ch.team_id, ch.simulated, now(), now(), now(),
			       (select p.id from conversations p
			        where p.channel_id = n.channel_id and p.identity_id = n.identity_id
			        order by p.opened_at desc limit 1)
			from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::uuid[]) n(id, number, channel_id, contact_id, identity_id)
			join channels ch on ch.id = n.channel_id`,
			id, numbers, channel, contact, identity)
		return err
	})
}

//go:embed sql/receive_write.sql
var receiveWrite string

// write stores the new messages and moves their conversations, in one statement.
func (w *intake) write(ctx context.Context, tx *db.Tx) error {
	if len(w.messages) == 0 {
		return nil
	}
	w.number()
	a := writeArgs{}
	for _, m := range w.messages {
		a.message(m)
	}
	for _, c := range w.conversations {
		if c.inbound > 0 {
			a.conversation(c)
		}
	}
	w.received.Messages = len(w.messages)
	return db.Bulk(ctx, tx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, receiveWrite,
			a.id, a.conversationID, a.channelID, a.seq, a.kind, a.text, a.content, a.rawType, a.providerID, a.contactID, a.replyTo, a.providerAt,
			a.mediaID, a.mediaMessage, a.mediaPosition, a.mediaKind, a.mediaMIME, a.mediaName, a.mediaProvider, a.mediaSHA,
			a.opening, a.openingConversation, a.openingContact,
			a.touched, a.lastSeq, a.lastID, a.inbound, a.firstAt, a.lastAt, a.windowFrom,
			a.person, a.personName, a.personAt, a.identity, a.username, a.openingAt)
		return err
	})
}

// writeArgs are the columns of receive_write.sql.
type writeArgs struct {
	id, conversationID, channelID, contactID                      []uuid.UUID
	seq                                                           []int64
	kind, text, content, rawType, providerID, replyTo             []string
	providerAt                                                    []time.Time
	mediaID, mediaMessage                                         []uuid.UUID
	mediaPosition                                                 []int32
	mediaKind, mediaMIME, mediaName, mediaProvider, mediaSHA      []string
	opening, openingConversation, openingContact, touched, lastID []uuid.UUID
	lastSeq, inbound                                              []int64
	firstAt, lastAt                                               []time.Time
	windowFrom                                                    []*time.Time
	person, identity                                              []uuid.UUID
	personName, username                                          []string
	personAt                                                      []time.Time
	openingAt                                                     []time.Time
}

func (a *writeArgs) message(m *incoming) {
	a.id, a.conversationID, a.channelID = append(a.id, m.id), append(a.conversationID, m.sender.conversation), append(a.channelID, m.sender.channelID)
	a.contactID, a.seq, a.providerAt = append(a.contactID, m.sender.contactID), append(a.seq, m.seq), append(a.providerAt, m.at)
	a.kind, a.text, a.content = append(a.kind, m.Kind), append(a.text, m.Text), append(a.content, string(m.Content))
	a.rawType, a.providerID, a.replyTo = append(a.rawType, m.RawType), append(a.providerID, m.ProviderID), append(a.replyTo, m.ReplyTo)
	for i, f := range m.Media {
		a.mediaID, a.mediaMessage, a.mediaPosition = append(a.mediaID, db.NewID()), append(a.mediaMessage, m.id), append(a.mediaPosition, int32(i))
		a.mediaKind, a.mediaMIME, a.mediaName = append(a.mediaKind, f.Kind), append(a.mediaMIME, f.MIME), append(a.mediaName, f.Name)
		a.mediaProvider, a.mediaSHA = append(a.mediaProvider, f.ProviderID), append(a.mediaSHA, f.SHA256)
	}
}

func (a *writeArgs) conversation(c *touched) {
	a.touched, a.lastSeq, a.lastID = append(a.touched, c.id), append(a.lastSeq, c.lastSeq), append(a.lastID, c.lastID)
	a.inbound, a.firstAt, a.lastAt = append(a.inbound, c.inbound), append(a.firstAt, c.firstAt), append(a.lastAt, c.lastAt)
	var opens *time.Time
	if !c.windowFrom.IsZero() {
		opens = &c.windowFrom
	}
	a.windowFrom = append(a.windowFrom, opens)
	if c.opening != uuid.Nil {
		a.opening, a.openingConversation = append(a.opening, c.opening), append(a.openingConversation, c.id)
		// By the platform's clock, like the message that opened it: shown before it.
		a.openingContact, a.openingAt = append(a.openingContact, c.contactID), append(a.openingAt, c.firstAt)
	}
	a.person, a.personName, a.personAt = append(a.person, c.from.contactID), append(a.personName, c.from.from.Name), append(a.personAt, c.from.lastAt)
	a.identity, a.username = append(a.identity, c.from.identityID), append(a.username, c.from.from.Username)
}

// settled is a message whose status or reactions changed.
type settled struct {
	ID             uuid.UUID
	ConversationID uuid.UUID
	Seq            int64
	Status         string
	Error          *string
	Reaction       bool
}

//go:embed sql/receive_settle.sql
var receiveSettle string

// settle applies the statuses and reactions to the messages they are about. What is
// about a message we do not know is dropped: there is nothing to show it on.
func (w *intake) settle(ctx context.Context, tx *db.Tx) error {
	if len(w.targets) == 0 {
		return nil
	}
	var id []uuid.UUID
	var provider, status, failure []string
	var sent, delivered, read, played, failed []*time.Time
	for _, o := range w.outcomes() {
		text := ""
		if o.err != nil {
			b, err := json.Marshal(o.err)
			if err != nil {
				return fmt.Errorf("encode status error: %w", err)
			}
			text = string(b)
		}
		id, provider, status, failure = append(id, o.messageID), append(provider, o.providerID), append(status, o.status), append(failure, text)
		sent, delivered, read = append(sent, o.sent), append(delivered, o.delivered), append(read, o.read)
		played, failed = append(played, o.played), append(failed, o.failed)
	}
	message, sender, emoji, when := w.latestReactions()
	return db.Bulk(ctx, tx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, receiveSettle, id, provider, status, sent, delivered, read, played, failed, failure, message, sender, emoji, when)
		if err != nil {
			return err
		}
		w.settled, err = pgx.CollectRows(rows, pgx.RowToStructByName[settled])
		for _, s := range w.settled {
			if s.Reaction {
				w.received.Reactions++
			} else {
				w.received.Statuses++
			}
		}
		return err
	})
}

// latestReactions keeps one reaction per message and customer: one statement may
// touch a row once.
func (w *intake) latestReactions() (message, sender []uuid.UUID, emoji []string, when []time.Time) {
	type key struct{ message, sender uuid.UUID }
	place := map[key]int{}
	for _, t := range w.targets {
		if t.index < len(w.statuses) {
			continue
		}
		in := w.reactions[t.index-len(w.statuses)]
		at := in.Event.At
		if at.IsZero() {
			at = w.now
		}
		k := key{t.messageID, w.contactOf(in)}
		i, ok := place[k]
		if !ok {
			place[k] = len(message)
			message, sender, emoji, when = append(message, k.message), append(sender, k.sender), append(emoji, in.Event.Reaction.Emoji), append(when, at)
			continue
		}
		if !at.Before(when[i]) {
			emoji[i], when[i] = in.Event.Reaction.Emoji, at
		}
	}
	return message, sender, emoji, when
}

func (w *intake) contactOf(in Inbound) uuid.UUID {
	for _, s := range w.senders {
		if s.channelID == in.ChannelID {
			for _, key := range s.from.Keys {
				if slices.Contains(in.Event.Reaction.From.Keys, key) {
					return s.contactID
				}
			}
		}
	}
	return uuid.Nil
}
