package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/platform"
)

type adminCommand struct {
	Create adminCreateCommand `cmd:"" help:"Make a platform admin, who runs this installation. Works beside a running program."`
}

type adminCreateCommand struct {
	Email string `required:"" help:"Their e-mail. Who has an account keeps its password."`
	Name  string `help:"What they are called; needed for who has no account yet. Defaults to the e-mail's part before the @."`
}

// Run asks for the password of a new account on a terminal: an argument is read by who
// lists the processes, and what is printed elsewhere ends in a log.
func (a adminCreateCommand) Run(c *Config, e environmentOf) error {
	name := strings.TrimSpace(a.Name)
	if name == "" {
		name, _, _ = strings.Cut(a.Email, "@")
	}
	return withDatabase(c, e, func(ctx context.Context, d *database) error {
		hasher, err := newHasher()
		if err != nil {
			return err
		}
		defer hasher.Close()
		made := ""
		setup := &platform.Setup{DB: d.platform, Accounts: &access.Accounts{DB: d.platform, Hasher: hasher}}
		known, err := setup.Command(ctx, a.Email, name, func() (secret string, err error) {
			if secret, err = askPassword(e); err == nil && secret == "" {
				made = demoPassword()
				return made, nil
			}
			return secret, err
		})
		if err != nil {
			return inSentences(a.Email, err)
		}
		return tellAdmin(e, a.Email, known, made)
	})
}

func tellAdmin(e environmentOf, email string, known bool, made string) error {
	text := email + " is a platform admin now.\n"
	switch {
	case known:
		text = email + " is a platform admin now. Their password stays as it is.\n"
	case made != "":
		text += "Password: " + made + "\nIt is shown this once.\n"
	}
	_, err := fmt.Fprint(e.stdout, text+"The first sign-in asks them to set up a second factor.\n")
	return err
}

// askPassword returns what somebody at a terminal types twice; "" asks us to make one.
func askPassword(e environmentOf) (string, error) {
	in, ok := e.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return "", errors.New("there is no terminal to ask for the password on; run this in one, or open the set-up link that the program printed")
	}
	read := func(prompt string) (string, error) {
		if _, err := fmt.Fprint(e.stdout, prompt); err != nil {
			return "", err
		}
		secret, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(e.stdout)
		return string(secret), err
	}
	first, err := read("Password (empty makes one): ")
	if err != nil || first == "" {
		return "", err
	}
	again, err := read("Once more: ")
	if err == nil && again != first {
		err = errors.New("the two passwords differ")
	}
	return first, err
}

// inSentences is a refusal as a command says it.
func inSentences(email string, err error) error {
	var refused *domain.Error
	switch {
	case errors.Is(err, access.ErrOperator):
		return fmt.Errorf("%s is a platform admin already", email)
	case errors.As(err, &refused) && len(refused.Fields) > 0:
		said := make([]string, len(refused.Fields))
		for i, f := range refused.Fields {
			said[i] = "the " + f.Field + " " + f.Detail
		}
		return errors.New(strings.Join(said, "; "))
	}
	return err
}

// adoptBaseURL takes the address the platform settings name, where neither flag nor
// environment has one.
func adoptBaseURL(ctx context.Context, c *Config, e *engines) error {
	if c.addressed {
		return nil
	}
	handle, err := db.OpenPlatform(ctx, e.platform, 0, nil)
	if err != nil {
		return err
	}
	stored, err := platform.StoredBaseURL(ctx, handle)
	if err = errors.Join(err, handle.Close()); err != nil || stored == "" {
		return err
	}
	c.BaseURL = stored
	if c.simulatorAuto {
		c.Simulator = "auto"
	}
	err = c.complete()
	c.addressed = false
	if err != nil {
		return fmt.Errorf("the base URL of the platform settings: %w; set BARAZA_BASE_URL to start without it", err)
	}
	return nil
}

// printSetupLink tells who starts a program that nobody runs yet how to begin.
func (a *app) printSetupLink(ctx context.Context, listen string, print func(string) error) error {
	token, err := a.services.Setup.Link(ctx)
	if err != nil || token == "" {
		return err
	}
	// The address of the next start may not lead here yet.
	base := a.config.BaseURL
	if !a.config.addressed {
		base = "http://" + loopbackOf(listen)
	}
	return print("\nOpen " + base + "/setup?token=" + token + "\nIt makes the first platform admin, once, within an hour. A restart prints another.\n\n")
}
