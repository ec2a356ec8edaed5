package tenancy_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"baraza/tenancy"
)

func TestScopeTravelsInTheContext(t *testing.T) {
	t.Parallel()
	require.Zero(t, tenancy.From(t.Context()))
	a, b := tenancy.Scope{TenantID: uuid.New(), UserID: uuid.New(), Role: "agent"}, tenancy.Scope{TenantID: uuid.New()}
	inA := tenancy.With(t.Context(), a)
	require.Equal(t, a, tenancy.From(inA))
	require.Equal(t, b, tenancy.From(tenancy.With(inA, b)), "the innermost holds, whole")
	require.Equal(t, a, tenancy.From(inA))
}

// SE-26, TN-07.
func TestScopeMay(t *testing.T) {
	t.Parallel()
	person := tenancy.Scope{TenantID: uuid.New(), UserID: uuid.New(), Permissions: tenancy.Grant(tenancy.ContactView)}
	homeless := person
	homeless.TenantID = uuid.Nil
	key := person
	key.UserID = uuid.Nil
	system := tenancy.System(uuid.New())
	for _, c := range []struct {
		name              string
		scope             tenancy.Scope
		public, self, may bool
	}{
		{"nobody", tenancy.Scope{}, true, false, false},
		{"a person", person, true, true, true},
		{"a person without a tenant", homeless, true, true, false},
		{"a key", key, true, false, true},
		{"the system", system, true, false, false},
	} {
		require.Equal(t, c.public, c.scope.May(tenancy.Public), c.name)
		require.Equal(t, c.self, c.scope.May(tenancy.Self), c.name)
		require.Equal(t, c.may, c.scope.May(tenancy.ContactView), c.name)
		require.False(t, c.scope.May(tenancy.ContactErase), c.name)
		require.False(t, c.scope.May(""), c.name)
	}
	require.Equal(t, tenancy.RowScope{All: true}, system.Rows)
}

// TN-02: the tenant comes from the credential, never from the request's own words.
func TestMiddleware(t *testing.T) {
	t.Parallel()
	scope := tenancy.Scope{TenantID: uuid.New(), UserID: uuid.New()}
	refusal := errors.New("revoked")
	server := echo.New()
	server.Use(tenancy.Middleware(func(r *http.Request) (tenancy.Scope, error) {
		switch r.Header.Get("Authorization") {
		case "Bearer good":
			return scope, nil
		case "Bearer revoked":
			return scope, refusal
		}
		return tenancy.Scope{}, nil
	}))
	var got []tenancy.Scope
	server.GET("/", func(c echo.Context) error {
		got = append(got, tenancy.From(c.Request().Context()))
		return c.NoContent(http.StatusNoContent)
	})
	var failure error
	server.HTTPErrorHandler = func(err error, c echo.Context) {
		failure = err
		_ = c.NoContent(http.StatusTeapot) // the recorder takes everything
	}
	for _, credential := range []string{"Bearer good", "", "Bearer revoked", "Bearer good"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?tenant_id="+uuid.NewString(), nil)
		r.Header.Set("Authorization", credential)
		r.Header.Set("X-Tenant-ID", uuid.NewString())
		server.ServeHTTP(httptest.NewRecorder(), r)
	}
	require.Equal(t, []tenancy.Scope{scope, {}, scope}, got, "an error ends the request; no credential is no scope, not the last one")
	require.ErrorIs(t, failure, refusal)
}
