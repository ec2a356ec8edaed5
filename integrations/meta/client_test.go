package meta

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"baraza/domain/channels"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	account = channels.Account{Kind: channels.WhatsApp, External: channels.External{PhoneNumberID: numberA}}
	creds   = channels.Credentials{AccessToken: "EAAfixtureToken", AppSecret: appSecret}
	phone   = channels.IdentityKey{Kind: "wa_phone", Value: "+12025550147"}
	bsuid   = channels.IdentityKey{Kind: "bsuid", Value: "FI.71029384756102938475"}
)

// graph starts a server and returns a client of it and the number of requests it got.
func graph(t *testing.T, timeout time.Duration, handle http.HandlerFunc) (*Client, *atomic.Int64) {
	t.Helper()
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		handle(w, r)
	}))
	client := NewClient(ClientConfig{BaseURL: server.URL, Timeout: timeout})
	t.Cleanup(func() {
		client.Close()
		server.CloseClientConnections()
		server.Close()
	})
	return client, &requests
}

func hello(to ...channels.IdentityKey) channels.Outgoing {
	return channels.Outgoing{ClientKey: "key-1", To: to, Kind: "text", Text: "Yes, back in stock from Thursday."}
}

func TestClientSend(t *testing.T) {
	t.Parallel()

	accepts := func(w http.ResponseWriter, _ *http.Request) {
		_, err := io.WriteString(w, `{"messages":[{"id":"wamid.OK"}]}`)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
	}

	t.Run("bodies_are_those_meta_documents", func(t *testing.T) {
		t.Parallel()
		reply := hello(phone)
		reply.Text, reply.ReplyTo = "This one?", "wamid.FIXTURE"
		welcome := hello(bsuid)
		welcome.Text = "Welcome, Mira!"
		for name, m := range map[string]channels.Outgoing{
			"request_whatsapp_text.json":       hello(phone),
			"request_whatsapp_text_reply.json": reply,
			"request_whatsapp_text_bsuid.json": welcome,
		} {
			var got map[string]any
			client, requests := graph(t, 0, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost && r.URL.Path == "/v26.0/418290667153204/messages" && r.Header.Get("Content-Type") == "application/json" &&
					r.Header.Get("Authorization") == "Bearer EAAfixtureToken" && r.URL.Query().Get("appsecret_proof") == AppSecretProof("EAAfixtureToken", appSecret) {
					if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
						panic(http.ErrAbortHandler)
					}
				}
				accepts(w, r)
			})
			id, err := client.Send(t.Context(), account, creds, m)
			require.NoError(t, err)
			require.Equal(t, "wamid.OK", id)
			require.EqualValues(t, 1, requests.Load())

			var want map[string]any
			require.NoError(t, json.Unmarshal(fixture(t, name), &want))
			want["biz_opaque_callback_data"] = "key-1"
			want["text"].(map[string]any)["preview_url"] = false // the default, which not every fixture names
			require.Equal(t, want, got, name)
		}
	})

	t.Run("a_phone_number_goes_before_a_user_id", func(t *testing.T) {
		t.Parallel()
		payload, err := whatsAppPayload(hello(bsuid, phone))
		require.NoError(t, err)
		require.Contains(t, string(payload), `"to":"+12025550147"`)
		require.NotContains(t, string(payload), `"recipient":`)
	})

	t.Run("a_phone_number_always_gets_its_plus", func(t *testing.T) {
		t.Parallel()
		payload, err := whatsAppPayload(hello(channels.IdentityKey{Kind: "wa_phone", Value: "12025550147"}))
		require.NoError(t, err)
		require.Contains(t, string(payload), `"to":"+12025550147"`)
	})

	t.Run("without_app_secret_there_is_no_proof", func(t *testing.T) {
		t.Parallel()
		client, _ := graph(t, 0, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery != "" {
				w.WriteHeader(http.StatusBadRequest)
			}
			accepts(w, r)
		})
		_, err := client.Send(t.Context(), account, channels.Credentials{AccessToken: "EAAfixtureToken"}, hello(phone))
		require.NoError(t, err)
	})

	// CH-15: whatever happens, one call makes one request, and says what is known.
	for _, c := range []struct {
		name   string
		handle http.HandlerFunc
		want   string
	}{
		{"accepted", accepts, "sent"},
		{"accepted_then_silent", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "unknown"},
		{"accepted_then_dropped", func(w http.ResponseWriter, _ *http.Request) { hangUp(w, "") }, "unknown"},
		{"reset", func(w http.ResponseWriter, _ *http.Request) { reset(w) }, "unknown"},
		{"truncated_json", func(w http.ResponseWriter, _ *http.Request) {
			hangUp(w, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{\"messages\":[{\"id\":\"wam")
		}, "unknown"},
		{"half_of_a_json_as_the_whole", func(w http.ResponseWriter, _ *http.Request) {
			hangUp(w, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"messages\":[{\"id\":\"wam")
		}, "unknown"},
		{"html_500", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprint(w, "<html><body>Sorry, something went wrong.</body></html>")
		}, "unknown"},
		{"a_slow_body", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, `{"messages":[{"id":"`)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "unknown"},
		{"an_endless_body", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		}, "unknown"},
		{"a_redirect_is_not_followed", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, "unknown"},
		{"a_refusal", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error":{"code":131047}}`)
		}, "refused 131047"},
		{"a_dead_token", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error":{"code":190,"error_subcode":463}}`)
		}, "reauth 190"},
		{"a_limit", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error":{"code":130429}}`)
		}, "transient 130429"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, requests := graph(t, 300*time.Millisecond, func(w http.ResponseWriter, r *http.Request) {
				if _, err := io.Copy(io.Discard, r.Body); err != nil {
					return
				}
				c.handle(w, r)
			})
			_, err := client.Send(t.Context(), account, creds, hello(phone))
			require.Equal(t, c.want, outcomeOf(err))
			require.EqualValues(t, 1, requests.Load())
			if err != nil {
				require.NotContains(t, err.Error(), "appsecret_proof")
				require.NotContains(t, err.Error(), creds.AccessToken)
			}
		})
	}

	t.Run("refused_connection", func(t *testing.T) {
		t.Parallel()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		require.NoError(t, listener.Close())
		client := NewClient(ClientConfig{BaseURL: "http://" + listener.Addr().String()})
		_, err = client.Send(t.Context(), account, creds, hello(phone))
		require.Equal(t, "transient unreachable", outcomeOf(err))
	})

	t.Run("a_server_without_valid_certificate", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		defer server.Close()
		client := NewClient(ClientConfig{BaseURL: server.URL})
		defer client.Close()
		_, err := client.Send(t.Context(), account, creds, hello(phone))
		require.Equal(t, "transient unreachable", outcomeOf(err))
	})

	t.Run("a_call_cancelled_before_it_began", func(t *testing.T) {
		t.Parallel()
		client, requests := graph(t, 0, accepts)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := client.Send(ctx, account, creds, hello(phone))
		require.Equal(t, "transient unreachable", outcomeOf(err))
		require.Zero(t, requests.Load())
	})

	// CH-15: net/http repeats some requests when a kept connection turns out to be dead.
	t.Run("a_dead_kept_connection_never_doubles_a_send", func(t *testing.T) {
		t.Parallel()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		var requests atomic.Int64
		served := make(chan error, 1)
		go func() {
			defer close(served)
			for range 2 { // each connection answers once; the next request on it is read and dropped
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				reader := bufio.NewReader(conn)
				for n := range 2 {
					r, err := http.ReadRequest(reader)
					if err != nil {
						break
					}
					if _, err := io.Copy(io.Discard, r.Body); err != nil {
						break
					}
					requests.Add(1)
					if n == 0 {
						fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n{\"messages\":[{\"id\":\"wamid.OK\"}]}")
					}
				}
				if err := conn.Close(); err != nil {
					return
				}
			}
		}()
		client := NewClient(ClientConfig{BaseURL: "http://" + listener.Addr().String(), Timeout: 2 * time.Second})
		_, err = client.Send(t.Context(), account, creds, hello(phone))
		require.NoError(t, err)
		_, err = client.Send(t.Context(), account, creds, hello(phone))
		require.Equal(t, "unknown", outcomeOf(err))
		require.EqualValues(t, 2, requests.Load(), "two sends, two requests")
		client.Close()
		require.NoError(t, listener.Close())
		<-served
	})

	t.Run("http_2_makes_one_request_too", func(t *testing.T) {
		t.Parallel()
		var requests atomic.Int64
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			if _, err := io.Copy(io.Discard, r.Body); err != nil || r.ProtoMajor != 2 || requests.Load() > 1 {
				panic(http.ErrAbortHandler)
			}
			accepts(w, r)
		}))
		server.EnableHTTP2 = true
		server.StartTLS()
		defer server.Close()
		client := NewClient(ClientConfig{BaseURL: server.URL})
		defer client.Close()
		client.http.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
		_, err := client.Send(t.Context(), account, creds, hello(phone))
		require.NoError(t, err)
		_, err = client.Send(t.Context(), account, creds, hello(phone))
		require.Equal(t, "unknown", outcomeOf(err))
		require.EqualValues(t, 2, requests.Load(), "two sends, two requests")
	})

	for _, c := range []struct {
		name    string
		account channels.Account
		message channels.Outgoing
		want    string
	}{
		{"an_account_that_is_a_path", channels.Account{Kind: channels.WhatsApp, External: channels.External{PhoneNumberID: "1/../../x"}}, hello(phone), "refused invalid_account"},
		{"an_account_of_another_platform", channels.Account{Kind: channels.Messenger, External: channels.External{PageID: "1"}}, hello(phone), "refused invalid_account"},
		{"nobody_to_send_to", account, hello(channels.IdentityKey{Kind: "psid", Value: "1"}), "refused no_recipient"},
		{"a_kind_we_do_not_send", account, channels.Outgoing{Kind: "image", To: []channels.IdentityKey{phone}}, "refused unsupported_kind"},
	} {
		t.Run(c.name+"_makes_no_request", func(t *testing.T) {
			t.Parallel()
			client, requests := graph(t, 0, accepts)
			_, err := client.Send(t.Context(), c.account, creds, c.message)
			require.Equal(t, c.want, outcomeOf(err))
			require.Zero(t, requests.Load())
		})
	}
}

