package realtime

import (
	"context"
	"math/rand/v2"
	"strconv"
	"time"
)

// Drain says goodbye before a restart: every socket is told when to come back, and
// they are closed one after another over the time given, or at once when ctx ends.
// Nobody gets in any more.
func (h *Hub) Drain(ctx context.Context, over time.Duration) {
	list := h.shutDoor()
	if len(list) == 0 {
		return
	}
	for _, c := range list {
		// They come back spread over as long as it took them to leave.
		b := &body{text: []byte(`{"type":"drain","retry_after_ms":`)}
		b.text = append(strconv.AppendInt(b.text, rand.N(over+time.Second).Milliseconds(), 10), '}')
		c.send(item{opcode: opText, body: b})
	}
	pace := time.NewTicker(max(over/time.Duration(len(list)), time.Microsecond))
	defer pace.Stop()
	for _, c := range list {
		select {
		case <-pace.C:
		case <-ctx.Done():
		}
		c.close(closeRestart, "restart")
	}
}
