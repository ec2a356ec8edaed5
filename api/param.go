package api

import (
	"encoding"
	"errors"
	"fmt"
	"maps"
	"math"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"baraza/domain"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// plan is what an input takes from outside the body, worked out once per route from
// its tags: param (path), query, header, cookie ("access", "refresh") and request
// ("ip", "id").
type plan struct {
	path, query, headers []param
	body                 bool // some member is of the body
}

type param struct {
	from, name string
	field      reflect.StructField
	index      []int // from the input's root, through embedded structs
	parse      func(reflect.Value, string) error
	many       bool
}

var sources = []string{"param", "query", "header", "cookie", "request"}

// planOf reads the tags of an input type, and refuses what would surprise: a field
// without a tag, one the body could overwrite, a type with no form on the wire.
func planOf(in reflect.Type) (*plan, error) {
	if in == nil || in.Kind() != reflect.Struct {
		return nil, fmt.Errorf("input %v is no struct", in)
	}
	p := &plan{}
	return p, p.walk(in, nil)
}

func (p *plan) walk(t reflect.Type, index []int) error {
	for i := range t.NumField() {
		field := t.Field(i)
		at := append(slices.Clone(index), i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && name == "" && field.Type.Kind() == reflect.Struct {
			if err := p.walk(field.Type, at); err != nil {
				return err
			}
			continue
		}
		if !field.IsExported() {
			continue
		}
		from := slices.IndexFunc(sources, func(source string) bool { return field.Tag.Get(source) != "" })
		switch {
		case from < 0 && name == "":
			return fmt.Errorf("%v.%s has no tag", t, field.Name)
		case from < 0 && name == "-":
			return fmt.Errorf("%v.%s comes from nowhere", t, field.Name)
		case from < 0:
			p.body = true
		case name != "-":
			return fmt.Errorf(`%v.%s needs json:"-": a body could set it`, t, field.Name)
		default:
			if err := p.take(sources[from], field, at); err != nil {
				return fmt.Errorf("%v.%s: %w", t, field.Name, err)
			}
		}
	}
	return nil
}

func (p *plan) take(source string, field reflect.StructField, index []int) error {
	one := param{from: source, name: field.Tag.Get(source), field: field, index: index}
	element := field.Type
	if element.Kind() == reflect.Slice && source == "query" {
		one.many, element = true, element.Elem()
	}
	var err error
	if one.parse, err = parserOf(element); err != nil {
		return err
	}
	switch source {
	case "param":
		p.path = append(p.path, one)
	case "query":
		p.query = append(p.query, one)
	default:
		p.headers = append(p.headers, one)
	}
	return nil
}

// set parses what was given. A parameter that is no list comes at most once.
func (q *param) set(v reflect.Value, given []string) error {
	if len(given) > 1 && !q.many {
		return about(errBadParameter, q.name, "duplicate", "is given twice")
	}
	target := v.FieldByIndex(q.index)
	for _, text := range given {
		into := target
		if q.many {
			into = reflect.New(target.Type().Elem()).Elem()
		}
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return about(errBadParameter, q.name, "invalid", "must be text")
		}
		if err := q.parse(into, text); err != nil {
			return about(errBadParameter, q.name, "invalid", mustBe(into.Type()))
		}
		if q.many {
			target.Set(reflect.Append(target, into))
		}
	}
	return nil
}

func (p *plan) bindQuery(raw string, v reflect.Value) error {
	if raw == "" {
		return nil
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return errBadParameter.Saying("The query cannot be read.")
	}
	for i := range p.query {
		given, ok := values[p.query[i].name]
		if !ok {
			continue
		}
		if err := p.query[i].set(v, given); err != nil {
			return err
		}
		delete(values, p.query[i].name)
	}
	if len(values) > 0 {
		unknown := slices.Min(slices.Collect(maps.Keys(values)))
		return about(errBadParameter, short(unknown), "unknown", "is not known here")
	}
	return nil
}

func (p *plan) bindPath(c echo.Context, v reflect.Value) error {
	for i := range p.path {
		value, err := pathValue(c.Param(p.path[i].name))
		if err != nil {
			return domain.ErrNotFound
		}
		if err := p.path[i].set(v, []string{value}); err != nil {
			return domain.ErrNotFound
		}
	}
	return nil
}

// pathValue decodes a parameter as the router left it. The router lets the last one
// swallow the rest of the path; no parameter of ours holds a slash.
func pathValue(escaped string) (string, error) {
	if strings.Contains(escaped, "/") {
		return "", errors.New("a path parameter holds a slash")
	}
	return url.PathUnescape(escaped)
}

func (s *Server) bindHeaders(p *plan, r *http.Request, v reflect.Value) error {
	for i := range p.headers {
		one := &p.headers[i]
		var given string
		switch one.from {
		case "header":
			given = r.Header.Get(one.name)
			if strings.EqualFold(one.name, "If-Match") {
				given = strings.Trim(strings.TrimPrefix(given, "W/"), `"`)
			}
		case "cookie":
			if cookie, err := r.Cookie(s.cookieName(one.name)); err == nil {
				given = cookie.Value
			}
		case "request":
			if given = requestID(r); one.name == "ip" {
				given, _, _ = net.SplitHostPort(r.RemoteAddr) // the edge wrote it
			}
		}
		if given == "" {
			continue
		}
		if err := one.set(v, []string{given}); err != nil {
			return err
		}
	}
	return nil
}

var textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()

// parserOf returns how a text becomes a value of t.
func parserOf(t reflect.Type) (func(reflect.Value, string) error, error) {
	switch {
	case t.Kind() == reflect.Pointer:
		parse, err := parserOf(t.Elem())
		return func(v reflect.Value, text string) error {
			v.Set(reflect.New(t.Elem()))
			return parse(v.Elem(), text)
		}, err
	case t == reflect.TypeFor[uuid.UUID]():
		return parseID, nil
	case reflect.PointerTo(t).Implements(textUnmarshaler):
		return func(v reflect.Value, text string) error {
			return v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text))
		}, nil
	}
	switch t.Kind() {
	case reflect.String:
		return func(v reflect.Value, text string) error { v.SetString(text); return nil }, nil
	case reflect.Bool:
		return parseBool, nil
	case reflect.Int, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(v reflect.Value, text string) error {
			n, err := strconv.ParseInt(text, 10, t.Bits())
			v.SetInt(n)
			return err
		}, nil
	case reflect.Float64:
		return func(v reflect.Value, text string) error {
			n, err := strconv.ParseFloat(text, 64)
			if math.IsNaN(n) || math.IsInf(n, 0) {
				return errors.New("not a finite number")
			}
			v.SetFloat(n)
			return err
		}, nil
	}
	return nil, fmt.Errorf("%v has no form in a path, query or header", t)
}

// parseID takes the one spelling ids have on the wire; the library knows four.
func parseID(v reflect.Value, text string) error {
	id, err := uuid.Parse(text)
	if err == nil && len(text) != 36 {
		err = errors.New("not 36 characters")
	}
	if err != nil {
		return err
	}
	v.Set(reflect.ValueOf(id))
	return nil
}

func parseBool(v reflect.Value, text string) error {
	if text != "true" && text != "false" {
		return errors.New("not a boolean")
	}
	v.SetBool(text == "true")
	return nil
}
