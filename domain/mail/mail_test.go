package mail

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zaptest"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
)

func kinds() []Kind {
	return []Kind{ResetPassword, VerifyEmail, LoginCode, PasswordChanged, PasswordGuessed, SessionReused, FactorOn, FactorOff, Invitation, InvitationReminder, Test}
}

func address() string { return "wanjiku-" + db.NewID().String() + "@acme.test" }

// OP-20: every letter there is, in every language there is.
func TestWrite(t *testing.T) {
	t.Parallel()

	t.Run("says_all_of_it_as_text_and_as_html", func(t *testing.T) {
		t.Parallel()
		for language, direction := range map[string]string{"en": "ltr", "ar": "rtl"} {
			for _, kind := range kinds() {
				m, err := write(Letter{
					Kind: kind, To: "wanjiku@acme.test", Language: language, Name: "Wanjiku <Mwangi> & co",
					Link: "https://baraza.test/x?token=a&b", Code: "012345", Minutes: 30,
				})
				require.NoError(t, err)
				require.NotEmpty(t, m.Subject)
				require.NotContains(t, m.Text, "{{")
				for _, shown := range []string{"https://baraza.test/x?token=a&b", "012345", "Wanjiku <Mwangi> & co"} {
					require.Contains(t, m.Text, shown)
				}
				for _, shown := range []string{`dir="` + direction + `"`, `href="https://baraza.test/x?token=a&amp;b"`, "012345", "Wanjiku &lt;Mwangi&gt; &amp; co"} {
					require.Contains(t, m.HTML, shown)
				}
			}
		}
	})

	// S40: whoever signs up chooses a name, and maybe somebody else's address.
	t.Run("puts_nothing_a_person_wrote_into_the_subject", func(t *testing.T) {
		t.Parallel()
		library, err := openLibrary()
		require.NoError(t, err)
		require.Len(t, library.books, 2)
		for tag, book := range library.books {
			require.Len(t, book.Letters, len(kinds()), "%s", tag)
			for kind, text := range book.Letters {
				require.NotContains(t, text.Subject, "{{", "%s in %s", kind, tag)
				require.NotContains(t, text.Subject, "\n")
			}
		}
		for _, name := range []string{"Win at https://evil.test", "evil.test", "a@b", "Eve\r\nBcc: x", strings.Repeat("x", 41)} {
			m, err := write(Letter{Kind: VerifyEmail, To: "wanjiku@acme.test", Name: name})
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(m.Text, "Hello,\n"), m.Text)
			require.NotContains(t, m.HTML, "evil")
		}
	})

	t.Run("chooses_the_nearest_language_or_english", func(t *testing.T) {
		t.Parallel()
		for asked, want := range map[string]string{"ar": "ar", "ar-EG": "ar", "en-GB": "en", "sw": "en", "": "en", "no tag": "en"} {
			m, err := write(Letter{Kind: FactorOn, To: "wanjiku@acme.test", Language: asked})
			require.NoError(t, err)
			require.Contains(t, m.HTML, `lang="`+want+`"`, asked)
		}
	})

	t.Run("refuses_what_it_does_not_know_and_addresses_that_are_more", func(t *testing.T) {
		t.Parallel()
		_, err := write(Letter{Kind: "greetings", To: "wanjiku@acme.test"})
		require.Error(t, err)
		_, err = write(Letter{Kind: FactorOn, To: "wanjiku@acme.test\r\nBcc: everybody@acme.test"})
		require.Error(t, err)
	})
}

// carrier counts, and fails when told to.
type carrier struct {
	broken bool
	sent   atomic.Int32
}

func (c *carrier) Send(context.Context, Message) error {
	if c.broken {
		return errors.New("no way through")
	}
	c.sent.Add(1)
	return nil
}

// S40: an address is not flooded, whoever asks and however often.
func TestLimit(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) (*Post, *carrier, Letter) {
		t.Parallel()
		c := &carrier{}
		return &Post{DB: dbtest.New(t).Platform, Sender: c, Log: zaptest.NewLogger(t)}, c, Letter{Kind: LoginCode, To: address(), Code: "012345"}
	}

	t.Run("lets_three_of_two_hundred_at_once_through", func(t *testing.T) {
		post, c, letter := setup(t)
		var all sync.WaitGroup
		errs := make([]error, 200)
		for i := range errs {
			all.Go(func() {
				one := letter
				if i%2 == 0 {
					one.To = " " + strings.ToUpper(one.To)
				}
				errs[i] = post.Send(t.Context(), one)
			})
		}
		all.Wait()
		require.NoError(t, errors.Join(errs...))
		require.EqualValues(t, 3, c.sent.Load())

		// Another kind and another address have their own.
		other := letter
		other.Kind = FactorOn
		require.NoError(t, post.Send(t.Context(), other))
		other = letter
		other.To = address()
		require.NoError(t, post.Send(t.Context(), other))
		require.EqualValues(t, 5, c.sent.Load())
	})

	t.Run("counts_only_what_left", func(t *testing.T) {
		post, c, letter := setup(t)
		c.broken = true
		for range 5 {
			require.ErrorContains(t, post.Send(t.Context(), letter), "no way through")
		}
		c.broken = false
		for range 4 {
			require.NoError(t, post.Send(t.Context(), letter))
		}
		require.EqualValues(t, 3, c.sent.Load())
	})

	t.Run("begins_anew_each_day", func(t *testing.T) {
		post, c, letter := setup(t)
		for range 4 {
			require.NoError(t, post.Send(t.Context(), letter))
		}
		n, err := db.Exec(t.Context(), post.DB, `update mail_counts set day = day - 1 where address_hash = $1`, addressHash(letter.To))
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.NoError(t, post.Send(t.Context(), letter))
		require.EqualValues(t, 4, c.sent.Load())

		require.NoError(t, post.Sweep(t.Context()))
		left, err := db.One[int](t.Context(), post.DB, `select count(*) from mail_counts where address_hash = $1`, addressHash(letter.To))
		require.NoError(t, err)
		require.Equal(t, 1, left, "today's")
	})
}

// OP-20: without a mail server letters are kept.
func TestMailbox(t *testing.T) {
	t.Parallel()
	d := dbtest.Own(t)
	mailbox := &Mailbox{DB: d.Platform, Master: dbtest.Master(t), Log: zaptest.NewLogger(t)}
	post := &Post{DB: d.Platform, Sender: mailbox, Log: zaptest.NewLogger(t)}
	to := address()
	require.NoError(t, post.Send(t.Context(), Letter{Kind: ResetPassword, To: to, Link: "https://baraza.test/reset-password?token=canary", Minutes: 30}))

	page, err := mailbox.List(t.Context(), domain.None{})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Equal(t, []string{to, "Choose a new password"}, []string{page.Items[0].To, page.Items[0].Subject})
	require.Contains(t, page.Items[0].Text, "token=canary")
	clear, err := db.One[bool](t.Context(), d.Platform, `select exists (select from mailbox m where m::text like '%canary%' or position('canary'::bytea in sealed) > 0)`)
	require.NoError(t, err)
	require.False(t, clear, "links that open accounts are sealed")

	// The oldest go.
	for range mailboxSize + 1 {
		require.NoError(t, mailbox.Send(t.Context(), Message{To: "later@acme.test"}))
	}
	page, err = mailbox.List(t.Context(), domain.None{})
	require.NoError(t, err)
	require.Len(t, page.Items, mailboxSize)
	for _, m := range page.Items {
		require.Equal(t, "later@acme.test", m.To)
	}
}
