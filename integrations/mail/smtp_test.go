package mail

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
	gomail "github.com/wneessen/go-mail"

	"baraza/domain/mail"
	"baraza/tenancy"
)

// received is what one conversation left at the server.
type received struct {
	from string
	to   []string
	data []byte
	user string
	tls  bool
}

// server is a mail server on a free port.
type server struct {
	address string
	roots   *x509.CertPool
	refuse  error

	mu   sync.Mutex
	mail []received
}

// serve starts a server; with TLS from the start, or offering STARTTLS, or without.
func serve(t *testing.T, implicit, starttls bool) *server {
	t.Helper()
	s := &server{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.address = l.Addr().String()
	smtpd := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		_, secure := c.TLSConnectionState()
		return &conversation{server: s, received: received{tls: secure}}, nil
	}))
	smtpd.Domain, smtpd.ReadTimeout, smtpd.WriteTimeout = "localhost", 10*time.Second, 10*time.Second
	smtpd.EnableSMTPUTF8 = true
	config, roots := certificate(t)
	s.roots = roots
	if implicit {
		l = tls.NewListener(l, config)
	}
	if starttls {
		smtpd.TLSConfig = config
	}
	done := make(chan error, 1)
	go func() { done <- smtpd.Serve(l) }()
	t.Cleanup(func() {
		require.NoError(t, smtpd.Close())
		<-done
	})
	return s
}

// conversation is one client's.
type conversation struct {
	server *server
	received
}

func (c *conversation) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *conversation) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != "baraza" || password != "a mail password" {
			return smtp.ErrAuthFailed
		}
		c.user = username
		return nil
	}), nil
}

func (c *conversation) Mail(from string, _ *smtp.MailOptions) error {
	c.from = from
	return c.server.refuse
}

func (c *conversation) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = append(c.to, to)
	return nil
}

func (c *conversation) Data(r io.Reader) (err error) {
	if c.data, err = io.ReadAll(r); err != nil {
		return err
	}
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.server.mail = append(c.server.mail, c.received)
	return nil
}

func (c *conversation) Reset()        {}
func (c *conversation) Logout() error { return nil }

// certificate is for 127.0.0.1, by itself.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}, roots
}

// sender is a client that trusts the server.
func (s *server) sender(t *testing.T, url string) *SMTP {
	t.Helper()
	c, err := NewSMTP(tenancy.Secret(strings.Replace(url, "HOST", s.address, 1)), "Baraza <no-reply@acme.test>")
	require.NoError(t, err)
	host, _, err := net.SplitHostPort(s.address)
	require.NoError(t, err)
	c.options = append(c.options, gomail.WithTLSConfig(&tls.Config{RootCAs: s.roots, ServerName: host, MinVersion: tls.VersionTLS12}))
	return c
}

func message() mail.Message {
	return mail.Message{To: "wanjiku@acme.test", Subject: "رمز تسجيل الدخول", Text: "Hello,\n\n012345\n", HTML: "<p>مرحبًا 012345</p>"}
}

// OP-20: mail leaves through any SMTP server, here one that speaks the protocol.
func TestSend(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		url                string
		implicit, starttls bool
		user               string
		secure             bool
	}{
		"tls_from_the_start":           {"smtps://baraza:a%20mail%20password@HOST", true, false, "baraza", true},
		"starttls":                     {"smtp://baraza:a%20mail%20password@HOST", false, true, "baraza", true},
		"a_relay_without_tls_and_name": {"smtp+plain://HOST", false, false, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.implicit, test.starttls)
			require.NoError(t, s.sender(t, test.url).Send(t.Context(), message()))
			require.Len(t, s.mail, 1)
			got := s.mail[0]
			require.Equal(t, []any{"no-reply@acme.test", []string{"wanjiku@acme.test"}, test.user, test.secure}, []any{got.from, got.to, got.user, got.tls})

			parsed, err := netmail.ReadMessage(bytes.NewReader(got.data))
			require.NoError(t, err)
			subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
			require.NoError(t, err)
			require.Equal(t, message().Subject, subject)
			require.Equal(t, []string{`"Baraza" <no-reply@acme.test>`, "<wanjiku@acme.test>", "auto-generated"},
				[]string{parsed.Header.Get("From"), parsed.Header.Get("To"), parsed.Header.Get("Auto-Submitted")})
			require.NotEmpty(t, parsed.Header.Get("Message-ID"))
			require.Empty(t, parsed.Header.Get("User-Agent")+parsed.Header.Get("X-Mailer"))
			require.Equal(t, []string{"text/plain " + message().Text, "text/html " + message().HTML}, parts(t, parsed))
		})
	}

	t.Run("no_password_without_tls", func(t *testing.T) {
		t.Parallel()
		s := serve(t, false, false)
		require.Error(t, s.sender(t, "smtp://baraza:a%20mail%20password@HOST").Send(t.Context(), message()))
		require.Empty(t, s.mail)
	})

	t.Run("a_refusal_is_an_error_without_the_password", func(t *testing.T) {
		t.Parallel()
		s := serve(t, false, true)
		err := s.sender(t, "smtp://baraza:a%20wrong%20one@HOST").Send(t.Context(), message())
		require.Error(t, err)
		require.NotContains(t, err.Error(), "wrong one")
		s.refuse = errors.New("not today")
		require.ErrorContains(t, s.sender(t, "smtp://baraza:a%20mail%20password@HOST").Send(t.Context(), message()), "not today")
		require.Empty(t, s.mail)
	})

	t.Run("nobody_there_is_an_error_soon", func(t *testing.T) {
		t.Parallel()
		c, err := NewSMTP("smtp+plain://127.0.0.1:1", "no-reply@acme.test")
		require.NoError(t, err)
		require.Error(t, c.Send(t.Context(), message()))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.Error(t, c.Send(ctx, message()))
	})
}

