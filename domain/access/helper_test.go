package access

import (
	"errors"
	"sort"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"baraza/domain"
	"baraza/tenancy"
)

// parallel calls fn n times at once and returns what each said. Who is told to come
// back does: there are more of them than connections.
func parallel(n int, fn func(int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			for errs[i] = fn(i); errors.Is(errs[i], domain.ErrUnavailable); {
				errs[i] = fn(i)
			}
		})
	}
	close(start)
	all.Wait()
	return errs
}

// members lists the member names of a JSON document, sorted, in dotted form.
func members(t *testing.T, body []byte) []string {
	t.Helper()
	var document any
	require.NoError(t, json.Unmarshal(body, &document))
	names := map[string]bool{}
	var walk func(prefix string, v any)
	walk = func(prefix string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, value := range v {
				names[prefix+name] = true
				walk(prefix+name+".", value)
			}
		case []any:
			for _, value := range v {
				walk(prefix, value)
			}
		}
	}
	walk("", document)
	list := make([]string, 0, len(names))
	for name := range names {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}

// sorted lists a set in the order of the closed list.
func sorted(set tenancy.Permissions) []tenancy.Permission {
	list := []tenancy.Permission{}
	for _, p := range tenancy.MemberPermissions() {
		if set.Has(p) {
			list = append(list, p)
		}
	}
	return list
}
