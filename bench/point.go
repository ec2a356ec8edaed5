package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"baraza/bench/machine"
	"baraza/bench/measure"
)

// Point is one situation that was measured, one line of a results file.
type Point struct {
	Run  string `json:"run"` // its start, UTC
	Git  string `json:"git"`
	Size string `json:"size"`
	Path string `json:"path"`
	Name string `json:"name"`
	// Class of the write: D0 memory, D1 page cache, D2 synced, D3 synced and replicated;
	// "" for reads.
	Class string `json:"class,omitempty"`
	// RateWanted and Rate are operations per second, asked for and reached.
	RateWanted float64           `json:"rate_wanted,omitempty"`
	Rate       float64           `json:"rate,omitempty"`
	Latency    measure.Quantiles `json:"latency,omitzero"`
	Screen     measure.Quantiles `json:"screen,omitzero"`
	LagP99     float64           `json:"generator_lag_p99_us,omitempty"`
	// CPU per operation, in microseconds, by process.
	CPU     map[string]float64 `json:"cpu_us,omitempty"`
	RSS     map[string]int64   `json:"rss,omitempty"`
	Claims  []Claim            `json:"claims,omitempty"`
	Taint   []string           `json:"taint,omitempty"`
	Machine machine.Facts      `json:"machine"`
}

// Claim is a number that a target is about, in the rounds it was taken in.
type Claim struct {
	ID string `json:"id"`
	measure.Interval
	Unit string `json:"unit"` // "×" for a ratio
	// Value and Floor are the medians the ratio is made of.
	Value float64 `json:"value,omitempty"`
	Floor float64 `json:"floor,omitempty"`
	// Of says what Value and Floor are.
	Of string `json:"of"`
}

// bounded keeps infinite ends of an interval writable.
func bounded(in measure.Interval) measure.Interval {
	clamp := func(v float64) float64 {
		if math.IsNaN(v) {
			return 0
		}
		return max(min(v, math.MaxFloat32), -math.MaxFloat32)
	}
	in.Mid, in.Low, in.High = clamp(in.Mid), clamp(in.Low), clamp(in.High)
	return in
}

// writePoints appends lines to a file.
func writePoints(path string, points []Point) (err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	for _, p := range points {
		text, err := json.Marshal(p, json.Deterministic(true))
		if err != nil {
			return fmt.Errorf("write results: %w", err)
		}
		if _, err := file.Write(append(text, '\n')); err != nil {
			return fmt.Errorf("write results: %w", err)
		}
	}
	return nil
}

// readPoints reads every results file, the oldest run first.
func readPoints(dir string) ([]Point, error) {
	list, err := readLines[Point](filepath.Join(dir, "*.jsonl"), json.RejectUnknownMembers(true))
	slices.SortStableFunc(list, func(a, b Point) int { return cmp.Compare(a.Run, b.Run) })
	return list, err
}

// readLines reads the JSON lines of all files that match.
func readLines[T any](pattern string, options ...json.Options) ([]T, error) {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	var list []T
	for _, path := range paths {
		more, err := readFile[T](path, options...)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		list = append(list, more...)
	}
	return list, nil
}

func readFile[T any](path string, options ...json.Options) (list []T, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	decoder := jsontext.NewDecoder(bufio.NewReader(file))
	for {
		var one T
		switch err := json.UnmarshalDecode(decoder, &one, options...); {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return nil, err
		}
		list = append(list, one)
	}
}
