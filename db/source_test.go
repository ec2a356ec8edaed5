package db_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// SE-15, SECURITY C2, C7, C11, C12, C14, §1.6: what no code of ours may say, read from the source. Text that reaches
// the database is constant, so nothing a caller sends can become part of it; nobody but the guard touches app.*;
// nobody makes database/sql hand connections on.

// allowed are the exceptions, each for one rule, in one file, with its reason.
var allowed = []struct{ file, rule, why string }{
	{"tenancy/guard.go", "app setting", "the hook itself"},
	{"db/dbtest/dbtest.go", "app setting", "recognises the hook's statements, to leave them out of a count"},
	{"db/rows.go", "constant SQL", "the rail: passes on what its callers, who are checked, hand in"},
	{"db/embedded/prepare.go", "constant SQL", "runs roles.sql, and names databases and roles, which cannot be parameters"},
	{"db/migrate/migrate.go", "constant SQL", "runs the migration files and keeps their book"},
	{"db/dbtest/cluster.go", "constant SQL", "creates and drops test databases, whose names cannot be parameters"},
	{"db/dbtest/plan.go", "constant SQL", "explains what the product sent, as it was sent"},
	{"db/dbtest/plan.go", "simple protocol", "explains a prepared statement, which takes no parameters"},
	{"db/platform.go", "session lock", "a connection of its own, outside any pool, holds the locks"},
	{"db/embedded/prepare.go", "session lock", "a connection of its own, which ends after preparing"},
	{"db/migrate/migrate.go", "session lock", "a connection of its own, which ends after migrating"},
	{"db/dbtest/cluster.go", "session lock", "a connection of its own, while the template is made"},
	{"db/roles.sql", "role switch", "what migrations make belongs to the owner, whom nobody can log in as"},
	{"db/tenancy_lint_sample.sql", "role switch", "a script for psql, run as superuser"},
}

// builders return text made of closed fragments and placeholders; values travel as parameters beside it.
var builders = map[string][]string{
	"domain/chat": {
		"visible", // the predicate of row scope
		"add",     // params.add keeps the value and returns its placeholder, $3
	},
}

// built are functions whose text is put together from closed fragments in other functions.
var built = map[string]string{
	"domain/chat.listConversations": "the list's filter: fragments chosen by enums in filter.where, values in filter.params",
}

// finding is a line that breaks a rule.
type finding struct{ file, rule, text string }

func (f finding) String() string { return f.file + ": " + f.rule + ": " + f.text }

func TestSource(t *testing.T) {
	t.Parallel()
	root := os.DirFS("..")
	found, files, err := inspect(root)
	require.NoError(t, err)
	require.Greater(t, files, 100, "the tree was read")

	used := make([]bool, len(allowed))
	for _, f := range found {
		i := slices.IndexFunc(allowed, func(a struct{ file, rule, why string }) bool {
			return strings.HasPrefix(f.file, a.file+":") && a.rule == f.rule
		})
		if i < 0 {
			t.Error(f)
			continue
		}
		used[i] = true
	}
	for i, a := range allowed {
		require.True(t, used[i], "the exception of %s for %s is no longer needed", a.file, a.rule)
		require.NotEmpty(t, a.why)
	}
	for name := range built {
		folder, function, _ := strings.Cut(path.Base(name), ".")
		text, err := grep(root, path.Join(path.Dir(name), folder), "func "+function+"(")
		require.NoError(t, err)
		require.NotEmpty(t, text, "%s is gone, and so is its exception", name)
	}
}

