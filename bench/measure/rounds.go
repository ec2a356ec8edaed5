package measure

import "math"

// Rounds runs the steps n times, forwards and backwards in turn (A B B A), so that
// what drifts favours none of them.
func Rounds(n int, steps ...func(round int) error) error {
	for round := range n {
		for i := range steps {
			step := steps[i]
			if round%2 == 1 {
				step = steps[len(steps)-1-i]
			}
			if err := step(round); err != nil {
				return err
			}
		}
	}
	return nil
}

// SettledWithin is how far two windows may differ once nothing warms up any more.
const SettledWithin = 0.03

// WarmUp repeats a window until two in a row agree, limit times at most, and says
// whether they did.
func WarmUp(limit int, window func() (float64, error)) (settled bool, err error) {
	last := math.Inf(1)
	for range limit {
		now, err := window()
		if err != nil {
			return false, err
		}
		if math.Abs(now-last) < SettledWithin*last {
			return true, nil
		}
		last = now
	}
	return false, nil
}
