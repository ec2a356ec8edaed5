package measure

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Inconclusive is the half-width, as a share of the middle, past which an interval
// says too little.
const Inconclusive = 0.07

// Interval is the median of several rounds and where it would lie in 95 of 100
// repetitions.
type Interval struct {
	Mid    float64   `json:"mid"`
	Low    float64   `json:"low"`
	High   float64   `json:"high"`
	Rounds []float64 `json:"rounds"`
}

// resamples of the bootstrap; its seed is fixed, so that one set of rounds always
// gives one interval.
const resamples = 4000

// Of makes the interval of rounds, all of them.
func Of(rounds []float64) Interval {
	in := Interval{Rounds: rounds}
	switch len(rounds) {
	case 0:
		in.Mid, in.Low, in.High = math.NaN(), math.NaN(), math.NaN()
		return in
	case 1:
		// One round says nothing about the next one.
		in.Mid, in.Low, in.High = rounds[0], math.Inf(-1), math.Inf(1)
		return in
	}
	in.Mid = Median(rounds)
	random := rand.New(rand.NewPCG(7, uint64(len(rounds)))) //nolint:gosec // no secret: repeatable on purpose
	medians := make([]float64, resamples)
	drawn := make([]float64, len(rounds))
	for i := range medians {
		for j := range drawn {
			drawn[j] = rounds[random.IntN(len(rounds))]
		}
		medians[i] = Median(drawn)
	}
	slices.Sort(medians)
	in.Low, in.High = medians[resamples*25/1000], medians[resamples*975/1000-1]
	return in
}

// Conclusive says whether the interval is narrow enough to be judged.
func (in Interval) Conclusive() bool {
	return in.High-in.Low <= 2*Inconclusive*math.Abs(in.Mid)
}

// Median of values; NaN of none.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// Ratios divides round by round: each pair saw the same weather.
func Ratios(above, below []float64) []float64 {
	list := make([]float64, min(len(above), len(below)))
	for i := range list {
		list[i] = above[i] / below[i]
	}
	return list
}
