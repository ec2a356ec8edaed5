package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// DO-02: direct imports of ours obey the table of docs/architecture.md, and every
// package has its line there.
func TestImports(t *testing.T) {
	t.Parallel()
	allowed := importTable(t)
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "baraza/...").Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(out)) {
		imports := strings.Fields(line)
		name := strings.TrimPrefix(imports[0], "baraza/")
		may, ok := allowed[name]
		if !ok {
			t.Errorf("%s has no line in the import table of docs/architecture.md", name)
			continue
		}
		for _, one := range imports[1:] {
			if imported, ours := strings.CutPrefix(one, "baraza/"); ours && !slices.Contains(may, imported) && !slices.Contains(may, "everything") {
				t.Errorf("%s imports %s, which docs/architecture.md does not allow", name, imported)
			}
		}
	}
}

// importTable reads the rows of the table under "## Imports": packages, and what each
// of them may import.
func importTable(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "architecture.md"))
	require.NoError(t, err)
	_, section, found := strings.Cut(string(text), "\n## Imports\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	table := map[string][]string{}
	for line := range strings.Lines(section) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 2 || !strings.Contains(cells[0], "`") {
			continue
		}
		may := names(cells[1])
		if strings.Contains(cells[1], "everything") {
			may = []string{"everything"}
		}
		for _, name := range names(cells[0]) {
			table[name] = may
		}
	}
	require.Greater(t, len(table), 10)
	return table
}

// names are the words in backquotes.
func names(cell string) (list []string) {
	for i, part := range strings.Split(cell, "`") {
		if i%2 == 1 {
			list = append(list, part)
		}
	}
	return list
}
