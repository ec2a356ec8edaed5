package domain

import "context"

// Request is where an act came from, as the audit log shows it.
type Request struct {
	IP        string
	UserAgent string
	ID        string
}

type requestKey struct{}

// WithRequest returns a context that remembers the request it serves.
func WithRequest(ctx context.Context, r Request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// RequestOf returns the request the context serves; the zero Request for work that no
// request asked for.
func RequestOf(ctx context.Context) Request {
	r, _ := ctx.Value(requestKey{}).(Request)
	return r
}
