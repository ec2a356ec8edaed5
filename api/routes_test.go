package api

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
)

// emptyTable is the whole table in front of use cases that do not exist: whatever
// reaches one panics, and shows as a 500.
func emptyTable(t *testing.T) (*Server, *Routes) {
	t.Helper()
	routes := All(Services{})
	server, err := New(Config{
		BaseURL: "https://chat.acme.test", Log: zap.NewNop(), Metrics: prometheus.NewRegistry(), Authenticate: authenticateTest,
	}, routes)
	require.NoError(t, err)
	return server, routes
}

// SE-26, DO-05: the table starts a server, and server, OpenAPI and page are one set.
func TestRoutesAreDocumented(t *testing.T) {
	t.Parallel()
	server, routes := emptyTable(t)
	requireDocumented(t, server, routes, "../docs/api.md")
	requireJSONTags(t, routes)
}

// SE-14, S9: hostile JSON on every endpoint there is.
func TestRoutesRefuseHostileJSON(t *testing.T) {
	t.Parallel()
	server, routes := emptyTable(t)
	requireStrictJSON(t, server, routes)
}

// SE-26: nobody without a credential gets behind a line that asks for one.
func TestRoutesAskForACredential(t *testing.T) {
	t.Parallel()
	server, routes := emptyTable(t)
	requireCredential(t, server, routes)
}
