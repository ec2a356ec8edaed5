package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"

	"baraza/integrations/meta"
)

// The shapes of a WhatsApp webhook, with their members in Meta's order.
type (
	body struct {
		Object string  `json:"object"`
		Entry  []entry `json:"entry"`
	}
	entry struct {
		ID      string   `json:"id"`
		Changes []change `json:"changes"`
	}
	change struct {
		Value value  `json:"value"`
		Field string `json:"field"`
	}
	value struct {
		Product  string    `json:"messaging_product"`
		Metadata metadata  `json:"metadata"`
		Contacts []contact `json:"contacts,omitempty"`
		Messages []message `json:"messages,omitempty"`
		Statuses []status  `json:"statuses,omitempty"`
	}
	metadata struct {
		Display string `json:"display_phone_number"`
		ID      string `json:"phone_number_id"`
	}
	contact struct {
		Profile profile `json:"profile"`
		Phone   string  `json:"wa_id,omitempty"`
		UserID  string  `json:"user_id,omitempty"`
	}
	profile struct {
		Name     string `json:"name"`
		Username string `json:"username,omitempty"`
	}
	message struct {
		Context    *quoted         `json:"context,omitempty"`
		From       string          `json:"from,omitempty"`
		FromUserID string          `json:"from_user_id,omitempty"`
		ID         string          `json:"id"`
		Timestamp  string          `json:"timestamp"`
		Type       string          `json:"type"`
		own        json.RawMessage // the member that has the type's name; nil leaves it out
	}
	quoted struct {
		From string `json:"from"`
		ID   string `json:"id"`
	}
	image struct {
		Caption string `json:"caption,omitempty"`
		MIME    string `json:"mime_type"`
		SHA256  string `json:"sha256"`
		ID      string `json:"id"`
		URL     string `json:"url,omitempty"`
	}
	reaction struct {
		MessageID string `json:"message_id"`
		Emoji     string `json:"emoji"`
	}
	status struct {
		ID           string        `json:"id"`
		Status       string        `json:"status"`
		Timestamp    string        `json:"timestamp"`
		RecipientID  string        `json:"recipient_id,omitempty"`
		UserID       string        `json:"recipient_user_id,omitempty"`
		CallbackData string        `json:"biz_opaque_callback_data,omitempty"`
		Pricing      *pricing      `json:"pricing,omitempty"`
		Errors       []statusError `json:"errors,omitempty"`
	}
	pricing struct {
		Billable bool   `json:"billable"`
		Model    string `json:"pricing_model"`
		Type     string `json:"type"`
		Category string `json:"category"`
	}
	statusError struct {
		Code    json.Number `json:"code"`
		Title   string      `json:"title"`
		Message string      `json:"message"`
		Data    struct {
			Details string `json:"details"`
		} `json:"error_data"`
		Href string `json:"href"`
	}
)

// MarshalJSON puts the message's own member last.
func (m message) MarshalJSON() ([]byte, error) {
	type common message
	b, err := plain(common(m))
	if err != nil || m.own == nil {
		return b, err
	}
	name, err := plain(m.Type)
	if err != nil {
		return nil, err
	}
	b = append(append(append(b[:len(b)-1], ','), name...), ':')
	return append(append(b, m.own...), '}'), nil
}

// update is one change of one number.
type update struct {
	number number
	change change
}

// of wraps a value as an update of a number.
func (n number) of(v value) update {
	v.Product, v.Metadata = "whatsapp", metadata{Display: n.display, ID: n.id}
	return update{n, change{Value: v, Field: "messages"}}
}

// bodyOf is the webhook with these updates, in plain UTF-8. Neighbours of one business
// account share an entry.
func bodyOf(updates []update) ([]byte, error) {
	b := body{Object: "whatsapp_business_account"}
	for _, u := range updates {
		if last := len(b.Entry) - 1; last < 0 || b.Entry[last].ID != u.number.waba {
			b.Entry = append(b.Entry, entry{ID: u.number.waba})
		}
		e := &b.Entry[len(b.Entry)-1]
		e.Changes = append(e.Changes, u.change)
	}
	raw, err := plain(b)
	if err != nil {
		return nil, fmt.Errorf("encode a webhook: %w", err)
	}
	return raw, nil
}

// plain encodes without the escapes encoding/json adds for HTML.
func plain(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// wire is v as Meta sends it.
func wire(v any) ([]byte, error) {
	b, err := plain(v)
	return meta.Wire(b), err
}
