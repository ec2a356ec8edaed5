package main

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// terminal is a pair of ends: what is written to keyboard, a program reads from screen.
func terminal(t *testing.T) (keyboard, screen *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, keyboard.Close()) })
	require.NoError(t, unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, screen.Close()) })
	return keyboard, screen
}

// typed runs a subcommand on a terminal and answers its prompts, which end in ": ".
func (p *program) typed(answers []string, args ...string) (string, int) {
	p.t.Helper()
	keyboard, screen := terminal(p.t)
	one := launchReading(p.t, screen, p.dir, p.env, append([]string{os.Args[0]}, args...))
	for n, answer := range answers {
		within(p.t, patience, "a prompt of baraza "+strings.Join(args, " "), func() bool {
			return one.hasEnded() || strings.Count(one.out.String(), ": ") > n
		})
		_, err := keyboard.WriteString(answer + "\n")
		require.NoError(p.t, err)
	}
	within(p.t, patience, "the end of baraza "+strings.Join(args, " "), one.hasEnded)
	p.check(one)
	return one.out.String(), one.code()
}

// setupToken is that of the link the running program printed, "" for none.
func (p *program) setupToken() string {
	found := regexp.MustCompile(`(?m)^Open ` + regexp.QuoteMeta(p.url) + `/setup\?token=([\w-]{43})$`).FindStringSubmatch(p.running.out.String())
	if found == nil {
		return ""
	}
	return found[1]
}

// TN-28, SE-21: a first start prints a link that the next one ends; beside the running
// program a command makes operators, whose password only they and the terminal know.
func TestFirstOperator(t *testing.T) {
	t.Parallel()
	store := newDatabase(t, true)
	p := newProgram(t, store.settings()).ready()
	operators := func() []string {
		return all[string](t, store.admin(), `select email from users where platform_role = 'admin' order by email`)
	}
	setUp := func(token, email string) reply {
		return answered(t, "POST", p.url+"/api/setup", "", map[string]any{
			"token": token, "name": "Amina Yusuf", "email": email, "password": password, "mode": "saas"})
	}
	first := p.setupToken()
	require.NotEmpty(t, first, p.running.out.tail())
	require.Empty(t, operators(), "SE-21: a first start makes nobody")
	p.stop(syscall.SIGTERM)

	p.ready()
	second := p.setupToken()
	require.NotEmpty(t, second, p.running.out.tail())
	require.NotEqual(t, first, second)
	r := setUp(first, "amina@example.test")
	require.Equal(t, http.StatusUnauthorized, r.status, "a restart ends the link before")
	require.Equal(t, "invalid_credentials", r.problem(t).Code)

	create := func(email string) []string { return []string{"admin", "create", "--email", email} }
	owner := p.register("wanjiku")
	for _, refused := range []struct {
		args, answers []string
		sentence      string
	}{
		{create("amina"), []string{password, password}, "the email is no e-mail address"},
		{create("amina@example.test"), []string{"password", "password"}, "the password is one of the passwords everybody tries first"},
		{create("amina@example.test"), []string{password, password + "!"}, "the two passwords differ"},
		{append(create("amina@example.test"), "--password", "x"), nil, "unknown flag --password"},
		{[]string{"admin", "create"}, nil, "missing flags: --email"},
	} {
		out, code := p.typed(refused.answers, refused.args...)
		require.Equal(t, 1, code, out)
		require.Contains(t, out, "baraza: "+refused.sentence)
	}
	out, code := p.command(create("amina@example.test")...)
	require.Equal(t, 1, code, out)
	require.Contains(t, out, "baraza: there is no terminal to ask for the password on")
	require.Empty(t, operators(), "who was refused made nobody")

	out, code = p.typed([]string{password, password}, append(create("amina@example.test"), "--name", "Amina Yusuf")...)
	require.Zero(t, code, out)
	require.Contains(t, out, "amina@example.test is a platform admin now.")
	require.NotContains(t, out, "Password: ", "what was typed is not shown")
	out, code = p.typed([]string{""}, create("juma@example.test")...)
	require.Zero(t, code, out)
	made := regexp.MustCompile(`(?m)^Password: (\S+)$`).FindStringSubmatch(out)
	require.NotNil(t, made, out)
	out, code = p.command(create("Wanjiku@example.test")...)
	require.Zero(t, code, "who has an account is asked for nothing: "+out)
	require.Contains(t, out, "Their password stays as it is.")
	require.Equal(t, []string{"amina@example.test", "juma@example.test", "wanjiku@example.test"}, operators())
	out, code = p.command(create("wanjiku@example.test")...)
	require.Equal(t, 1, code)
	require.Contains(t, out, "baraza: wanjiku@example.test is a platform admin already")

	for email, secret := range map[string]string{"amina@example.test": password, "juma@example.test": made[1], "wanjiku@example.test": password} {
		r := answered(t, "POST", p.url+"/api/auth/login", "", map[string]string{"email": email, "password": secret})
		require.Equal(t, http.StatusOK, r.status, "%s", r.body)
		var s struct {
			AccessToken string `json:"access_token"`
			Owes        bool   `json:"mfa_setup_required"`
			User        struct {
				Role *string `json:"platform_role"`
			} `json:"user"`
		}
		r.into(t, &s)
		require.True(t, s.Owes, "%s owes a second factor", email)
		require.Equal(t, "admin", *s.User.Role)
		r = answered(t, "GET", p.url+"/api/platform/settings", s.AccessToken, nil)
		require.Equal(t, "mfa_setup_required", r.problem(t).Code, "and may do nothing before it")
	}
	owner.call("GET", "/api/auth/me", nil, http.StatusOK, nil)
	require.Equal(t, "expired", setUp(second, "late@example.test").problem(t).Code, "an operator ends the link")
	require.NotContains(t, p.running.out.String(), made[1])
	p.stop(syscall.SIGTERM)
	p.ready()
	require.Empty(t, p.setupToken())
	p.stop(syscall.SIGTERM)
}
