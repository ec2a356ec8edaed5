package simulator

import (
	"net/http"
	"sync"
	"time"
)

// maxCalls is how many calls the journal remembers.
const maxCalls = 10_000

// Call is one request to the Graph API.
type Call struct {
	At            time.Time `json:"at"`
	Method        string    `json:"method"`
	Path          string    `json:"path"`
	PhoneNumberID string    `json:"phone_number_id,omitempty"`
	To            string    `json:"to,omitempty"`
	ClientKey     string    `json:"client_key,omitempty"`
	// Accepted tells whether a message was sent, MessageID which; whatever the caller heard.
	Accepted  bool   `json:"accepted"`
	MessageID string `json:"message_id,omitempty"`
	// Status of the answer; 0 where the caller got none.
	Status int    `json:"status"`
	Fault  string `json:"fault,omitempty"`
}

// Tally counts sends.
type Tally struct {
	Calls    int `json:"calls"`
	Accepted int `json:"accepted"`
}

// Stats are the counts since the start or the last reset; by recipient and by client
// key they cover the calls the journal remembers.
type Stats struct {
	Calls       int              `json:"calls"`
	Accepted    int              `json:"accepted"`
	ByRecipient map[string]Tally `json:"by_recipient"`
	ByClientKey map[string]Tally `json:"by_client_key"`
	Webhooks    WebhookStats     `json:"webhooks"`
}

// WebhookStats count the other direction.
type WebhookStats struct {
	Attempts int `json:"attempts"`
	Accepted int `json:"accepted"` // answered 200
	Repeats  int `json:"repeats"`  // attempts after a webhook's first
	GaveUp   int `json:"gave_up"`
	Dropped  int `json:"dropped"` // by a fault, or because too many were waiting
}

// journal is a ring of calls and the counts.
type journal struct {
	mu    sync.Mutex
	ring  []Call
	next  int // where the ring goes on once it is full
	stats Stats
}

func (j *journal) called(c Call) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.stats.Calls++
	if c.Accepted {
		j.stats.Accepted++
	}
	if len(j.ring) < maxCalls {
		j.ring = append(j.ring, c)
		return
	}
	j.ring[j.next] = c
	j.next = (j.next + 1) % maxCalls
}

func (j *journal) delivered(status int, repeated bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.stats.Webhooks.Attempts++
	if status == http.StatusOK {
		j.stats.Webhooks.Accepted++
	}
	if repeated {
		j.stats.Webhooks.Repeats++
	}
}

func (j *journal) gaveUp() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.stats.Webhooks.GaveUp++
}

func (j *journal) dropped() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.stats.Webhooks.Dropped++
}

// calls returns what is remembered, the oldest first.
func (j *journal) calls() []Call {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append(append(make([]Call, 0, len(j.ring)), j.ring[j.next:]...), j.ring[:j.next]...)
}

func (j *journal) read() Stats {
	calls := j.calls()
	j.mu.Lock()
	stats := j.stats
	j.mu.Unlock()
	stats.ByRecipient, stats.ByClientKey = map[string]Tally{}, map[string]Tally{}
	for _, c := range calls {
		for _, by := range []struct {
			tallies map[string]Tally
			key     string
		}{{stats.ByRecipient, c.To}, {stats.ByClientKey, c.ClientKey}} {
			if by.key == "" {
				continue
			}
			t := by.tallies[by.key]
			t.Calls++
			if c.Accepted {
				t.Accepted++
			}
			by.tallies[by.key] = t
		}
	}
	return stats
}

func (j *journal) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.ring, j.next, j.stats = nil, 0, Stats{}
}
