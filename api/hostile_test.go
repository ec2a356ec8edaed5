package api

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"baraza/tenancy"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// hostileBody is something no endpoint takes, whatever its input.
type hostileBody struct {
	name, body string
	headers    []string
}

func hostileBodies() []hostileBody {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write([]byte(`{}`))
	_ = w.Close()
	nested := strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 33)
	return []hostileBody{
		{"cut off", `{"a":`, nil},
		{"cut off in a string", `{"a":"`, nil},
		{"two documents", `{}{}`, nil},
		{"something behind", `{} x`, nil},
		{"null", `null`, nil},
		{"a list", `[]`, nil},
		{"a list of objects", `[{}]`, nil},
		{"a text", `"text"`, nil},
		{"a number", `1`, nil},
		{"only spaces", `   `, nil},
		{"an unknown member", `{"no_such_member":1}`, nil},
		{"an unknown member twice", `{"no_such_member":1,"no_such_member":2}`, nil},
		{"prototype pollution", `{"__proto__":{"admin":true}}`, nil},
		{"the role", `{"permissions":["*"]}`, nil},
		{"33 levels", nested, nil},
		{"10,000 lists", strings.Repeat("[", 10_000), nil},
		{"10,000 objects", strings.Repeat(`{"a":`, 10_000), nil},
		{"NUL in a text", `{"a":"\u0000"}`, nil},
		{"NUL in a name", `{"\u0000":1}`, nil},
		{"NUL raw", "{\"a\":\"\x00\"}", nil},
		{"a lone surrogate", `{"a":"\ud800"}`, nil},
		{"a reversed pair", `{"a":"\udc00\ud800"}`, nil},
		{"invalid UTF-8", "{\"a\":\"\xff\xfe\"}", nil},
		{"overlong UTF-8", "{\"a\":\"\xc0\xaf\"}", nil},
		{"byte order mark", "\xef\xbb\xbf{}", nil},
		{"UTF-16", "\xff\xfe{\x00}\x00", nil},
		{"single quotes", `{'a':1}`, nil},
		{"a comment", `{/* */}`, nil},
		{"a trailing comma", `{"a":1,}`, nil},
		{"NaN", `{"a":NaN}`, nil},
		{"a leading zero", `{"a":01}`, nil},
		{"a raw line end", "{\"a\":\"\n\"}", nil},
		{"XML", `<a/>`, nil},
		{"XML that says so", `<a/>`, []string{"Content-Type", "application/xml"}},
		{"a form", `a=1`, []string{"Content-Type", "application/x-www-form-urlencoded"}},
		{"JSON as a form", `{}`, []string{"Content-Type", "application/x-www-form-urlencoded"}},
		{"JSON as text", `{}`, []string{"Content-Type", "text/plain"}},
		{"JSON without a type", `{}`, []string{"Content-Type", ""}},
		{"JSON in Latin-1", `{}`, []string{"Content-Type", "application/json; charset=latin1"}},
		{"JSON of another kind", `{}`, []string{"Content-Type", "application/merge-patch+json"}},
		{"gzip", zipped.String(), []string{"Content-Encoding", "gzip"}},
		{"over 1 MiB", `{"a":"` + strings.Repeat("a", 1<<20) + `"}`, nil},
	}
}

// hostileTo are bodies made for one input: each member in another case, twice, and
// with a value of another type.
func hostileTo(in reflect.Type) []hostileBody {
	var bodies []hostileBody
	for _, field := range reflect.VisibleFields(in) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			if own, _, _ := strings.Cut(field.Tag.Get("param")+field.Tag.Get("query")+field.Tag.Get("header"), ","); own != "" {
				bodies = append(bodies, hostileBody{name: own + " in the body", body: `{"` + own + `":"0198f3c2-7b3b-7e02-8000-000000000002"}`})
				bodies = append(bodies, hostileBody{name: field.Name + " in the body", body: `{"` + field.Name + `":"0198f3c2-7b3b-7e02-8000-000000000002"}`})
			}
			continue
		}
		bodies = append(bodies,
			hostileBody{name: name + " in capitals", body: `{"` + strings.ToUpper(name) + `":null}`},
			hostileBody{name: name + " as in Go", body: `{"` + field.Name + `":null}`},
			hostileBody{name: name + " twice", body: `{"` + name + `":null,"` + name + `":null}`},
			hostileBody{name: name + " twice, once escaped", body: `{"` + name + `":null,"\u00` + hexOf(name[0]) + name[1:] + `":null}`},
		)
		if field.Type.Kind() == reflect.String {
			bodies = append(bodies, hostileBody{name: name + " as an object", body: `{"` + name + `":{"$ne":null}}`},
				hostileBody{name: name + " as a list", body: `{"` + name + `":["a"]}`}, hostileBody{name: name + " as a number", body: `{"` + name + `":1}`})
		}
	}
	return bodies
}

func hexOf(b byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[b>>4], digits[b&15]})
}

// requireStrictJSON sends every hostile body to every route that reads JSON, as a
// caller with all rights, and wants each refused before its use case runs.
func requireStrictJSON(t *testing.T, handler http.Handler, r *Routes, headers ...string) {
	t.Helper()
	forAll := hostileBodies()
	for _, route := range r.List() {
		if route.Kind == Raw {
			continue
		}
		target := concrete(route.Path)
		bodies := slices.Clone(forAll)
		if route.Method == http.MethodGet {
			bodies = append(bodies, hostileBody{name: "any body", body: `{}`})
		} else {
			bodies = append(bodies, hostileTo(route.In)...)
		}
		for _, hostile := range bodies {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, request(route.Method, target, hostile.body, append(hostile.headers, headers...)...))
			problem := problemOf(t, w)
			require.Contains(t, []int{400, 413, 415, 422}, w.Code, "%s %s: %s: %s", route.Method, route.Path, hostile.name, w.Body)
			require.Contains(t, []any{"malformed_json", "unknown_field", "too_large", "unsupported_media_type", "validation_failed"}, problem["code"],
				"%s %s: %s", route.Method, route.Path, hostile.name)
			require.Less(t, w.Body.Len(), 2048, "%s %s: %s", route.Method, route.Path, hostile.name)
		}
	}
}

// concrete fills a path's parameters with ids that fit.
func concrete(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, ":") {
			parts[i] = uuid.NewString()
		}
	}
	return strings.Join(parts, "/")
}

// SE-14, S9: hostile JSON on every endpoint, 0 accepted.
func TestHostileJSON(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	requireStrictJSON(t, f, f.routes)
	require.Empty(t, f.added)
	require.Empty(t, f.listed)
}

// requireCredential asks every route as nobody and, where a right is needed, as
// somebody without any.
func requireCredential(t *testing.T, handler http.Handler, r *Routes) {
	t.Helper()
	for _, route := range r.List() {
		if route.Need == tenancy.Public {
			continue
		}
		ask := func(bearer string) (int, any) {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, request(route.Method, concrete(route.Path), "", "Authorization", bearer))
			return w.Code, problemOf(t, w)["code"]
		}
		status, code := ask("")
		require.Equal(t, []any{401, "unauthenticated"}, []any{status, code}, "%s %s", route.Method, route.Path)
		if route.Need != tenancy.Self {
			status, code = ask("Bearer nobody")
			require.Equal(t, []any{403, "permission_denied"}, []any{status, code}, "%s %s", route.Method, route.Path)
		}
	}
}
