package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"baraza/domain"
	"baraza/tenancy"
)

// deviceBody is a session whose browser is new when it says nothing of itself.
type deviceBody struct {
	Seen string `json:"seen"`
}

func (deviceBody) Tokens() (access, refresh string, accessTTL, refreshTTL time.Duration) {
	return "access-token", "refresh-token", time.Minute, time.Hour
}

func (d deviceBody) Device() (string, time.Duration) {
	if d.Seen != "" {
		return "", 0
	}
	return "device-token", 400 * 24 * time.Hour
}

type deviceInput struct {
	Device string `cookie:"device" json:"-"`
}

// TN-10 to TN-12: what a workspace demands comes before everything else, and dangerous
// acts want a fresh proof.
func TestDuties(t *testing.T) {
	t.Parallel()
	answer := func(context.Context, domain.None) (domain.None, error) { return domain.None{}, nil }
	ask := func(t *testing.T, scope tenancy.Scope, path, cookie string) *httptest.ResponseRecorder {
		t.Helper()
		routes := &Routes{}
		route(routes, "GET", "/api/open", tenancy.Self, 204, answer, whileOwing, says("Stays open"))
		route(routes, "GET", "/api/closed", tenancy.Self, 204, answer, says("Does not"))
		route(routes, "GET", "/api/public", tenancy.Public, 204, answer, says("Is everybody's"))
		route(routes, "GET", "/api/dangerous", tenancy.Self, 204, answer, stepUp, says("Cannot be undone"))
		session(routes, "POST", "/api/auth/login", tenancy.Public, 200, func(_ context.Context, in deviceInput) (deviceBody, error) {
			return deviceBody{Seen: in.Device}, nil
		}, says("Signs in"))
		server, err := New(Config{BaseURL: "https://chat.acme.test", Log: zap.NewNop(), Metrics: prometheus.NewRegistry(),
			Authenticate: func(*http.Request) (tenancy.Scope, error) { return scope, nil }}, routes)
		require.NoError(t, err)
		method := "GET"
		if path == "/api/auth/login" {
			method = "POST"
		}
		r := httptest.NewRequest(method, "https://chat.acme.test"+path, nil)
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		return w
	}
	somebody := func(since time.Duration, owes tenancy.Duty) tenancy.Scope {
		return tenancy.Scope{TenantID: uuid.New(), UserID: uuid.New(), AuthenticatedAt: time.Now().Add(-since), Owes: owes}
	}

	t.Run("what_is_owed_comes_first", func(t *testing.T) {
		t.Parallel()
		for owed, code := range map[tenancy.Duty]string{tenancy.SetUpFactor: "mfa_setup_required", tenancy.ChangePassword: "password_change_required"} {
			for path, status := range map[string]int{"/api/open": 204, "/api/public": 204, "/api/closed": 403, "/api/dangerous": 403} {
				w := ask(t, somebody(0, owed), path, "")
				require.Equal(t, status, w.Code, path)
				if status == 403 {
					require.Contains(t, w.Body.String(), `"code":"`+code+`"`)
				}
			}
		}
	})

	t.Run("a_proof_is_good_for_ten_minutes", func(t *testing.T) {
		t.Parallel()
		for since, status := range map[time.Duration]int{0: 204, 9 * time.Minute: 204, 11 * time.Minute: 403, 24 * time.Hour: 403} {
			w := ask(t, somebody(since, ""), "/api/dangerous", "")
			require.Equal(t, status, w.Code, since)
			require.Equal(t, 204, ask(t, somebody(since, ""), "/api/closed", "").Code)
			if status == 403 {
				require.Contains(t, w.Body.String(), `"code":"step_up_required"`)
			}
		}
		require.Equal(t, 403, ask(t, tenancy.Scope{TenantID: uuid.New(), UserID: uuid.New()}, "/api/dangerous", "").Code, "never proved")
	})

	t.Run("a_browser_is_known_by_a_cookie_no_script_reads", func(t *testing.T) {
		t.Parallel()
		w := ask(t, tenancy.Scope{}, "/api/auth/login", "")
		require.Contains(t, w.Header().Values("Set-Cookie"), "__Secure-baraza_device=device-token; Path=/api/auth; Max-Age=34560000; HttpOnly; Secure; SameSite=Lax")
		w = ask(t, tenancy.Scope{}, "/api/auth/login", "__Secure-baraza_device=device-token")
		require.Len(t, w.Header().Values("Set-Cookie"), 2)
		require.JSONEq(t, `{"seen":"device-token"}`, w.Body.String())
	})
}
