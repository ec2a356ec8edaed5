package main

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/api"
	"baraza/tenancy"
)

// everyRight is PRODUCT.md §5.1, copied: all that a role of people may hold.
const everyRight = `
conversation.view .reply .note .assign .transfer .bulk_transfer .takeover .takeover_force .resolve .reopen .snooze .tag .priority .export .delete
contact.view .edit .merge .block .import .export .erase .view_pii
campaign.view .manage .send   template.view .manage   canned.manage
team.view .manage   shift.manage   presence.manage_others   routing.manage   wrapup.manage
analytics.view .export   activity.view_all   event.view   project.manage   datasource.view .manage   dashboard.view .manage .share
log.view .ingest .manage   assistant.use
channel.view .manage   automation.manage   webhook.manage   apikey.manage   member.manage   role.manage   settings.manage   audit.view
billing.manage   tenant.export .delete`

// agentsRights are what a manager has too.
const agentsRights = `
conversation.view .reply .note .transfer .takeover .resolve .reopen .snooze .tag .priority
contact.view .edit   channel.view   team.view   template.view   dashboard.view   assistant.use `

// rightsOfRoles is PRODUCT.md §5.3, copied. It is written here once more, and not taken
// from the program: what the program believes is what is tried.
var rightsOfRoles = map[string]string{
	"owner": everyRight,
	"admin": strings.NewReplacer("billing.manage", "", "tenant.export .delete", "tenant.export").Replace(everyRight),
	"agent": agentsRights,
	"manager": agentsRights + `conversation.assign .bulk_transfer .takeover_force .export
		team.manage   shift.manage   presence.manage_others   wrapup.manage   analytics.view .export   canned.manage`,
	// Figures are by team: who reads them reads the teams' names.
	"analyst": `analytics.view .export   dashboard.view .manage .share   datasource.view .manage   event.view   log.view
		assistant.use   activity.view_all   team.view`,
	"auditor": `conversation.view   contact.view   campaign.view   template.view   team.view   analytics.view   event.view
		datasource.view   dashboard.view   log.view   channel.view   audit.view   activity.view_all`,
	"member": `assistant.use   dashboard.view`,
}

// programsRights are those of keys: no role of people holds one.
const programsRights = `event.capture   bot.speak`

// rightsIn reads the page's notation: ".edit" belongs to the noun before it.
func rightsIn(text string) map[tenancy.Permission]bool {
	rights, noun := map[tenancy.Permission]bool{}, ""
	for _, word := range strings.Fields(text) {
		before, verb, _ := strings.Cut(word, ".")
		if before != "" {
			noun = before
		}
		rights[tenancy.Permission(noun+"."+verb)] = true
	}
	return rights
}

