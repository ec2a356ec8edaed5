package db

import "context"

// First is run inside a transaction, before anything else of it: in every one begun
// with its context until one has committed. What it writes is then there if and only
// if the first effect is.
type First struct {
	Tenant   func(context.Context, *Tx) error
	Platform func(context.Context, *PlatformTx) error

	committed bool
}

type firstKey struct{}

// WithFirst returns a context whose transactions begin with first. It belongs to one
// goroutine at a time.
func WithFirst(ctx context.Context, first *First) context.Context {
	return context.WithValue(ctx, firstKey{}, first)
}

// firstOf is nil where there is none, or none any more.
func firstOf(ctx context.Context) *First {
	first, ok := ctx.Value(firstKey{}).(*First)
	if !ok || first.committed {
		return nil
	}
	return first
}

func (f *First) tenant(ctx context.Context, tx *Tx) error {
	if f == nil {
		return nil
	}
	return f.Tenant(ctx, tx)
}

func (f *First) platform(ctx context.Context, tx *PlatformTx) error {
	if f == nil {
		return nil
	}
	return f.Platform(ctx, tx)
}

func (f *First) done() {
	if f != nil {
		f.committed = true
	}
}
