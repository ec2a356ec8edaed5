package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"baraza/domain/channels"
	"baraza/integrations/meta"
)

var (
	line  = channels.Account{Kind: channels.WhatsApp, External: channels.External{PhoneNumberID: numberA}, Simulated: true}
	creds = channels.Credentials{AccessToken: Token(secret, numberA)}
)

func outgoing(to, key string) channels.Outgoing {
	return channels.Outgoing{ClientKey: key, To: []channels.IdentityKey{{Kind: "wa_phone", Value: to}}, Kind: "text", Text: "Back on Thursday"}
}

func graphClient(t *testing.T, s *Server, timeout time.Duration) *meta.Client {
	t.Helper()
	c := meta.NewClient(meta.ClientConfig{BaseURL: s.URL(), Timeout: timeout})
	t.Cleanup(c.Close)
	return c
}

// CH-46: our own client against the simulator, there and back.
func TestSend(t *testing.T) {
	t.Parallel()

	t.Run("is_sent_delivered_and_read", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		id, err := graphClient(t, s, 0).Send(t.Context(), line, creds, outgoing("+12025550110", "key-1"))
		require.NoError(t, err)
		for _, status := range []string{"sent", "delivered", "read"} {
			require.Equal(t, status+" key-1 "+id, r.event(t))
		}
	})

	t.Run("to_a_user_id", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		m := outgoing("", "key-1")
		m.To = []channels.IdentityKey{{Kind: "bsuid", Value: "FI.71029384756102938475"}}
		id, err := graphClient(t, s, 0).Send(t.Context(), line, creds, m)
		require.NoError(t, err)
		require.Equal(t, "sent key-1 "+id, r.event(t))
		body := r.next(t).body
		require.NotContains(t, string(body), "recipient_id")
		require.Contains(t, string(body), `"recipient_user_id":"FI.71029384756102938475"`)
	})

	t.Run("answers_in_metas_form", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		for name, to := range map[string]string{"graph_whatsapp_send_ok.json": `"to":"+12025550147"`, "graph_whatsapp_send_ok_bsuid.json": `"recipient":"FI.71029384756102938475"`} {
			// 0147 is not magic: the ending has four digits.
			status, body := do(t, "POST", s.URL()+"/v26.0/"+numberA+"/messages", creds.AccessToken,
				[]byte(`{"messaging_product":"whatsapp",`+to+`,"type":"text","text":{"body":"x"}}`))
			require.Equal(t, http.StatusOK, status)
			var got, want map[string]any
			require.NoError(t, json.Unmarshal(body, &got))
			require.NoError(t, json.Unmarshal(fixture(t, name), &want))
			want["messages"] = got["messages"]
			require.Equal(t, want, got)
		}
	})

	// CH-15: Meta has no idempotency either.
	t.Run("the_same_body_twice_is_two_messages", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		client := graphClient(t, s, 0)
		first, err := client.Send(t.Context(), line, creds, outgoing("+12025550110", "key-1"))
		require.NoError(t, err)
		second, err := client.Send(t.Context(), line, creds, outgoing("+12025550110", "key-1"))
		require.NoError(t, err)
		require.NotEqual(t, first, second)
		require.Equal(t, Tally{Calls: 2, Accepted: 2}, s.Stats().ByClientKey["key-1"])
		require.Equal(t, Tally{Calls: 2, Accepted: 2}, s.Stats().ByRecipient["12025550110"])
	})

	t.Run("a_number_without_plus_goes_to_a_stranger", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		status, body := do(t, "POST", s.URL()+"/v26.0/"+numberA+"/messages", creds.AccessToken, text("254700000111", "hi"))
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, string(body), `"wa_id":"1254700000111"`)
	})

	t.Run("the_token_of_another_line_is_refused", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		client := graphClient(t, s, 0)
		for _, token := range []string{"", "EAAfixtureToken", Token(secret, numberB), Token("another secret", numberA)} {
			_, err := client.Send(t.Context(), line, channels.Credentials{AccessToken: token}, outgoing("+12025550110", "key-1"))
			var reauth *channels.ReauthRequired
			require.ErrorAs(t, err, &reauth)
			require.Equal(t, "190", reauth.Cause.Code)
			_, err = client.Check(t.Context(), line, channels.Credentials{AccessToken: token})
			var refused *channels.SendError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, "190", refused.Code)
		}
		require.Zero(t, s.Stats().Accepted)
	})

	t.Run("a_proof_is_checked_where_there_is_one", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		client := graphClient(t, s, 0)
		_, err := client.Send(t.Context(), line, channels.Credentials{AccessToken: creds.AccessToken, AppSecret: secret}, outgoing("+12025550110", "a"))
		require.NoError(t, err)
		_, err = client.Send(t.Context(), line, channels.Credentials{AccessToken: creds.AccessToken, AppSecret: "wrong"}, outgoing("+12025550110", "b"))
		require.Error(t, err)
	})

	t.Run("a_line_tells_its_number", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		display, err := graphClient(t, s, 0).Check(t.Context(), line, creds)
		require.NoError(t, err)
		require.Equal(t, "+1 555 715 3204", display)
		status, body := do(t, "GET", s.URL()+"/v26.0/"+numberA+"?fields=secrets", creds.AccessToken, nil)
		require.Equal(t, http.StatusBadRequest, status)
		require.Contains(t, string(body), `"code":100`)
	})

	t.Run("an_unknown_path_is_a_graph_error", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		status, body := do(t, "GET", s.URL()+"/v26.0/1/2/3", creds.AccessToken, nil)
		require.Equal(t, http.StatusBadRequest, status)
		require.Contains(t, string(body), `"error_subcode":33`)
	})

	t.Run("the_bodies_meta_documents_are_taken", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		for _, name := range fixtures(t, "request_whatsapp_") {
			status, body := do(t, "POST", s.URL()+"/v26.0/"+numberA+"/messages", creds.AccessToken, fixture(t, name))
			require.Equal(t, http.StatusOK, status, "%s: %s", name, body)
		}
	})

	t.Run("what_breaks_a_rule_is_refused", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t, Config{})
		const head = `{"messaging_product":"whatsapp","to":"+12025550110",`
		buttons := func(n int, title string) string {
			one := fmt.Sprintf(`{"type":"reply","reply":{"id":"i","title":"%s"}}`, title)
			return head + `"type":"interactive","interactive":{"type":"button","body":{"text":"x"},"action":{"buttons":[` + strings.TrimSuffix(strings.Repeat(one+",", n), ",") + `]}}}`
		}
		rows := func(n int) string {
			return head + `"type":"interactive","interactive":{"type":"list","body":{"text":"x"},"action":{"button":"b","sections":[{"rows":[` +
				strings.TrimSuffix(strings.Repeat(`{"id":"i","title":"t"},`, n), ",") + `]}]}}}`
		}
		for body, code := range map[string]int{
			`not json`: 100,
			`{"to":"+12025550110","type":"text","text":{"body":"x"}}`:                                                 100,
			head + `"type":"text","text":{"body":"x"},"colour":"red"}`:                                                100,
			head + `"type":"text","text":"x"}`:                                                                        100,
			head + `"type":"text","text":{"body":"x"}} {}`:                                                            100,
			head + `"type":"audio","audio":{"id":"1","caption":"x"}}`:                                                 100,
			`{"messaging_product":"whatsapp","type":"text","text":{"body":"x"}}`:                                      131008,
			head + `"type":"text","text":{"body":"x"},"context":{}}`:                                                  131008,
			head + `"type":"image","image":{}}`:                                                                       131008,
			head + `"type":"reaction","reaction":{"emoji":"👍"}}`:                                                      131008,
			head + `"type":"location"}`:                                                                               131008,
			`{"messaging_product":"whatsapp","status":"read"}`:                                                        131008,
			head + `"type":"text","text":{"body":""}}`:                                                                131009,
			head + `"type":"text","text":{"body":"` + strings.Repeat("é", 4097) + `"}}`:                               131009,
			head + `"type":"text","text":{"body":"x"},"biz_opaque_callback_data":"` + strings.Repeat("k", 513) + `"}`: 131009,
			`{"messaging_product":"whatsapp","to":"mother","type":"text","text":{"body":"x"}}`:                        131009,
			buttons(4, "t"):                       131009,
			buttons(1, strings.Repeat("t", 21)):   131009,
			rows(11):                              131009,
			head + `"type":"hologram","text":{}}`: 131051,
		} {
			status, answer := do(t, "POST", s.URL()+"/v26.0/"+numberA+"/messages", creds.AccessToken, []byte(body))
			require.Equal(t, http.StatusBadRequest, status, body)
			require.Contains(t, string(answer), fmt.Sprintf(`"code":%d,`, code), body)
		}
		require.Zero(t, s.Stats().Accepted)
		status, _ := do(t, "POST", s.URL()+"/v26.0/"+numberA+"/messages", creds.AccessToken, []byte(buttons(3, strings.Repeat("t", 20))))
		require.Equal(t, http.StatusOK, status)
		status, _ = do(t, "POST", s.URL()+"/v26.0/"+numberA+"/messages", creds.AccessToken, []byte(rows(10)))
		require.Equal(t, http.StatusOK, status)
		status, _ = do(t, "POST", s.URL()+"/v26.0/"+numberA+"/messages", creds.AccessToken, text("+12025550110", strings.Repeat("é", 500)))
		require.Equal(t, http.StatusOK, status)
	})

	t.Run("magic_numbers", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		client := graphClient(t, s, 0)
		for ending, code := range map[string]string{"0047": "131047", "0026": "131026", "0049": "131049"} {
			id, err := client.Send(t.Context(), line, creds, outgoing("+1202555"+ending, "k"+ending))
			require.NoError(t, err)
			require.Equal(t, "failed "+code+" k"+ending+" "+id, r.event(t))
		}
		for ending, code := range map[string]string{"0056": "131056", "0429": "130429"} {
			_, err := client.Send(t.Context(), line, creds, outgoing("+1202555"+ending, "k"))
			var later *channels.Transient
			require.ErrorAs(t, err, &later)
			require.Equal(t, code, later.Cause.Code)
		}
		id, err := client.Send(t.Context(), line, creds, outgoing("+12025550000", "k0"))
		require.NoError(t, err)
		require.Equal(t, "sent k0 "+id, r.event(t))
		id, err = client.Send(t.Context(), line, creds, outgoing("+12025550110", "k1"))
		require.NoError(t, err)
		require.Equal(t, "sent k1 "+id, r.event(t), "nothing more came of the one before")
	})

	t.Run("statuses_name_who_wrote_before", func(t *testing.T) {
		t.Parallel()
		s, r := start(t, Config{})
		in := amina(numberA)
		in.From.UserID = "KE.123"
		_, err := s.Inbound(t.Context(), in)
		require.NoError(t, err)
		r.event(t)
		_, err = graphClient(t, s, 0).Send(t.Context(), line, creds, outgoing("+12025550110", "k"))
		require.NoError(t, err)
		body := string(r.next(t).body)
		require.Contains(t, body, `"name":"Amina Wekesa"`)
		require.Contains(t, body, `"recipient_user_id":"KE.123"`)
	})
}
