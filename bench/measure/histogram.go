package measure

import (
	"math/bits"
	"time"
)

const (
	// mantissa bits below the leading one: every value is kept within a 1,024th.
	mantissa = 10
	// longest is what a latency is counted as at most, 36 minutes.
	longest = 1<<41 - 1
	places  = (41-mantissa-1)<<mantissa + 2<<mantissa
)

// Histogram counts durations with three significant digits. Its zero value is ready;
// it is for one goroutine, many are merged.
type Histogram struct {
	counts []uint32
	n      int64
	max    int64
}

// Record counts one duration; a negative one counts as zero.
func (h *Histogram) Record(d time.Duration) {
	v := min(max(int64(d), 0), longest)
	if h.counts == nil {
		h.counts = make([]uint32, places)
	}
	h.counts[placeOf(v)]++
	h.n++
	h.max = max(h.max, v)
}

// Merge adds what another one has counted.
func (h *Histogram) Merge(o *Histogram) {
	if o.n == 0 {
		return
	}
	if h.counts == nil {
		h.counts = make([]uint32, places)
	}
	for i, c := range o.counts {
		h.counts[i] += c
	}
	h.n += o.n
	h.max = max(h.max, o.max)
}

// Count is how many durations were recorded.
func (h *Histogram) Count() int64 { return h.n }

// Max is the longest of them, exactly.
func (h *Histogram) Max() time.Duration { return time.Duration(h.max) }

// Quantile returns the duration that the share q (0 to 1) of all does not exceed; 0
// without any.
func (h *Histogram) Quantile(q float64) time.Duration {
	if h.n == 0 {
		return 0
	}
	rank := max(int64(q*float64(h.n)+0.999999), 1)
	seen := int64(0)
	for i, c := range h.counts {
		if seen += int64(c); seen >= rank {
			return time.Duration(min(top(i), h.max))
		}
	}
	return h.Max()
}

func placeOf(v int64) int {
	shift := max(bits.Len64(uint64(v))-mantissa-1, 0)
	return shift<<mantissa + int(v>>shift)
}

// top is the largest value counted in a place.
func top(place int) int64 {
	shift := max(place>>mantissa-1, 0)
	return int64(place-shift<<mantissa+1)<<shift - 1
}

// Quantiles are what is written down of a histogram, in microseconds.
type Quantiles struct {
	N    int64   `json:"n"`
	P50  float64 `json:"p50_us"`
	P90  float64 `json:"p90_us"`
	P99  float64 `json:"p99_us"`
	P999 float64 `json:"p999_us"`
	Max  float64 `json:"max_us"`
}

// Quantiles reads them.
func (h *Histogram) Quantiles() Quantiles {
	return Quantiles{h.n, Micros(h.Quantile(0.5)), Micros(h.Quantile(0.9)), Micros(h.Quantile(0.99)), Micros(h.Quantile(0.999)), Micros(h.Max())}
}

// Micros is a duration in microseconds.
func Micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
