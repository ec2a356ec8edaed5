package meta

import "encoding/json"

// The shapes of WhatsApp's webhooks, as far as we read them.
type (
	whatsAppBody struct {
		Entry []struct {
			ID      text `json:"id"`
			Changes []struct {
				Value struct {
					Contacts []whatsAppContact `json:"contacts"`
					Messages []json.RawMessage `json:"messages"`
					Statuses []json.RawMessage `json:"statuses"`
					Errors   []json.RawMessage `json:"errors"`
				} `json:"value"`
			} `json:"changes"`
		} `json:"entry"`
	}

	whatsAppContact struct {
		Profile struct {
			Name     text `json:"name"`
			Username text `json:"username"`
		} `json:"profile"`
		Phone        text `json:"wa_id"`
		UserID       text `json:"user_id"`
		ParentUserID text `json:"parent_user_id"`
	}

	whatsAppMessage struct {
		ID           text `json:"id"`
		Phone        text `json:"from"`
		UserID       text `json:"from_user_id"`
		ParentUserID text `json:"from_parent_user_id"`
		GroupID      text `json:"group_id"`
		Timestamp    text `json:"timestamp"`
		Type         text `json:"type"`
		Context      struct {
			ID                  text `json:"id"`
			Forwarded           bool `json:"forwarded"`
			FrequentlyForwarded bool `json:"frequently_forwarded"`
		} `json:"context"`
	}

	// whatsAppContent is the member of a message that has its type's name. One type
	// uses some of these.
	whatsAppContent struct {
		ID        text `json:"id"` // of the media
		MIME      text `json:"mime_type"`
		SHA256    text `json:"sha256"`
		Filename  text `json:"filename"`
		Caption   text `json:"caption"`
		Voice     bool `json:"voice"`
		Body      text `json:"body"`       // of a text
		Text      text `json:"text"`       // of a button or an order
		MessageID text `json:"message_id"` // a reaction's target
		Emoji     text `json:"emoji"`
		Type      text `json:"type"` // of what is unsupported
		Button    struct {
			Title text `json:"title"`
		} `json:"button_reply"`
		List struct {
			Title text `json:"title"`
		} `json:"list_reply"`
		Flow struct {
			Body text `json:"body"`
		} `json:"nfm_reply"`
	}

	whatsAppStatus struct {
		ID            text            `json:"id"`
		Status        text            `json:"status"`
		Timestamp     text            `json:"timestamp"`
		RecipientType text            `json:"recipient_type"`
		CallbackData  text            `json:"biz_opaque_callback_data"`
		Errors        []whatsAppError `json:"errors"`
	}

	whatsAppError struct {
		Code text `json:"code"`
	}
)
