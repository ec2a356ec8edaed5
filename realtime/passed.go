package realtime

import "github.com/google/uuid"

// passedLimit bounds the memory while a long transaction holds the horizon back; what
// is forgotten early may be passed on twice.
const passedLimit = 200_000

// passed remembers which changes went out, until no sweep will read them again.
type passed struct {
	newer, older map[uuid.UUID]struct{}
	// below: all of older was committed by transactions below this one; 0: not known yet.
	below int64
}

func newPassed() passed {
	return passed{newer: map[uuid.UUID]struct{}{}, older: map[uuid.UUID]struct{}{}}
}

func (p *passed) has(id uuid.UUID) bool {
	if _, ok := p.newer[id]; ok {
		return true
	}
	_, ok := p.older[id]
	return ok
}

func (p *passed) add(id uuid.UUID) {
	if len(p.newer) >= passedLimit {
		p.turn()
	}
	p.newer[id] = struct{}{}
}

// settle is told after each sweep where every tenant's next one begins, and the xmax
// of this one's snapshot, which lies above all that went out before it.
func (p *passed) settle(from, xmax int64) {
	switch {
	case p.below == 0:
		p.below = xmax
	case from >= p.below:
		p.turn()
	}
}

func (p *passed) turn() {
	p.older, p.newer, p.below = p.newer, map[uuid.UUID]struct{}{}, 0
}