// What the test finds, and what it lets pass: it is itself code, and could be blind.
func TestSourceRules(t *testing.T) {
	t.Parallel()
	const head = "package x\nimport (\n\"baraza/db\"\n\"github.com/jmoiron/sqlx\"\n)\nconst known = `select 1`\nvar loose = `select 1`\n//go:embed a.sql\nvar file string\n"
	for code, want := range map[string]string{
		`func f(s string) { db.One[int](ctx, q, s) }`:                                                         "constant SQL",
		`func f(s string) { db.All[int](ctx, q, "select " + s) }`:                                             "constant SQL",
		`func f() { db.Exec(ctx, q, fmt.Sprintf("select %d", 1)) }`:                                           "constant SQL",
		`func f() { s := "a"; if x { s = input() }; db.Exec(ctx, q, s) }`:                                     "constant SQL",
		`func f() { s := "a"; change(&s); db.Exec(ctx, q, s) }`:                                               "constant SQL",
		`func f() { for _, s := range list { db.Exec(ctx, q, s) } }`:                                          "constant SQL",
		`func f() { s, err := build(); db.Exec(ctx, q, s) }`:                                                  "constant SQL",
		`func f() { db.Exec(ctx, q, loose) }`:                                                                 "constant SQL",
		`func f(known string) { db.Exec(ctx, q, known) }`:                                                     "constant SQL",
		`func f(in In) { conn.Query(ctx, in.Sort) }`:                                                          "constant SQL",
		`func f(in In) { tx.QueryRow(ctx, "select " + in.Sort).Scan(&x) }`:                                    "constant SQL",
		`func f(in In) { batch.Queue("select " + in.Sort) }`:                                                  "constant SQL",
		`func f(in In) { sqlx.GetContext(ctx, q, &x, in.Sort) }`:                                              "constant SQL",
		`func f() { pool.SetMaxOpenConns(4) }`:                                                                "pool setter",
		`func f() { g := pool.SetConnMaxLifetime; g(0) }`:                                                     "pool setter",
		`func f() { config.AfterRelease = nil }`:                                                              "pool hook",
		`func f() { c := pgxpool.Config{BeforeAcquire: nil} }`:                                                "pool hook",
		`func f() { tx.CopyFrom(ctx, pgx.Identifier{"x"}, nil, nil) }`:                                        "COPY FROM",
		`func f() { conn.PgConn().Exec(ctx, "copy x (a, b) from stdin") }`:                                    "COPY FROM",
		`func f() { db.Exec(ctx, q, "listen changes") }`:                                                      "LISTEN",
		`func f() { conn.WaitForNotification(ctx) }`:                                                          "LISTEN",
		`func f() { db.Exec(ctx, q, "select set_config('app.tenant_id', $1, false)") }`:                       "app setting",
		`func f() { db.Exec(ctx, q, "SET LOCAL app.tenant_id = ''") }`:                                        "app setting",
		`func f() { db.Exec(ctx, q, "reset all") }`:                                                           "app setting",
		`func f() { db.Exec(ctx, q, "discard all") }`:                                                         "app setting",
		`func f() { db.Exec(ctx, q, "set role baraza_owner") }`:                                               "role switch",
		`func f() { db.Exec(ctx, q, "select pg_try_advisory_lock(1)") }`:                                      "session lock",
		`func f() { db.Exec(ctx, q, "declare c cursor with hold for select 1") }`:                             "cursor that outlives its transaction",
		`func f() { config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol }`:                          "simple protocol",
		`func f() { db.Exec(ctx, q, known); db.Exec(ctx, q, file+" x"); db.Exec(ctx, q, "a", s) }`:            "",
		`func f() { s := "a"; if x { s = "b" }; s += " c"; db.Exec(ctx, q, known+s) }`:                        "",
		`func f() { for _, s := range []string{"a", known} { db.Exec(ctx, q, s) } }`:                          "",
		`func f() { const s = "a"; db.Exec(ctx, q, (s)) }`:                                                    "",
		`func f() { url.Query(); rows.Query(func() {}); db.Exec(ctx, q, "select pg_advisory_xact_lock(1)") }`: "",
		`func f() { db.Exec(ctx, q, "copy (select 1) to stdout"); log("the listen address") }`:                "",
		`func f() { db.Exec(ctx, q, "update x set role = 'a' where tenant_id = $1") }`:                        "",
	} {
		p := &source{folder: "x", set: token.NewFileSet(), constants: map[string]bool{}}
		require.NoError(t, p.add("x.go", head+code), code)
		rules := []string{}
		for _, f := range p.inspect(map[string]*source{"x": p}) {
			rules = append(rules, f.rule)
		}
		if want == "" {
			require.Empty(t, rules, code)
		} else {
			require.Contains(t, rules, want, code)
		}
	}
	require.Len(t, inspectSQL("a.sql", "-- set app.x\nset app.tenant_id = 'x';\nreset role; -- fine\nselect 1"), 2)
}

