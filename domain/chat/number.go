package chat

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/tenancy"
)

// numberBlock is how many conversation numbers a process reserves at once. What it
// has not used when it ends is lost: gaps are normal.
const numberBlock = 100

// Numbers hands out conversation numbers, unique in their tenant, without a row that
// every new conversation would have to wait for. Its zero value is ready.
type Numbers struct {
	mu   sync.Mutex
	free map[uuid.UUID]*numberRange
}

// numberRange is what a tenant has left; its lock is held while a block is fetched,
// so that one tenant's slow transaction holds up nobody else.
type numberRange struct {
	mu        sync.Mutex
	next, end int64
}

func (n *Numbers) of(tenant uuid.UUID) *numberRange {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.free == nil {
		n.free = map[uuid.UUID]*numberRange{}
	}
	if n.free[tenant] == nil {
		n.free[tenant] = &numberRange{}
	}
	return n.free[tenant]
}

// ensure reserves, in a transaction of its own, so many numbers that want of them can
// be taken.
func (n *Numbers) ensure(ctx context.Context, d *db.Tenant, want int) error {
	r := n.of(tenancy.From(ctx).TenantID)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.end-r.next >= int64(want) {
		return nil
	}
	size := int64(max(numberBlock, want))
	var end int64
	err := d.Tx(ctx, func(tx *db.Tx) (err error) {
		end, err = db.One[int64](ctx, tx, `
			insert into conversation_numbers (next) values ($1 + 1)
			on conflict (tenant_id) do update set next = conversation_numbers.next + $1
			returning next`, size)
		return err
	})
	// Not before the commit: what was rolled back is reserved by somebody else next.
	if err == nil {
		r.next, r.end = end-size, end
	}
	return err
}

// take returns the next number. ensure has made sure that there is one, unless
// another batch of the tenant was faster: then a number that is taken, which the
// unique index refuses, and the batch starts again.
func (n *Numbers) take(tenant uuid.UUID) int64 {
	r := n.of(tenant)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next == r.end {
		return r.end - 1
	}
	r.next++
	return r.next - 1
}
