package meta

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// walker goes through JSON token by token and returns values as slices of the body:
// nothing is decoded, nothing is copied.
type walker struct {
	body []byte
	buf  bytes.Buffer
	dec  jsontext.Decoder
}

// start puts the walker before the first token of body.
func (w *walker) start(body []byte) {
	w.body, w.buf = body, *bytes.NewBuffer(body)
	w.dec.Reset(&w.buf, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// is reports whether the next value is an object '{', an array '[', …
func (w *walker) is(kind jsontext.Kind) bool { return w.dec.PeekKind() == kind }

// value reads the next value whole.
func (w *walker) value() ([]byte, error) {
	v, err := w.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	end := int(w.dec.InputOffset())
	return w.body[end-len(v) : end : end], nil
}

// object calls member for each name of the next value, which must be an object;
// member reads the value behind the name. A name comes as it is written, with its
// quotes. It returns the object whole.
func (w *walker) object(member func(name []byte) error) ([]byte, error) {
	if _, err := w.dec.ReadToken(); err != nil {
		return nil, err
	}
	start := w.dec.InputOffset() - 1
	for w.dec.PeekKind() != '}' {
		name, err := w.value()
		if err != nil {
			return nil, err
		}
		if err := member(name); err != nil {
			return nil, err
		}
	}
	if _, err := w.dec.ReadToken(); err != nil {
		return nil, err
	}
	end := w.dec.InputOffset()
	return w.body[start:end:end], nil
}

// array calls element for each element of the next value, which must be an array.
func (w *walker) array(element func() error) error {
	if _, err := w.dec.ReadToken(); err != nil {
		return err
	}
	for w.dec.PeekKind() != ']' {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := w.dec.ReadToken()
	return err
}

// elements reads the next value, which must be an array, as its elements.
func (w *walker) elements() (list [][]byte, err error) {
	err = w.array(func() error {
		v, err := w.value()
		list = append(list, v)
		return err
	})
	return list, err
}

// end reports an error unless nothing but white space follows.
func (w *walker) end() error {
	switch _, err := w.dec.ReadToken(); err {
	case io.EOF:
		return nil
	case nil:
		return errors.New("more than one JSON value")
	default:
		return err
	}
}

// pick returns the two members of an object that have these names, written with their
// quotes; nil where there is none, or where object is something else.
func (w *walker) pick(object []byte, first, second string) (a, b []byte) {
	w.start(object)
	if len(object) == 0 || !w.is('{') {
		return nil, nil
	}
	if _, err := w.object(func(name []byte) error {
		v, err := w.value()
		switch string(name) {
		case first:
			a = v
		case second:
			b = v
		}
		return err
	}); err != nil { // cannot be: its border was found by reading it
		return nil, nil
	}
	return a, b
}
