package main

import (
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
	t.Logf("%d requests, %d of them refused for want of a right", tried, refused)
	require.Greater(t, refused, 100)
	p.stop(syscall.SIGTERM)
}
