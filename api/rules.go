package api

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"baraza/domain"
	"baraza/tenancy"

	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"
)

// rules checks the validate tags and says what is wrong in the names of the wire.
type rules struct{ validate *validator.Validate }

// through marks an embedded struct, whose members are the outer one's on the wire.
const through = "~"

func newRules() *rules {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(field reflect.StructField) string {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "" && field.Anonymous:
			return through
		case name != "-":
			return name
		}
		for _, source := range sources {
			if name := field.Tag.Get(source); name != "" {
				return name
			}
		}
		return ""
	})
	names := []string{}
	for _, p := range tenancy.MemberPermissions() {
		names = append(names, string(p))
	}
	v.RegisterAlias("permission", "oneof="+strings.Join(names, " "))
	return &rules{v}
}

// check returns validation_failed with every field that breaks a rule, or
// bad_parameter when all of them are of the address.
func (r *rules) check(p *plan, in any) error {
	err := r.validate.Struct(in)
	var broken validator.ValidationErrors
	if !errors.As(err, &broken) {
		return err
	}
	problem := &domain.Error{Kind: domain.Malformed, Code: errBadParameter.Code}
	for _, one := range broken {
		field := wirePath(one.Namespace())
		if !p.outside(field) {
			problem.Kind, problem.Code = domain.Invalid, "validation_failed"
		}
		code, detail := inWords(one)
		problem.Fields = append(problem.Fields, domain.FieldError{Field: field, Code: code, Detail: detail})
	}
	problem.Detail = "1 field needs attention"
	if n := len(problem.Fields); n > 1 {
		problem.Detail = fmt.Sprintf("%d fields need attention", n)
	}
	return problem
}

// outside says whether the first name of a path is a parameter's.
func (p *plan) outside(field string) bool {
	name, _, _ := strings.Cut(field, ".")
	for _, list := range [][]param{p.path, p.query, p.headers} {
		if slices.ContainsFunc(list, func(one param) bool { return one.name == name }) {
			return true
		}
	}
	return false
}

// wirePath makes items.0.name of AddOrder.~.items[0].name.
func wirePath(namespace string) string {
	depth, start := 0, 0
	for i, r := range namespace { // the type's own name may hold dots in brackets: Page[chat.Note]
		if r == '[' {
			depth++
		} else if r == ']' {
			depth--
		} else if r == '.' && depth == 0 {
			start = i + 1
			break
		}
	}
	path := strings.ReplaceAll(namespace[start:], through+".", "")
	return short(strings.NewReplacer("[", ".", "]", "").Replace(path))
}

// inWords gives a broken rule its code of the closed list and a few words.
func inWords(one validator.FieldError) (code, detail string) {
	limit := one.Param()
	switch one.Tag() {
	case "max", "lte", "lt":
		code, detail = bound(one.Type(), "too_long", "too_big", "at most "+limit)
	case "min", "gte", "gt":
		code, detail = bound(one.Type(), "too_short", "too_small", "at least "+limit)
	case "len":
		_, detail = bound(one.Type(), "", "", "exactly "+limit)
		code = "invalid"
	case "email":
		return "invalid_email", "is no e-mail address"
	case "oneof":
		return "invalid", "must be one of " + strings.Join(strings.Fields(limit), ", ")
	case "permission":
		return "invalid", "is no permission of the list"
	case "unique":
		return "invalid", "must not repeat"
	case "timezone":
		return "invalid", "is no time zone such as Africa/Nairobi"
	default:
		if strings.HasPrefix(one.Tag(), "required") {
			return "required", "is required"
		}
		return "invalid", "is not valid"
	}
	return code, detail
}

func bound(t reflect.Type, length, number, words string) (code, detail string) {
	unit := ""
	switch t.Kind() {
	case reflect.String:
		unit = " character"
	case reflect.Slice, reflect.Map, reflect.Array:
		unit = " item"
	default:
		return number, words
	}
	if !strings.HasSuffix(words, " 1") {
		unit += "s"
	}
	return length, words + unit
}

// mustBe says what a value of the type looks like.
func mustBe(t reflect.Type) string {
	if t == nil {
		return "is not valid"
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[uuid.UUID]():
		return "must be an id"
	case t == reflect.TypeFor[domain.Time](), t == reflect.TypeFor[time.Time]():
		return "must be a time such as 2026-11-21T08:15:30.125Z"
	}
	switch t.Kind() {
	case reflect.String:
		return "must be text"
	case reflect.Bool:
		return "must be true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "must be a whole number"
	case reflect.Float32, reflect.Float64:
		return "must be a number"
	case reflect.Slice, reflect.Array:
		return "must be a list"
	case reflect.Struct, reflect.Map:
		return "must be an object"
	}
	return "is not valid"
}
