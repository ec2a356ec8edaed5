package api

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"baraza/tenancy"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// OpenAPI describes the table as an OpenAPI 3.1 document, the same bytes each time.
func OpenAPI(r *Routes) ([]byte, error) {
	s := newSchemas()
	for _, route := range r.list {
		if route.In != nil {
			s.expect(route.In)
		}
	}
	problem := s.of(reflect.TypeFor[problem]())
	s.named["Problem"]["properties"].(object)["code"] = object{"type": "string", "enum": anys(slices.Sorted(maps.Keys(codes)))}
	paths := object{}
	for _, route := range r.list {
		operation, err := s.operation(route)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", route.Method, route.Path, err)
		}
		path := templated(route.Path)
		methods, ok := paths[path].(object)
		if !ok {
			methods = object{}
			paths[path] = methods
		}
		methods[strings.ToLower(route.Method)] = operation
	}
	if err := errors.Join(s.wrong...); err != nil {
		return nil, err
	}
	return json.Marshal(object{
		"openapi": "3.1.0",
		"info":    object{"title": "Baraza", "version": "1", "description": "Every list answers items and next_cursor, every error an RFC 9457 problem. x-permission is what the caller must hold. RateLimit-Limit, -Remaining and -Reset say how many requests may come at once, how many now, and in how many seconds all of them again."},
		"paths":   paths,
		"components": object{
			"schemas":   s.named,
			"responses": object{"Problem": object{"description": "What went wrong, by code", "content": object{"application/problem+json": object{"schema": problem}}}},
			"securitySchemes": object{
				"bearer": object{"type": "http", "scheme": "bearer", "description": "Access token of a person, or a key"},
				"cookie": object{"type": "apiKey", "in": "cookie", "name": "__Host-baraza_access"},
			},
		},
	}, json.Deterministic(true), jsontext.WithIndent("  "))
}

// templated makes /notes/{id} of /notes/:id.
func templated(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

// group is the first word of a path that says what it is about.
func group(route *Route) string {
	if route.always {
		return "system"
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(route.Path, "/"), "/") {
		if part != "api" && part != "v1" {
			return part
		}
	}
	return ""
}

func (s *schemas) operation(route *Route) (object, error) {
	operation := object{
		"summary": route.Summary, "tags": []string{group(route)}, "x-permission": route.Need,
		"security": []object{{"bearer": []string{}}, {"cookie": []string{}}},
	}
	if route.Need == tenancy.Public {
		operation["security"] = []object{}
	}
	if route.Kind == Raw {
		s.describeRaw(route, operation)
		return operation, nil
	}
	plan, err := planOf(route.In)
	if err != nil {
		return nil, err
	}
	parameters := s.parameters(plan)
	if route.repeatable() {
		parameters = append(parameters, idempotencyParameter())
	}
	if len(parameters) > 0 {
		operation["parameters"] = parameters
	}
	if plan.body {
		body := object{"content": object{"application/json": object{"schema": s.of(route.In)}}}
		if _, needs := s.named[componentName(route.In.Name())]["required"]; needs {
			body["required"] = true
		}
		operation["requestBody"] = body
	}
	operation["responses"] = s.responses(route)
	return operation, nil
}

func (s *schemas) parameters(p *plan) []object {
	var all []object
	for _, list := range [][]param{p.path, p.query, p.headers} {
		for _, one := range list {
			in := one.from
			switch {
			case in == "cookie", in == "request", one.name == "User-Agent": // nothing a client would write
				continue
			case in == "param":
				in = "path"
			}
			all = append(all, object{"name": one.name, "in": in, "required": in == "path" || requires(one.field), "schema": s.param(one)})
		}
	}
	return all
}

// param is the schema of a parameter, which is given or left out but never null.
func (s *schemas) param(one param) object {
	if one.field.Type.Kind() == reflect.Pointer {
		one.field.Type = one.field.Type.Elem()
	}
	return s.field(one.field)
}

func (s *schemas) describeRaw(route *Route, operation object) {
	var parameters []object
	for part := range strings.SplitSeq(route.Path, "/") {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parameters = append(parameters, object{"name": name, "in": "path", "required": true, "schema": object{"type": "string"}})
		}
	}
	if len(parameters) > 0 {
		operation["parameters"] = parameters
	}
	if len(route.Accepts) > 0 {
		content := object{}
		for _, media := range route.Accepts {
			content[media] = object{}
		}
		operation["requestBody"] = object{"content": content}
	}
	operation["responses"] = object{"200": object{"description": "See the summary"}, "default": problemResponse()}
}

func idempotencyParameter() object {
	return object{
		"name": headerIdempotencyKey, "in": "header", "required": false,
		"description": "Made by the sender. For 24 hours the same request under it has no further effect and gets the same answer.",
		"schema":      object{"type": "string", "minLength": minIdempotencyKey, "maxLength": maxIdempotencyKey},
	}
}

func problemResponse() object { return object{"$ref": "#/components/responses/Problem"} }

// responses lists what answer makes of the result.
func (s *schemas) responses(route *Route) object {
	full := object{"description": http.StatusText(route.Status)}
	if route.Kind == File {
		full["content"] = object{"*/*": object{"schema": object{"type": "string", "format": "binary"}}}
		return object{strconv.Itoa(route.Status): full, "default": problemResponse()}
	}
	if route.Out != none && route.Status != http.StatusNoContent {
		full["content"] = object{"application/json": object{"schema": s.of(route.Out)}}
	}
	headers := object{}
	describe := func(name, what string) {
		headers[name] = object{"description": what, "schema": object{"type": "string"}}
	}
	all := object{strconv.Itoa(route.Status): full, "default": problemResponse()}
	also := func(status int, what string) {
		all[strconv.Itoa(status)] = object{"description": what, "content": full["content"]}
	}
	result := reflect.PointerTo(route.Out)
	if result.Implements(reflect.TypeFor[interface{ Replayed() bool }]()) && route.Status != http.StatusOK {
		also(http.StatusOK, "It was there before")
	}
	if result.Implements(reflect.TypeFor[interface{ Pending() bool }]()) && route.Status != http.StatusAccepted {
		also(http.StatusAccepted, "It goes on after this answer")
	}
	if result.Implements(reflect.TypeFor[interface{ Cursor() string }]()) {
		describe("X-Cursor", "Change horizon of the read, for since")
	}
	if result.Implements(reflect.TypeFor[interface{ ETag() string }]()) {
		describe("ETag", "Version, for If-Match and If-None-Match")
		if route.Method == http.MethodGet {
			all["304"] = object{"description": "Unchanged since If-None-Match"}
		}
	}
	if route.repeatable() {
		describe("Idempotent-Replayed", "true when this was done before and is only told again")
	}
	if route.Kind == Session {
		describe("Set-Cookie", "The login cookies, set or cleared")
	}
	if len(headers) > 0 {
		full["headers"] = headers
	}
	return all
}

// Document is docs/api.md: one line per route.
func Document(r *Routes) []byte {
	var b strings.Builder
	b.WriteString("# Routes\n\nWritten from the table in `api/routes.go` by `go test ./api -run AreDocumented -update`; a test compares the two.\n" +
		"The schemas are in `/api/openapi.json`.\n\n| method | path | permission | what it does |\n|---|---|---|---|\n")
	for _, route := range r.list {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", route.Method, route.Path, route.Need, route.Summary)
	}
	return []byte(b.String())
}
