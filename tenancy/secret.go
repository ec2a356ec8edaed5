package tenancy

import (
	"fmt"

	"go.uber.org/zap/zapcore"
)

// Secret is a string that shows itself to nobody: every way of printing, encoding
// or logging it gives a mask. Reveal is the one way to its value. It belongs in
// exported fields: Go prints an unexported one without asking it.
type Secret string

const mask = "••••"

// Reveal returns the value.
func (s Secret) Reveal() string { return string(s) }

func (s Secret) masked() string {
	if s == "" {
		return ""
	}
	return mask
}

func (s Secret) String() string { return s.masked() }

// Format masks under every verb.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.masked()) }

// MarshalText masks in JSON, YAML and flags.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.masked()), nil }

// MarshalLogObject masks in zap.
func (s Secret) MarshalLogObject(e zapcore.ObjectEncoder) error {
	e.AddString("secret", s.masked())
	return nil
}