// The rules, on text: Go string literals and .sql files.
var textRules = []struct {
	rule string
	is   *regexp.Regexp
}{
	{"app setting", regexp.MustCompile(`(?i)set_config\s*\(\s*'app\.|\b(set|reset)\s+((local|session)\s+)?"?app"?\.|\breset\s+all\b|\bdiscard\s+(all|temp)`)},
	{"role switch", regexp.MustCompile(`(?i)(^|[;'])\s*set\s+((local|session)\s+)?role\b|\balter\s+(role|database)\b.*\bset\s+role\b|\breset\s+role\b|\bset\s+((local|session)\s+)?session\s+authorization`)},
	{"session lock", regexp.MustCompile(`(?i)\bpg_(try_)?advisory_lock`)},
	{"LISTEN", regexp.MustCompile(`(?i)^\s*(un)?listen\s+("[^"]+"|\w+|\*)\s*;?\s*$`)},
	{"cursor that outlives its transaction", regexp.MustCompile(`(?i)\bwith\s+hold\b`)},
	{"COPY FROM", regexp.MustCompile(`(?i)\bcopy\s+[a-z_."]+\s*(\([^)]*\)\s*)?from\s+(stdin|'|program)`)},
}

// Names that may not be called or set, whatever they are called on.
var forbidden = map[string]string{
	"SetMaxOpenConns": "pool setter", "SetMaxIdleConns": "pool setter", "SetConnMaxLifetime": "pool setter", "SetConnMaxIdleTime": "pool setter",
	"CopyFrom": "COPY FROM", "WaitForNotification": "LISTEN",
	"BeforeAcquire": "pool hook", "AfterRelease": "pool hook",
	"QueryExecModeSimpleProtocol": "simple protocol", "QueryExecModeExec": "simple protocol", "PreferSimpleProtocol": "simple protocol",
}

// Which argument of a call is SQL: of the rail's functions, of methods of drivers, of sqlx's functions.
var (
	railSQL   = map[string]int{"One": 2, "All": 2, "Exec": 2}
	methodSQL = map[string]int{
		"Exec": 1, "Query": 1, "QueryRow": 1, "Prepare": 2, "ExecContext": 1, "QueryContext": 1, "QueryRowContext": 1, "QueryxContext": 1,
		"QueryRowxContext": 1, "NamedExecContext": 1, "NamedQueryContext": 1, "PrepareContext": 1, "PreparexContext": 1, "ExecParams": 1,
		"GetContext": 2, "SelectContext": 2, "MustExecContext": 1, "Queue": 0, "CopyTo": 2,
	}
	sqlxSQL = map[string]int{"GetContext": 3, "SelectContext": 3, "NamedExecContext": 2, "NamedQueryContext": 2, "MustExecContext": 2}
)

// inspect reads every Go file but tests, and every .sql file.
func inspect(root fs.FS) (found []finding, files int, err error) {
	packages := map[string]*source{}
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			// bench measures the product from outside, as a superuser; no request reaches it.
			base := entry.Name()
			if slices.Contains([]string{"node_modules", "testdata", "dist", "bench"}, base) || (strings.HasPrefix(base, ".") && base != ".") {
				return fs.SkipDir
			}
			return nil
		}
		text, err := read(root, name)
		if err != nil || text == "" {
			return err
		}
		files++
		if strings.HasSuffix(name, ".sql") {
			found = append(found, inspectSQL(name, text)...)
			return nil
		}
		folder := path.Dir(name)
		if packages[folder] == nil {
			packages[folder] = &source{folder: folder, set: token.NewFileSet(), constants: map[string]bool{}}
		}
		return packages[folder].add(name, text)
	})
	if err != nil {
		return nil, 0, err
	}
	for _, p := range packages {
		found = append(found, p.inspect(packages)...)
	}
	slices.SortFunc(found, func(a, b finding) int { return strings.Compare(a.String(), b.String()) })
	return found, files, nil
}

