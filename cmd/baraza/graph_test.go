package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// graph is Meta's Graph API on a free port: it takes every message, counts the calls
// by their key, and keeps answers back for as long as a test wants.
type graph struct {
	*httptest.Server

	mu    sync.Mutex
	calls map[string]int // by biz_opaque_callback_data
	order map[string][]string
	ids   []string // to be given to the next messages, before made-up ones
	hold  chan struct{}
	held  int
}

func newGraph(t testing.TB) *graph {
	g := &graph{calls: map[string]int{}, order: map[string][]string{}}
	g.Server = httptest.NewServer(http.HandlerFunc(g.serve))
	t.Cleanup(func() {
		g.release()
		g.Close()
	})
	return g
}

func (g *graph) serve(w http.ResponseWriter, r *http.Request) {
	var body struct {
		To   string `json:"to"`
		Key  string `json:"biz_opaque_callback_data"`
		Text struct {
			Body string `json:"body"`
		} `json:"text"`
	}
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/messages") || json.NewDecoder(r.Body).Decode(&body) != nil {
		http.Error(w, "not a send", http.StatusBadRequest)
		return
	}
	g.mu.Lock()
	g.calls[body.Key]++
	g.order[body.To] = append(g.order[body.To], body.Text.Body)
	id := fmt.Sprintf("wamid.sent.%s.%d", body.Key, g.calls[body.Key])
	if len(g.ids) > 0 {
		id, g.ids = g.ids[0], g.ids[1:]
	}
	hold := g.hold
	if hold != nil {
		g.held++
	}
	g.mu.Unlock()
	if hold != nil {
		<-hold
		g.mu.Lock()
		g.held--
		g.mu.Unlock()
	}
	if strings.HasSuffix(body.Key, ":1") && g.mishap(w, r, body.Text.Body) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"messaging_product":"whatsapp","contacts":[{"input":%q,"wa_id":%q}],"messages":[{"id":%q}]}`, body.To, body.To, id)
}

// mishap has something go wrong with the first attempt of a message whose text names it,
// after the message was taken.
func (g *graph) mishap(w http.ResponseWriter, r *http.Request, text string) bool {
	switch text {
	case mishapDrop:
		panic(http.ErrAbortHandler) // closes the connection
	case mishapCut:
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, `{"messages":[{"id":"wamid.`)
	case mishap500:
		http.Error(w, "<html>Sorry, something went wrong.</html>", http.StatusInternalServerError)
	case mishapEmpty:
		fmt.Fprint(w, `{}`)
	case mishapDelay:
		<-r.Context().Done() // the caller's patience
	default:
		return false
	}
	return true
}

// What may go wrong after the platform took a message.
const (
	mishapDrop  = "drop the connection"
	mishapCut   = "cut the answer"
	mishap500   = "answer 500"
	mishapEmpty = "answer without an id"
	mishapDelay = "delay"
)

// keep makes calls wait for their answer until release.
func (g *graph) keep() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hold = make(chan struct{})
}

func (g *graph) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.hold != nil {
		close(g.hold)
		g.hold = nil
	}
}

// waiting is how many calls are kept now.
func (g *graph) waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.held
}

// callsFor counts the calls for a message, over all its attempts.
func (g *graph) callsFor(message string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for key, calls := range g.calls {
		if strings.HasPrefix(key, message+":") {
			n += calls
		}
	}
	return n
}

// keysOf are the keys of all calls for a message, once per call.
func (g *graph) keysOf(message string) (keys []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for key, calls := range g.calls {
		if strings.HasPrefix(key, message+":") {
			keys = append(keys, slices.Repeat([]string{key}, calls)...)
		}
	}
	return keys
}

// give says which id the next message gets.
func (g *graph) give(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ids = append(g.ids, id)
}
