package meta

import (
	"strconv"
	"time"

	"baraza/domain/channels"
)

// maxCode bounds what we keep of a code.
const maxCode = 32

// reaction is what a refusal asks of us.
type reaction int

const (
	final  reaction = iota // this message is not sent
	signIn                 // the channel's sends wait until somebody connects it again
	later                  // nothing was taken; try again
)

// refusal is one line of the catalogue: what a code of Meta's means to an agent.
type refusal struct {
	code      string
	reaction  reaction
	title     string        // one plain sentence
	detail    string        // what to do next
	retryable bool          // a person may send the same message again
	after     time.Duration // the earliest moment for it; 0 leaves it to the caller
	known     bool          // it is in the catalogue
}

func (r refusal) sendError() *channels.SendError {
	return &channels.SendError{Code: r.code, Title: r.title, Detail: r.detail, Retryable: r.retryable}
}

// outcome is what a send that met this refusal returns.
func (r refusal) outcome() error {
	switch r.reaction {
	case signIn:
		return &channels.ReauthRequired{Cause: r.sendError()}
	case later:
		return &channels.Transient{Cause: r.sendError(), RetryAfter: r.after}
	}
	return r.sendError()
}

// refusalOf finds a code in the catalogue. The subcode decides where Meta uses one
// code for two things: 10 is a missing permission, or a closed window.
func refusalOf(code, subcode string) refusal {
	r, ok := refusals[code+"/"+subcode]
	if !ok {
		r, ok = refusals[code]
	}
	if n, err := strconv.Atoi(code); !ok && err == nil && n >= 200 && n <= 299 {
		r, ok = refusals["10"], true
	}
	if r.known = ok; !ok {
		r = refusal{title: "WhatsApp refused the message for a reason we do not know",
			detail: "Try again later. If it stays, give this code to an administrator.", retryable: true}
	}
	if r.code = code; code == "" {
		r.code = "unknown"
	}
	return r
}
