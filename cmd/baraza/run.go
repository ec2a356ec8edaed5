package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"golang.org/x/term"

	"baraza/api"
	"baraza/domain/passwords"
	"baraza/tenancy"
)

// commands is what the program can be told to do.
type commands struct {
	Config `embed:""`

	Serve      serveCommand    `cmd:"" default:"withargs" help:"Run the server."`
	Simulate   simulateCommand `cmd:"" help:"Run the Meta simulator as a process of its own."`
	Migrate    migrateCommand  `cmd:"" help:"Apply the migrations to BARAZA_MIGRATE_DATABASE_URL."`
	Replay     replayCommand   `cmd:"" help:"Receive again what could not be received, or a span of time."`
	Admin      adminCommand    `cmd:"" help:"Make platform admins, who run this installation."`
	Audit      auditCommand    `cmd:"" help:"Prove the audit log."`
	Mailbox    mailboxCommand  `cmd:"" help:"Print the mail that was kept because there is no mail server."`
	Demo       demoCommand     `cmd:"" help:"Manage the demo workspaces."`
	Key        keyCommand      `cmd:"" help:"Make a master key file."`
	OpenAPI    openapiCommand  `cmd:"" name:"openapi" help:"Print the API's description."`
	Settings   configCommand   `cmd:"" name:"config" help:"Print the configuration, masked, or the example file."`
	Version    versionCommand  `cmd:"" help:"Print the version."`
	HashWorker hashCommand     `cmd:"" hidden:""`
}

// environmentOf is what commands get besides their flags.
type environmentOf struct {
	ctx    context.Context //nolint:containedctx // kong calls Run(args) without one
	stdin  io.Reader
	stdout io.Writer
}

// run is the program: arguments and environment in, output and an error out.
func run(ctx context.Context, args, environ []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) == 1 && args[0] == passwords.WorkerArgument {
		return passwords.Work(stdin, stdout) // needs, and gets, no configuration
	}
	known, err := environment(environ)
	if err != nil {
		return err
	}
	var c commands
	parser, err := kong.New(&c, kong.Name("baraza"), kong.Description("One inbox for WhatsApp, Messenger and Instagram."),
		kong.Resolvers(resolver(known)), kong.Writers(stdout, stdout), kong.UsageOnError())
	if err != nil {
		return fmt.Errorf("command line: %w", err)
	}
	if len(args) == 0 {
		args = []string{"serve"}
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return chosen.Run(&c.Config, environmentOf{ctx, stdin, stdout})
}

// logger writes JSON, or lines for people when the output is a terminal.
func logger(c *Config, out io.Writer) (*zap.Logger, error) {
	level, err := zapcore.ParseLevel(c.LogLevel)
	if err != nil {
		return nil, fmt.Errorf("log level: %w", err)
	}
	encoding := zap.NewProductionEncoderConfig()
	encoding.TimeKey, encoding.EncodeTime = "time", zapcore.RFC3339NanoTimeEncoder
	encoder := zapcore.NewJSONEncoder(encoding)
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		encoding.EncodeTime = zapcore.TimeEncoderOfLayout("15:04:05.000")
		encoding.EncodeLevel = zapcore.CapitalColorLevelEncoder
		encoder = zapcore.NewConsoleEncoder(encoding)
	}
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(out)), level)), nil
}

type hashCommand struct{}

func (hashCommand) Run(e environmentOf) error { return passwords.Work(e.stdin, e.stdout) }

type versionCommand struct{}

func (versionCommand) Run(e environmentOf) error {
	_, err := fmt.Fprintln(e.stdout, version())
	return err
}

type keyCommand struct {
	File string `arg:"" help:"Where to write it; it must not exist."`
}

func (k keyCommand) Run(environmentOf) error { return tenancy.NewMasterFile(k.File) }

type openapiCommand struct {
	Document bool `help:"Print docs/api.md instead: one line per route."`
}

func (o openapiCommand) Run(e environmentOf) error {
	routes := api.All(api.Services{})
	text := api.Document(routes)
	if !o.Document {
		var err error
		if text, err = api.OpenAPI(routes); err != nil {
			return err
		}
	}
	_, err := e.stdout.Write(text)
	return err
}

type configCommand struct {
	Example bool `help:"Print .env.example."`
}

func (o configCommand) Run(c *Config, e environmentOf) error {
	if o.Example {
		_, err := io.WriteString(e.stdout, envExample())
		return err
	}
	if err := c.complete(); err != nil {
		return err
	}
	shown := c.masked()
	for _, v := range variables() {
		if _, err := fmt.Fprintf(e.stdout, "%s=%v\n", v.name, shown[strings.ToLower(v.name)]); err != nil {
			return err
		}
	}
	return nil
}
