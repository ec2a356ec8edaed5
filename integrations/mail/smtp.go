// Package mail carries the product's letters to an SMTP server.
//
// Always true: a password travels under TLS or not at all; a message goes to the one
// address it names, from the one this installation is configured with, and nothing in
// it can add a header.
package mail

import (
	"context"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"baraza/domain/mail"
	"baraza/tenancy"
)

// timeout of each step of the conversation with the server.
const timeout = 10 * time.Second

// SMTP sends by one server.
type SMTP struct {
	from    *netmail.Address
	host    string
	options []gomail.Option
}

// NewSMTP reads where to send: smtps://user:password@host:465 speaks TLS from the
// start, smtp://user:password@host:587 insists on STARTTLS, and smtp+plain://host:25
// goes without TLS to a relay of one's own, and takes no password. from is an address,
// with or without a name.
func NewSMTP(address tenancy.Secret, from string) (*SMTP, error) {
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("the sender %q is no mail address", from)
	}
	u, err := url.Parse(address.Reveal())
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("the mail server's URL cannot be read") // without the reason, which may repeat a password
	}
	s := &SMTP{from: sender, host: u.Hostname(), options: []gomail.Option{gomail.WithTimeout(timeout)}}
	port := 0
	switch u.Scheme {
	case "smtps":
		port, s.options = 465, append(s.options, gomail.WithSSL())
	case "smtp":
		port, s.options = 587, append(s.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "smtp+plain":
		port, s.options = 25, append(s.options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, fmt.Errorf("the mail server's URL begins with smtps, smtp or smtp+plain, not %q", u.Scheme)
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, fmt.Errorf("the mail server's port %q is no number", u.Port())
		}
	}
	s.options = append(s.options, gomail.WithPort(port))
	if u.User != nil {
		if u.Scheme == "smtp+plain" {
			return nil, fmt.Errorf("a password would travel in clear: use smtp or smtps")
		}
		password, _ := u.User.Password()
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return s, nil
}

// Send delivers the message to the server, on a connection of its own.
func (s *SMTP) Send(ctx context.Context, m mail.Message) error {
	message, err := s.compose(m)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("prepare to send mail: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, message); err != nil {
		return fmt.Errorf("send mail by %s: %w", s.host, err)
	}
	return nil
}

func (s *SMTP) compose(m mail.Message) (*gomail.Msg, error) {
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := message.FromFormat(s.from.Name, s.from.Address); err != nil {
		return nil, fmt.Errorf("compose mail: sender: %w", err)
	}
	// The address alone, never "name <address>": it is what somebody typed.
	if _, err := netmail.ParseAddress("<" + m.To + ">"); err != nil {
		return nil, fmt.Errorf("compose mail: the receiver is no address")
	}
	if err := message.To("<" + m.To + ">"); err != nil {
		return nil, fmt.Errorf("compose mail: receiver: %w", err)
	}
	message.Subject(m.Subject)
	message.SetDate()
	message.SetMessageID()
	// No vacation answers to these.
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.SetBodyString(gomail.TypeTextPlain, m.Text)
	message.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return message, nil
}
