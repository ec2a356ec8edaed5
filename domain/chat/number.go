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

type numberRange struct{ next, end int64 }

// ensure reserves, in a transaction of its own, so many numbers that n can be taken.
func (n *Numbers) ensure(ctx context.Context, d *db.Tenant, want int) error {
	tenant := tenancy.From(ctx).TenantID
	n.mu.Lock()
	defer n.mu.Unlock()
	if r := n.free[tenant]; r != nil && r.end-r.next >= int64(want) {
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
	if err != nil {
		return err
	}
	if n.free == nil {
		n.free = map[uuid.UUID]*numberRange{}
	}
	n.free[tenant] = &numberRange{next: end - size, end: end}
	return nil
}

// take returns the next number; ensure has made sure that there is one, unless
// another batch was faster: then 0, which the unique index refuses.
func (n *Numbers) take(tenant uuid.UUID) int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	r := n.free[tenant]
	if r == nil || r.next == r.end {
		return 0
	}
	r.next++
	return r.next - 1
}
