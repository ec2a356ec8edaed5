// Package measure turns what was timed into numbers that may be believed: latencies
// counted from when a request was meant to leave, rounds that alternate, and ratios
// that carry how sure they are.
//
// Always true: a schedule is fixed before its first request; no round is left out; a
// ratio is written so that higher is better, and one whose interval is wider than
// ±7 % is called inconclusive whatever its middle says.
package measure