func TestClientCheck(t *testing.T) {
	t.Parallel()

	check := func(t *testing.T, status int, body string) (string, error) {
		t.Parallel()
		client, _ := graph(t, 0, func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || r.URL.Path != "/v26.0/418290667153204" || r.URL.Query().Get("fields") != "display_phone_number,verified_name" ||
				r.URL.Query().Get("appsecret_proof") == "" || r.Header.Get("Authorization") != "Bearer EAAfixtureToken" {
				status = http.StatusTeapot
			}
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		})
		return client.Check(t.Context(), account, creds)
	}

	t.Run("returns_the_display_number", func(t *testing.T) {
		display, err := check(t, 200, `{"display_phone_number":"+1 555-014-2233","verified_name":"Kavaleri Coffee","id":"418290667153204"}`)
		require.NoError(t, err)
		require.Equal(t, "+1 555-014-2233", display)
	})
	t.Run("or_the_verified_name", func(t *testing.T) {
		display, err := check(t, 200, `{"verified_name":"Kavaleri Coffee"}`)
		require.NoError(t, err)
		require.Equal(t, "Kavaleri Coffee", display)
	})
	t.Run("a_dead_token_is_a_refusal", func(t *testing.T) {
		_, err := check(t, 401, string(fixture(t, "graph_error_190_463.json")))
		require.Equal(t, "refused 190", outcomeOf(err))
	})
	t.Run("a_number_that_is_not_ours_is_a_refusal", func(t *testing.T) {
		_, err := check(t, 400, string(fixture(t, "graph_error_100_33.json")))
		require.Equal(t, "refused 100", outcomeOf(err))
	})
	t.Run("a_page_is_no_answer", func(t *testing.T) {
		_, err := check(t, 502, `<html>`)
		require.ErrorIs(t, err, ErrUnreachable)
	})
}

// hangUp writes raw bytes, if any, and closes the connection.
func hangUp(w http.ResponseWriter, raw string) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = io.Copy(conn, strings.NewReader(raw)) // the client may be gone
}

// reset closes the connection so that the client sees a reset.
func reset(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	// An ordinary end is as good a test as a reset.
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}
