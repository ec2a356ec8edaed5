package api

import (
	"reflect"
	"testing"

	"baraza/domain"

	"github.com/stretchr/testify/require"
)

// Every rule says in words what is wanted, under a code of the closed list.
func TestRulesInWords(t *testing.T) {
	t.Parallel()
	type input struct {
		Code   string         `json:"code" validate:"len=6"`
		Tags   []string       `json:"tags" validate:"unique"`
		Zone   string         `json:"zone" validate:"timezone"`
		Link   string         `json:"link" validate:"url"`
		Name   string         `json:"name" validate:"min=1"`
		Counts map[string]int `json:"counts" validate:"max=1"`
		Ratio  float64        `json:"ratio" validate:"lte=1.5"`
		Pair   []int          `json:"pair" validate:"len=2"`
		Either string         `json:"either" validate:"required_without=Link2"`
		Link2  string         `json:"link2"`
	}
	rules := newRules()
	plan, err := planOf(reflect.TypeFor[input]())
	require.NoError(t, err)
	err = rules.check(plan, &input{Code: "1", Tags: []string{"a", "a"}, Zone: "Mars", Link: "x", Counts: map[string]int{"a": 1, "b": 2}, Ratio: 2, Pair: []int{1}})
	var problem *domain.Error
	require.ErrorAs(t, err, &problem)
	got := map[string]string{}
	for _, field := range problem.Fields {
		got[field.Field] = field.Code + ": " + field.Detail
	}
	require.Equal(t, map[string]string{
		"code":   "invalid: exactly 6 characters",
		"tags":   "invalid: must not repeat",
		"zone":   "invalid: is no time zone such as Africa/Nairobi",
		"link":   "invalid: is not valid",
		"name":   "too_short: at least 1 character",
		"counts": "too_long: at most 1 item",
		"ratio":  "too_big: at most 1.5",
		"pair":   "invalid: exactly 2 items",
		"either": "required: is required",
	}, got)
	require.Equal(t, "9 fields need attention", problem.Detail)
	require.Equal(t, domain.Invalid, problem.Kind)
}

func TestWirePath(t *testing.T) {
	t.Parallel()
	for namespace, want := range map[string]string{
		"AddNote.text":                           "text",
		"AddNote.~.limit":                        "limit",
		"AddNote.~.~.items[0].name":              "items.0.name",
		"Page[baraza/domain/chat.Note].items[1]": "items.1",
		"AddNote.fields[first].x":                "fields.first.x",
	} {
		require.Equal(t, want, wirePath(namespace), namespace)
	}
}
