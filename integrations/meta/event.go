package meta

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"baraza/domain/channels"
)

// Ignored says that an update is understood, or at least harmless, and is not a
// customer's message, reaction or the status of one of ours. Reason is one of a few
// words, fit for a counter's label.
type Ignored struct{ Reason string }

func (i *Ignored) Error() string { return "ignored: " + i.Reason }

// Reasons to ignore an update.
const (
	IgnoredDashboardTest  = "dashboard_test"  // the Test button of Meta's App Dashboard
	IgnoredObject         = "object"          // of a platform this version does not read
	IgnoredField          = "field"           // a field that is not messages
	IgnoredGroup          = "group"           // a group never joins a one-to-one conversation
	IgnoredChannelError   = "channel_error"   // an error about the number, not about a message
	IgnoredSystem         = "system"          // a customer changed number or id
	IgnoredEdit           = "edit"            // a customer edited a message
	IgnoredRevoke         = "revoke"          // a customer took a message back
	IgnoredRequestWelcome = "request_welcome" // a customer opened the chat for the first time
	IgnoredStatus         = "status"          // a status we do not know
)

// Parse reads one update in the product's words. It returns *Ignored for what is not
// for a conversation, and ErrUnreadable for a message or status that lacks what it
// cannot do without: an id, a sender, a reaction's target.
func Parse(item Item) (channels.Event, error) {
	if item.Object != whatsAppObject {
		return channels.Event{}, &Ignored{IgnoredObject}
	}
	var body whatsAppBody
	if err := decode(item.Raw, &body); err != nil {
		return channels.Event{}, ErrUnreadable.With(err)
	}
	if len(body.Entry) == 0 || len(body.Entry[0].Changes) == 0 {
		return channels.Event{}, ErrUnreadable.With(errors.New("no change"))
	}
	entry := body.Entry[0]
	if entry.ID == "0" {
		return channels.Event{}, &Ignored{IgnoredDashboardTest}
	}
	if item.Field != "messages" {
		return channels.Event{}, &Ignored{IgnoredField}
	}
	event := channels.Event{RoutingKey: item.RoutingKey, Raw: item.Raw}
	value := entry.Changes[0].Value
	var err error
	switch {
	case len(value.Messages) > 0:
		err = readMessage(&event, value.Messages[0], value.Contacts)
	case len(value.Statuses) > 0:
		err = readStatus(&event, value.Statuses[0])
	case len(value.Errors) > 0:
		err = &Ignored{IgnoredChannelError}
	default:
		err = ErrUnreadable.With(errors.New("no message, status or error"))
	}
	if err != nil {
		return channels.Event{}, err
	}
	return event, nil
}

// decode reads foreign JSON: a member of the wrong type stays empty and does not
// spoil the others.
func decode(raw []byte, v any) error {
	err := json.Unmarshal(raw, v)
	if mismatch := (*json.UnmarshalTypeError)(nil); errors.As(err, &mismatch) {
		return nil
	}
	return err
}

// unixTime reads seconds since 1970, as text or number; the zero time when there are none.
func unixTime(seconds text) time.Time {
	s, err := strconv.ParseFloat(string(seconds), 64)
	const year9999 = 253402300799
	if err != nil || !(s > 0 && s <= year9999) {
		return time.Time{}
	}
	return time.Unix(int64(s), 0).UTC()
}
