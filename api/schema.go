package api

import (
	"encoding"
	stdjson "encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"baraza/domain"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

type object = map[string]any

// schemas describes Go types in JSON Schema 2020-12 as this package decodes and
// encodes them: a list is never null, a pointer may be, an input needs what its rules
// require, an output always has all its members.
type schemas struct {
	named  map[string]object
	types  map[string]reflect.Type
	inputs map[reflect.Type]bool // types that requests hold
	wrong  []error
}

func newSchemas() *schemas {
	return &schemas{named: map[string]object{}, types: map[string]reflect.Type{}, inputs: map[reflect.Type]bool{}}
}

// expect marks the structs a request may hold.
func (s *schemas) expect(t reflect.Type) {
	if value, ok := optionalOf(t); ok {
		s.expect(value)
		return
	}
	if s.inputs[t] || hasOwnForm(t) {
		return
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		s.expect(t.Elem())
	case reflect.Struct:
		s.inputs[t] = true
		for i := range t.NumField() {
			if t.Field(i).Tag.Get("json") != "-" {
				s.expect(t.Field(i).Type)
			}
		}
	}
}

// of returns the schema of a type; structs with a name become components.
func (s *schemas) of(t reflect.Type) object {
	if value, ok := optionalOf(t); ok {
		return nullable(s.of(value))
	}
	switch {
	case t.Kind() == reflect.Pointer:
		return nullable(s.of(t.Elem()))
	case t == reflect.TypeFor[uuid.UUID]():
		return object{"type": "string", "format": "uuid"}
	case t == reflect.TypeFor[domain.Time](), t == reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[[]byte]():
		return object{"type": "string", "contentEncoding": "base64"}
	case t.Implements(textMarshaler):
		return object{"type": "string"}
	case hasOwnForm(t):
		return object{} // anything
	}
	switch t.Kind() {
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	case reflect.Slice, reflect.Array:
		return object{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Struct:
		return s.structOf(t)
	}
	if t.ConvertibleTo(reflect.TypeFor[int64]()) {
		return object{"type": "integer"}
	}
	s.wrong = append(s.wrong, fmt.Errorf("%v has no form in JSON", t))
	return object{}
}

func (s *schemas) structOf(t reflect.Type) object {
	name := componentName(t.Name())
	if name == "" {
		return s.members(t)
	}
	if other, taken := s.types[name]; !taken {
		s.types[name] = t
		s.named[name] = object{} // a type may hold itself
		s.named[name] = s.members(t)
	} else if other != t {
		s.wrong = append(s.wrong, fmt.Errorf("%s and %s are both called %s: rename one", other, t, name))
	}
	return object{"$ref": "#/components/schemas/" + name}
}

func (s *schemas) members(t reflect.Type) object {
	properties, required := object{}, []string{}
	result := object{"type": "object", "properties": properties}
	if s.inputs[t] {
		result["additionalProperties"] = false
	}
	s.collect(t, s.inputs[t], properties, &required)
	if len(required) > 0 {
		result["required"] = required
	}
	return result
}

func (s *schemas) collect(t reflect.Type, input bool, properties object, required *[]string) {
	for i := range t.NumField() {
		field := t.Field(i)
		tag := field.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-" || options == "embed":
		case name == "" && field.Anonymous:
			s.collect(field.Type, input, properties, required)
		case !field.IsExported() || name == "":
		default:
			properties[name] = s.field(field)
			always := !strings.Contains(options, "omit")
			if input {
				always = requires(field)
			}
			if always {
				*required = append(*required, name)
			}
		}
	}
}

// field is the schema of a member or parameter with the rules of its tags.
func (s *schemas) field(field reflect.StructField) object {
	t := field.Type
	value, optional := optionalOf(t)
	if t.Kind() == reflect.Pointer {
		value, optional = t.Elem(), true
	}
	if !optional {
		value = t
	}
	schema := s.of(value)
	constrain(schema, value, strings.Split(field.Tag.Get("validate"), ","))
	if list := field.Tag.Get("enum"); list != "" {
		into := schema
		if items, ok := schema["items"].(object); ok {
			into = items
		}
		into["enum"] = anys(strings.Split(list, ","))
	}
	if optional {
		return nullable(schema)
	}
	return schema
}

// requires says whether a rule before dive is required.
func requires(field reflect.StructField) bool {
	own, _, _ := strings.Cut(field.Tag.Get("validate"), "dive")
	return slices.Contains(strings.Split(own, ","), "required")
}

// constrain writes validate rules as schema words. A reference keeps its own.
func constrain(schema object, t reflect.Type, rules []string) {
	if schema["$ref"] != nil {
		return
	}
	least, most := "minimum", "maximum"
	switch t.Kind() {
	case reflect.String:
		least, most = "minLength", "maxLength"
	case reflect.Slice, reflect.Array:
		least, most = "minItems", "maxItems"
	case reflect.Map:
		least, most = "minProperties", "maxProperties"
	}
	for i, rule := range rules {
		name, limit, _ := strings.Cut(rule, "=")
		switch name {
		case "dive":
			if items, ok := schema["items"].(object); ok {
				constrain(items, t.Elem(), rules[i+1:])
			}
			return
		case "min", "gte":
			schema[least] = number(limit)
		case "max", "lte":
			schema[most] = number(limit)
		case "len":
			schema[least], schema[most] = number(limit), number(limit)
		case "email":
			schema["format"] = "email"
		case "unique":
			schema["uniqueItems"] = true
		case "oneof":
			schema["enum"] = anys(strings.Fields(limit))
		}
	}
}

func number(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text // the validator refuses the tag before anybody reads this
	}
	return n
}

