package domain

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// wireTime is RFC 3339 in UTC with milliseconds, the only form times take on the wire.
const wireTime = "2006-01-02T15:04:05.000Z"

// Time is a moment as the API shows it: UTC, milliseconds. Postgres keeps
// microseconds; what is compared is compared there.
type Time struct{ time.Time }

// At makes a Time.
func At(t time.Time) Time { return Time{t.UTC()} }

func (t Time) MarshalText() ([]byte, error) { return t.UTC().AppendFormat(nil, wireTime), nil }

func (t Time) MarshalJSON() ([]byte, error) {
	return append(t.UTC().AppendFormat([]byte{'"'}, wireTime), '"'), nil
}

func (t *Time) UnmarshalJSON(b []byte) error {
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return fmt.Errorf("a time is a string in RFC 3339 form")
	}
	return t.UnmarshalText(b[1 : len(b)-1])
}

func (t *Time) UnmarshalText(b []byte) error {
	parsed, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return fmt.Errorf("a time is in RFC 3339 form")
	}
	t.Time = parsed.UTC()
	return nil
}

// Scan reads a timestamptz; NULL needs a *Time.
func (t *Time) Scan(v any) error {
	m, ok := v.(time.Time)
	if !ok {
		return fmt.Errorf("cannot scan %T into a time", v)
	}
	t.Time = m.UTC()
	return nil
}

// Value writes a timestamptz.
func (t Time) Value() (driver.Value, error) { return t.UTC(), nil }
