package simulator

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Inbound is what a customer does.
type Inbound struct {
	PhoneNumberID string   `json:"phone_number_id"`
	From          Customer `json:"from"`
	// Kind is text, image or reaction; another one is sent as a message of that type
	// with Content in it.
	Kind string `json:"kind"`
	// Text of a text, caption of an image, emoji of a reaction ("" takes it away).
	Text string `json:"text,omitempty"`
	// At is Meta's time of it. Defaults to now.
	At *time.Time `json:"at,omitempty"`
	// ReplyTo is the id of the message it quotes, Target of the one it reacts to.
	ReplyTo string          `json:"reply_to,omitempty"`
	Target  string          `json:"target,omitempty"`
	Content json.RawMessage `json:"content,omitempty"`
	// Faults befall its webhook; the first counts.
	Faults []string `json:"faults,omitempty"`
}

// Result says what became of it.
type Result struct {
	ProviderID string `json:"provider_id"`
	Delivered  bool   `json:"delivered"`
	// Attempts are the statuses the receiver answered with so far, 0 where it did not.
	// Repetitions after the third go on later; a dropped or delayed one has none yet.
	Attempts []int `json:"attempts"`
}

// Inbound lets a customer write, and waits for the first attempts to deliver it.
func (s *Server) Inbound(ctx context.Context, in Inbound) (Result, error) {
	in.From.ID = strings.TrimPrefix(in.From.ID, "+")
	var befalls mishap
	for i, fault := range in.Faults {
		m, err := readMishap(fault)
		if err != nil {
			return Result{}, err
		}
		if !m.ofWebhook() {
			return Result{}, fmt.Errorf("%s is no fault of a webhook", m.name)
		}
		if i == 0 {
			befalls = m
		}
	}
	if err := in.check(); err != nil {
		return Result{}, err
	}
	if in.From.UserID == "" {
		in.From.UserID = userIDOf(in.PhoneNumberID, in.From.ID)
	}
	s.people.remember(in.PhoneNumberID, in.From)
	n := numberOf(in.PhoneNumberID)
	m, err := s.messageOf(n, in)
	if err != nil {
		return Result{}, err
	}
	p := &parcel{
		customer: in.From,
		updates:  []update{n.of(value{Contacts: []contact{contactOf(in.From)}, Messages: []message{m}})},
		mishap:   befalls,
	}
	s.deliver(ctx, p)
	return resultOf(m.ID, p), nil
}

func resultOf(id string, p *parcel) Result {
	r := Result{ProviderID: id, Attempts: append([]int{}, p.attempts...)}
	for _, status := range p.attempts {
		r.Delivered = r.Delivered || status == http.StatusOK
	}
	return r
}

func (in Inbound) check() error {
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	switch {
	case !digits(in.PhoneNumberID):
		return fmt.Errorf("phone_number_id is digits, not %q", in.PhoneNumberID)
	case in.From.ID != "" && !digits(in.From.ID):
		return fmt.Errorf("from.id is a phone number in digits, not %q", in.From.ID)
	case in.From.ID == "" && in.From.UserID == "":
		return errors.New("from has an id or a user_id")
	case in.From.Name == "":
		return errors.New("from has a name")
	case in.Kind == "":
		return errors.New("kind is missing")
	case in.Kind == "text" && in.Text == "":
		return errors.New("a text has a text")
	case in.Kind == "reaction" && in.Target == "":
		return errors.New("a reaction has a target")
	case !utf8.ValidString(in.Text):
		return errors.New("text is UTF-8")
	}
	return nil
}

// messageOf is the message as Meta passes it on.
func (s *Server) messageOf(n number, in Inbound) (message, error) {
	at := s.config.Now()
	if in.At != nil {
		at = *in.At
	}
	m := message{
		From:       in.From.ID,
		FromUserID: in.From.UserID,
		ID:         s.ids.received(in.From.ID),
		Timestamp:  strconv.FormatInt(at.Unix(), 10),
		Type:       in.Kind,
	}
	if in.ReplyTo != "" {
		m.Context = &quoted{From: n.display, ID: in.ReplyTo}
	}
	var own any
	switch in.Kind {
	case "text":
		own = map[string]string{"body": in.Text}
	case "image":
		own = s.imageOf(in.Text, at)
	case "reaction":
		own = reaction{MessageID: in.Target, Emoji: in.Text}
	default:
		m.own = in.Content
		return m, nil
	}
	raw, err := plain(own)
	if err != nil {
		return message{}, fmt.Errorf("encode a message: %w", err)
	}
	m.own = raw
	return m, nil
}

// imageOf names a picture. Its bytes cannot be fetched: media is not simulated.
func (s *Server) imageOf(caption string, at time.Time) image {
	id := s.ids.media()
	sum := sha256.Sum256([]byte(id))
	return image{
		Caption: caption,
		MIME:    "image/jpeg",
		SHA256:  base64.StdEncoding.EncodeToString(sum[:]),
		ID:      id,
		URL: fmt.Sprintf("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=%s&source=webhook&ext=%d&hash=ARsimulated",
			id, at.Add(5*time.Minute).Unix()),
	}
}
