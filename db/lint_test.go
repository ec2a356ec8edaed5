package db_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/db/dbtest"
)

// I1, SE-01, TN-02: the migrated database breaks no rule, asked as the roles that ask at boot.
func TestLintOfTheMigratedDatabase(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for _, url := range []string{d.URLs.App, d.URLs.Platform, d.URLs.Admin} {
		require.Empty(t, violations(t, connect(t, url)))
	}
}

// mutant is SQL that breaks one rule in the sample's database.
type mutant struct{ rule, sql string }

var ruleLine = regexp.MustCompile(`^(?:union all )?select '(R\d\d)[ ']`)

// mutants reads the lint's rules and, under each, the lines `--! sql` that break it.
func mutants(lint string) (rules []string, list []mutant) {
	for line := range strings.Lines(lint) {
		if m := ruleLine.FindStringSubmatch(line); m != nil && !slices.Contains(rules, m[1]) {
			rules = append(rules, m[1])
		}
		if sql, ok := strings.CutPrefix(line, "--! "); ok {
			list = append(list, mutant{rules[len(rules)-1], sql})
		}
	}
	return rules, list
}

// I1: each rule fires on the violations written under it, and on nothing in the sample.
func TestLintCatchesEveryMutant(t *testing.T) {
	t.Parallel()
	lint, err := os.ReadFile("tenancy_lint.sql")
	require.NoError(t, err)
	sample, err := os.ReadFile("tenancy_lint_sample.sql")
	require.NoError(t, err)
	rules, list := mutants(string(lint))
	slices.Sort(rules)
	for n := range 44 {
		rule := fmt.Sprintf("R%02d", n)
		require.Contains(t, rules, rule)
		require.True(t, slices.ContainsFunc(list, func(m mutant) bool { return m.rule == rule }), "%s has no mutant", rule)
	}
	require.Len(t, rules, 44)

	// Mutants change roles: uncommitted, but roles belong to the whole cluster.
	server := ownRoles(t)
	mustExec(t, adminOf(t, server, "postgres"), `create database sample`)
	conn := adminOf(t, server, "sample")
	_, err = conn.PgConn().Exec(t.Context(), string(sample)).ReadAll()
	require.NoError(t, err)
	require.Empty(t, violations(t, conn), "the sample is correct")

	for _, m := range list {
		mustExec(t, conn, `begin`)
		_, err := conn.PgConn().Exec(t.Context(), m.sql).ReadAll()
		require.NoError(t, err, m.sql)
		fired := []string{}
		for _, v := range violations(t, conn) {
			fired = append(fired, v.Rule[:3])
		}
		require.Contains(t, fired, m.rule, m.sql)
		mustExec(t, conn, `rollback`)
	}
	require.Empty(t, violations(t, conn), "nothing of the mutants stayed")
	t.Logf("%d rules, %d mutants", len(rules), len(list))
}
