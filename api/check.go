package api

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"baraza/tenancy"
)

// check looks at every line for what would otherwise show at its first request, and
// works out how its input is bound (SE-26).
func (r *Routes) check(rules *rules) error {
	var wrong []error
	seen := map[string]bool{}
	for _, route := range r.list {
		line := route.Method + " " + route.Path
		if seen[line] {
			wrong = append(wrong, fmt.Errorf("%s: twice in the table", line))
		}
		seen[line] = true
		if err := route.check(rules); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", line, err))
		}
	}
	return errors.Join(wrong...)
}

func (r *Route) check(rules *rules) error {
	var err error
	switch {
	case !tenancy.Known(r.Need):
		return fmt.Errorf("unknown permission %q", r.Need)
	case !slices.Contains(routeMethods, r.Method):
		return fmt.Errorf("method %q", r.Method)
	case !strings.HasPrefix(r.Path, "/") || strings.Contains(r.Path, "*"):
		return errors.New("the path must begin with / and hold no *")
	case r.Summary == "":
		return errors.New("the line does not say what it does")
	case r.Kind == Raw:
		return nil
	case r.Status < 200 || r.Status > 299:
		return fmt.Errorf("status %d", r.Status)
	case r.Kind == JSON && (r.Out == none) != (r.Status == http.StatusNoContent) && !(r.Out == none && r.Status == http.StatusAccepted):
		return fmt.Errorf("status %d with output %v", r.Status, r.Out)
	}
	if r.plan, err = planOf(r.In); err != nil {
		return err
	}
	if want, have := pathParams(r.Path), r.plan.pathNames(); !slices.Equal(want, have) {
		return fmt.Errorf("the path has parameters %v, the input %v", want, have)
	}
	if r.plan.body && r.Method == http.MethodGet {
		return fmt.Errorf("%v has members of a body, which GET has not", r.In)
	}
	w := walker{rules: rules, seen: map[reflect.Type]bool{}}
	if err := w.walk(r.In, false); err != nil {
		return err
	}
	w.seen = map[reflect.Type]bool{}
	return w.walk(r.Out, true)
}

var routeMethods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// pathParams are the names after the colons, sorted.
func pathParams(path string) []string {
	names := []string{}
	for part := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (p *plan) pathNames() []string {
	names := []string{}
	for _, one := range p.path {
		names = append(names, one.name)
	}
	slices.Sort(names)
	return names
}

// walker visits the structs of an input or output.
type walker struct {
	rules *rules
	seen  map[reflect.Type]bool
}

func (w *walker) walk(t reflect.Type, out bool) error {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return errors.New("a duration has no form on the wire: use a number with its unit in the name")
	case w.seen[t] || hasOwnForm(t):
		return nil
	}
	w.seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return w.walk(t.Elem(), out)
	case reflect.Struct:
		return w.walkStruct(t, out)
	}
	return nil
}

func (w *walker) walkStruct(t reflect.Type, out bool) error {
	if value, ok := optionalOf(t); ok {
		return w.walk(value, out)
	}
	if !out {
		if err := w.rules.understand(t); err != nil {
			return err
		}
	}
	for i := range t.NumField() {
		field := t.Field(i)
		tag, tagged := field.Tag.Lookup("json")
		switch {
		case tag == "-" || !field.IsExported() && !field.Anonymous:
			continue
		case !tagged && !field.Anonymous:
			return fmt.Errorf("%v.%s has no json tag", t, field.Name)
		}
		if err := w.walk(field.Type, out); err != nil {
			return fmt.Errorf("%v.%s: %w", t, field.Name, err)
		}
	}
	return nil
}

// understand makes the validator read a type's tags; it panics on one it does not know.
func (r *rules) understand(t reflect.Type) (err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("%v: %v", t, problem)
		}
	}()
	_ = r.validate.Struct(reflect.New(t).Interface()) // an empty input may well break its rules
	return nil
}
