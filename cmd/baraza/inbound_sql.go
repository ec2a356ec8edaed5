package main

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"baraza/bus"
	"baraza/db"
	"baraza/domain"
)

// lane is one shard of one stream, as its position is kept.
type lane struct {
	stream string
	shard  int
}

// position is how far a shard has been stored, and how often the message behind it
// was tried.
type position struct {
	Seq   uint64 `db:"seq"`
	Tries int    `db:"tries"`
}

func readPosition(ctx context.Context, q db.PlatformQueryer, at lane) (position, error) {
	p, err := db.One[position](ctx, q, `select seq, tries from stream_positions where stream = $1 and shard = $2`, at.stream, at.shard)
	if errors.Is(err, domain.ErrNotFound) {
		return position{}, nil
	}
	return p, err
}

// movePosition never goes back: an instance that has lost the shard may still write.
func movePosition(ctx context.Context, q db.PlatformQueryer, at lane, seq uint64) error {
	_, err := db.Exec(ctx, q, `
		insert into stream_positions as p (stream, shard, seq) values ($1, $2, $3)
		on conflict (stream, shard) do update set seq = excluded.seq, tries = 0, updated_at = now()
		where p.seq < excluded.seq`, at.stream, at.shard, int64(seq))
	return err
}

// resetPosition starts the shard at the stream's first message.
func resetPosition(ctx context.Context, q db.PlatformQueryer, at lane) error {
	_, err := db.Exec(ctx, q, `
		update stream_positions set seq = 0, tries = 0, updated_at = now() where stream = $1 and shard = $2`, at.stream, at.shard)
	return err
}

func countTry(ctx context.Context, q db.PlatformQueryer, at lane) (int, error) {
	return db.One[int](ctx, q, `
		insert into stream_positions as p (stream, shard, tries) values ($1, $2, 1)
		on conflict (stream, shard) do update set tries = p.tries + 1, updated_at = now()
		returning tries`, at.stream, at.shard)
}

// insertFailure keeps an item once: a crash before the position moved brings it again.
func insertFailure(ctx context.Context, q db.PlatformQueryer, r refused, tenant *uuid.UUID) error {
	_, err := db.Exec(ctx, q, `
		insert into inbound_failures (id, stream, seq, signer, owner_tenant, routing_key, raw, reason, tries)
		select $1, $2, $3, $4, $5, $6, $7, $8, $9
		where not exists (select from inbound_failures where stream = $2 and seq = $3 and raw = $7)`,
		db.NewID(), bus.Inbound.String(), int64(r.seq), r.signer, tenant, r.item.RoutingKey, []byte(r.item.Raw), r.reason.Error(), maxTries)
	return err
}