func anys(list []string) []any {
	all := make([]any, len(list))
	for i, one := range list {
		all[i] = one
	}
	return all
}

// nullable adds null to what a schema allows.
func nullable(schema object) object {
	if schema["$ref"] != nil || schema["anyOf"] != nil {
		return object{"anyOf": []any{schema, object{"type": "null"}}}
	}
	if kind, ok := schema["type"].(string); ok {
		schema["type"] = []any{kind, "null"}
	}
	if list, ok := schema["enum"].([]any); ok {
		schema["enum"] = append(list, nil)
	}
	return schema
}

// componentName makes NotePage of Page[baraza/domain/chat.Note].
func componentName(name string) string {
	base, arguments, generic := strings.Cut(name, "[")
	if generic {
		for argument := range strings.SplitSeq(strings.TrimSuffix(arguments, "]"), ",") {
			argument = argument[strings.LastIndex(argument, "/")+1:]
			_, own, qualified := strings.Cut(argument, ".")
			if !qualified {
				own = argument
			}
			base = componentName(own) + base
		}
	}
	base, _, _ = strings.Cut(base, "·") // a type declared inside a function
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, strings.ToUpper(base[:min(1, len(base))])+base[min(1, len(base)):])
}

var textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()

// hasOwnForm says whether a type decides its JSON itself, or is any JSON at all.
func hasOwnForm(t reflect.Type) bool {
	if t.Kind() == reflect.Interface || t == reflect.TypeFor[jsontext.Value]() || t == reflect.TypeFor[time.Time]() {
		return true
	}
	for _, form := range []reflect.Type{textMarshaler, textUnmarshaler, reflect.TypeFor[json.Marshaler](), reflect.TypeFor[json.MarshalerTo](),
		reflect.TypeFor[json.UnmarshalerFrom](), reflect.TypeFor[stdjson.Unmarshaler]()} {
		if t.Implements(form) || t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(form) {
			return true
		}
	}
	return false
}

// optionalOf returns T of domain.Optional[T].
func optionalOf(t reflect.Type) (reflect.Type, bool) {
	if t.PkgPath() != reflect.TypeFor[domain.Error]().PkgPath() || !strings.HasPrefix(t.Name(), "Optional[") {
		return nil, false
	}
	value, ok := t.FieldByName("Value")
	return value.Type, ok
}
