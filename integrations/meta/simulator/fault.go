package simulator

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// Faults of a Graph call.
const (
	timeoutAfterAccept = "timeout_after_accept" // the message is sent, the caller hears nothing
	connectionReset    = "connection_reset"     // nothing is sent
	html500            = "html_500"             // nothing is sent
	truncatedJSON      = "truncated_json"       // the message is sent, half of the answer arrives
	latency            = "latency"              // latency:500ms
	graphErrorFault    = "graph_error"          // graph_error:131047, graph_error:190_463; nothing is sent
)

// Faults of a webhook.
const (
	webhookDrop      = "webhook_drop"
	webhookDuplicate = "webhook_duplicate"
	webhookReorder   = "webhook_reorder" // after the next one, or a second later
	webhookDelay     = "webhook_delay"   // webhook_delay:2s; a second without a time
	badSignature     = "bad_signature"   // signed with another secret
	tampered         = "tampered"        // one byte changed after signing
	wireUTF8         = "wire_utf8"       // raw UTF-8, signed in the escaped form
)

// happened marks a webhook whose fault is behind it.
const happened = "happened"

// maxFaults bounds what is waiting to happen.
const maxFaults = 1000

// Fault makes something go wrong, as often as Times says.
type Fault struct {
	Match struct {
		// To is the customer's phone number or user id. "" matches everybody.
		To string `json:"to"`
		// Path is a part of the path of a Graph call. "" matches every path.
		Path string `json:"path"`
	} `json:"match"`
	// Times defaults to 1; a negative number means until the next reset.
	Times int `json:"times"`
	// Fault is a name from the lists above, with what it needs behind a colon.
	Fault string `json:"fault"`

	mishap mishap
}

// mishap is a fault that has been read.
type mishap struct {
	name  string
	wait  time.Duration
	error string // the graph error's name
}

// readMishap also takes a webhook's fault without its prefix: "duplicate".
func readMishap(fault string) (mishap, error) {
	name, rest, _ := strings.Cut(fault, ":")
	switch name {
	case "drop", "duplicate", "reorder", "delay":
		name = "webhook_" + name
	}
	m := mishap{name: name}
	switch name {
	case timeoutAfterAccept, connectionReset, html500, truncatedJSON, webhookDrop, webhookDuplicate, webhookReorder, badSignature, tampered, wireUTF8:
		if rest != "" {
			return mishap{}, fmt.Errorf("the fault %s takes nothing behind a colon", name)
		}
	case latency, webhookDelay:
		if rest == "" {
			rest = "1s"
		}
		wait, err := time.ParseDuration(rest)
		if err != nil || wait < 0 {
			return mishap{}, fmt.Errorf("%q is no time to wait", rest)
		}
		m.wait = wait
	case graphErrorFault:
		m.error = rest
	default:
		return mishap{}, fmt.Errorf("there is no fault %q", name)
	}
	return m, nil
}

// ofWebhook tells whether the mishap befalls a webhook, and not a Graph call.
func (m mishap) ofWebhook() bool {
	switch m.name {
	case webhookDrop, webhookDuplicate, webhookReorder, webhookDelay, badSignature, tampered, wireUTF8:
		return true
	}
	return false
}

// faults are the ones still to happen, in the order they were set.
type faults struct {
	mu   sync.Mutex
	list []*Fault
}

func (f *faults) add(fault Fault) error {
	if fault.Times == 0 {
		fault.Times = 1
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) >= maxFaults {
		return fmt.Errorf("%d faults are waiting already", maxFaults)
	}
	f.list = append(f.list, &fault)
	return nil
}

// ofCall takes the first fault for a Graph call.
func (f *faults) ofCall(path string, to ...string) mishap {
	return f.take(func(fault *Fault) bool {
		return !fault.mishap.ofWebhook() && strings.Contains(path, fault.Match.Path) && matches(fault.Match.To, to)
	})
}

// ofWebhook takes the first fault for a webhook about a customer.
func (f *faults) ofWebhook(customer ...string) mishap {
	return f.take(func(fault *Fault) bool { return fault.mishap.ofWebhook() && matches(fault.Match.To, customer) })
}

func (f *faults) take(fits func(*Fault) bool) mishap {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, fault := range f.list {
		if !fits(fault) {
			continue
		}
		if fault.Times--; fault.Times == 0 {
			f.list = append(f.list[:i:i], f.list[i+1:]...)
		}
		return fault.mishap
	}
	return mishap{}
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
}

func matches(wanted string, ids []string) bool {
	if wanted == "" {
		return true
	}
	for _, id := range ids {
		if id != "" && strings.TrimPrefix(wanted, "+") == strings.TrimPrefix(id, "+") {
			return true
		}
	}
	return false
}
