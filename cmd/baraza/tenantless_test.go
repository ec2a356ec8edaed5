package main

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"baraza/bus"
)

// I9: what would be published, heard or connected to without a tenant's id does not compile.
func TestSubjectsNeedATenant(t *testing.T) {
	t.Parallel()
	list, err := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "baraza/bus", "baraza/realtime").Output()
	require.NoError(t, err)
	exports := map[string]string{}
	for line := range strings.Lines(string(list)) {
		if name, file, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			exports[name] = file
		}
	}
	set := token.NewFileSet()
	from := importer.ForCompiler(set, "gc", func(name string) (io.ReadCloser, error) { return os.Open(exports[name]) })
	compile := func(statement string) error {
		file, err := parser.ParseFile(set, "x.go", `package x
			import ("context"; "github.com/google/uuid"; "baraza/bus"; "baraza/realtime"; "baraza/db")
			func x(ctx context.Context, b *bus.Bus, p *realtime.Publisher, h *realtime.Hub, tenant uuid.UUID, text string, data []byte, changes []db.Change) { `+statement+` }`, parser.SkipObjectResolution)
		require.NoError(t, err, statement)
		_, err = (&types.Config{Importer: from}).Check("x", set, []*ast.File{file}, nil)
		return err
	}
	const rest = `; _, _, _, _, _, _, _, _ = ctx, b, p, h, tenant, text, data, changes`
	for _, statement := range []string{
		`_ = b.PublishLive(tenant, data)`, `_, _ = b.SubscribeLive(tenant, func([]byte) {})`, `p.OnCommit(ctx, tenant, changes)`, `_ = b.PublishSignal(bus.Revoked, data)`,
	} {
		require.NoError(t, compile(statement+rest), "the test itself compiles what is right")
	}
	for _, statement := range []string{
		`_ = b.PublishLive(text, data)`, `_ = b.PublishLive("live.>", data)`, `_ = b.PublishLive("*", data)`, `_ = b.PublishLive(nil, data)`, `_ = b.PublishLive(data)`,
		`_, _ = b.SubscribeLive(">", func([]byte) {})`, `_, _ = b.SubscribeLive(text, func([]byte) {})`, `_, _ = b.SubscribeLive(func([]byte) {})`,
		`_ = b.PublishSignal(text, data)`, `_, _ = b.SubscribeSignal(text, func([]byte) {})`,
		`p.OnCommit(ctx, changes)`, `p.OnCommit(ctx, text, changes)`, `h.Publish(text)`, `_ = b.send(text, data)`, `_, _ = b.subscribe(text, nil)`,
	} {
		require.Error(t, compile(statement+rest), statement)
	}
	// A signal is of a closed list, whatever text it is made of.
	nats := newStream(t).bus
	for _, signal := range []string{"", ">", "*", "live.>", "revoked.>", "channels "} {
		require.Error(t, nats.PublishSignal(bus.Signal(signal), nil), signal)
	}
}

