package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// send is the body of a message, as far as its rules need it.
type send struct {
	Product       string          `json:"messaging_product"`
	RecipientType string          `json:"recipient_type"`
	To            string          `json:"to"`
	Recipient     string          `json:"recipient"`
	Type          string          `json:"type"`
	ClientKey     string          `json:"biz_opaque_callback_data"`
	Status        string          `json:"status"`
	MessageID     string          `json:"message_id"`
	Typing        json.RawMessage `json:"typing_indicator"`
	Context       *struct {
		MessageID string `json:"message_id"`
	} `json:"context"`
	Text struct {
		PreviewURL bool   `json:"preview_url"`
		Body       string `json:"body"`
	} `json:"text"`
	Image       *sentMedia      `json:"image"`
	Video       *sentMedia      `json:"video"`
	Audio       *sentMedia      `json:"audio"`
	Document    *sentMedia      `json:"document"`
	Sticker     *sentMedia      `json:"sticker"`
	Interactive *interactive    `json:"interactive"`
	Location    json.RawMessage `json:"location"`
	Contacts    json.RawMessage `json:"contacts"`
	Template    json.RawMessage `json:"template"`
	Reaction    *struct {
		MessageID string `json:"message_id"`
		Emoji     string `json:"emoji"`
	} `json:"reaction"`
}

type sentMedia struct {
	ID       string `json:"id"`
	Link     string `json:"link"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
}

// recipient is the phone number in digits, or the user id. A number without its + gets
// the business's country code put before it, as Meta does: a test that forgets the +
// finds its message with a stranger.
func (m send) recipient() string {
	if digits, ok := strings.CutPrefix(m.To, "+"); ok {
		return digits
	}
	if m.To != "" {
		return "1" + m.To
	}
	return m.Recipient
}

// readMessage reads a message and applies the rules Meta applies before it takes one.
// Beside a refusal it returns what could be read.
func readMessage(w http.ResponseWriter, r *http.Request) (send, *refusal) {
	var raw json.RawMessage
	var m send
	if err := readBody(w, r, &raw); err != nil {
		return m, badParameter("The body is not JSON.")
	}
	// A member of the wrong type stays empty here and is refused below.
	err := json.Unmarshal(raw, &m)
	strict := json.NewDecoder(bytes.NewReader(raw))
	strict.DisallowUnknownFields()
	if err == nil {
		err = strict.Decode(&send{})
	}
	switch {
	case err != nil:
		return m, badParameter(err.Error())
	case m.Product != "whatsapp":
		return m, badParameter("Param messaging_product must be whatsapp.")
	case m.Status != "":
		return m, m.checkStatus()
	case m.To == "" && m.Recipient == "":
		return m, missing("to is required.")
	case m.RecipientType != "" && m.RecipientType != "individual":
		return m, badValue("Param recipient_type must be individual.")
	case strings.Trim(m.To, "+0123456789") != "" || m.To != "" && len(m.recipient()) < 5:
		return m, badValue("Param to must be a phone number.")
	case m.Context != nil && m.Context.MessageID == "":
		return m, missing("context.message_id is required.")
	}
	if refused := limit("biz_opaque_callback_data", m.ClientKey, 512); refused != nil {
		return m, refused
	}
	return m, m.checkContent()
}

func (m send) checkStatus() *refusal {
	if m.Status != "read" {
		return badValue("Param status must be read.")
	}
	if m.MessageID == "" {
		return missing("message_id is required.")
	}
	return nil
}

// checkContent applies the rules of the message's type.
func (m send) checkContent() *refusal {
	switch m.Type {
	case "text", "":
		if m.Text.Body == "" {
			return badValue("Param text.body must have at least one character.")
		}
		return limit("text.body", m.Text.Body, 4096)
	case "image":
		return m.Image.check(m.Type)
	case "video":
		return m.Video.check(m.Type)
	case "document":
		return m.Document.check(m.Type)
	case "audio", "sticker":
		media := m.Audio
		if m.Type == "sticker" {
			media = m.Sticker
		}
		if media != nil && media.Caption != "" {
			return badParameter("Param " + m.Type + " takes no caption.")
		}
		return media.check(m.Type)
	case "interactive":
		return m.Interactive.check()
	case "reaction":
		if m.Reaction == nil || m.Reaction.MessageID == "" {
			return missing("reaction.message_id is required.")
		}
	case "location", "contacts", "template":
		for _, own := range map[string]json.RawMessage{"location": m.Location, "contacts": m.Contacts, "template": m.Template} {
			if own != nil {
				return nil
			}
		}
		return missing(fmt.Sprintf("Parameter of type %s is missing.", m.Type))
	default:
		return &refusal{status: 400, code: 131051, message: "(#131051) Unsupported message type", details: "Message type is not currently supported."}
	}
	return nil
}

func (m *sentMedia) check(what string) *refusal {
	if m == nil || (m.ID == "") == (m.Link == "") {
		return missing("Param " + what + " needs an id or a link.")
	}
	return limit(what+".caption", m.Caption, 1024)
}
