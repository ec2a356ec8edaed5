package main

import (
	"context"
	"fmt"
	"time"

	"baraza/domain"
	"baraza/domain/mail"
	smtp "baraza/integrations/mail"
)

// newPost makes what letters leave by: the configured server, else the mailbox.
func (a *app) newPost() (*mail.Post, error) {
	log := a.log.Named("mail")
	mailbox := &mail.Mailbox{DB: a.platform, Master: a.engines.master, Log: log}
	a.services.Mailbox = mailbox
	post := &mail.Post{DB: a.platform, Sender: mailbox, Log: log}
	if a.config.SMTPURL == "" {
		return post, nil
	}
	server, err := smtp.NewSMTP(a.config.SMTPURL, a.config.MailFrom)
	post.Sender = server
	return post, err
}

type mailboxCommand struct{}

// Run prints the newest last, where a terminal shows it.
func (mailboxCommand) Run(c *Config, e environmentOf) error {
	return withDatabase(c, e, func(ctx context.Context, d *database) error {
		page, err := (&mail.Mailbox{DB: d.platform, Master: d.master, Log: d.log}).List(ctx, domain.None{})
		if err != nil {
			return err
		}
		for i := len(page.Items) - 1; i >= 0; i-- {
			m := page.Items[i]
			fmt.Fprintf(e.stdout, "%s\nTo: %s\nSubject: %s\n\n%s\n", m.CreatedAt.Format(time.RFC3339), m.To, m.Subject, m.Text)
		}
		return nil
	})
}