// read returns the text of what is ours to check; "" of all else.
func read(root fs.FS, name string) (string, error) {
	goes := strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
	// The lint looks for these words, and its mutants plant them.
	if !goes && (!strings.HasSuffix(name, ".sql") || name == "db/tenancy_lint.sql") {
		return "", nil
	}
	text, err := fs.ReadFile(root, name)
	return string(text), err
}

func inspectSQL(name, text string) (found []finding) {
	for i, line := range strings.Split(text, "\n") {
		code, _, _ := strings.Cut(line, "--")
		for _, r := range textRules {
			if r.is.MatchString(code) {
				found = append(found, finding{fmt.Sprintf("%s:%d", name, i+1), r.rule, strings.TrimSpace(line)})
			}
		}
	}
	return found
}

// source is one package.
type source struct {
	folder    string
	set       *token.FileSet
	files     []*ast.File
	constants map[string]bool // its constants, and its variables that hold an embedded file
}

func (p *source) add(name, text string) error {
	file, err := parser.ParseFile(p.set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	p.files = append(p.files, file)
	for _, d := range file.Decls {
		declaration, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		embedded := declaration.Doc != nil && slices.ContainsFunc(declaration.Doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
		for _, s := range declaration.Specs {
			if v, ok := s.(*ast.ValueSpec); ok && (declaration.Tok == token.CONST || embedded) {
				for _, n := range v.Names {
					p.constants[n.Name] = true
				}
			}
		}
	}
	return nil
}

func (p *source) inspect(packages map[string]*source) (found []finding) {
	for _, file := range p.files {
		imports := map[string]string{} // of ours, by name
		for _, i := range file.Imports {
			if full, err := strconv.Unquote(i.Path.Value); err == nil {
				if folder, ours := strings.CutPrefix(full, "baraza/"); ours {
					imports[path.Base(folder)] = folder
				}
			}
		}
		report := func(n ast.Node, rule, text string) {
			at := p.set.Position(n.Pos())
			found = append(found, finding{fmt.Sprintf("%s:%d", at.Filename, at.Line), rule, text})
		}
		for _, d := range file.Decls {
			function, _ := d.(*ast.FuncDecl)
			scope := &scope{source: p, packages: packages, imports: imports, function: function}
			ast.Inspect(d, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BasicLit:
					if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
						for _, r := range textRules {
							if r.is.MatchString(text) {
								report(n, r.rule, strings.TrimSpace(text))
							}
						}
					}
				case *ast.SelectorExpr:
					if rule, no := forbidden[n.Sel.Name]; no {
						report(n, rule, n.Sel.Name)
					}
				case *ast.KeyValueExpr:
					if key, ok := n.Key.(*ast.Ident); ok && forbidden[key.Name] != "" {
						report(n, forbidden[key.Name], key.Name)
					}
				case *ast.CallExpr:
					if sql, name := scope.sqlOf(n); sql != nil && !scope.constant(sql) && !scope.built() {
						report(n, "constant SQL", name+" is given text that is no constant")
					}
				}
				return true
			})
		}
	}
	return found
}

// scope is one declaration, in which local names have a meaning.
type scope struct {
	*source
	packages map[string]*source
	imports  map[string]string
	function *ast.FuncDecl
}

func (s *scope) built() bool {
	return s.function != nil && built[s.folder+"."+s.function.Name.Name] != ""
}

