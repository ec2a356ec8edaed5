package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const password = "correct-horse-battery-staple-9"

// person is somebody signed in to one workspace.
type person struct {
	t      *testing.T
	url    string
	token  string
	tenant uuid.UUID
	id     uuid.UUID
	name   string // for messages of tests with several people
}

// reply is an answer of the API.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// into reads the answer's body.
func (r reply) into(t testing.TB, v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(r.body, v), "%s", r.body)
}

// problem is what an error's document is asked for.
type problem struct {
	Type      string   `json:"type"`
	Status    int      `json:"status"`
	Code      string   `json:"code"`
	Detail    string   `json:"detail"`
	Allowed   []string `json:"allowed"`
	RequestID string   `json:"request_id"`
}

func (r reply) problem(t testing.TB) problem {
	t.Helper()
	require.Equal(t, "application/problem+json", r.header.Get("Content-Type"), "%s", r.body)
	var p problem
	r.into(t, &p)
	require.Equal(t, r.status, p.Status)
	return p
}

// send makes one request. An error is one of the connection.
func send(method, url, token string, body any) (reply, error) {
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return reply{}, err
		}
		reader = bytes.NewReader(text)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, url, reader)
	if err != nil {
		return reply{}, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return do(request)
}

func do(request *http.Request) (reply, error) {
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return reply{answer.StatusCode, answer.Header, text}, err
}

// try makes a request as the person.
func (p *person) try(method, path string, body any) (reply, error) {
	return send(method, p.url+path, p.token, body)
}

// call wants a status and reads the answer into v, if there is one.
func (p *person) call(method, path string, body any, status int, v any) reply {
	p.t.Helper()
	r := answered(p.t, method, p.url+path, p.token, body)
	require.Equal(p.t, status, r.status, "%s %s: %s", method, path, r.body)
	if v != nil {
		r.into(p.t, v)
	}
	return r
}

// answered comes back while the server says that it is busy, as a client does: on a
// machine with other work a new connection to Postgres takes longer than a request waits.
func answered(t testing.TB, method, url, token string, body any) (r reply) {
	t.Helper()
	eventually(t, method+" "+url, func() bool {
		var err error
		r, err = send(method, url, token, body)
		require.NoError(t, err)
		return r.status != http.StatusServiceUnavailable
	})
	return r
}

// session is the answer to signing up and in.
type session struct {
	AccessToken string `json:"access_token"`
	User        struct {
		ID uuid.UUID `json:"id"`
	} `json:"user"`
	Tenant struct {
		ID uuid.UUID `json:"id"`
	} `json:"tenant"`
}

// register makes a person with a workspace of their own.
func (p *program) register(name string) *person {
	p.t.Helper()
	return p.enter("/api/auth/register", http.StatusCreated, map[string]string{
		"tenant_name": "Workspace " + name, "name": "Person " + name, "email": name + "@example.test", "password": password})
}

func (p *program) signIn(email, secret string) *person {
	p.t.Helper()
	return p.enter("/api/auth/login", http.StatusOK, map[string]string{"email": email, "password": secret})
}

func (p *program) enter(path string, status int, body any) *person {
	p.t.Helper()
	r := answered(p.t, "POST", p.url+path, "", body)
	require.Equal(p.t, status, r.status, "%s", r.body)
	var s session
	r.into(p.t, &s)
	return &person{t: p.t, url: p.url, token: s.AccessToken, tenant: s.Tenant.ID, id: s.User.ID}
}

// line is a connected WhatsApp number.
type line struct {
	id           uuid.UUID
	number, waba string
	owner        *person
}

// connect connects a real number without asking Meta.
func (p *person) connect(number, waba string) *line {
	p.t.Helper()
	var channel struct {
		ID uuid.UUID `json:"id"`
	}
	p.call("POST", "/api/channels?skip_check=true", map[string]string{
		"kind": "whatsapp", "name": "Line " + number, "phone_number_id": number, "waba_id": waba, "access_token": accessToken,
	}, http.StatusCreated, &channel)
	return &line{id: channel.ID, number: number, waba: waba, owner: p}
}

