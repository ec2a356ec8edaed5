package main

import (
	"runtime/debug"
)

// version is the revision this binary was built from, or "development".
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "development"
	}
	revision, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+"
		}
	}
	if len(revision) < 12 {
		return "development"
	}
	return revision[:12] + dirty
}