// parts are the bodies, with their types.
func parts(t *testing.T, m *netmail.Message) (list []string) {
	t.Helper()
	media, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/alternative", media)
	r := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return list
		}
		require.NoError(t, err)
		require.Equal(t, "quoted-printable", part.Header.Get("Content-Transfer-Encoding"))
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		require.NoError(t, err)
		media, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		require.NoError(t, err)
		list = append(list, media+" "+strings.ReplaceAll(string(text), "\r\n", "\n"))
	}
}

// S40: an address is an address, whatever somebody typed.
func TestNothingIsInjected(t *testing.T) {
	t.Parallel()
	s := serve(t, false, false)
	c := s.sender(t, "smtp+plain://HOST")
	for _, to := range []string{
		"wanjiku@acme.test\r\nBcc: everybody@acme.test", "wanjiku@acme.test\nSubject: x", "wanjiku@acme.test, everybody@acme.test",
		"wanjiku@acme.test>\r\nRCPT TO:<everybody@acme.test", "", "wanjiku", "Wanjiku <wanjiku@acme.test>", "a@b> <c@d", "wanjiku@acme.test\x00",
	} {
		m := message()
		m.To = to
		require.Error(t, c.Send(t.Context(), m), "%q", to)
	}
	require.Empty(t, s.mail)

	m := message()
	m.Subject = "Hello\r\nBcc: everybody@acme.test\r\n\r\nbody"
	m.Text = "Line\r\n.\r\nMAIL FROM:<x@acme.test>\r\n"
	require.NoError(t, c.Send(t.Context(), m))
	require.Len(t, s.mail, 1)
	parsed, err := netmail.ReadMessage(bytes.NewReader(s.mail[0].data))
	require.NoError(t, err)
	require.Empty(t, parsed.Header.Get("Bcc"))
	require.Equal(t, []string{"wanjiku@acme.test"}, s.mail[0].to)
	require.Contains(t, parts(t, parsed)[0], "MAIL FROM:<x@acme.test>", "a dot alone ends nothing")
}

func TestNewSMTP(t *testing.T) {
	t.Parallel()
	for _, wrong := range []struct{ url, from, says string }{
		{"http://mail.acme.test", "no-reply@acme.test", "begins with smtps, smtp or smtp+plain"},
		{"smtp://", "no-reply@acme.test", "cannot be read"},
		{"smtp://baraza:hush%zz@mail.acme.test", "no-reply@acme.test", "cannot be read"},
		{"smtp://mail.acme.test:mail", "no-reply@acme.test", "cannot be read"},
		{"smtp+plain://baraza:hush@mail.acme.test", "no-reply@acme.test", "in clear"},
		{"smtps://mail.acme.test", "nobody", "is no mail address"},
	} {
		_, err := NewSMTP(tenancy.Secret(wrong.url), wrong.from)
		require.ErrorContains(t, err, wrong.says, wrong.url)
		require.NotContains(t, err.Error(), "hush")
	}
	_, err := NewSMTP("smtps://mail.acme.test", "no-reply@acme.test")
	require.NoError(t, err)
}