// conversation is what tests read of one.
type conversation struct {
	ID      uuid.UUID `json:"id"`
	Status  string    `json:"status"`
	LastSeq int64     `json:"last_seq"`
	Unread  int64     `json:"unread"`
	Channel struct {
		ID uuid.UUID `json:"id"`
	} `json:"channel"`
	Contact struct {
		ID       uuid.UUID `json:"id"`
		Name     string    `json:"name"`
		Identity struct {
			Value string `json:"value"`
		} `json:"identity"`
	} `json:"contact"`
	WindowExpiresAt *time.Time `json:"window_expires_at"`
}

// conversations lists the workspace's.
func (p *person) conversations() []conversation {
	p.t.Helper()
	var page struct {
		Items []conversation `json:"items"`
	}
	p.call("GET", "/api/conversations?limit=200", nil, http.StatusOK, &page)
	return page.Items
}

// message is what tests read of one.
type message struct {
	ID             uuid.UUID       `json:"id"`
	ConversationID uuid.UUID       `json:"conversation_id"`
	Seq            int64           `json:"seq"`
	Direction      string          `json:"direction"`
	Kind           string          `json:"kind"`
	Text           *string         `json:"text"`
	Content        json.RawMessage `json:"content"`
	RawType        *string         `json:"raw_type"`
	Status         string          `json:"status"`
	StatusAt       struct {
		Sent, Delivered, Read, Played, Failed *time.Time
	} `json:"status_at"`
	ProviderID *string    `json:"provider_id"`
	ClientID   *uuid.UUID `json:"client_id"`
	Media      []struct {
		Kind, MIME, State string
	} `json:"media"`
	Reactions []struct {
		Emoji string `json:"emoji"`
	} `json:"reactions"`
	Error *struct {
		Code, Title, Detail string
		Retryable           bool
	} `json:"error"`
	Attempts []struct {
		N       int     `json:"n"`
		Outcome *string `json:"outcome"`
	} `json:"attempts"`
}

func (m message) text() string {
	if m.Text == nil {
		return ""
	}
	return *m.Text
}

// thread reads a conversation from its beginning, transitions included.
func (p *person) thread(id uuid.UUID) []message {
	p.t.Helper()
	var all []message
	for after := int64(0); ; {
		var page struct {
			Items    []message `json:"items"`
			HasAfter bool      `json:"has_after"`
		}
		p.call("GET", fmt.Sprintf("/api/conversations/%s/messages?include=events&limit=200&after=%d", id, after), nil, http.StatusOK, &page)
		all = append(all, page.Items...)
		if !page.HasAfter {
			return all
		}
		after = page.Items[len(page.Items)-1].Seq
	}
}

// message reads one with its attempts.
func (p *person) message(id uuid.UUID) message {
	p.t.Helper()
	var m message
	p.call("GET", "/api/messages/"+id.String(), nil, http.StatusOK, &m)
	return m
}

// write sends a text once.
func (p *person) write(conversation uuid.UUID, client uuid.UUID, text string) (reply, error) {
	return p.try("POST", "/api/conversations/"+conversation.String()+"/messages",
		map[string]any{"client_id": client, "kind": "text", "text": text})
}

// scrape reads one sample of /metrics; 0 when it is not there.
func (p *program) scrape(sample string) float64 {
	p.t.Helper()
	r, err := send("GET", p.url+"/metrics", "", nil)
	require.NoError(p.t, err)
	require.Equal(p.t, http.StatusOK, r.status)
	for text := range strings.Lines(string(r.body)) {
		if rest, ok := strings.CutPrefix(text, sample+" "); ok {
			var value float64
			_, err := fmt.Sscan(rest, &value)
			require.NoError(p.t, err)
			return value
		}
	}
	return 0
}
