package meta

import (
	"encoding/json"
	"hash/fnv"
)

// Shards is how many ordered streams inbound items are spread over.
const Shards = 16

// maxKey bounds routing keys and senders; Meta's are a tenth of it.
const maxKey = 256

// Item is one update of a webhook: one message, one status, or one other change.
type Item struct {
	Object string `json:"object"`
	// RoutingKey says whose it is: a phone_number_id, else the id of the entry. "" when
	// there was none; such an item belongs to nobody.
	RoutingKey string `json:"routing_key"`
	// Sender keeps order: items of one person go through one shard. It is the
	// business-scoped user id where one is known, else the phone number, and "" where
	// an update is about the account.
	Sender string `json:"sender"`
	Field  string `json:"field"`
	// Raw is itself a webhook body with this one update in it, so it can be kept and
	// read again alone. Postgres takes it as jsonb.
	Raw json.RawMessage `json:"raw"`
}

// Shard is where an item's order is kept, 0 to Shards-1.
func (i Item) Shard() int {
	h := fnv.New64a()
	h.Write([]byte(i.RoutingKey))
	h.Write([]byte{0})
	h.Write([]byte(i.Sender))
	return int(h.Sum64() % Shards)
}

// update is the part of a webhook that becomes one Item. Its slices are JSON as it
// came; nil leaves a member out.
type update struct {
	object         []byte
	entry          []byte // the entry whole: the members below are not used
	id, time       []byte
	change         []byte // the change whole: the members below are not used
	product        []byte
	metadata       []byte
	contact        []byte
	list           string // messages, statuses, errors
	element, field []byte
}

// raw writes a webhook body around the update.
func (u update) raw() json.RawMessage {
	const syntax = 256 // room for the member names
	dst := make([]byte, 0, syntax+len(u.object)+len(u.entry)+len(u.id)+len(u.time)+len(u.change)+
		len(u.product)+len(u.metadata)+len(u.contact)+len(u.element)+len(u.field))
	dst = append(append(append(dst, `{"object":`...), u.object...), `,"entry":[`...)
	if u.entry != nil {
		return append(append(dst, u.entry...), `]}`...)
	}
	dst = append(dst, '{')
	dst = appendMember(dst, "id", u.id)
	dst = appendMember(dst, "time", u.time)
	dst = append(dst, `"changes":[`...)
	if u.change != nil {
		return append(append(dst, u.change...), `]}]}`...)
	}
	dst = append(dst, `{"value":{`...)
	dst = appendMember(dst, "messaging_product", u.product)
	dst = appendMember(dst, "metadata", u.metadata)
	if u.contact != nil {
		dst = append(append(append(dst, `"contacts":[`...), u.contact...), `],`...)
	}
	dst = append(append(append(dst, '"'), u.list...), `":[`...)
	dst = append(append(dst, u.element...), `]}`...)
	if u.field != nil {
		dst = append(append(dst, `,"field":`...), u.field...)
	}
	return append(dst, `}]}]}`...)
}

func appendMember(dst []byte, name string, value []byte) []byte {
	if value == nil {
		return dst
	}
	dst = append(append(append(dst, '"'), name...), `":`...)
	return append(append(dst, value...), ',')
}

// key reads a routing key or a sender.
func key(value []byte) string { return text(textOf(value)).clean(maxKey) }
