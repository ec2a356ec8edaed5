package api

import (
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"baraza/domain"
	"baraza/tenancy"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// Names of the limits that every request below /api and /v1 meets. A route line may
// name one more, per address.
const (
	limitUser    = "user"    // a person, or a key
	limitTenant  = "tenant"  // all of theirs together
	limitAddress = "address" // whoever is not known, by where they are
)

// Limits are rates by name, counted in this process: n instances let pass n times as
// much. What is not named has no limit.
type Limits map[string]Rate

// limits are the buckets behind Limits.
type limits map[string]*buckets

// newLimits refuses a name that nothing asks for: a typo must not pass for a limit.
func newLimits(rates Limits, routes []*Route) (limits, error) {
	known := map[string]bool{limitUser: true, limitTenant: true, limitAddress: true}
	for _, route := range routes {
		if route.limit != "" {
			known[route.limit] = true
		}
	}
	l := limits{}
	for name, rate := range rates {
		switch {
		case !known[name]:
			return nil, fmt.Errorf("there is no rate limit %q", name)
		case rate == Rate{}:
			continue
		case rate.PerMinute < 1 || rate.Burst < 1:
			return nil, fmt.Errorf("rate limit %s: %d a minute and %d at once are no limit", name, rate.PerMinute, rate.Burst)
		}
		l[name] = newBuckets(rate)
	}
	return l, nil
}

var errRate = &domain.Error{Kind: domain.TooMany, Code: "rate_limited", Detail: "Too many requests. Slow down."}

// limitedPath says whether requests of an address are counted. Webhooks never are: what
// Meta does not get rid of is lost.
func limitedPath(path string) bool { return below(path, "/api", "/v1") }

// showLimit puts what an address has left on the answer, for what is refused before
// anybody is known.
func (s *Server) showLimit(route *Route, next echo.HandlerFunc) echo.HandlerFunc {
	if !limitedPath(route.Path) || s.limits[limitAddress] == nil {
		return next
	}
	return func(c echo.Context) error {
		if id, ok := addressID(c.Request()); ok {
			setStanding(c, s.limits[limitAddress].take(id, time.Now(), 0))
		}
		return next(c)
	}
}

// spend counts a request: for a person or key and their tenant, for an address where
// neither is known, and for an address where the line has a limit of its own. The
// answer carries the standing that is nearest to its end.
func (s *Server) spend(c echo.Context, limit string, scope tenancy.Scope) error {
	if len(s.limits) == 0 {
		return nil
	}
	now := time.Now()
	var least standing
	seen := false
	count := func(name string, id bucketID) bool {
		b := s.limits[name]
		if b == nil {
			return true
		}
		if at := b.take(id, now, 1); !seen || !at.ok || at.remaining < least.remaining {
			least, seen = at, true
		}
		return least.ok
	}
	ok := true
	if actor := scope.Actor(); actor != uuid.Nil {
		ok = count(limitUser, bucketID(actor)) && (scope.TenantID == uuid.Nil || count(limitTenant, bucketID(scope.TenantID)))
	} else if id, known := addressID(c.Request()); known {
		ok = count(limitAddress, id)
	}
	if ok && limit != "" {
		if id, known := addressID(c.Request()); known {
			ok = count(limit, id)
		}
	}
	if seen {
		setStanding(c, least)
	}
	if ok {
		return nil
	}
	e := *errRate
	e.RetryAfter = least.wait
	return &e
}

// authenticated is s.authenticate with the request counted, for whom it turned out to
// be, before an error of it is told: guessing is counted too.
func (s *Server) authenticated(route *Route, next echo.HandlerFunc) echo.HandlerFunc {
	authenticate := s.authenticate(route)
	counted := limitedPath(route.Path)
	return func(c echo.Context) error {
		return tenancy.Middleware(func(r *http.Request) (tenancy.Scope, error) {
			scope, err := authenticate(r)
			if counted {
				if err := s.spend(c, route.limit, scope); err != nil {
					return tenancy.Scope{}, err
				}
			}
			return scope, err
		})(next)(c)
	}
}

// anonymous counts a request for its address alone.
func (s *Server) anonymous(path string, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if limitedPath(path) {
			if err := s.spend(c, "", tenancy.Scope{}); err != nil {
				return err
			}
		}
		return next(c)
	}
}

// addressID is an IPv4 address, or the network of an IPv6 one: a household has 2⁶⁴ of
// those.
func addressID(r *http.Request) (bucketID, bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return bucketID{}, false
	}
	address := peer.Addr().Unmap()
	id := bucketID(address.As16())
	if address.Is6() {
		clear(id[8:])
	}
	return id, true
}

func setStanding(c echo.Context, at standing) {
	h := c.Response().Header()
	h.Set("RateLimit-Limit", strconv.FormatInt(at.limit, 10))
	h.Set("RateLimit-Remaining", strconv.FormatInt(at.remaining, 10))
	h.Set("RateLimit-Reset", strconv.FormatInt(int64(math.Ceil(at.reset.Seconds())), 10))
}
