package api

import (
	"sync"
	"time"
)

// Rate is how many requests pass: so many at once, and so many a minute in the long
// run. The zero Rate lets all pass.
type Rate struct{ PerMinute, Burst int }

// bucketID is whose requests are counted: an id, or an address.
type bucketID [16]byte

const (
	bucketShards = 16
	// maxBuckets are remembered per limit, about 4 MB. A full one is as good as none.
	maxBuckets = 1 << 16
	// evictionSample are looked at for one to give up.
	evictionSample = 8
)

// buckets count by GCRA: one time for each id, when its burst would be whole again.
type buckets struct {
	interval int64 // nanoseconds for one request
	burst    int64
	shards   [bucketShards]bucketShard
}

type bucketShard struct {
	mu    sync.Mutex
	whole map[bucketID]int64
}

// standing is where an id stands after a request.
type standing struct {
	ok               bool
	limit, remaining int64
	reset, wait      time.Duration // until the burst is whole; until the next may pass
}

func newBuckets(r Rate) *buckets {
	b := &buckets{interval: int64(time.Minute) / int64(r.PerMinute), burst: int64(r.Burst)}
	for i := range b.shards {
		b.shards[i].whole = map[bucketID]int64{}
	}
	return b
}

// take counts n requests, 0 to look only. What is refused is not counted.
func (b *buckets) take(id bucketID, now time.Time, n int64) standing {
	at := now.UnixNano()
	shard := &b.shards[(id[15]^id[7]^id[6]^id[5])%bucketShards]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	whole, known := shard.whole[id]
	owed := max(whole-at, 0)
	free := (b.burst*b.interval - owed) / b.interval
	if free < n || free < 1 {
		wait := owed + b.interval - b.burst*b.interval
		return standing{false, b.burst, 0, time.Duration(owed), time.Duration(wait)}
	}
	if n > 0 {
		if !known {
			shard.makeRoom(at)
		}
		owed += n * b.interval
		shard.whole[id] = at + owed
	}
	return standing{true, b.burst, free - n, time.Duration(owed), 0}
}

// makeRoom gives up one of a few when the shard is full: one that is whole again, or
// else the one nearest to it. Whoever has a million addresses gains little by it.
func (s *bucketShard) makeRoom(at int64) {
	if len(s.whole) < maxBuckets/bucketShards {
		return
	}
	var victim bucketID
	var soonest int64
	looked := 0
	for id, whole := range s.whole {
		if looked == 0 || whole < soonest {
			victim, soonest = id, whole
		}
		if looked++; looked == evictionSample || soonest <= at {
			break
		}
	}
	delete(s.whole, victim)
}
