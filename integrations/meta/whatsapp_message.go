package meta

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"baraza/domain/channels"
)

const (
	maxProviderID = 512
	maxName       = 512
)

var ignoredTypes = map[text]string{
	"system":          IgnoredSystem,
	"edit":            IgnoredEdit,
	"revoke":          IgnoredRevoke,
	"request_welcome": IgnoredRequestWelcome,
}

func readMessage(event *channels.Event, raw json.RawMessage, contacts []whatsAppContact) error {
	var m whatsAppMessage
	if err := decode(raw, &m); err != nil {
		return ErrUnreadable.With(err)
	}
	if m.GroupID != "" {
		return &Ignored{IgnoredGroup}
	}
	if reason, ok := ignoredTypes[m.Type]; ok {
		return &Ignored{reason}
	}
	if m.ID == "" || len(m.ID) > maxProviderID {
		return ErrUnreadable.With(fmt.Errorf("a message id of %d bytes", len(m.ID)))
	}
	from := whatsAppSender(m, contacts)
	if len(from.Keys) == 0 {
		return ErrUnreadable.With(errors.New("a message without sender"))
	}
	event.At = unixTime(m.Timestamp)

	var own map[string]json.RawMessage
	var content whatsAppContent
	if err := decode(raw, &own); err != nil {
		return ErrUnreadable.With(err)
	}
	if raw = own[string(m.Type)]; raw != nil {
		if err := decode(raw, &content); err != nil {
			return ErrUnreadable.With(err)
		}
	}
	if m.Type == "reaction" {
		if content.MessageID == "" {
			return ErrUnreadable.With(errors.New("a reaction to nothing"))
		}
		event.Reaction = &channels.InboundReaction{
			From:       from,
			ProviderID: m.ID.clean(maxProviderID),
			Target:     content.MessageID.clean(maxProviderID),
			Emoji:      content.Emoji.clean(maxName),
		}
		return nil
	}
	message := &channels.InboundMessage{
		From:        from,
		ProviderID:  m.ID.clean(maxProviderID),
		ReplyTo:     m.Context.ID.clean(maxProviderID),
		Forwarded:   m.Context.Forwarded || m.Context.FrequentlyForwarded,
		OpensWindow: true,
	}
	fill(message, m.Type, content, raw)
	event.Message = message
	return nil
}

// fill gives the message its kind and what that kind carries. A type without its own
// object, or with one that says nothing, is unsupported like an unknown type.
func fill(m *channels.InboundMessage, kind text, c whatsAppContent, raw json.RawMessage) {
	m.Kind, m.RawType, m.Content = "unsupported", kind.clean(maxName), raw
	opens := byte(0)
	if len(raw) > 0 {
		opens = raw[0]
	}
	supported := func(kind string, body text) {
		m.Kind, m.RawType, m.Text = kind, "", body.clean(maxText)
	}
	switch {
	case kind == "text" && c.Body != "":
		supported("text", c.Body)
		m.Content = nil
	case (kind == "image" || kind == "video" || kind == "audio" || kind == "document" || kind == "sticker") && c.ID != "":
		supported(string(kind), c.Caption)
		if kind == "audio" && c.Voice {
			m.Kind = "voice"
		}
		m.Media = []channels.InboundMedia{{
			Kind:       m.Kind,
			ProviderID: c.ID.clean(maxProviderID),
			MIME:       c.MIME.clean(maxName),
			SHA256:     c.SHA256.clean(maxName),
			Name:       c.Filename.clean(maxName),
		}}
	case kind == "location" && opens == '{':
		supported("location", "")
	case kind == "contacts" && opens == '[':
		supported("contacts", "")
	case kind == "order" && opens == '{':
		supported("order", c.Text)
	case kind == "button" && opens == '{':
		supported("interactive", c.Text)
	case kind == "interactive" && opens == '{':
		supported("interactive", c.Button.Title+c.List.Title+c.Flow.Body) // one of them is there
	case kind == "unsupported" && c.Type != "":
		m.RawType = c.Type.clean(maxName)
	}
}

// whatsAppSender names the customer: by every key the message gives, and by the
// contact that shares one of them.
func whatsAppSender(m whatsAppMessage, contacts []whatsAppContact) channels.Sender {
	userID, parentID, phone := m.UserID, m.ParentUserID, m.Phone
	var from channels.Sender
	for _, c := range contacts {
		anonymous := userID == "" && phone == "" && len(contacts) == 1
		if !anonymous && (c.UserID == "" || c.UserID != userID) && (c.Phone == "" || c.Phone != phone) {
			continue
		}
		from.Name, from.Username = c.Profile.Name.clean(maxName), c.Profile.Username.clean(maxName)
		if from.Username != "" && !strings.HasPrefix(from.Username, "@") {
			from.Username = "@" + from.Username
		}
		userID, parentID, phone = either(userID, c.UserID), either(parentID, c.ParentUserID), either(phone, c.Phone)
		break
	}
	for _, k := range []channels.IdentityKey{
		{Kind: "bsuid", Value: userID.clean(maxKey)},
		{Kind: "parent_bsuid", Value: parentID.clean(maxKey)},
		{Kind: "wa_phone", Value: e164(phone.clean(maxKey))},
	} {
		if k.Value != "" {
			from.Keys = append(from.Keys, k)
		}
	}
	return from
}

func either(a, b text) text {
	if a != "" {
		return a
	}
	return b
}

// e164 returns a phone number as +digits, or "" if it is none.
func e164(phone string) string {
	digits := strings.TrimPrefix(phone, "+")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return "+" + digits
}
