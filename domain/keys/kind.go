package keys

import (
	"slices"
	"strings"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// Kind says what a key is for.
type Kind string

// The kinds there are.
const (
	// Server is for a program of the workspace's own.
	Server Kind = "server"
	// Read is the same for one that changes nothing.
	Read Kind = "read"
	// Bot speaks in conversations of its channels.
	Bot Kind = "bot"
	// Ingest may only add log entries.
	Ingest Kind = "ingest"
	// Write may only add events. It stands in web pages, for everybody to see.
	Write Kind = "write"
)

// prefixes are how secrets of a kind begin.
var prefixes = map[Kind]string{Server: "sk_", Read: "rk_", Bot: "bk_", Ingest: "ik_", Write: "wk_"}

// errHoldsTooLittle names the first right the caller lacks, as `permission`.
var errHoldsTooLittle = domain.ErrDenied.Saying("You cannot give a key more than you may yourself.")

// peoples are rights no program gets: over people, roles, keys and the workspace's end,
// and to what is always one person's.
var peoples = []tenancy.Permission{
	tenancy.APIKeyManage, tenancy.MemberManage, tenancy.RoleManage, tenancy.BillingManage, tenancy.TenantDelete, tenancy.AssistantUse,
}

// may lists what keys of the kind can be given.
func (k Kind) may() []tenancy.Permission {
	switch k {
	case Server:
		return slices.DeleteFunc(tenancy.MemberPermissions(), func(p tenancy.Permission) bool { return slices.Contains(peoples, p) })
	case Read:
		return slices.DeleteFunc(tenancy.MemberPermissions(), func(p tenancy.Permission) bool {
			_, verb, _ := strings.Cut(string(p), ".")
			return verb != "view" && verb != "view_all" && verb != "view_pii"
		})
	case Bot:
		return []tenancy.Permission{tenancy.BotSpeak, tenancy.ConversationView, tenancy.ConversationNote}
	case Ingest:
		return []tenancy.Permission{tenancy.LogIngest}
	case Write:
		return []tenancy.Permission{tenancy.EventCapture}
	}
	return nil
}

// rows a key of the kind reaches. A bot reaches its channels, whoever adds only
// reaches none.
func (k Kind) rows() tenancy.RowScope {
	switch k {
	case Server, Read:
		return tenancy.RowScope{All: true}
	case Bot:
		return tenancy.RowScope{Channel: true}
	}
	return tenancy.RowScope{}
}

// scopes returns what was asked for, each once. Nothing is all of a kind that is for
// one thing; of the others it must be said.
func (k Kind) scopes(asked []string) (db.Texts, error) {
	may := k.may()
	list := db.Texts{}
	for _, one := range asked {
		if !slices.Contains(may, tenancy.Permission(one)) {
			return nil, domain.InvalidField("scopes", "invalid", "hold what a key of this kind cannot be given")
		}
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	if len(list) > 0 {
		return list, nil
	}
	if k == Server || k == Read {
		return nil, domain.InvalidField("scopes", "required", "must name what the key may do")
	}
	for _, p := range may {
		list = append(list, string(p))
	}
	return list, nil
}

// checkHolds lets nobody give, or get hold of, a key that may more than they: neither
// rights nor rows. Rights that only keys have come with managing keys.
func checkHolds(by tenancy.Scope, kind Kind, scopes []string) error {
	members := tenancy.MemberPermissions()
	for _, one := range scopes {
		p := tenancy.Permission(one)
		if slices.Contains(members, p) && !by.Permissions.Has(p) {
			return errHoldsTooLittle.Naming(map[string]any{"permission": p})
		}
	}
	rows := kind.rows()
	if !by.Rows.All && (rows.All || rows.Channel && !by.Rows.Channel) {
		return errHoldsTooLittle
	}
	return nil
}
