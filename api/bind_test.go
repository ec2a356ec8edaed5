package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"baraza/domain"
	"baraza/tenancy"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const conversation = "0198f3d1-0000-7000-8000-000000000001"

func notesPath(query string) string { return "/api/conversations/" + conversation + "/notes" + query }

func TestBindBody(t *testing.T) {
	t.Parallel()

	t.Run("takes_body_query_header_and_path", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		r := request("POST", notesPath("?trace=true"), `{"text":"rang back","mentions":["`+author.String()+`"],"data":{"a":[1]},"due":"2026-11-21T08:15:30.125Z"}`,
			"If-Match", `W/"31"`)
		r.RemoteAddr = "192.0.2.7:4000"
		w := f.do(r)
		require.Equal(t, http.StatusCreated, w.Code, w.Body)
		in := <-f.added
		require.Equal(t, conversation, in.ConversationID.String())
		require.Equal(t, "rang back", in.Text)
		require.Equal(t, []uuid.UUID{author}, in.Mentions)
		require.Equal(t, `{"a":[1]}`, string(in.Data))
		require.Equal(t, 125_000_000, in.Due.Nanosecond())
		require.True(t, in.Trace)
		require.Equal(t, "31", in.IfMatch)
		require.Equal(t, "192.0.2.7", in.IP)
		require.Equal(t, "test-request-0001", in.RequestID)
	})

	t.Run("takes_a_charset_and_32_levels", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		deep := strings.Repeat(`[`, 31) + strings.Repeat(`]`, 31)
		w := f.do(request("POST", notesPath(""), `{"text":"a","data":`+deep+`}`, "Content-Type", `application/json; charset="UTF-8"`))
		require.Equal(t, http.StatusCreated, w.Code, w.Body)
		w = f.do(request("POST", notesPath(""), `{"text":"a","data":[`+deep+`]}`))
		require.Equal(t, http.StatusBadRequest, w.Code)
	})

	t.Run("counts_brackets_and_escapes_only_where_they_are_such", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		for _, data := range []string{`"` + strings.Repeat("[", 40) + `"`, `"\\u0000"`, `"\"{{{{"`, `"\\\\"`} {
			w := f.do(request("POST", notesPath(""), `{"text":"a","data":`+data+`}`))
			require.Equal(t, http.StatusCreated, w.Code, data)
			require.Equal(t, data, string((<-f.added).Data))
		}
		for _, data := range []string{`"\u0000"`, `"\\\u0000"`, `{"a\u0000":1}`} {
			w := f.do(request("POST", notesPath(""), `{"text":"a","data":`+data+`}`))
			require.Equal(t, http.StatusBadRequest, w.Code, data)
		}
	})

	t.Run("an_empty_body_is_an_empty_object", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		require.Equal(t, http.StatusNoContent, f.do(request("DELETE", notesPath("/"+conversation), "")).Code)
		require.Equal(t, http.StatusOK, f.do(request("PATCH", notesPath("/"+conversation), "")).Code)
		require.Equal(t, http.StatusNoContent, f.do(request("DELETE", notesPath("/"+conversation), `{}`)).Code)
		w := f.do(request("POST", notesPath(""), ""))
		require.Equal(t, http.StatusUnprocessableEntity, w.Code)
	})

	t.Run("a_patch_tells_absent_null_and_value_apart", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		seen := func(body string) string {
			w := f.do(request("PATCH", notesPath("/"+conversation), body))
			require.Equal(t, http.StatusOK, w.Code, w.Body)
			var out Versioned
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &out))
			return out.Seen
		}
		require.Empty(t, seen(`{}`))
		require.Equal(t, "text=null owner_id=null ", seen(`{"text":null,"owner_id":null}`))
		require.Equal(t, "text=set fields=set ", seen(`{"text":"a","fields":[]}`))
	})
}

func fieldsOf(t *testing.T, w *httptest.ResponseRecorder) map[string]string {
	t.Helper()
	fields := map[string]string{}
	for _, one := range problemOf(t, w)["errors"].([]any) {
		field := one.(map[string]any)
		fields[field["field"].(string)] = field["code"].(string) + ": " + field["detail"].(string)
	}
	return fields
}

