package meta

import (
	"encoding/json"
	"fmt"

	"baraza/domain/channels"
)

func readStatus(event *channels.Event, raw json.RawMessage) error {
	var s whatsAppStatus
	if err := decode(raw, &s); err != nil {
		return ErrUnreadable.With(err)
	}
	if s.RecipientType == "group" {
		return &Ignored{IgnoredGroup}
	}
	if s.ID == "" || len(s.ID) > maxProviderID {
		return ErrUnreadable.With(fmt.Errorf("a status for an id of %d bytes", len(s.ID)))
	}
	status := &channels.MessageStatus{
		ProviderID: s.ID.clean(maxProviderID),
		ClientKey:  s.CallbackData.clean(maxProviderID),
		Status:     string(s.Status),
	}
	switch s.Status {
	case "sent", "delivered", "read", "played":
	case "failed":
		var code text
		if len(s.Errors) > 0 {
			code = s.Errors[0].Code
		}
		status.Error = refusalOf(code.clean(maxCode), "").sendError()
	default:
		return &Ignored{IgnoredStatus}
	}
	event.At = unixTime(s.Timestamp)
	event.Status = status
	return nil
}
