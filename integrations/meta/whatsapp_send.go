package meta

import (
	"encoding/json"
	"fmt"

	"baraza/domain/channels"
)

// whatsAppSend is the body of POST /{phone-number-id}/messages.
type whatsAppSend struct {
	Product       string          `json:"messaging_product"`
	RecipientType string          `json:"recipient_type"`
	To            string          `json:"to,omitempty"`        // a phone number, with its +
	Recipient     string          `json:"recipient,omitempty"` // a business-scoped user id
	Type          string          `json:"type"`
	Text          *whatsAppText   `json:"text,omitempty"`
	Context       *whatsAppQuoted `json:"context,omitempty"`
	CallbackData  string          `json:"biz_opaque_callback_data,omitempty"`
}

type whatsAppText struct {
	PreviewURL bool   `json:"preview_url"`
	Body       string `json:"body"`
}

type whatsAppQuoted struct {
	MessageID string `json:"message_id"`
}

// whatsAppPayload addresses by phone number where one is known: Meta prefers it, and
// some kinds of message need it.
func whatsAppPayload(m channels.Outgoing) ([]byte, error) {
	body := whatsAppSend{Product: "whatsapp", RecipientType: "individual", Type: m.Kind, CallbackData: m.ClientKey}
	if m.Kind != "text" {
		return nil, &channels.SendError{Code: "unsupported_kind", Title: "This kind of message cannot be sent on WhatsApp yet",
			Detail: "Send it as text."}
	}
	body.Text = &whatsAppText{Body: m.Text}
	for _, k := range m.To {
		switch k.Kind {
		case "wa_phone":
			body.To = e164(k.Value)
		case "bsuid":
			body.Recipient = k.Value
		case "parent_bsuid":
			if body.Recipient == "" {
				body.Recipient = k.Value
			}
		}
	}
	switch {
	case body.To != "":
		body.Recipient = ""
	case body.Recipient == "":
		return nil, &channels.SendError{Code: "no_recipient", Title: "This contact has no WhatsApp address",
			Detail: "Wait until they write, or add their phone number."}
	}
	if m.ReplyTo != "" {
		body.Context = &whatsAppQuoted{MessageID: m.ReplyTo}
	}
	payload, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode a WhatsApp message: %w", err)
	}
	return payload, nil
}
