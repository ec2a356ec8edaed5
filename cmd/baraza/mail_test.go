package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	netmail "net/mail"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// mailServer takes mail as any SMTP server would.
type mailServer struct {
	address string
	mu      sync.Mutex
	texts   map[string][]string // the plain part of the letters to an address
	tries   int
	broken  bool
}

func newMailServer(t *testing.T) *mailServer {
	t.Helper()
	s := &mailServer{texts: map[string][]string{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.address = l.Addr().String()
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{server: s}, nil }))
	server.Domain, server.ReadTimeout, server.WriteTimeout = "localhost", time.Minute, time.Minute
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		<-done
	})
	return s
}

type mailSession struct {
	server *mailServer
	to     string
}

func (m *mailSession) Mail(string, *smtp.MailOptions) error { return nil }
func (m *mailSession) Reset()                               {}
func (m *mailSession) Logout() error                        { return nil }

func (m *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	m.to = to
	return nil
}

func (m *mailSession) Data(r io.Reader) error {
	text, err := plainPart(r)
	if err != nil {
		return err
	}
	m.server.mu.Lock()
	defer m.server.mu.Unlock()
	if m.server.tries++; m.server.broken {
		return &smtp.SMTPError{Code: 451, Message: "Not now"}
	}
	m.server.texts[m.to] = append(m.server.texts[m.to], text)
	return nil
}

func plainPart(r io.Reader) (string, error) {
	parsed, err := netmail.ReadMessage(r)
	if err != nil {
		return "", err
	}
	_, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil {
		return "", err
	}
	part, err := multipart.NewReader(parsed.Body, params["boundary"]).NextRawPart()
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(quotedprintable.NewReader(part))
	return string(text), err
}

// letter waits for the nth letter to an address, counted from 0.
func (s *mailServer) letter(t *testing.T, to string, n int) (text string) {
	t.Helper()
	eventually(t, fmt.Sprintf("letter %d to %s", n, to), func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.texts[to]) <= n {
			return false
		}
		text = s.texts[to][n]
		return true
	})
	return text
}

var linkOf = regexp.MustCompile(`(https?://\S+)\?token=(\S+)`)

// OP-20, TN-10, S15: through the program and a mail server, from sign-up to a new
// password. A forged Host changes no link; the sessions' sockets close; a mail server
// that refuses for now gets the letter later.
func TestMail(t *testing.T) {
	t.Parallel()
	server := newMailServer(t)
	env := newDatabase(t, true).settings()
	env["BARAZA_SMTP_URL"], env["BARAZA_MAIL_FROM"] = "smtp+plain://"+server.address, "Baraza <no-reply@example.test>"
	p := newProgram(t, env).ready()
	owner := p.register("letters")
	address := "letters@example.test"

	link := linkOf.FindStringSubmatch(server.letter(t, address, 0))
	require.Equal(t, p.url+"/verify-email", link[1])
	require.Equal(t, http.StatusNoContent, answered(t, "POST", p.url+"/api/auth/email/verify", "", map[string]string{"token": link[2]}).status)
	require.Equal(t, "expired", answered(t, "POST", p.url+"/api/auth/email/verify", "", map[string]string{"token": link[2]}).problem(t).Code)

	server.mu.Lock()
	server.broken = true
	server.mu.Unlock()
	s := watch(t, p.url, "", owner.token)
	body, err := json.Marshal(map[string]string{"email": address})
	require.NoError(t, err)
	forged, err := http.NewRequestWithContext(t.Context(), "POST", p.url+"/api/auth/password/forgot", bytes.NewReader(body))
	require.NoError(t, err)
	forged.Host = "evil.example.test"
	forged.Header.Set("X-Forwarded-Host", "evil.example.test")
	forged.Header.Set("Content-Type", "application/json")
	known, err := do(forged)
	require.NoError(t, err)
	unknown := answered(t, "POST", p.url+"/api/auth/password/forgot", "", map[string]string{"email": "nobody@example.test"})
	require.Equal(t, []any{http.StatusAccepted, ""}, []any{known.status, string(known.body)})
	require.Equal(t, []any{known.status, string(known.body)}, []any{unknown.status, string(unknown.body)})
	eventually(t, "a refused letter", func() bool {
		server.mu.Lock()
		defer server.mu.Unlock()
		server.broken = server.tries < 2
		return !server.broken
	})

	link = linkOf.FindStringSubmatch(server.letter(t, address, 1))
	require.Equal(t, p.url+"/reset-password", link[1], "the configured address")
	const chosen = "another-horse-battery-staple-9"
	require.Equal(t, http.StatusNoContent, answered(t, "POST", p.url+"/api/auth/password/reset", "",
		map[string]string{"token": link[2], "new_password": chosen}).status)
	select {
	case code := <-s.closed:
		require.Equal(t, 4001, code)
	case <-time.After(patience):
		require.Fail(t, "the socket outlived its session")
	}
	r, err := owner.try("GET", "/api/auth/me", nil)
	require.NoError(t, err)
	require.Equal(t, "session_revoked", r.problem(t).Code)
	p.signIn(address, chosen)
	require.Contains(t, server.letter(t, address, 2), "was changed")
	server.mu.Lock()
	require.Empty(t, server.texts["nobody@example.test"])
	server.mu.Unlock()
	require.NotContains(t, p.running.out.String(), link[2], "SE-23")
	p.stop(syscall.SIGTERM)
}

// OP-20: without a mail server letters are kept for the operator, who reads them by
// command; nobody else does.
func TestMailbox(t *testing.T) {
	t.Parallel()
	store := newDatabase(t, true)
	p := newProgram(t, store.settings()).ready()
	owner := p.register("keeper")
	admin := store.admin()
	eventually(t, "the letter", func() bool { return one[int](t, admin, `select count(*) from mailbox`) == 1 })
	r, err := owner.try("GET", "/api/platform/mailbox", nil)
	require.NoError(t, err)
	require.Equal(t, "permission_denied", r.problem(t).Code)
	p.stop(syscall.SIGTERM)
	out, code := p.command("mailbox")
	require.Zero(t, code, out)
	require.Contains(t, out, "To: keeper@example.test\nSubject: Confirm your e-mail address\n\nHello Person keeper,\n")
	require.Regexp(t, regexp.QuoteMeta(p.url)+`/verify-email\?token=\S{43}\n`, out)
}
