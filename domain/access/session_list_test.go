package access

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

// TN-13.
func TestSessionList(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	i := newInstance(t, d)
	first, stranger := i.register(t), i.register(t)
	from := domain.WithRequest(t.Context(), domain.Request{
		IP: "192.0.2.7", UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})
	second, err := i.accounts.Login(from, Login{Email: first.User.Email, Password: goodPassword})
	require.NoError(t, err)
	third, err := i.accounts.Login(t.Context(), Login{Email: first.User.Email, Password: goodPassword, Device: "Office till"})
	require.NoError(t, err)
	list := func(s Session) []LoginSession {
		page, err := i.sessions.List(i.as(t, s), domain.None{})
		require.NoError(t, err)
		return page.Items
	}
	id := func(s Session) uuid.UUID { return tenancy.From(i.as(t, s)).SessionID }

	items := list(second)
	require.Equal(t, []uuid.UUID{id(third), id(second), id(first)}, []uuid.UUID{items[0].ID, items[1].ID, items[2].ID})
	require.Equal(t, []bool{false, true, false}, []bool{items[0].Current, items[1].Current, items[2].Current})
	require.Equal(t, []string{"Office till", "Firefox, Linux", ""}, []string{items[0].Device, items[1].Device, items[2].Device})
	require.Equal(t, "192.0.2.7", items[1].IP)

	// One that was idle too long is gone from the list.
	idle := i.signIn(t, first.User, goodPassword)
	require.Len(t, list(first), 4)
	run(t, d, `update refresh_tokens set expires_at = now() where session_id = $1`, id(idle))
	require.Len(t, list(first), 3)

	// Somebody else's is nobody's, and stays.
	_, err = i.sessions.End(i.as(t, stranger), EndSession{ID: id(third)})
	require.ErrorIs(t, err, domain.ErrNotFound)
	_, unknown := i.sessions.End(i.as(t, stranger), EndSession{ID: uuid.New()})
	sameRefusal(t, err, unknown)
	require.Len(t, list(stranger), 1)

	// Told to another instance by nothing but the database, it ends there too.
	elsewhere := newInstance(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- elsewhere.revocations.Run(ctx) }()
	elsewhere.as(t, third)
	_, err = i.sessions.End(i.as(t, first), EndSession{ID: id(third)})
	require.NoError(t, err)
	i.over(t, third)
	dbtest.Eventually(t, "the end on the other instance", func() bool {
		_, err := elsewhere.rights.Authenticate(t.Context(), third.AccessToken)
		return errors.Is(err, ErrSessionRevoked)
	})
	cancel()
	require.NoError(t, <-done)

	_, err = i.sessions.EndOthers(i.as(t, first), domain.None{})
	require.NoError(t, err)
	i.over(t, second)
	require.Len(t, list(first), 1)
	i.as(t, stranger)
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":                        "Chrome, Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0":              "Edge, Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":                  "Safari, macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1": "Chrome, iPhone",
		"Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36":    "Samsung Internet, Android",
		"curl/8.5.0": "curl", "Linux": "Linux", "": "", "\u202e<script>": "",
	} {
		require.Equal(t, want, describe(agent), agent)
	}
}
