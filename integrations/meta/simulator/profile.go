package simulator

import (
	"strconv"
	"strings"
	"time"
)

// Profile says when the statuses of a message follow, counted from the send.
type Profile struct {
	Sent, Delivered, Read time.Duration
	// Batch is how many waiting statuses one webhook may carry. Defaults to 1.
	Batch int
}

// DemoProfile is the pace of a customer with the phone in hand.
func DemoProfile() Profile {
	return Profile{Sent: 200 * time.Millisecond, Delivered: 600 * time.Millisecond, Read: 3 * time.Second}
}

// fate is what becomes of an accepted message.
type fate struct {
	refused string // a Graph error answered at once
	failed  string // a code sent in a failed status
	stuck   bool   // sent, and never delivered
}

// fateOf reads the magic endings of a recipient's number.
func fateOf(phone string) fate {
	for ending, f := range map[string]fate{
		"0047": {failed: "131047"},
		"0026": {failed: "131026"},
		"0049": {failed: "131049"},
		"0056": {refused: "131056"},
		"0429": {refused: "130429"},
		"0000": {stuck: true},
	} {
		if strings.HasSuffix(phone, ending) {
			return f
		}
	}
	return fate{}
}

// script puts the statuses of a sent message on the timeline.
func (s *Server) script(n number, m accepted) {
	f := fateOf(m.to.ID)
	steps := []struct {
		status string
		after  time.Duration
	}{{"sent", s.config.Profile.Sent}, {"delivered", s.config.Profile.Delivered}, {"read", s.config.Profile.Read}}
	switch {
	case f.failed != "":
		steps = steps[:1]
		steps[0].status = "failed"
	case f.stuck:
		steps = steps[:1]
	}
	for _, step := range steps {
		s.later(step.after, func() {
			s.dispatch(&parcel{customer: m.to, updates: []update{s.statusOf(n, m, step.status, f.failed)}})
		})
	}
}

// statusOf is one status as Meta reports it: a failed one has no contact and no user
// id, and only the first two name a price.
func (s *Server) statusOf(n number, m accepted, name, code string) update {
	report := status{ID: m.id, Status: name, Timestamp: s.timestamp(), RecipientID: m.to.ID, UserID: m.to.UserID, CallbackData: m.clientKey}
	if name == "failed" {
		report.UserID = ""
		report.Errors = []statusError{s.errors.inWebhook(code)}
		return n.of(value{Statuses: []status{report}})
	}
	if name != "read" {
		report.Pricing = &pricing{Model: "PMP", Type: "free_customer_service", Category: "service"}
	}
	return n.of(value{Contacts: []contact{contactOf(m.to)}, Statuses: []status{report}})
}

func contactOf(c Customer) contact {
	return contact{Profile: profile{Name: c.Name, Username: c.Username}, Phone: c.ID, UserID: c.UserID}
}

func (s *Server) timestamp() string { return strconv.FormatInt(s.config.Now().Unix(), 10) }
