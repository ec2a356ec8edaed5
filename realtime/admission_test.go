package realtime

import (
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

// W2: pages of other sites get 403 before the upgrade.
func TestOrigins(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(c *Config) { c.Origins = []string{origin, "https://desk.example:8443"} })
	token := s.desk.signIn(tenancy.From(s.A))
	cookie, bearer := http.Header{"Cookie": {"access=" + token}}, http.Header{"Authorization": {"Bearer " + token}}
	ask := func(base http.Header, query string, origins ...string) (int, string, string) {
		header := base.Clone()
		if len(origins) > 0 {
			header["Origin"] = origins
		}
		ws, response, err := dial(s.at, header, query)
		if err == nil {
			require.NoError(t, ws.Close())
			return response.StatusCode, "", ""
		}
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, response.Header.Get("Content-Type"), string(body)
	}
	for _, o := range []string{
		"null", "https://evil.example", "https://baraza.example.evil.example", "https://evilbaraza.example", "https://baraza.examples",
		"https://xn--baraza-9za.example", "https://bаraza.example", "https://BARAZA.example", "HTTPS://baraza.example", "http://baraza.example",
		"https://baraza.example:443", "https://baraza.example:8443", "https://baraza.example/", "https://baraza.example.", "https://user@baraza.example",
		"baraza.example", "https://desk.example", "https://sub.baraza.example", "file://", "", " https://baraza.example,https://evil.example",
	} {
		for _, credential := range []http.Header{cookie, bearer} {
			status, kind, body := ask(credential, "", o)
			require.Equal(t, http.StatusForbidden, status, o)
			require.Equal(t, "application/problem+json", kind)
			require.Contains(t, body, "origin_denied")
		}
	}
	status, _, body := ask(cookie, "", origin, "https://evil.example")
	require.Equal(t, http.StatusForbidden, status, "two of them: %s", body)
	status, _, body = ask(cookie, "")
	require.Equal(t, http.StatusForbidden, status, "a cookie without an origin: %s", body)

	for _, o := range []string{origin, "https://desk.example:8443"} {
		status, _, body := ask(cookie, "", o)
		require.Equal(t, http.StatusSwitchingProtocols, status, body)
	}
	status, _, body = ask(bearer, "")
	require.Equal(t, http.StatusSwitchingProtocols, status, "a program has no origin: %s", body)
	status, _, body = ask(cookie, "?ticket="+s.desk.ticket(tenancy.From(s.A).SessionID))
	require.Equal(t, http.StatusSwitchingProtocols, status, body)
	dbtest.Eventually(t, "four upgrades", func() bool { return s.hub.Counts().Accepted == 4 })
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	scope := tenancy.From(s.A)
	token := s.desk.signIn(scope)
	refused := func(header http.Header, query string) (int, string) {
		_, response, err := dial(s.at, header, query)
		require.ErrorIs(t, err, websocket.ErrBadHandshake)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, string(body)
	}

	status, _ := refused(nil, "")
	require.Equal(t, http.StatusUnauthorized, status)
	status, _ = refused(http.Header{"Authorization": {"Bearer " + uuid.NewString()}}, "")
	require.Equal(t, http.StatusUnauthorized, status)
	status, _ = refused(http.Header{"Authorization": {"Bearer " + token}}, "?ticket=forged")
	require.Equal(t, http.StatusUnauthorized, status, "a ticket is the credential")

	s.desk.change(scope.SessionID, func(l *login) { l.scope.Suspended = true })
	status, body := refused(http.Header{"Authorization": {"Bearer " + token}}, "")
	require.Equal(t, http.StatusForbidden, status)
	require.Contains(t, body, "tenant_suspended")
	s.desk.change(scope.SessionID, func(l *login) { l.scope.Suspended, l.scope.Owes = false, tenancy.SetUpFactor })
	status, body = refused(http.Header{"Authorization": {"Bearer " + token}}, "")
	require.Equal(t, http.StatusForbidden, status)
	require.Contains(t, body, "mfa_setup_required")
	s.desk.change(scope.SessionID, func(l *login) { l.scope.Owes = "" })

	response, err := http.Get(s.at.URL + "/api/ws?ticket=" + s.desk.ticket(scope.SessionID)) //nolint:noctx // a plain request
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusBadRequest, response.StatusCode, "this address speaks WebSocket")

	// The login ended after the credential was found good: the second look sees it.
	s.desk.change(scope.SessionID, func(l *login) { l.err = domain.ErrUnauthenticated })
	status, _ = refused(nil, "?ticket="+s.desk.ticket(scope.SessionID))
	require.Equal(t, http.StatusUnauthorized, status)
	require.Empty(t, s.hub.Sockets())
}

// W3: of a hundred who show one ticket, one gets in.
func TestTicketIsTakenOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.desk.signIn(tenancy.From(s.A))
	ticket := s.desk.ticket(tenancy.From(s.A).SessionID)
	var in sync.WaitGroup
	statuses := make(chan int, 100)
	for range cap(statuses) {
		in.Go(func() {
			ws, response, err := dial(s.at, nil, "?ticket="+ticket)
			if err == nil {
				defer ws.Close() //nolint:errcheck // it has served
			}
			statuses <- response.StatusCode
		})
	}
	in.Wait()
	close(statuses)
	count := map[int]int{}
	for status := range statuses {
		count[status]++
	}
	require.Equal(t, map[int]int{http.StatusSwitchingProtocols: 1, http.StatusUnauthorized: 99}, count)
}
