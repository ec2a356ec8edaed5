package domain

import (
	"strings"
	"unicode"
)

// Name returns a name people gave, without the space around it. Control characters
// are refused: names end up in mails, logs and exports. field is its JSON path.
func Name(field, given string) (string, error) {
	given = strings.TrimSpace(given)
	switch {
	case given == "":
		return "", InvalidField(field, "required", "is required")
	case strings.ContainsFunc(given, unicode.IsControl):
		return "", InvalidField(field, "invalid", "must not contain control characters")
	}
	return given, nil
}
