package simulator

import (
	"context"
	"fmt"
	"net/http"
	"unicode/utf8"

	"baraza/integrations/meta"
)

// accepted is a message that has been sent.
type accepted struct {
	id, clientKey string
	to            Customer
}

// Sent tells who watches a number that the business wrote.
type Sent struct {
	MessageID string
	// To is the customer's phone number in digits, or their user id.
	To   string
	Type string
	Text string
}

// messages answers POST /{version}/{phone-number-id}/messages.
func (s *Server) messages(w http.ResponseWriter, r *http.Request) {
	n := numberOf(r.PathValue("number"))
	m, refused := readMessage(w, r)
	to := s.people.find(n.id, m.recipient())
	mishap := s.faults.ofCall(r.URL.Path, to.ID, to.UserID)
	call := Call{At: s.config.Now(), Method: r.Method, Path: r.URL.Path, PhoneNumberID: n.id,
		To: m.recipient(), ClientKey: m.ClientKey, Fault: mishap.name}
	answer, done := s.befall(r.Context(), mishap)
	if auth := s.authorize(r, n.id); auth != nil {
		refused = auth
	}
	magic, throttled := s.errors.named(fateOf(to.ID).refused)
	switch {
	case done:
	case refused != nil:
		answer = s.refuse(refused)
	case m.Status == "read":
		answer = s.answer(map[string]bool{"success": true})
	case throttled:
		answer = reply{status: magic.Status, body: meta.Wire(magic.Body)}
	default:
		sent := accepted{id: s.ids.sent(to.ID), clientKey: m.ClientKey, to: to}
		call.Accepted, call.MessageID = true, sent.id
		if mishap.name == timeoutAfterAccept {
			s.script(n, sent)
		} else {
			defer s.script(n, sent) // statuses nearly always come after the answer
		}
		s.tell(n.id, Sent{MessageID: sent.id, To: m.recipient(), Type: m.Type, Text: m.Text.Body})
		answer = s.acceptance(m, sent, mishap)
	}
	s.reply(w, r, call, answer)
}

// acceptance answers a message that was taken, or keeps the answer back.
func (s *Server) acceptance(m send, sent accepted, mishap mishap) reply {
	switch mishap.name {
	case timeoutAfterAccept:
		return reply{surprise: silence}
	case truncatedJSON:
		return reply{surprise: func(_ context.Context, w http.ResponseWriter) {
			hangUp(w, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 180\r\n\r\n{\"messaging_product\":\"whatsapp\",\"contacts\":[{\"in", false)
		}}
	}
	type recipient struct {
		Input  string `json:"input"`
		Phone  string `json:"wa_id,omitempty"`
		UserID string `json:"user_id,omitempty"`
	}
	type id struct {
		ID string `json:"id"`
	}
	answer := struct {
		Product  string      `json:"messaging_product"`
		Contacts []recipient `json:"contacts"`
		Messages []id        `json:"messages"`
	}{"whatsapp", []recipient{{Input: m.To, Phone: m.recipient()}}, []id{{sent.id}}}
	if m.To == "" {
		answer.Contacts[0] = recipient{Input: m.Recipient, UserID: m.Recipient}
	}
	return s.answer(answer)
}

// maxWatched is how many messages may wait for one who watches; more are not told.
const maxWatched = 64

// Watch tells what a number sends, until stop is called.
func (s *Server) Watch(phoneNumberID string) (sent <-chan Sent, stop func()) {
	c := make(chan Sent, maxWatched)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watches[phoneNumberID] == nil {
		s.watches[phoneNumberID] = map[chan Sent]struct{}{}
	}
	s.watches[phoneNumberID][c] = struct{}{}
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watches[phoneNumberID], c)
		if len(s.watches[phoneNumberID]) == 0 {
			delete(s.watches, phoneNumberID)
		}
	}
}

func (s *Server) tell(phoneNumberID string, m Sent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.watches[phoneNumberID] {
		select {
		case c <- m:
		default:
		}
	}
}

// limit is a rule about lengths, in characters.
func limit(what, text string, max int) *refusal {
	if utf8.RuneCountInString(text) > max {
		return badValue(fmt.Sprintf("Param %s must be at most %d characters long.", what, max))
	}
	return nil
}
