package chat

import "strings"

// shown is an identity's value as a reader may see it: a phone number in
// international form, and without contact.view_pii only its ends.
func shown(kind, value string, pii bool) string {
	if kind == "wa_phone" {
		value = "+" + strings.TrimPrefix(value, "+")
	}
	if pii {
		return value
	}
	r := []rune(value)
	if len(r) <= 7 {
		return "•••"
	}
	return string(r[:4]) + " ••• " + string(r[len(r)-3:])
}

// named is the contact's name, or what the platform calls them when they gave none.
func named(name string, identity IdentityRef) string {
	switch {
	case name != "":
		return name
	case identity.Username != nil && *identity.Username != "":
		return *identity.Username
	}
	return identity.Value
}
