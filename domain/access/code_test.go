package access

import (
	"net/url"
	"regexp"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/mail"
)

// deliver does what the mail jobs of a person do, and returns the letters to them that
// are new, oldest first.
func (i *instance) deliver(t testing.TB, user User) []mail.KeptMessage {
	t.Helper()
	before := len(i.letters(t, user.Email))
	codes, err := db.All[uuid.UUID](t.Context(), i.codes.DB, `
		select id from one_time_codes where user_id = $1 and code_hash is null order by id`, user.ID)
	require.NoError(t, err)
	for _, id := range codes {
		require.NoError(t, i.codes.Mail(t.Context(), MailCode{CodeID: id}))
	}
	notices, err := db.All[mail.Kind](t.Context(), i.codes.DB, `
		with done as (
			delete from river.river_job where kind = $1 and args->'args'->>'user_id' = $2 returning id, args->'args'->>'notice' as notice
		)
		select notice from done order by id`, MailNotice{}.Kind(), user.ID.String())
	require.NoError(t, err)
	for _, notice := range notices {
		require.NoError(t, i.codes.Notify(t.Context(), MailNotice{UserID: user.ID, Notice: notice}))
	}
	return i.letters(t, user.Email)[before:]
}

// letters are those to an address that the mailbox keeps, oldest first.
func (i *instance) letters(t testing.TB, address string) (list []mail.KeptMessage) {
	t.Helper()
	page, err := i.mailbox.List(t.Context(), domain.None{})
	require.NoError(t, err)
	for n := len(page.Items) - 1; n >= 0; n-- {
		if page.Items[n].To == address {
			list = append(list, page.Items[n])
		}
	}
	return list
}

// linkIn returns where the letter's link leads, and its token.
func linkIn(t testing.TB, m mail.KeptMessage) (page, token string) {
	t.Helper()
	link := regexp.MustCompile(`https?://\S+`).FindString(m.Text)
	u, err := url.Parse(link)
	require.NoError(t, err)
	require.Contains(t, m.HTML, `href="`+link+`"`)
	return u.Scheme + "://" + u.Host + u.Path, u.Query().Get("token")
}

func codeIn(t testing.TB, m mail.KeptMessage) string {
	t.Helper()
	code := regexp.MustCompile(`(?m)^\d{6}$`).FindString(m.Text)
	require.NotEmpty(t, code, m.Text)
	return code
}

func subjects(letters []mail.KeptMessage) []string {
	list := []string{}
	for _, m := range letters {
		list = append(list, m.Subject)
	}
	return list
}