// TN-07, S37: every route × nobody and a person of each built-in role, against the real
// program. Whoever has the right of the route gets past it, whoever has not is told which
// one it is; nobody at all gets past public routes alone.
//
// Nothing is done: what is asked for is spoiled by a parameter no route knows. Rights are
// looked at before anything of a request is read, so whoever gets past them is told of that
// parameter. What only reads is asked for as it is.
func TestRightsOfRoles(t *testing.T) {
	t.Parallel()
	p := newProgram(t, newDatabase(t, true).settings()).ready()
	people := map[string]*person{"owner": p.register("rights")}
	for role := range rightsOfRoles {
		if role == "owner" {
			continue
		}
		email := role + "@rights.test"
		people["owner"].call("POST", "/api/auth/users", map[string]string{
			"name": "Somebody", "email": email, "password": password, "role": role}, http.StatusCreated, nil)
		people[role] = p.signIn(email, password)
	}
	var served struct {
		Items []struct {
			Key     string `json:"key"`
			Builtin bool   `json:"builtin"`
		} `json:"items"`
	}
	people["owner"].call("GET", "/api/roles", nil, http.StatusOK, &served)
	for _, role := range served.Items {
		require.Contains(t, rightsOfRoles, role.Key, "say in rightsOfRoles what a new role may do")
	}
	require.Len(t, served.Items, len(rightsOfRoles))

	known, programs := rightsIn(everyRight), rightsIn(programsRights)
	tried, refused := 0, 0
	for _, route := range api.All(api.Services{}).List() {
		line := route.Method + " " + route.Path
		ask := func(token string) reply {
			path := strings.Split(route.Path, "/")
			for i, part := range path {
				if strings.HasPrefix(part, ":") {
					path[i] = uuid.Must(uuid.NewV7()).String()
				}
			}
			target := p.url + strings.Join(path, "/")
			if route.Method != http.MethodGet {
				target += "?of_no_route=1"
			}
			tried++
			return answered(t, route.Method, target, token, nil)
		}
		passes := func(r reply, where string) {
			t.Helper()
			if route.Method == http.MethodGet {
				require.NotContains(t, []int{http.StatusUnauthorized, http.StatusForbidden}, r.status, "%s: %s", where, r.body)
				return
			}
			require.Equal(t, http.StatusBadRequest, r.status, "%s: %s", where, r.body)
			require.Contains(t, string(r.body), "of_no_route", where)
		}
		operators := strings.HasPrefix(string(route.Need), "platform.")
		require.True(t, route.Need == tenancy.Public || route.Need == tenancy.Self || operators || known[route.Need] || programs[route.Need],
			"%s: %q is in no list of rights", line, route.Need)

		nobody := ask("")
		switch {
		case route.Need == tenancy.Public && route.Kind == api.Raw:
			// It may ask for a credential of its own: a signature, a ticket.
			require.NotContains(t, string(nobody.body), `"permission":"`, line)
			continue
		case route.Need == tenancy.Public:
			passes(nobody, line)
			continue
		}
		require.Equal(t, http.StatusUnauthorized, nobody.status, "%s: %s", line, nobody.body)
		require.Equal(t, "unauthenticated", nobody.problem(t).Code, line)
		for _, role := range slices.Sorted(maps.Keys(people)) {
			where := fmt.Sprintf("%s as %s", line, role)
			r := ask(people[role].token)
			if route.Need == tenancy.Self || rightsIn(rightsOfRoles[role])[route.Need] {
				passes(r, where)
				continue
			}
			require.Equal(t, http.StatusForbidden, r.status, "%s: %s", where, r.body)
			var told struct{ Code, Permission string }
			require.NoError(t, json.Unmarshal(r.body, &told))
			require.Equal(t, "permission_denied", told.Code, where)
			require.Equal(t, string(route.Need), told.Permission, where)
			refused++
		}
	}
	t.Run("S18_forged_tokens_get_nowhere", func(t *testing.T) {
		forged := forgedTokens(t, people["owner"].token, people["agent"].token)
		require.GreaterOrEqual(t, len(forged), 60)
		for token := range forged {
			r := answered(t, "GET", p.url+"/api/auth/me", token, nil)
			require.Equal(t, http.StatusUnauthorized, r.status, "%s: %s", token, r.body)
			require.Equal(t, "unauthenticated", r.problem(t).Code, token)
		}
		people["owner"].call("GET", "/api/auth/me", nil, http.StatusOK, nil)
	})
	t.Run("S17_a_token_is_worth_nothing_after_signing_out", func(t *testing.T) {
		gone := people["member"]
		gone.call("GET", "/api/auth/me", nil, http.StatusOK, nil)
		gone.call("POST", "/api/auth/logout", map[string]bool{"all": false}, http.StatusNoContent, nil)
		eventually(t, "the token to be refused", func() bool {
			r, err := gone.try("GET", "/api/auth/me", nil)
			return err == nil && r.status == http.StatusUnauthorized
		})
	})
	t.Logf("%d requests, %d of them refused for want of a right", tried, refused)
	require.Greater(t, refused, 100)
	p.stop(syscall.SIGTERM)
}

// forgedTokens is what a stranger can make who has seen two good tokens of one key: every
// algorithm with every member of a header that asks for another key or another reading,
// and the parts of the two put together anew.
func forgedTokens(t testing.TB, good, other string) map[string]bool {
	t.Helper()
	a, b := strings.Split(good, "."), strings.Split(other, ".")
	header, err := base64.RawURLEncoding.DecodeString(a[0])
	require.NoError(t, err)
	var ours struct{ Kid string }
	require.NoError(t, json.Unmarshal(header, &ours))
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	forged := map[string]bool{
		a[0] + "." + a[1] + "." + b[2]: true, a[0] + "." + b[1] + "." + a[2]: true, // the claims of one, signed as the other
		a[1] + "." + a[0] + "." + a[2]: true, a[0] + "." + a[1] + ".": true, a[0] + "." + a[1]: true, a[1]: true,
		good + "." + a[2]: true, good + ".e30.e30": true, good + "=": true, good + good: true, strings.ToLower(good): true, "Bearer " + good: true,
		"null": true, "undefined": true, ".": true, "..": true, uuid.NewString(): true, strings.Repeat("A", 4096): true,
	}
	more := map[string]any{
		"": nil, "jku": "https://evil.test/keys.json", "jwk": map[string]string{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(public)},
		"x5u": "https://evil.test/cert.pem", "x5c": []string{"MIIB"}, "crit": []string{"b64"}, "b64": false, "zip": "DEF", "enc": "A256GCM",
	}
	for _, algorithm := range []string{"none", "None", "HS256", "HS512", "RS256", "PS256", "ES256", "EdDSA", "dir"} {
		for name, value := range more {
			members := map[string]any{"alg": algorithm, "kid": ours.Kid, "typ": "at+jwt"}
			if name != "" {
				members[name] = value
			}
			head, err := json.Marshal(members)
			require.NoError(t, err)
			text := base64.RawURLEncoding.EncodeToString(head) + "." + a[1]
			signature := ed25519.Sign(private, []byte(text))
			switch algorithm {
			case "none", "None":
				signature = nil
			case "HS256", "HS512":
				mac := hmac.New(sha256.New, []byte(ours.Kid))
				mac.Write([]byte(text))
				signature = mac.Sum(nil)
			}
			forged[text+"."+base64.RawURLEncoding.EncodeToString(signature)] = true
		}
	}
	return forged
}
