package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/tenancy"
)

// document is the OpenAPI description a program serves, as far as its requests go.
type document struct {
	operations map[string]operation // by "GET /api/channels/{id}"
	schemas    map[string]*schema
}

type operation struct {
	Permission  tenancy.Permission `json:"x-permission"`
	Parameters  []parameter        `json:"parameters"`
	RequestBody *struct {
		Content map[string]struct {
			Schema *schema `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`

	line, method, path string
}

type parameter struct {
	Name     string  `json:"name"`
	In       string  `json:"in"`
	Required bool    `json:"required"`
	Schema   *schema `json:"schema"`
}

type schema struct {
	Ref        string             `json:"$ref"`
	Type       kinds              `json:"type"`
	Format     string             `json:"format"`
	Enum       []any              `json:"enum"`
	Items      *schema            `json:"items"`
	AnyOf      []*schema          `json:"anyOf"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	Minimum    *float64           `json:"minimum"`
}

// kinds is one type's name, or a list of them with null among it.
type kinds []string

func (k *kinds) UnmarshalJSON(text []byte) error {
	var name string
	if json.Unmarshal(text, &name) == nil {
		*k = kinds{name}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(k))
}

func readDocument(t testing.TB, url string) document {
	t.Helper()
	var served struct {
		Paths      map[string]map[string]operation `json:"paths"`
		Components struct {
			Schemas map[string]*schema `json:"schemas"`
		} `json:"components"`
	}
	answered(t, "GET", url+"/api/openapi.json", "", nil).into(t, &served)
	d := document{map[string]operation{}, served.Components.Schemas}
	for path, methods := range served.Paths {
		for method, o := range methods {
			o.method, o.path = strings.ToUpper(method), path
			o.line = o.method + " " + path
			d.operations[o.line] = o
		}
	}
	return d
}

// plain follows references, and leaves out that something may be null.
func (d document) plain(s *schema) *schema {
	for _, one := range s.AnyOf {
		if !slices.Equal(one.Type, kinds{"null"}) {
			return d.plain(one)
		}
	}
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return d.plain(d.schemas[name])
	}
	return s
}

func (d document) is(s *schema, kind string) bool { return slices.Contains(d.plain(s).Type, kind) }

// place is where somebody can put an id into a request.
type place struct {
	operation
	in, name string // the members of a body are dotted: from.id
}

func (p place) String() string { return p.line + ": " + p.name + " in the " + p.in }

// kind of schema: of an id or a free text, or of what cannot name a thing.
func (d document) names(s *schema) bool {
	s = d.plain(s)
	if s.Items != nil {
		return d.names(s.Items)
	}
	return d.is(s, "string") && len(s.Enum) == 0 && s.Format != "date-time"
}

// places are those of an operation that take a text: whatever names a thing is one.
func (d document) places(o operation) (list []place) {
	for _, p := range o.Parameters {
		if d.names(p.Schema) {
			list = append(list, place{o, p.In, p.Name})
		}
	}
	if body := o.body(); body != nil {
		list = append(list, d.members(o, "", body)...)
	}
	slices.SortFunc(list, func(a, b place) int { return strings.Compare(a.String(), b.String()) })
	return list
}

func (d document) members(o operation, prefix string, s *schema) (list []place) {
	for name, member := range d.plain(s).Properties {
		at := d.plain(member)
		for at.Items != nil {
			at = d.plain(at.Items)
		}
		switch {
		case len(at.Properties) > 0:
			list = append(list, d.members(o, prefix+name+".", at)...)
		case d.names(at):
			list = append(list, place{o, "body", prefix + name})
		}
	}
	return list
}

func (o operation) body() *schema {
	if o.RequestBody == nil {
		return nil
	}
	return o.RequestBody.Content["application/json"].Schema
}

// request is one that only its tried place could spoil.
type request struct {
	method, path string
	query        url.Values
	header       http.Header
	body         map[string]any
}

// values are what a workspace puts into places; ok is false for a place nobody told of.
type values func(place) (value string, ok bool)

// build makes a valid request with what is required, and a value at one more place.
func (d document) build(o operation, known values, at place, value string) (request, error) {
	r := request{o.method, o.path, url.Values{}, http.Header{}, nil}
	given := func(p place, s *schema) (any, error) {
		if p.in == at.in && p.name == at.name {
			return d.shape(s, value), nil
		}
		return d.example(p, s, known)
	}
	for _, p := range o.Parameters {
		here := place{o, p.In, p.Name}
		if !p.Required && !needs[o.line][p.Name] && (at.in != p.In || at.name != p.Name) {
			continue
		}
		v, err := given(here, p.Schema)
		if err != nil {
			return r, err
		}
		text := fmt.Sprint(v)
		if list, ok := v.([]any); ok {
			text = fmt.Sprint(list[0])
		}
		switch p.In {
		case "path":
			r.path = strings.ReplaceAll(r.path, "{"+p.Name+"}", url.PathEscape(text))
		case "query":
			r.query.Set(p.Name, text)
		case "header":
			r.header.Set(p.Name, text)
		default:
			return r, fmt.Errorf("%s: a parameter in the %s is new to this test", here, p.In)
		}
	}
	if body := o.body(); body != nil {
		made, err := d.object(o, "", body, at, given)
		r.body = made
		return r, err
	}
	return r, nil
}

func (d document) object(o operation, prefix string, s *schema, at place, given func(place, *schema) (any, error)) (map[string]any, error) {
	s = d.plain(s)
	object := map[string]any{}
	for name, member := range s.Properties {
		here := place{o, "body", prefix + name}
		tried := at.in == "body" && (at.name == here.name || strings.HasPrefix(at.name, here.name+"."))
		if !slices.Contains(s.Required, name) && !needs[o.line][here.name] && !tried && prefix == "" && len(d.plain(member).Properties) == 0 {
			continue
		}
		var err error
		if len(d.plain(member).Properties) > 0 {
			object[name], err = d.object(o, here.name+".", member, at, given)
		} else {
			object[name], err = given(here, member)
		}
		if err != nil {
			return nil, err
		}
	}
	return object, nil
}

// shape gives a value the form its schema wants.
func (d document) shape(s *schema, value string) any {
	if d.plain(s).Items != nil {
		return []any{value}
	}
	return value
}

// example is a valid value of a schema.
func (d document) example(p place, s *schema, known values) (any, error) {
	s = d.plain(s)
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0], nil
	case s.Format == "date-time":
		return time.Now().UTC().Format(time.RFC3339), nil
	case d.names(s):
		value, ok := known(p)
		if !ok {
			return nil, fmt.Errorf("%s: say in meanings() what it holds, and of which of a workspace's things", p)
		}
		return d.shape(s, value), nil
	case s.Items != nil:
		return []any{}, nil
	case d.is(s, "boolean"):
		return needs[p.line][p.name], nil
	case d.is(s, "integer"), d.is(s, "number"):
		if s.Minimum != nil {
			return *s.Minimum, nil
		}
		return 1, nil
	}
	return nil, fmt.Errorf("%s: this test can make no value of %+v", p, *s)
}

// send sends it as somebody; nobody has no token.
func (r request) send(t testing.TB, who *person) reply {
	t.Helper()
	target := who.url + r.path
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	var body any
	if r.body != nil {
		body = r.body
	}
	if len(r.header) == 0 {
		return answered(t, r.method, target, who.token, body)
	}
	request, err := http.NewRequestWithContext(t.Context(), r.method, target, nil)
	require.NoError(t, err)
	request.Header = r.header.Clone()
	if who.token != "" {
		request.Header.Set("Authorization", "Bearer "+who.token)
	}
	answer, err := do(request)
	require.NoError(t, err)
	return answer
}

// nobodys is a value like another one that means nothing to anybody.
func nobodys(value string) string {
	if _, err := uuid.Parse(value); err == nil {
		return uuid.Must(uuid.NewV7()).String()
	}
	if name, domain, ok := strings.Cut(value, "@"); ok {
		return strings.Repeat("z", len(name)) + "@" + domain
	}
	if _, err := strconv.ParseUint(value, 10, 64); err == nil {
		return strings.Repeat("9", len(value))
	}
	return strings.Repeat("A", len(value))
}

// framesOf reads what a client may say on a socket, with its members, from the source of
// the hub: no document describes it.
func framesOf(t testing.TB) map[string][]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../realtime/command.go", nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	frames := map[string][]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if body, ok := spec.Type.(*ast.StructType); ok {
			var members []string
			for _, f := range body.Fields.List {
				if f.Tag != nil {
					text, err := strconv.Unquote(f.Tag.Value)
					require.NoError(t, err)
					members = append(members, reflect.StructTag(text).Get("json"))
				}
			}
			if slices.Contains(members, "type") {
				frames[spec.Name.Name] = members
			}
		}
		return true
	})
	require.Contains(t, slices.Sorted(maps.Keys(frames)), "subscribe", "the hub's frames are found")
	return frames
}
