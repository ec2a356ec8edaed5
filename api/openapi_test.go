package api

import (
	"context"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"baraza/domain"
	"baraza/tenancy"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
)

// DO-05: the description comes from the table the server runs.
func TestOpenAPI(t *testing.T) {
	t.Parallel()

	describe := func(t *testing.T, table func(*Routes)) object {
		t.Helper()
		r := &Routes{}
		table(r)
		document, err := OpenAPI(r)
		require.NoError(t, err)
		var all object
		require.NoError(t, json.Unmarshal(document, &all))
		return all
	}
	schema := func(t *testing.T, all object, name string) string {
		t.Helper()
		text, err := json.Marshal(at(t, all, "components", "schemas", name), json.Deterministic(true))
		require.NoError(t, err)
		return string(text)
	}
	fixtureTable := func(r *Routes) { (&fixture{}).table(r) }

	t.Run("is_the_same_bytes_each_time_and_needs_no_server", func(t *testing.T) {
		t.Parallel()
		r := NewRoutes()
		(&fixture{}).table(r)
		first, err := OpenAPI(r)
		require.NoError(t, err)
		for range 5 {
			again, err := OpenAPI(r)
			require.NoError(t, err)
			require.Equal(t, string(first), string(again))
		}
		golden(t, "openapi.json", first)
		served := newFixture(t, nil).do(request("GET", "/api/openapi.json", "", "Authorization", ""))
		require.Equal(t, 200, served.Code)
		require.Equal(t, "application/json", served.Header().Get("Content-Type"))
		require.Equal(t, string(first), served.Body.String())
	})

	t.Run("an_input_needs_what_its_rules_require_and_takes_nothing_else", func(t *testing.T) {
		t.Parallel()
		all := describe(t, fixtureTable)
		require.JSONEq(t, `{"type":"object","additionalProperties":false,"required":["text"],"properties":{
			"text":{"type":"string","maxLength":10},
			"client_id":{"type":["string","null"],"format":"uuid"},
			"mentions":{"type":"array","items":{"type":"string","format":"uuid"},"maxItems":2},
			"buttons":{"type":"array","items":{"$ref":"#/components/schemas/Button"},"maxItems":3},
			"priority":{"type":"string","enum":["low","high"]},
			"email":{"type":"string","format":"email"},
			"weight":{"type":"integer","minimum":0,"maximum":5},
			"due":{"type":["string","null"],"format":"date-time"},
			"data":{},
			"muted":{"type":"boolean"}}}`, schema(t, all, "AddNote"))
	})

	t.Run("an_optional_member_may_be_null_and_left_out", func(t *testing.T) {
		t.Parallel()
		all := describe(t, fixtureTable)
		require.JSONEq(t, `{"type":"object","additionalProperties":false,"properties":{
			"text":{"type":["string","null"],"maxLength":10},
			"owner_id":{"type":["string","null"],"format":"uuid"},
			"button":{"anyOf":[{"$ref":"#/components/schemas/Button"},{"type":"null"}]},
			"fields":{"type":["array","null"],"items":{"type":"string"},"maxItems":2}}}`, schema(t, all, "PatchNote"))
	})

	t.Run("a_result_has_all_its_members", func(t *testing.T) {
		t.Parallel()
		all := describe(t, fixtureTable)
		require.JSONEq(t, `{"type":"object","required":["id","text","kind","mentions","author_id","reply","created_at","seen_at"],"properties":{
			"id":{"type":"string","format":"uuid"},
			"text":{"type":"string"},
			"kind":{"type":"string","enum":["note","event"]},
			"mentions":{"type":"array","items":{"type":"string","format":"uuid"}},
			"author_id":{"type":["string","null"],"format":"uuid"},
			"reply":{"anyOf":[{"$ref":"#/components/schemas/Reply"},{"type":"null"}]},
			"created_at":{"type":"string","format":"date-time"},
			"seen_at":{"type":"string","format":"date-time"},
			"trace":{"type":"string"}}}`, schema(t, all, "Note"))
	})

	t.Run("a_page_is_named_for_what_it_holds", func(t *testing.T) {
		t.Parallel()
		all := describe(t, func(r *Routes) {
			route(r, "GET", "/api/notes", tenancy.Self, 200, func(context.Context, domain.None) (domain.Page[Note], error) {
				return domain.Page[Note]{}, nil
			}, says("List"))
		})
		require.JSONEq(t, `{"type":"object","required":["items","next_cursor"],"properties":{
			"items":{"type":"array","items":{"$ref":"#/components/schemas/Note"}},"next_cursor":{"type":["string","null"]}}}`, schema(t, all, "NotePage"))
		for name, want := range map[string]string{"Page[baraza/domain/chat.Note]": "NotePage", "Pair[baraza/a.One,baraza/b.Two]": "TwoOnePair", "Page[string]": "StringPage", "problem": "Problem", "": ""} {
			require.Equal(t, want, componentName(name))
		}
	})

	t.Run("parameters_carry_their_rules", func(t *testing.T) {
		t.Parallel()
		all := describe(t, fixtureTable)
		have := map[string]string{}
		for _, one := range at(t, all, "paths", "/api/conversations/{id}/notes", "get", "parameters").([]any) {
			text, err := json.Marshal(one.(object)["schema"], json.Deterministic(true))
			require.NoError(t, err)
			have[one.(object)["in"].(string)+" "+one.(object)["name"].(string)] = string(text)
		}
		require.Equal(t, map[string]string{
			"path id":      `{"format":"uuid","type":"string"}`,
			"query limit":  `{"maximum":200,"minimum":1,"type":"integer"}`,
			"query cursor": `{"maxLength":1024,"type":"string"}`,
			"query status": `{"items":{"enum":["queued","active"],"type":"string"},"maxItems":3,"type":"array"}`,
			"query team":   `{"items":{"format":"uuid","type":"string"},"type":"array"}`,
			"query before": `{"type":"integer"}`,
			"query from":   `{"format":"date-time","type":"string"}`,
			"query score":  `{"type":"number"}`,
		}, have)
		require.NotContains(t, at(t, all, "paths", "/api/auth/login", "post"), "parameters", "cookies and the request's own are nobody's to write")
	})

	t.Run("an_operation_names_permission_answers_and_headers", func(t *testing.T) {
		t.Parallel()
		all := describe(t, fixtureTable)
		list := at(t, all, "paths", "/api/conversations/{id}/notes", "get").(object)
		require.Equal(t, "conversation.view", list["x-permission"])
		require.Equal(t, "Lists the notes", list["summary"])
		require.Equal(t, []any{"conversations"}, list["tags"])
		require.Len(t, list["security"], 2)
		require.Contains(t, at(t, list, "responses", "200", "headers"), "X-Cursor")
		require.Equal(t, object{"$ref": "#/components/responses/Problem"}, at(t, list, "responses", "default"))

		send := at(t, all, "paths", "/api/messages", "post").(object)
		require.ElementsMatch(t, []string{"200", "201", "202", "default"}, slices.Collect(maps.Keys(send["responses"].(object))))
		versioned := at(t, all, "paths", "/api/versioned", "get").(object)
		require.Contains(t, versioned["responses"], "304")
		require.Contains(t, at(t, versioned, "responses", "200", "headers"), "ETag")
		login := at(t, all, "paths", "/api/auth/login", "post").(object)
		require.Contains(t, at(t, login, "responses", "200", "headers"), "Set-Cookie")
		require.Empty(t, login["security"])
		require.Equal(t, true, at(t, login, "requestBody", "required"))
		patch := at(t, all, "paths", "/api/conversations/{id}/notes/{note_id}", "patch", "requestBody").(object)
		require.NotContains(t, patch, "required")
		remove := at(t, all, "paths", "/api/conversations/{id}/notes/{note_id}", "delete").(object)
		require.NotContains(t, at(t, remove, "responses", "204"), "content")
		require.NotContains(t, remove, "requestBody")
		upload := at(t, all, "paths", "/api/media", "post").(object)
		require.Contains(t, at(t, upload, "requestBody", "content"), "multipart/form-data")
	})

	t.Run("every_reference_leads_somewhere", func(t *testing.T) {
		t.Parallel()
		r := NewRoutes()
		(&fixture{}).table(r)
		document, err := OpenAPI(r)
		require.NoError(t, err)
		var all object
		require.NoError(t, json.Unmarshal(document, &all))
		for _, match := range regexp.MustCompile(`"#/([^"]+)"`).FindAllStringSubmatch(string(document), -1) {
			at(t, all, strings.Split(match[1], "/")...)
		}
	})

	t.Run("two_types_of_one_name_are_refused", func(t *testing.T) {
		t.Parallel()
		type Note struct {
			Other string `json:"other"`
		}
		r := &Routes{}
		fixtureTable(r)
		line[domain.None, Note](r, "GET", "/api/other", tenancy.Self, 200)
		_, err := OpenAPI(r)
		require.ErrorContains(t, err, "both called Note")
	})

	t.Run("a_type_may_hold_itself", func(t *testing.T) {
		t.Parallel()
		type Tree struct {
			Children []Tree         `json:"children"`
			Any      jsontext.Value `json:"any"`
			Counts   map[string]int `json:"counts"`
			Bytes    []byte         `json:"bytes"`
		}
		all := describe(t, func(r *Routes) { line[domain.None, Tree](r, "GET", "/api/tree", tenancy.Self, 200) })
		require.JSONEq(t, `{"type":"object","required":["children","any","counts","bytes"],"properties":{
			"children":{"type":"array","items":{"$ref":"#/components/schemas/Tree"}},"any":{},
			"counts":{"type":"object","additionalProperties":{"type":"integer"}},"bytes":{"type":"string","contentEncoding":"base64"}}}`, schema(t, all, "Tree"))
	})
}

