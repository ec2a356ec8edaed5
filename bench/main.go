// Command bench measures Baraza against what the machine allows: the real program, as
// it is built, beside floors taken in the same run. docs/proof.md holds what came out.
//
//	go run ./bench floor                 the floors alone
//	go run ./bench run a b c             the paths; --size smoke, quick or full
//	go run ./bench gen --data DIR        the rows of path c, kept for run --data DIR
//	go run ./bench report                docs/proof.md from bench/results and proof
//	go run ./bench gate                  fails when a target was missed in two of the last three runs
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type commands struct {
	Gen    genCommand    `cmd:"" help:"Make the rows of path c in a folder that is kept."`
	Floor  floorCommand  `cmd:"" help:"Take the floors alone."`
	Run    runCommand    `cmd:"" help:"Measure paths."`
	Report reportCommand `cmd:"" help:"Write the bench part of docs/proof.md from the results."`
	Gate   gateCommand   `cmd:"" help:"Fail when a target was missed in two of its last three runs."`
	Crowd  crowdCommand  `cmd:"" hidden:""`
	Least  leastCommand  `cmd:"" hidden:""`
}

// environment is what commands get besides their flags.
type environment struct {
	ctx context.Context //nolint:containedctx // kong calls Run(args) without one
	in  io.Reader
	out io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: "+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	var c commands
	parser, err := kong.New(&c, kong.Name("bench"), kong.Description("Measures Baraza against the floors of the same run."), kong.Writers(out, out))
	if err != nil {
		return fmt.Errorf("command line: %w", err)
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return chosen.Run(environment{ctx, in, out})
}
