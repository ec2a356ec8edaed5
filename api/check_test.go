package api

import (
	"context"
	"net/http"
	"testing"
	"time"

	"baraza/domain"
	"baraza/tenancy"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// SE-26: a route that does not declare its permission, or whose path and input do not
// fit, keeps the server from starting.
func TestTableIsChecked(t *testing.T) {
	t.Parallel()

	type nothing struct{}
	type id struct {
		ID uuid.UUID `param:"id" json:"-"`
	}
	type twoIDs struct {
		id
		Other uuid.UUID `param:"other_id" json:"-"`
	}
	type bodyCanSet struct {
		ID uuid.UUID `param:"id"`
	}
	type bodyCanSetByName struct {
		Limit int `query:"limit" json:"limit"`
	}
	type untagged struct{ Text string }
	type fromNowhere struct {
		Text string `json:"-"`
	}
	type unknownRule struct {
		Text string `json:"text" validate:"no_such_rule"`
	}
	type nestedUnknownRule struct {
		Items []unknownRule `json:"items" validate:"dive"`
	}
	type strangeQuery struct {
		Filter map[string]string `query:"filter" json:"-"`
	}
	type text struct {
		Text string `json:"text"`
	}
	type duration struct {
		After time.Duration `json:"after"`
	}
	type nestedDuration struct {
		Items []*duration `json:"items"`
	}
	type untaggedInside struct {
		Items map[string]untagged `json:"items"`
	}

	for name, test := range map[string]struct {
		write func(*Routes)
		says  string
	}{
		"no_permission":          {func(r *Routes) { line[nothing, text](r, "GET", "/x", "", 200) }, `unknown permission ""`},
		"an_unknown_permission":  {func(r *Routes) { line[nothing, text](r, "GET", "/x", "conversation.veiw", 200) }, `unknown permission "conversation.veiw"`},
		"raw_without_permission": {func(r *Routes) { raw(r, "GET", "/x", "", plain(http.NotFoundHandler()), says("x")) }, "unknown permission"},
		"no_sentence":            {func(r *Routes) { raw(r, "GET", "/x", tenancy.Self, plain(http.NotFoundHandler())) }, "does not say what it does"},
		"a_method_in_lower_case": {func(r *Routes) { line[nothing, text](r, "get", "/x", tenancy.Self, 200) }, `method "get"`},
		"a_relative_path":        {func(r *Routes) { line[nothing, text](r, "GET", "x", tenancy.Self, 200) }, "begin with /"},
		"a_star":                 {func(r *Routes) { line[nothing, text](r, "GET", "/x/*", tenancy.Self, 200) }, "hold no *"},
		"the_same_line_twice": {func(r *Routes) {
			line[nothing, text](r, "GET", "/x", tenancy.Self, 200)
			line[nothing, text](r, "GET", "/x", tenancy.Self, 200)
		}, "twice in the table"},
		"a_parameter_the_input_lacks":   {func(r *Routes) { line[nothing, text](r, "GET", "/x/:id", tenancy.Self, 200) }, "the path has parameters [id], the input []"},
		"a_parameter_the_path_lacks":    {func(r *Routes) { line[id, text](r, "GET", "/x", tenancy.Self, 200) }, "the path has parameters [], the input [id]"},
		"one_of_two_parameters":         {func(r *Routes) { line[twoIDs, text](r, "GET", "/x/:id", tenancy.Self, 200) }, "the input [id other_id]"},
		"another_name":                  {func(r *Routes) { line[id, text](r, "GET", "/x/:note_id", tenancy.Self, 200) }, "the path has parameters [note_id], the input [id]"},
		"a_parameter_the_body_sets":     {func(r *Routes) { line[bodyCanSet, text](r, "POST", "/x/:id", tenancy.Self, 200) }, `needs json:"-"`},
		"a_query_the_body_sets":         {func(r *Routes) { line[bodyCanSetByName, text](r, "POST", "/x", tenancy.Self, 200) }, `needs json:"-"`},
		"a_member_without_a_tag":        {func(r *Routes) { line[untagged, text](r, "POST", "/x", tenancy.Self, 200) }, "has no tag"},
		"a_member_from_nowhere":         {func(r *Routes) { line[fromNowhere, text](r, "POST", "/x", tenancy.Self, 200) }, "comes from nowhere"},
		"an_unknown_rule":               {func(r *Routes) { line[unknownRule, text](r, "POST", "/x", tenancy.Self, 200) }, "no_such_rule"},
		"an_unknown_rule_inside":        {func(r *Routes) { line[nestedUnknownRule, text](r, "POST", "/x", tenancy.Self, 200) }, "no_such_rule"},
		"a_query_without_a_form":        {func(r *Routes) { line[strangeQuery, text](r, "GET", "/x", tenancy.Self, 200) }, "has no form"},
		"a_body_on_get":                 {func(r *Routes) { line[text, text](r, "GET", "/x", tenancy.Self, 200) }, "which GET has not"},
		"an_input_that_is_no_struct":    {func(r *Routes) { line[string, text](r, "POST", "/x", tenancy.Self, 200) }, "is no struct"},
		"a_result_without_a_tag":        {func(r *Routes) { line[nothing, untagged](r, "GET", "/x", tenancy.Self, 200) }, "has no json tag"},
		"a_result_without_a_tag_inside": {func(r *Routes) { line[nothing, untaggedInside](r, "GET", "/x", tenancy.Self, 200) }, "has no json tag"},
		"a_duration_in_a_result":        {func(r *Routes) { line[nothing, nestedDuration](r, "GET", "/x", tenancy.Self, 200) }, "a duration has no form"},
		"a_duration_in_a_body":          {func(r *Routes) { line[duration, text](r, "POST", "/x", tenancy.Self, 200) }, "a duration has no form"},
		"204_with_a_result":             {func(r *Routes) { line[nothing, text](r, "DELETE", "/x", tenancy.Self, 204) }, "status 204 with output"},
		"200_with_nothing":              {func(r *Routes) { line[nothing, domain.None](r, "POST", "/x", tenancy.Self, 200) }, "status 200 with output"},
		"a_redirect":                    {func(r *Routes) { line[nothing, text](r, "GET", "/x", tenancy.Self, 302) }, "status 302"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			routes := NewRoutes()
			test.write(routes)
			_, err := New(newFixture(t, nil).config, routes)
			require.ErrorContains(t, err, test.says)
		})
	}

	t.Run("all_that_is_wrong_is_said_at_once", func(t *testing.T) {
		t.Parallel()
		routes := NewRoutes()
		line[nothing, text](routes, "GET", "/one", "", 200)
		line[untagged, text](routes, "POST", "/two", tenancy.Self, 200)
		_, err := New(newFixture(t, nil).config, routes)
		require.ErrorContains(t, err, "GET /one")
		require.ErrorContains(t, err, "POST /two")
	})
}

// line is a route whose use case never runs.
func line[In, Out any](r *Routes, method, path string, need tenancy.Permission, status int) {
	route(r, method, path, need, status, func(context.Context, In) (out Out, err error) { return out, err }, says("A line of a test"))
}