func TestRules(t *testing.T) {
	t.Parallel()

	for body, want := range map[string]map[string]string{
		`{}`:                                   {"text": "required: is required"},
		`{"text":"elf Zeichen"}`:               {"text": "too_long: at most 10 characters"},
		`{"text":"a","priority":"x"}`:          {"priority": "invalid: must be one of low, high"},
		`{"text":"a","email":"x"}`:             {"email": "invalid_email: is no e-mail address"},
		`{"text":"a","weight":6}`:              {"weight": "too_big: at most 5"},
		`{"text":"a","weight":-1}`:             {"weight": "too_small: at least 0"},
		`{"text":"a","buttons":[{},{}]}`:       {"buttons.0.title": "required: is required", "buttons.1.title": "required: is required"},
		`{"text":"a","buttons":[{},{},{},{}]}`: {"buttons": "too_long: at most 3 items"},
		`{"text":5}`:                           {"text": "invalid: must be text"},
		`{"text":"a","weight":"5"}`:            {"weight": "invalid: must be a whole number"},
		`{"text":"a","weight":1.5}`:            {"weight": "invalid: must be a whole number"},
		`{"text":"a","weight":9e99}`:           {"weight": "invalid: must be a whole number"},
		`{"text":"a","muted":1}`:               {"muted": "invalid: must be true or false"},
		`{"text":"a","mentions":"x"}`:          {"mentions": "invalid: must be a list"},
		`{"text":"a","mentions":["x"]}`:        {"mentions.0": "invalid: must be an id"},
		`{"text":"a","buttons":[5]}`:           {"buttons.0": "invalid: must be an object"},
		`{"text":"a","due":"yesterday"}`:       {"due": "invalid: must be a time such as 2026-11-21T08:15:30.125Z"},
		`{"text":"a","client_id":"0198f3d1"}`:  {"client_id": "invalid: must be an id"},
		`{"text":"zehn äöüß","weight":6}`:      {"weight": "too_big: at most 5"},
		`{"text":null}`:                        {"text": "required: is required"},
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			w := newFixture(t, nil).do(request("POST", notesPath(""), body))
			require.Equal(t, http.StatusUnprocessableEntity, w.Code, w.Body)
			require.Equal(t, "validation_failed", problemOf(t, w)["code"])
			require.Equal(t, want, fieldsOf(t, w))
		})
	}

	t.Run("reach_into_an_optional_member", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		for body, want := range map[string]map[string]string{
			`{"text":"elf Zeichen"}`:   {"text": "too_long: at most 10 characters"},
			`{"button":{"title":"x"}}`: {"button.title": "too_short: at least 2 characters"},
			`{"fields":["a","b","c"]}`: {"fields": "too_long: at most 2 items"},
			`{"owner_id":"x"}`:         {"owner_id": "invalid: must be an id"},
		} {
			w := f.do(request("PATCH", notesPath("/"+conversation), body))
			require.Equal(t, http.StatusUnprocessableEntity, w.Code, w.Body)
			require.Equal(t, want, fieldsOf(t, w), body)
		}
		w := f.do(request("PATCH", notesPath("/"+conversation), `{"button":{"titel":"x"}}`))
		require.Equal(t, map[string]string{"button.titel": "unknown: is not known here"}, fieldsOf(t, w))
	})

	t.Run("keep_a_made_up_name_short", func(t *testing.T) {
		t.Parallel()
		w := newFixture(t, nil).do(request("POST", notesPath(""), `{"`+strings.Repeat("é", 5000)+`":1}`))
		require.Equal(t, http.StatusBadRequest, w.Code)
		require.Less(t, w.Body.Len(), 1000)
	})
}

