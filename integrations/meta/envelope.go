package meta

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// maxEnvelope keeps a stream message below the stream's 4 MiB, whatever is in it.
const maxEnvelope = 3<<20 + 512<<10

// The items of an envelope stand between head and tail.
const (
	envelopeHead = len(`{"received_at":"2006-01-02T15:04:05.000Z","items":[`)
	envelopeTail = `]}`
)

// Envelope is what travels through the stream: the items of one request that belong
// to one shard, in their order; or of several that were stored together.
type Envelope struct {
	ReceivedAt time.Time `json:"received_at"`
	Items      []Item    `json:"items"`
}

// DecodeEnvelope reads a stream message.
func DecodeEnvelope(data []byte) (Envelope, error) {
	var e Envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return Envelope{}, fmt.Errorf("decode an envelope: %w", err)
	}
	return e, nil
}

// envelopes groups items by shard. A shard has more than one envelope only when one
// would be too large for the stream.
func envelopes(receivedAt time.Time, items []Item) (byShard [Shards][][]byte) {
	head := receivedAt.UTC().AppendFormat([]byte(`{"received_at":"`), `2006-01-02T15:04:05.000Z","items":[`)
	for _, item := range items {
		shard := item.Shard()
		list := byShard[shard]
		last := len(list) - 1
		if last < 0 || len(list[last])+len(item.Raw) > maxEnvelope {
			list = append(list, append([]byte(nil), head...))
			last++
		} else {
			list[last] = append(list[last], ',')
		}
		list[last] = item.appendTo(list[last])
		byShard[shard] = list
	}
	for _, list := range byShard {
		for i := range list {
			list[i] = append(list[i], envelopeTail...)
		}
	}
	return byShard
}

// appendTo writes the item with Raw as it is: encoding/json would scan and escape it again.
func (i Item) appendTo(dst []byte) []byte {
	for _, m := range [...]struct{ before, value string }{
		{`{"object":`, i.Object}, {`,"routing_key":`, i.RoutingKey}, {`,"sender":`, i.Sender}, {`,"field":`, i.Field},
	} {
		dst = append(dst, m.before...)
		// The error would only say that invalid UTF-8 was replaced.
		dst, _ = jsontext.AppendQuote(dst, m.value)
	}
	return append(append(append(dst, `,"raw":`...), i.Raw...), '}')
}
