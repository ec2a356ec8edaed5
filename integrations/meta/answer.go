package meta

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"baraza/domain/channels"
)

// maxWait bounds how long an answer can make us wait.
const maxWait = time.Hour

// answer is what the Graph API said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) ok() bool { return a.status >= 200 && a.status <= 299 }

// doubtWait is how long a 5xx with an error object is left alone. If Meta took the
// message all the same, its status arrives meanwhile and the message is not sent again:
// twice is worse than late.
const doubtWait = 30 * time.Second

// refusal reads Graph's error object. ok is false where there is none.
func (a answer) refusal() (_ refusal, ok bool) {
	var body struct {
		Error *struct {
			Code      text `json:"code"`
			Subcode   text `json:"error_subcode"`
			Transient bool `json:"is_transient"`
		} `json:"error"`
		// The older form of the Instagram hosts.
		Type text `json:"error_type"`
		Code text `json:"code"`
	}
	if err := decode(a.body, &body); err != nil {
		return refusal{}, false
	}
	if body.Error == nil {
		return refusalOf(body.Code.clean(maxCode), ""), body.Type != ""
	}
	r := refusalOf(body.Error.Code.clean(maxCode), body.Error.Subcode.clean(maxCode))
	if !r.known && (body.Error.Transient || a.status >= 500) {
		r.reaction = later
	}
	if r.reaction == later {
		r.after = max(r.after, a.wait())
	}
	if r.reaction == later && a.status >= 500 {
		r.after = max(r.after, doubtWait)
	}
	return r, true
}

// sent reads the answer to a send: the message's id, or what became of it.
func (a answer) sent() (string, error) {
	if r, ok := a.refusal(); ok {
		return "", r.outcome()
	}
	var body struct {
		Messages []struct {
			ID text `json:"id"`
		} `json:"messages"`
	}
	// What cannot be read has no id.
	if err := decode(a.body, &body); err == nil && a.ok() && len(body.Messages) > 0 && body.Messages[0].ID != "" {
		return body.Messages[0].ID.clean(maxProviderID), nil
	}
	refused := &channels.SendError{Code: fmt.Sprintf("http_%d", a.status), Title: "WhatsApp refused the message without a reason",
		Detail: "Try again later. If it stays, give this code to an administrator.", Retryable: true}
	switch {
	case a.status == http.StatusTooManyRequests:
		return "", &channels.Transient{Cause: refused, RetryAfter: a.wait()}
	case a.status >= 400 && a.status <= 499 && a.status != http.StatusRequestTimeout:
		return "", refused
	}
	// A 200 we cannot read, a redirect, a page of a proxy: it may have been taken.
	return "", &channels.UnknownOutcome{Cause: fmt.Errorf("status %d without a readable answer", a.status)}
}

// wait is how long the answer asks us to wait: Retry-After in seconds, or the longest
// time to regain access, in minutes, of its usage header.
func (a answer) wait() time.Duration {
	if s, err := strconv.Atoi(a.header.Get("Retry-After")); err == nil && s > 0 {
		return min(time.Duration(s)*time.Second, maxWait)
	}
	var usage map[string][]struct {
		Minutes int `json:"estimated_time_to_regain_access"`
	}
	// The header is a hint; without a readable one the caller's own backoff holds.
	if err := json.Unmarshal([]byte(a.header.Get("X-Business-Use-Case-Usage")), &usage); err != nil {
		return 0
	}
	minutes := 0
	for _, uses := range usage {
		for _, use := range uses {
			minutes = max(minutes, use.Minutes)
		}
	}
	return min(time.Duration(minutes)*time.Minute, maxWait)
}