// sqlOf is the argument of a call that Postgres will read; nil for calls of other things.
func (s *scope) sqlOf(call *ast.CallExpr) (sql ast.Expr, name string) {
	callee := call.Fun
	switch c := callee.(type) { // One[T]
	case *ast.IndexExpr:
		callee = c.X
	case *ast.IndexListExpr:
		callee = c.X
	}
	argument := func(at map[string]int, name string) (ast.Expr, string) {
		if i, ok := at[name]; ok && i < len(call.Args) {
			return call.Args[i], name
		}
		return nil, ""
	}
	switch c := callee.(type) {
	case *ast.Ident:
		if s.folder == "db" {
			return argument(railSQL, c.Name)
		}
	case *ast.SelectorExpr:
		if x, ok := c.X.(*ast.Ident); ok {
			switch {
			case s.imports[x.Name] == "db":
				return argument(railSQL, c.Sel.Name)
			case s.imports[x.Name] != "":
				return nil, ""
			case x.Name == "sqlx":
				return argument(sqlxSQL, c.Sel.Name)
			}
		}
		return argument(methodSQL, c.Sel.Name)
	}
	return nil, ""
}

// constant says whether an expression is the same text whatever the program was sent.
func (s *scope) constant(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.ParenExpr:
		return s.constant(e.X)
	case *ast.BinaryExpr:
		return e.Op == token.ADD && s.constant(e.X) && s.constant(e.Y)
	case *ast.Ident:
		return s.constantName(e.Name)
	case *ast.SelectorExpr: // of another package of ours
		x, ok := e.X.(*ast.Ident)
		return ok && s.imports[x.Name] != "" && s.packages[s.imports[x.Name]] != nil && s.packages[s.imports[x.Name]].constants[e.Sel.Name]
	case *ast.CallExpr:
		name := ""
		switch f := e.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
		}
		return slices.Contains(builders[s.folder], name)
	}
	return false
}

// constantName says whether a name means a constant here: one of the package, or a
// local one to which nothing but constants is ever given.
func (s *scope) constantName(name string) bool {
	if s.function == nil {
		return s.constants[name]
	}
	local, constant := false, true
	given := func(value ast.Expr) {
		local = true
		constant = constant && value != nil && s.constantBesides(value, name)
	}
	ast.Inspect(s.function, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field: // a parameter or a result
			for _, i := range n.Names {
				if i.Name == name {
					given(nil)
				}
			}
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if l, ok := l.(*ast.Ident); ok && l.Name == name {
					if len(n.Rhs) != len(n.Lhs) {
						given(nil)
						continue
					}
					given(n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, l := range n.Names {
				if l.Name == name && i < len(n.Values) {
					given(n.Values[i])
				}
			}
		case *ast.RangeStmt:
			if v, ok := n.Value.(*ast.Ident); ok && v.Name == name {
				list, ok := n.X.(*ast.CompositeLit)
				if !ok {
					given(nil)
					break
				}
				for _, element := range list.Elts {
					given(element)
				}
			}
		case *ast.UnaryExpr:
			if x, ok := n.X.(*ast.Ident); ok && n.Op == token.AND && x.Name == name {
				given(nil) // whoever has the address may write there
			}
		}
		return true
	})
	if local {
		return constant
	}
	return s.constants[name]
}

// constantBesides is constant for a value given to the name itself: `order += " desc"` asks only for the new part.
func (s *scope) constantBesides(value ast.Expr, name string) bool {
	if i, ok := value.(*ast.Ident); ok && i.Name == name {
		return true
	}
	if b, ok := value.(*ast.BinaryExpr); ok && b.Op == token.ADD {
		return s.constantBesides(b.X, name) && s.constantBesides(b.Y, name)
	}
	return s.constant(value)
}

// grep finds a text in the Go files of a folder.
func grep(root fs.FS, folder, text string) (file string, err error) {
	names, err := fs.Glob(root, folder+"/*.go")
	for _, name := range names {
		content, err := fs.ReadFile(root, name)
		if err != nil {
			return "", err
		}
		if strings.Contains(string(content), text) {
			return name, nil
		}
	}
	return "", err
}