// kept are the maps that structs and packages hold, and why none of them serves one tenant what is another's.
var kept = map[string]string{
	"domain/chat/Numbers.free":            "by tenant",
	"realtime/Hub.tenants":                "by tenant",
	"realtime/markers":                    "by tenant, then conversation and person",
	"realtime/topics.list":                "by topic, whose first member is the tenant",
	"realtime/shard.dirty":                "by tenant",
	"realtime/swept.changes":              "by tenant, for one sweep",
	"realtime/tenantSockets.connections":  "of one tenant",
	"realtime/tenantSockets.users":        "of one tenant",
	"realtime/connection.checking":        "of one connection, which has one tenant",
	"realtime/passed.newer":               "ids of changes, unique anywhere; nothing is read by them",
	"realtime/passed.older":               "ids of changes, unique anywhere; nothing is read by them",
	"api/bucketShard.whole":               "by what is counted: person, key, tenant or address; counts, no rows",
	"api/Limits":                          "the limits themselves, by name",
	"api/limits":                          "the limits themselves, by name",
	"domain/keys/Ring.kept":               "by the secret's hash; the holder names its tenant",
	"domain/access/Rights.kept":           "by a signed token, which names person, session and tenant",
	"domain/access/Revocations.seen":      "ids of revocations, unique anywhere; nothing is read by them",
	"domain/access/signingKeys.public":    "the server's own keys",
	"domain/channels/Routes.known":        "answers which tenant, before one is known; a number is connected once anywhere",
	"domain/channels/Channels.Connectors": "platforms", "domain/channels/Dispatcher.Real": "platforms", "domain/channels/Dispatcher.Simulated": "platforms",

	"domain/chat/intake.conversations":    "one transaction, which has one tenant",
	"domain/chat/shownRows.conversations": "one read, which has one tenant",
	"domain/chat/shownRows.messages":      "one read, which has one tenant",
	"domain/chat/shownRows.events":        "one read, which has one tenant",
	"domain/chat/shownRows.markers":       "one read, which has one tenant",
	"domain/mail/library.books":           "letters by language, the same for all",
	"integrations/meta/people.byID":       "one webhook's",
	"bus/Message.Header":                  "one message's",
	"domain/Error.Extra":                  "one error's",

	"domain/audit/Act.Before": "one act, in one transaction", "domain/audit/Act.After": "one act, in one transaction",
	"tenancy/Permissions": "a set of rights",
	"api/Server.origins":  "configuration", "api/Server.headers": "configuration", "realtime/Hub.origins": "configuration",
	"db/embedded/Config.Settings": "configuration", "db/embedded/Server.passwords": "configuration",
	"api/app.known": "files of the web app", "api/file.zipped": "files of the web app",
	"api/object": "the document of the routes", "api/walker.seen": "the document of the routes", "api/schemas.named": "the document of the routes",
	"api/schemas.types": "the document of the routes", "api/schemas.inputs": "the document of the routes",
	"api/readiness.results": "the server's own checks", "realtime/counts.byCode": "totals by close code", "realtime/Counts.Closed": "totals by close code",
}

// I9: whatever remembers things by a key says where the tenant is in it.
func TestWhatIsRememberedNamesItsTenant(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	nats := []string{}
	root := os.DirFS("../..")
	require.NoError(t, fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if base := entry.Name(); slices.Contains([]string{"node_modules", "testdata", "bench", "dbtest", "simulator", "web"}, base) || strings.HasPrefix(base, ".") && base != "." {
				return fs.SkipDir
			}
			return nil
		case !strings.HasSuffix(name, ".go"), strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, i := range file.Imports {
			if strings.Contains(i.Path.Value, "nats-io/nats.go") {
				nats = append(nats, path.Dir(name))
			}
		}
		for where := range rememberedIn(file) {
			found[path.Join(path.Dir(name), where)] = true
		}
		return nil
	}))
	slices.Sort(nats)
	require.Equal(t, []string{"bus"}, slices.Compact(nats), "subjects are made in one place")
	for where := range found {
		assert.NotEmpty(t, kept[where], "%s remembers things by a key: say in kept where the tenant is in it, or why it needs none", where)
	}
	for where := range kept {
		require.True(t, found[where], "%s of kept is gone", where)
	}
}

// rememberedIn lists the maps of a file's types and package variables.
func rememberedIn(file *ast.File) map[string]bool {
	list := map[string]bool{}
	for _, d := range file.Decls {
		declaration, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range declaration.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if _, ok := s.Type.(*ast.MapType); ok {
					list[s.Name.Name] = true
				}
				if body, ok := s.Type.(*ast.StructType); ok {
					for _, f := range body.Fields.List {
						for _, n := range f.Names {
							if isMap(f.Type) && f.Tag == nil {
								list[s.Name.Name+"."+n.Name] = true
							}
						}
					}
				}
			case *ast.ValueSpec:
				if declaration.Tok == token.VAR && s.Type != nil && isMap(s.Type) {
					list[s.Names[0].Name] = true
				}
			}
		}
	}
	return list
}

func isMap(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncType:
			return false // what it is given is its caller's
		case *ast.MapType:
			found = true
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			found = found || ok && (fmt.Sprint(x.Name, ".", n.Sel.Name) == "sync.Map" || x.Name == "otter" || x.Name == "lru")
		}
		return !found
	})
	return found
}
