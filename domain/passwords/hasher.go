package passwords

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"

	"baraza/domain"
)

// hashQueue is how many may wait; the next one is told to come back.
const hashQueue = 50

// Hasher hashes and checks passwords one at a time in a child process of low
// priority. The child starts with the first password, is replaced if it dies, and
// ends with this process.
type Hasher struct {
	executable string
	queued     atomic.Int32
	turn       chan struct{} // held by whoever talks to the child
	child      *hashChild
}

// NewHasher takes the program to run with WorkerArgument, usually os.Executable().
func NewHasher(executable string) *Hasher {
	return &Hasher{executable: executable, turn: make(chan struct{}, 1)}
}

// Hash returns the password's argon2id hash, with its parameters and salt. A full
// queue is ErrBusy.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	reply, err := h.ask(ctx, hashRequest{Password: Normalized(password)})
	return reply.Hash, err
}

// Matches says whether hash is the password's. An empty hash matches nothing and
// takes as long as any other. Hashes of bcrypt, brought along from elsewhere, are of
// the password as it was typed.
func (h *Hasher) Matches(ctx context.Context, password, hash string) (bool, error) {
	switch {
	case hash == "":
		hash = nobodysHash
	case isBcrypt(hash):
		reply, err := h.ask(ctx, hashRequest{Password: password, Hash: hash})
		return reply.Matches, err
	}
	reply, err := h.ask(ctx, hashRequest{Password: Normalized(password), Hash: hash})
	return reply.Matches, err
}

func isBcrypt(hash string) bool { return strings.HasPrefix(hash, "$2") }

// Close ends the child.
func (h *Hasher) Close() {
	h.turn <- struct{}{}
	defer func() { <-h.turn }()
	h.dismiss()
}

func (h *Hasher) ask(ctx context.Context, request hashRequest) (hashReply, error) {
	defer h.queued.Add(-1)
	if h.queued.Add(1) > hashQueue+1 {
		return hashReply{}, ErrBusy
	}
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		return hashReply{}, domain.ErrUnavailable.With(ctx.Err())
	}
	defer func() { <-h.turn }()
	reply, err := h.askChild(request)
	if err != nil {
		// It may have died since the last question: a new one gets one try.
		h.dismiss()
		reply, err = h.askChild(request)
	}
	if err != nil {
		h.dismiss()
		return hashReply{}, domain.ErrInternal.With(fmt.Errorf("hash password: %w", err))
	}
	if reply.Error != "" {
		return hashReply{}, domain.ErrInternal.With(fmt.Errorf("hash password: %s", reply.Error))
	}
	return reply, nil
}

func (h *Hasher) askChild(request hashRequest) (hashReply, error) {
	if h.child == nil {
		child, err := startHashChild(h.executable)
		if err != nil {
			return hashReply{}, err
		}
		h.child = child
	}
	return h.child.ask(request)
}

func (h *Hasher) dismiss() {
	if h.child != nil {
		h.child.end()
		h.child = nil
	}
}
