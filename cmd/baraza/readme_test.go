package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// DO-01: what the README says exists: its links, make targets, variables and sections.
func TestReadme(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	require.NoError(t, err)
	readme := string(text)

	for _, section := range []string{"## Two commands", "## Configuration", "## Connecting a WhatsApp number", "## When something is wrong", "## Development"} {
		require.Contains(t, readme, section)
	}
	for _, link := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(readme, -1) {
		_, err := os.Stat(filepath.Join(root, link[1]))
		require.NoError(t, err, "README links to %s", link[1])
	}
	for _, target := range regexp.MustCompile("(?m)(?:`|^)make ([a-z-]+)").FindAllStringSubmatch(readme, -1) {
		require.Regexp(t, `(?m)^`+target[1]+`:`, string(makefile), "README names make %s", target[1])
	}
	known := map[string]bool{}
	for _, v := range variables() {
		known[v.name] = true
	}
	for _, name := range regexp.MustCompile(`BARAZA_[A-Z_]+[A-Z]`).FindAllString(readme, -1) {
		require.True(t, known[name], "README names %s, which is no variable", name)
	}
}

// OP-19 (the keys of what exists so far): the configuration has them, by flag and by environment.
func TestConfigurationKeys(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, v := range variables() {
		known[v.name] = true
		require.NotEmpty(t, v.help, v.name)
	}
	for _, name := range []string{
		"BARAZA_LISTEN", "BARAZA_BASE_URL", "BARAZA_DATA", "BARAZA_MODE", "DATABASE_URL", "BARAZA_PLATFORM_DATABASE_URL",
		"BARAZA_MIGRATE_DATABASE_URL", "BARAZA_PG_BIN", "NATS_URL", "BARAZA_MASTER_KEY_FILE", "BARAZA_META_APP_ID", "BARAZA_META_APP_SECRET",
		"BARAZA_META_VERIFY_TOKEN", "BARAZA_META_GRAPH_URL", "BARAZA_SIMULATOR", "BARAZA_ROLES", "BARAZA_LOG_LEVEL", "BARAZA_TRUSTED_PROXIES",
		"BARAZA_CORS_ORIGINS",
	} {
		require.True(t, known[name], name)
	}
}
