package meta

import (
	"encoding/json"
	"net/http"
)

// problem is an answer in the form of RFC 9457. Meta reads only the status; the body
// is for the person who tries the address by hand.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Code      string `json:"code"`
	Detail    string `json:"detail"`
	RequestID string `json:"request_id"`
}

func (h *Webhook) refuse(w http.ResponseWriter, status int, code, title, detail string) {
	body, err := json.Marshal(problem{
		Type:      h.BaseURL + "/docs/errors/" + code,
		Title:     title,
		Status:    status,
		Code:      code,
		Detail:    detail,
		RequestID: w.Header().Get("X-Request-Id"),
	})
	if err != nil { // strings and a number always encode
		status = http.StatusInternalServerError
	}
	write(w, status, "application/problem+json", body)
}

func write(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// A caller that is gone cannot be told.
	_, _ = w.Write(body)
}
