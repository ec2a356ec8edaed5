package domain

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Optional is a member of a PATCH: absent (not Set) leaves the thing as it is, null
// (Set and Null) clears it, anything else replaces it. In a validate tag put
// omitempty first: the rules then apply to a value that is there.
type Optional[T any] struct {
	Set, Null bool
	Value     T
}

// UnmarshalJSONFrom decodes with the rules of the decoder it is part of, so that an
// unknown member inside Value is refused like one outside.
func (o *Optional[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*o = Optional[T]{Set: true}
	if d.PeekKind() == 'n' {
		o.Null = true
		return d.SkipValue()
	}
	return json.UnmarshalDecode(d, &o.Value)
}

// ValidatorValue is what the validate tag judges: the value, or nothing.
func (o Optional[T]) ValidatorValue() any {
	if !o.Set || o.Null {
		return nil
	}
	return o.Value
}
