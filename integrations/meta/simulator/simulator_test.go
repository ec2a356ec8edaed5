package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"baraza/integrations/meta"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	secret  = "fixture_app_secret_9d2f41c7"
	numberA = "418290667153204"
	numberB = "552871904416338"
)

var noon = time.Unix(1794200000, 0).UTC()

// receiver stands where our webhook is.
type receiver struct {
	got chan request

	mu      sync.Mutex
	answers []int // then 200
}

type request struct {
	header http.Header
	body   []byte
}

func newReceiver() *receiver { return &receiver{got: make(chan request, 20_000)} }

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return
	}
	status := http.StatusOK
	r.mu.Lock()
	if len(r.answers) > 0 {
		status, r.answers = r.answers[0], r.answers[1:]
	}
	r.mu.Unlock()
	r.got <- request{q.Header, body}
	w.WriteHeader(status)
}

func (r *receiver) answer(statuses ...int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answers = statuses
}

// next waits for a webhook.
func (r *receiver) next(t testing.TB) request {
	t.Helper()
	select {
	case q := <-r.got:
		return q
	case <-time.After(10 * time.Second):
		require.Fail(t, "no webhook came")
		return request{}
	}
}

// event waits for a webhook with one update and reads it as our product does.
func (r *receiver) event(t testing.TB) string {
	t.Helper()
	q := r.next(t)
	ok, _ := meta.VerifySignature(q.body, q.header.Get("X-Hub-Signature-256"), secret)
	require.True(t, ok)
	events := eventsIn(t, q.body)
	require.Len(t, events, 1)
	return events[0]
}

// eventsIn puts each update of a webhook on one line.
func eventsIn(t testing.TB, body []byte) (lines []string) {
	t.Helper()
	items, err := meta.Split(body)
	require.NoError(t, err)
	for _, item := range items {
		e, err := meta.Parse(item)
		switch {
		case err != nil:
			lines = append(lines, err.Error())
		case e.Status != nil && e.Status.Error != nil:
			lines = append(lines, strings.Join([]string{e.Status.Status, e.Status.Error.Code, e.Status.ClientKey, e.Status.ProviderID}, " "))
		case e.Status != nil:
			lines = append(lines, strings.Join([]string{e.Status.Status, e.Status.ClientKey, e.Status.ProviderID}, " "))
		case e.Reaction != nil:
			lines = append(lines, "reaction "+e.Reaction.Emoji+" to "+e.Reaction.Target)
		default:
			lines = append(lines, e.Message.Kind+" "+e.Message.Text+" from "+e.Message.From.Name)
		}
	}
	return lines
}

// start runs a simulator against a receiver of its own until the test ends.
func start(t *testing.T, c Config) (*Server, *receiver) {
	t.Helper()
	r := newReceiver()
	return startAt(t, c, r), r
}

func startAt(t *testing.T, c Config, receives http.Handler) *Server {
	t.Helper()
	target := httptest.NewServer(receives)
	c.CallbackURL, c.AppSecret = target.URL+"/webhooks/meta", secret
	s, err := New(c)
	require.NoError(t, err)
	require.NoError(t, s.Listen())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
		target.CloseClientConnections()
		target.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return s
}

// do makes a request and returns status and body.
func do(t testing.TB, method, url, token string, body []byte) (int, []byte) {
	t.Helper()
	r, err := http.NewRequest(method, url, bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	w, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer w.Body.Close()
	answer, err := io.ReadAll(w.Body)
	require.NoError(t, err)
	return w.StatusCode, answer
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "testdata", name))
	require.NoError(t, err)
	return b
}

func fixtures(t testing.TB, prefix string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "testdata", prefix+"*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for i, p := range paths {
		paths[i] = filepath.Base(p)
	}
	return paths
}

func text(to, body string) []byte {
	b, err := json.Marshal(map[string]any{"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, "type": "text",
		"text": map[string]string{"body": body}, "biz_opaque_callback_data": "key of " + body})
	if err != nil {
		return nil
	}
	return b
}

func amina(line string) Inbound {
	return Inbound{PhoneNumberID: line, From: Customer{Name: "Amina Wekesa", ID: "12025550110"}, Kind: "text", Text: "Café / 咖啡 👍"}
}

func TestNew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		Config
	}{
		{"a_callback_elsewhere", Config{CallbackURL: "http://192.0.2.1/webhooks/meta", AppSecret: secret}},
		{"a_callback_by_name", Config{CallbackURL: "https://chat.example/webhooks/meta", AppSecret: secret}},
		{"a_callback_that_looks_local", Config{CallbackURL: "http://127.0.0.1.example/", AppSecret: secret}},
		{"a_callback_with_a_user", Config{CallbackURL: "http://127.0.0.1@192.0.2.1/", AppSecret: secret}},
		{"no_callback", Config{AppSecret: secret}},
		{"another_scheme", Config{CallbackURL: "ftp://127.0.0.1/", AppSecret: secret}},
		{"listening_to_the_world", Config{Listen: "0.0.0.0:0", CallbackURL: "http://127.0.0.1/", AppSecret: secret}},
		{"listening_everywhere", Config{Listen: ":0", CallbackURL: "http://127.0.0.1/", AppSecret: secret}},
		{"no_secret", Config{CallbackURL: "http://127.0.0.1/"}},
	} {
		t.Run("refuses_"+c.name, func(t *testing.T) {
			t.Parallel()
			_, err := New(c.Config)
			require.Error(t, err)
		})
	}
	t.Run("takes_this_machine", func(t *testing.T) {
		t.Parallel()
		for _, callback := range []string{"http://127.0.0.1:8080/webhooks/meta", "http://[::1]:8080/", "https://localhost/"} {
			s, err := New(Config{CallbackURL: callback, AppSecret: secret})
			require.NoError(t, err)
			require.Empty(t, s.URL())
		}
	})
	t.Run("a_name_that_leads_elsewhere_is_not_followed", func(t *testing.T) {
		t.Parallel()
		_, err := callbackClient().Get("http://192.0.2.1:80/")
		require.ErrorContains(t, err, "is not this machine")
	})
}
