package migrate

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// migration is one dbmate file.
type migration struct {
	version, name string
	up, down      block
}

// block is one direction of a migration.
type block struct {
	sql         string
	line        int // of sql's first line in the file
	transaction bool
}

var (
	versionPrefix = regexp.MustCompile(`^\d+`)
	upLine        = regexp.MustCompile(`(?m)^--[ \t]*migrate:up([ \t].*)?$`)
	downLine      = regexp.MustCompile(`(?m)^--[ \t]*migrate:down([ \t].*)?$`)
	onlyComments  = regexp.MustCompile(`^(\s*(--.*)?\n)*\s*$`)
)

// load reads the migrations at the root of files, oldest first.
func load(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list the migrations: %w", err)
	}
	migrations := make([]migration, 0, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", name, err)
		}
		m, err := parse(path.Base(name), string(text))
		if err != nil {
			return nil, err
		}
		migrations = append(migrations, m)
	}
	slices.SortFunc(migrations, func(a, b migration) int { return strings.Compare(a.version, b.version) })
	for i := 1; i < len(migrations); i++ {
		if migrations[i].version == migrations[i-1].version {
			return nil, fmt.Errorf("%s and %s have the same version", migrations[i-1].name, migrations[i].name)
		}
	}
	return migrations, nil
}

// parse splits a file into its two blocks. It is stricter than dbmate where dbmate
// is silent: a file without a version or a down block, and an unknown option, are errors.
func parse(name, text string) (migration, error) {
	m := migration{version: versionPrefix.FindString(name), name: name}
	if m.version == "" {
		return m, fmt.Errorf("%s does not begin with a version", name)
	}
	up, down := upLine.FindStringSubmatchIndex(text), downLine.FindStringSubmatchIndex(text)
	switch {
	case up == nil:
		return m, fmt.Errorf("%s has no line `-- migrate:up`", name)
	case down == nil:
		return m, fmt.Errorf("%s has no line `-- migrate:down`", name)
	case down[0] < up[0]:
		return m, fmt.Errorf("%s has its down block before its up block", name)
	case !onlyComments.MatchString(text[:up[0]]):
		return m, fmt.Errorf("%s has statements before `-- migrate:up`", name)
	}
	var err error
	if m.up, err = newBlock(text, up, down[0]); err != nil {
		return m, fmt.Errorf("%s: %w", name, err)
	}
	if m.down, err = newBlock(text, down, len(text)); err != nil {
		return m, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// newBlock cuts the block that the marker opens and end closes. The marker line
// stays: it is a comment, and line numbers stay true.
func newBlock(text string, marker []int, end int) (block, error) {
	b := block{sql: text[marker[0]:end], line: 1 + strings.Count(text[:marker[0]], "\n"), transaction: true}
	if marker[2] < 0 {
		return b, nil
	}
	for _, option := range strings.Fields(text[marker[2]:marker[3]]) {
		switch option {
		case "transaction:true":
		case "transaction:false":
			b.transaction = false
		default:
			return b, fmt.Errorf("unknown option %q", option)
		}
	}
	return b, nil
}

// lineOfPosition is the line, from 0, of a server's error position, which counts
// characters from 1.
func lineOfPosition(sql string, position int) int {
	for i := range sql {
		if position--; position == 0 {
			return strings.Count(sql[:i], "\n")
		}
	}
	return strings.Count(sql, "\n")
}

// lineOfStatement is the line, from 0, on which statement n (from 0) begins. It
// only places errors that come without a position, such as "already exists".
func lineOfStatement(sql string, n int) int {
	for i := 0; i < len(sql); {
		skip := spaceOrComment(sql[i:])
		if skip > 0 {
			i += skip
			continue
		}
		length := statement(sql[i:])
		if length > 1 { // a lone semicolon is no statement
			if n == 0 {
				return strings.Count(sql[:i], "\n")
			}
			n--
		}
		i += length
	}
	return strings.Count(sql, "\n")
}

var (
	lineComment  = regexp.MustCompile(`^--[^\n]*`)
	whiteSpace   = regexp.MustCompile(`^\s+`)
	dollarTag    = regexp.MustCompile(`^\$([A-Za-z_\x80-\xff][A-Za-z_0-9\x80-\xff]*)?\$`)
	plainString  = regexp.MustCompile(`^'(?:[^']|'')*'`)
	escapeString = regexp.MustCompile(`^[eE]'(?:[^'\\]|''|\\(?s:.))*'`)
	quotedName   = regexp.MustCompile(`^"(?:[^"]|"")*"`)
	word         = regexp.MustCompile(`^[A-Za-z_\x80-\xff][A-Za-z_0-9$\x80-\xff]*`)
)

func spaceOrComment(s string) int {
	if n := len(whiteSpace.FindString(s)); n > 0 {
		return n
	}
	if n := len(lineComment.FindString(s)); n > 0 {
		return n
	}
	if !strings.HasPrefix(s, "/*") {
		return 0
	}
	depth := 0
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], "/*"):
			depth++
			i++
		case strings.HasPrefix(s[i:], "*/"):
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// statement is the length of the first statement in s, its semicolon included.
func statement(s string) int {
	// Bodies of `begin atomic … end` and their `case … end` hold semicolons of their own.
	atomic, previous := 0, ""
	for i := 0; i < len(s); {
		rest := s[i:]
		if n := spaceOrComment(rest); n > 0 {
			i += n
			continue
		}
		if tag := dollarTag.FindString(rest); tag != "" {
			end := strings.Index(rest[len(tag):], tag)
			if end < 0 {
				return len(s)
			}
			i += len(tag) + end + len(tag)
			continue
		}
		token := firstOf(rest, escapeString, plainString, quotedName)
		if token != "" {
			i += len(token)
			continue
		}
		if token = word.FindString(rest); token != "" {
			lower := strings.ToLower(token)
			switch {
			case lower == "atomic" && previous == "begin", lower == "case" && atomic > 0:
				atomic++
			case lower == "end" && atomic > 0:
				atomic--
			}
			previous = lower
			i += len(token)
			continue
		}
		if rest[0] == ';' && atomic == 0 {
			return i + 1
		}
		_, size := utf8.DecodeRuneInString(rest)
		i += size
	}
	return len(s)
}

func firstOf(s string, patterns ...*regexp.Regexp) string {
	for _, pattern := range patterns {
		if token := pattern.FindString(s); token != "" {
			return token
		}
	}
	return ""
}
