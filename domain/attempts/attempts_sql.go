package attempts

import (
	"context"
	"errors"
	"time"

	"baraza/db"
	"baraza/domain"
)

// addTry adds a try to those of the span, where the condition that follows holds. The
// row's lock puts tries at the same time in line.
const addTry = `
		insert into attempts as a (kind, key_hash, tries, expires_at)
		values ($1, $2, array[clock_timestamp()], clock_timestamp() + $3::interval)
		on conflict (kind, key_hash) do update
		set tries = array(select t from unnest(a.tries) t where t > clock_timestamp() - $3::interval order by t) || clock_timestamp(),
		    expires_at = clock_timestamp() + $3::interval`

// take adds a try; NotFound when the limit is reached.
func take(ctx context.Context, q db.PlatformQueryer, limit Limit, key []byte) (int, error) {
	return db.One[int](ctx, q, addTry+`
		where (select count(*) from unnest(a.tries) t where t > clock_timestamp() - $3::interval) < $4
		returning cardinality(tries)`, limit.Kind, key, limit.Every.String(), limit.Max)
}

// untilNext is when the oldest of the tries no longer counts.
func untilNext(ctx context.Context, q db.PlatformQueryer, limit Limit, key []byte) (time.Duration, error) {
	seconds, err := db.One[float64](ctx, q, `
		select greatest(1, extract(epoch from tries[1] + $3::interval - clock_timestamp()))::float8
		from attempts where kind = $1 and key_hash = $2`, limit.Kind, key, limit.Every.String())
	if errors.Is(err, domain.ErrNotFound) {
		return time.Second, nil // swept meanwhile
	}
	return time.Duration(seconds * float64(time.Second)), err
}

// keep adds a try; NotFound when it comes too soon.
func keep(ctx context.Context, q db.PlatformQueryer, pace Pace, key []byte) (int, error) {
	return db.One[int](ctx, q, addTry+`
		where (select count(*) < $4 or clock_timestamp() >= max(t) + least($6::interval, $5::interval * power(2, least(count(*) - $4, 20)))
		       from unnest(a.tries) t where t > clock_timestamp() - $3::interval)
		returning cardinality(tries)`, pace.Kind, key, pace.Every.String(), pace.Max, pace.First.String(), pace.Longest.String())
}

// untilPace is when the next try is not too soon.
func untilPace(ctx context.Context, q db.PlatformQueryer, pace Pace, key []byte) (time.Duration, error) {
	seconds, err := db.One[float64](ctx, q, `
		select greatest(1, coalesce(extract(epoch from max(t) - clock_timestamp()
		       + least($5::interval, $4::interval * power(2, least(greatest(count(*) - $6, 0), 20)))), 1))::float8
		from attempts a, unnest(a.tries) t
		where a.kind = $1 and a.key_hash = $2 and t > clock_timestamp() - $3::interval`,
		pace.Kind, key, pace.Every.String(), pace.First.String(), pace.Longest.String(), pace.Max)
	return time.Duration(seconds * float64(time.Second)), err
}

func slowed(ctx context.Context, q db.PlatformQueryer, pace Pace, key []byte) (bool, error) {
	return db.One[bool](ctx, q, `
		select count(*) >= $4
		from attempts a, unnest(a.tries) t
		where a.kind = $1 and a.key_hash = $2 and t > clock_timestamp() - $3::interval`, pace.Kind, key, pace.Every.String(), pace.Max)
}

// giveBack takes off the newest: all are alike.
func giveBack(ctx context.Context, q db.PlatformQueryer, limit Limit, key []byte) error {
	_, err := db.Exec(ctx, q, `
		update attempts set tries = trim_array(tries, 1)
		where kind = $1 and key_hash = $2 and cardinality(tries) > 0`, limit.Kind, key)
	return err
}

// Sweep removes what no longer counts.
func (c *Counter) Sweep(ctx context.Context) error {
	_, err := db.Exec(ctx, c.DB, `delete from attempts where expires_at < now()`)
	return err
}
