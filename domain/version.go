package domain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// CheckVersion refuses, with ErrVersionConflict, to change another version than the one
// that was read. An empty ifMatch is any; quotes around it, as HTTP has them, are not part
// of it.
func CheckVersion(ifMatch, now string) error {
	if ifMatch != "" && strings.Trim(ifMatch, `"`) != now {
		return ErrVersionConflict
	}
	return nil
}

// VersionOf is the version of what has no counter of its own: a hash of its members.
func VersionOf(members map[string]any) string {
	hash := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value := members[name]
		if text, ok := value.(*string); ok && text != nil {
			value = *text
		}
		fmt.Fprintf(hash, "%s=%v\x00", name, value)
	}
	return hex.EncodeToString(hash.Sum(nil)[:8])
}