func TestBindQuery(t *testing.T) {
	t.Parallel()

	t.Run("repeats_are_a_list_and_types_are_read", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		w := f.do(request("GET", notesPath("?status=queued&status=active&team="+author.String()+"&before=7&from=2026-11-21T08:15:30Z&score=0.5&limit=20&cursor=abc"), ""))
		require.Equal(t, http.StatusOK, w.Code, w.Body)
		in := <-f.listed
		require.Equal(t, []string{"queued", "active"}, in.Status)
		require.Equal(t, []uuid.UUID{author}, in.Team)
		require.EqualValues(t, 7, *in.Before)
		require.Equal(t, 2026, in.From.Year())
		require.InDelta(t, 0.5, in.Score, 0)
		require.Equal(t, Paging{Limit: 20, Cursor: "abc"}, in.Paging)
	})

	for query, want := range map[string]map[string]string{
		"?nope=1":                                {"nope": "unknown: is not known here"},
		"?LIMIT=1":                               {"LIMIT": "unknown: is not known here"},
		"?ConversationID=1":                      {"ConversationID": "unknown: is not known here"},
		"?id=" + conversation:                    {"id": "unknown: is not known here"},
		"?b=1&a=1":                               {"a": "unknown: is not known here"},
		"?limit=1&limit=2":                       {"limit": "duplicate: is given twice"},
		"?limit=x":                               {"limit": "invalid: must be a whole number"},
		"?limit=":                                {"limit": "invalid: must be a whole number"},
		"?limit=99999999999999999999":            {"limit": "invalid: must be a whole number"},
		"?limit=201":                             {"limit": "too_big: at most 200"},
		"?limit=-1":                              {"limit": "too_small: at least 1"},
		"?cursor=%00":                            {"cursor": "invalid: must be text"},
		"?cursor=%ff":                            {"cursor": "invalid: must be text"},
		"?team=x":                                {"team": "invalid: must be an id"},
		"?team=0198f3c27b3a7c419a550d6a4f2b8e10": {"team": "invalid: must be an id"},
		"?team=%7B0198f3c2-7b3a-7c41-9a55-0d6a4f2b8e10%7D":    {"team": "invalid: must be an id"},
		"?team=urn:uuid:0198f3c2-7b3a-7c41-9a55-0d6a4f2b8e10": {"team": "invalid: must be an id"},
		"?from=today":             {"from": "invalid: must be a time such as 2026-11-21T08:15:30.125Z"},
		"?score=NaN":              {"score": "invalid: must be a number"},
		"?score=1e999":            {"score": "invalid: must be a number"},
		"?status=queued&status=x": {"status.1": "invalid: must be one of queued, active"},
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, nil)
			w := f.do(request("GET", notesPath(query), ""))
			require.Equal(t, http.StatusBadRequest, w.Code, w.Body)
			require.Equal(t, "bad_parameter", problemOf(t, w)["code"])
			require.Equal(t, want, fieldsOf(t, w))
			require.Empty(t, f.listed)
		})
	}

	t.Run("what_is_no_query_is_refused", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, nil)
		for _, query := range []string{"?limit=1;cursor=2", "?limit=%zz"} {
			r := request("GET", notesPath(""), "")
			r.URL.RawQuery = query[1:]
			require.Equal(t, http.StatusBadRequest, f.do(r).Code, query)
		}
	})
}

type getThing struct {
	ID uuid.UUID `param:"id" json:"-"`
}

// An id that cannot be one answers like an id nobody has, byte for byte.
func TestPathIDs(t *testing.T) {
	t.Parallel()
	server := newServer(t, nil, func(r *Routes) {
		route(r, "GET", "/api/things/:id", tenancy.Self, 200, func(context.Context, getThing) (Note, error) {
			return Note{}, domain.ErrNotFound
		}, says("Get thing"))
	})
	ask := func(id string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		server.ServeHTTP(w, request("GET", "/api/things/"+id, ""))
		return w
	}
	want := ask(uuid.NewString())
	require.Equal(t, "not_found", problemOf(t, want)["code"])
	for _, id := range []string{
		"x", "1", "%00", "..", "%2e%2e", "a%2Fb", "a/b", conversation + "/", conversation + "x", "{" + conversation + "}",
		"%7B" + conversation + "%7D", strings.ReplaceAll(conversation, "-", ""), "urn:uuid:" + conversation, strings.Repeat("a", 4000), "%ff", "'%20or%201=1",
	} {
		got := ask(id)
		require.Equal(t, want.Code, got.Code, id)
		require.Equal(t, want.Body.String(), got.Body.String(), id)
		require.Equal(t, want.Header(), got.Header(), id)
	}
}

// FuzzBind sends any body and query: it is bound or refused, never a defect.
func FuzzBind(f *testing.F) {
	fixture := newFixture(f, nil)
	for _, hostile := range hostileBodies() {
		if len(hostile.body) < 4096 {
			f.Add(hostile.body, "limit=1")
		}
	}
	f.Add(`{"text":"a","mentions":[],"data":{"a":[1,{"b":null}]},"due":"2026-11-21T08:15:30.125Z"}`, "trace=true")
	f.Add(`{"text":"a","buttons":[{"title":"xy"}]}`, "status=queued&status=active&before=7")
	f.Fuzz(func(t *testing.T, body, query string) {
		for _, method := range []string{"POST", "GET"} {
			r := request(method, notesPath(""), body)
			r.URL.RawQuery = query
			w := fixture.do(r)
			require.Less(t, w.Code, 500, w.Body)
			if w.Code >= 400 {
				problemOf(t, w)
			}
		}
		for len(fixture.added) > 0 {
			in := <-fixture.added
			require.Equal(t, conversation, in.ConversationID.String())
			require.NotContains(t, in.Text+string(in.Data), "\x00")
			require.LessOrEqual(t, len([]rune(in.Text)), 10)
		}
		for len(fixture.listed) > 0 {
			<-fixture.listed
		}
	})
}