// at walks into a document.
func at(t *testing.T, in any, path ...string) any {
	t.Helper()
	for _, step := range path {
		here, ok := in.(object)
		require.True(t, ok, "%s of %v", step, path)
		require.Contains(t, here, step, "%v", path)
		in = here[step]
	}
	return in
}

// requireDocumented compares three sets: what the server answers, what OpenAPI
// describes, what the page lists. With -update it writes the page first.
func requireDocumented(t *testing.T, s *Server, r *Routes, page string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(page, Document(r), 0o644))
	}
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Equal(t, string(Document(r)), string(text), "go test ./api -run AreDocumented -update")

	var answered, described, listed []string
	for _, route := range s.echo.Routes() {
		answered = append(answered, route.Method+" "+route.Path)
	}
	document, err := OpenAPI(r)
	require.NoError(t, err)
	var all struct {
		Paths map[string]map[string]jsontext.Value `json:"paths"`
	}
	require.NoError(t, json.Unmarshal(document, &all))
	for path, methods := range all.Paths {
		for method := range methods {
			described = append(described, strings.ToUpper(method)+" "+regexp.MustCompile(`\{(\w+)\}`).ReplaceAllString(path, ":$1"))
		}
	}
	for _, match := range regexp.MustCompile(`(?m)^\| ([A-Z]+) \| (/\S*) \|`).FindAllStringSubmatch(string(text), -1) {
		listed = append(listed, match[1]+" "+match[2])
	}
	require.ElementsMatch(t, answered, described)
	require.ElementsMatch(t, answered, listed)
}

// requireJSONTags wants every parameter out of the body's reach, on every line.
func requireJSONTags(t *testing.T, r *Routes) {
	t.Helper()
	for _, route := range r.List() {
		if route.In == nil {
			continue
		}
		plan, err := planOf(route.In)
		require.NoError(t, err, route.Path)
		for _, list := range [][]param{plan.path, plan.query, plan.headers} {
			for _, one := range list {
				require.Equal(t, "-", one.field.Tag.Get("json"), "%s %s: %s", route.Method, route.Path, one.field.Name)
			}
		}
	}
}

func TestFixtureIsDocumented(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	page := t.TempDir() + "/api.md"
	require.NoError(t, os.WriteFile(page, Document(f.routes), 0o644))
	requireDocumented(t, f.Server, f.routes, page)
	requireJSONTags(t, f.routes)
	require.Contains(t, string(Document(f.routes)), "| POST | /api/conversations/:id/notes | conversation.note | Adds a note |\n")
}
