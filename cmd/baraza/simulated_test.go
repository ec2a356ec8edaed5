package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/integrations/meta/simulator"
)

// stage is a program beside a simulator of its own process, as `baraza simulate` runs
// one, and a practice line in a workspace.
type stage struct {
	*program
	simulator string
	owner     *person
	channel   uuid.UUID
	number    string
}

func newStage(t *testing.T) *stage {
	t.Helper()
	env := newDatabase(t, true).settings()
	s := &stage{}
	address := freeAddress(t)
	s.simulator = "http://" + address
	env["BARAZA_SIMULATOR"] = s.simulator
	s.program = newProgram(t, env).ready()
	play := launch(t, s.dir, s.env, "simulate", "--port", address, "--callback", s.url+"/webhooks/meta")
	t.Cleanup(func() {
		require.NoError(t, play.cmd.Process.Signal(syscall.SIGTERM))
		within(t, 20*time.Second, "the end of the simulator", play.hasEnded)
		require.Zero(t, play.code(), play.out.tail())
		s.check(play)
	})
	eventually(t, "the simulator", func() bool {
		r, err := send("GET", s.simulator+"/__sim/stats", "", nil)
		return err == nil && r.status == http.StatusOK
	})
	s.owner = s.register("stage")
	var channel struct {
		ID        uuid.UUID `json:"id"`
		Simulated bool      `json:"simulated"`
		Status    string    `json:"status"`
		External  struct {
			PhoneNumberID string `json:"phone_number_id"`
		} `json:"external"`
	}
	s.owner.call("POST", "/api/channels/simulated", map[string]string{"kind": "whatsapp", "name": "Practice"}, http.StatusCreated, &channel)
	require.True(t, channel.Simulated)
	require.Equal(t, "connected", channel.Status)
	s.channel, s.number = channel.ID, channel.External.PhoneNumberID
	return s
}

// customerWrites lets a simulated customer write and returns the conversation.
func (s *stage) customerWrites(t *testing.T, phone, text string, more map[string]any) uuid.UUID {
	t.Helper()
	body := map[string]any{"from": map[string]string{"name": "Customer " + phone, "id": phone}, "kind": "text", "text": text}
	for name, value := range more {
		body[name] = value
	}
	s.owner.call("POST", "/api/channels/"+s.channel.String()+"/simulate", body, http.StatusOK, nil)
	var found uuid.UUID
	eventually(t, "the conversation with "+phone, func() bool {
		for _, c := range s.owner.conversations() {
			if c.Contact.Identity.Value == "+"+phone {
				found = c.ID
				return true
			}
		}
		return false
	})
	return found
}

// answers sends a text and returns the queued message.
func (s *stage) answers(t *testing.T, conversation uuid.UUID, text string) message {
	t.Helper()
	var m message
	s.owner.call("POST", "/api/conversations/"+conversation.String()+"/messages",
		map[string]any{"client_id": uuid.Must(uuid.NewV7()), "kind": "text", "text": text}, http.StatusCreated, &m)
	require.Equal(t, "queued", m.Status, "sending returns at once")
	return m
}

// way is what becomes of a message, in order.
var way = []string{"queued", "unknown", "sent", "delivered", "read", "failed"}

// reaches waits until a message has a status, or has passed one that it goes through,
// and wants it to go forward only.
func (s *stage) reaches(t *testing.T, id uuid.UUID, status string) message {
	t.Helper()
	var m message
	last, want := 0, slices.Index(way, status)
	eventually(t, "a message to be "+status, func() bool {
		m = s.owner.message(id)
		at := slices.Index(way, m.Status)
		require.GreaterOrEqual(t, at, last, "CH-14: %s after %s", m.Status, way[last])
		last = at
		return at == want || status != "unknown" && m.Status != "failed" && at > want
	})
	return m
}

func (s *stage) fault(t *testing.T, to string, times int, fault string) {
	t.Helper()
	r, err := send("POST", s.simulator+"/__sim/faults", "", map[string]any{"match": map[string]string{"to": to}, "times": times, "fault": fault})
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, r.status, "%s", r.body)
}

// calls are the sends that reached the simulator for a message.
func (s *stage) calls(t *testing.T, id uuid.UUID) (list []simulator.Call) {
	t.Helper()
	r, err := send("GET", s.simulator+"/__sim/calls", "", nil)
	require.NoError(t, err)
	var all []simulator.Call
	require.NoError(t, json.Unmarshal(r.body, &all))
	for _, c := range all {
		if strings.HasPrefix(c.ClientKey, id.String()+":") {
			list = append(list, c)
		}
	}
	return list
}

// CH-14, CH-15, CH-16, CH-19, CH-46: the way out of the real program, played by the
// simulator.
func TestSimulatedSends(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	// The longest wait begins first: the client is patient for 15 seconds, and the
	// statuses come after that.
	const slow = "254700000604"
	slowly := s.customerWrites(t, slow, "Hello", nil)
	s.fault(t, slow, 1, "timeout_after_accept")
	s.fault(t, slow, 3, "webhook_delay:20s")
	hanging := s.answers(t, slowly, "And this?")

	t.Run("CH-14_ticks_go_forward_to_read", func(t *testing.T) {
		c := s.customerWrites(t, "254700000601", "Is it on its way?", nil)
		m := s.answers(t, c, "It is.")
		m = s.reaches(t, m.ID, "read")
		require.NotNil(t, m.StatusAt.Sent)
		require.NotNil(t, m.StatusAt.Delivered)
		require.NotNil(t, m.StatusAt.Read)
		require.Len(t, s.calls(t, m.ID), 1)
		require.Len(t, m.Attempts, 1)
		require.Equal(t, "sent", *m.Attempts[0].Outcome)
	})

	t.Run("CH-15_the_same_client_id_is_one_message_and_one_call", func(t *testing.T) {
		c := s.customerWrites(t, "254700000602", "Hello", nil)
		client := uuid.Must(uuid.NewV7())
		var ids []uuid.UUID
		for _, status := range []int{http.StatusCreated, http.StatusOK, http.StatusOK} {
			var m message
			s.owner.call("POST", "/api/conversations/"+c.String()+"/messages", map[string]any{"client_id": client, "kind": "text", "text": "once"}, status, &m)
			ids = append(ids, m.ID)
		}
		require.Equal(t, []uuid.UUID{ids[0], ids[0], ids[0]}, ids)
		r := s.owner.call("POST", "/api/conversations/"+c.String()+"/messages", map[string]any{"client_id": client, "kind": "text", "text": "other"}, http.StatusConflict, nil)
		require.Equal(t, "client_id_reused", r.problem(t).Code)
		s.reaches(t, ids[0], "sent")
		require.Len(t, s.calls(t, ids[0]), 1)
	})

	t.Run("CH-15_an_answer_cut_short_is_unknown_until_its_status_comes", func(t *testing.T) {
		const phone = "254700000603"
		c := s.customerWrites(t, phone, "Hello", nil)
		s.fault(t, phone, 1, "truncated_json")
		s.fault(t, phone, 3, "webhook_delay:8s")
		m := s.answers(t, c, "Did you get this?")
		s.reaches(t, m.ID, "unknown")
		refused := s.owner.call("POST", "/api/messages/"+m.ID.String()+"/retry", map[string]bool{"force": true}, http.StatusConflict, nil)
		require.Equal(t, "invalid_transition", refused.problem(t).Code, "it may still settle by itself")
		settled := s.reaches(t, m.ID, "delivered")
		require.NotNil(t, settled.ProviderID)
		require.Len(t, s.calls(t, m.ID), 1, "never repeated")
	})

	t.Run("CH-15_what_is_no_answer_is_unknown_and_not_repeated", func(t *testing.T) {
		for fault, phone := range map[string]string{"html_500": "254700000611", "connection_reset": "254700000612"} {
			c := s.customerWrites(t, phone, "Hello", nil)
			s.fault(t, phone, 1, fault)
			first, second := s.answers(t, c, "one"), s.answers(t, c, "two")
			s.reaches(t, second.ID, "sent") // later messages go on
			require.Equal(t, "unknown", s.owner.message(first.ID).Status, fault)
			require.Len(t, s.calls(t, first.ID), 1, fault)
		}
	})

	t.Run("CH-17_magic_recipients_fail_with_their_sentence", func(t *testing.T) {
		for ending, want := range map[string][2]string{
			"0026": {"131026", "This person cannot be reached on WhatsApp"},
			"0047": {"131047", "More than 24 hours since the last customer message"},
		} {
			c := s.customerWrites(t, "25470000"+ending, "Hello", nil)
			m := s.reaches(t, s.answers(t, c, "Hi").ID, "failed")
			require.Equal(t, want, [2]string{m.Error.Code, m.Error.Title})
			require.NotEmpty(t, m.Error.Detail, "what to do next")
			require.NotNil(t, m.StatusAt.Failed)
		}
	})

	t.Run("CH-17_a_throttled_send_waits_and_goes_out", func(t *testing.T) {
		const phone = "254700000605"
		c := s.customerWrites(t, phone, "Hello", nil)
		s.fault(t, phone, 1, "graph_error:130429")
		m := s.reaches(t, s.answers(t, c, "Hi").ID, "sent")
		require.Len(t, m.Attempts, 2)
		require.Equal(t, []string{"later", "sent"}, []string{*m.Attempts[0].Outcome, *m.Attempts[1].Outcome})
	})

	t.Run("CH-16_messages_of_a_conversation_leave_in_order", func(t *testing.T) {
		const phone = "254700000606"
		c := s.customerWrites(t, phone, "Hello", nil)
		s.fault(t, phone, 1, "graph_error:130429") // the first has to wait; the others wait behind it
		var ids []uuid.UUID
		for i := range 5 {
			ids = append(ids, s.answers(t, c, fmt.Sprint("part ", i)).ID)
		}
		s.reaches(t, ids[4], "sent")
		var previous time.Time
		for _, id := range ids {
			for _, call := range s.calls(t, id) {
				require.False(t, call.At.Before(previous))
				previous = call.At
			}
		}
	})

	t.Run("CH-19_free_text_after_25_hours_is_refused", func(t *testing.T) {
		c := s.customerWrites(t, "254700000607", "Hello from yesterday", map[string]any{"at": time.Now().Add(-25 * time.Hour).UTC().Format(time.RFC3339)})
		r, err := s.owner.write(c, uuid.Must(uuid.NewV7()), "Too late?")
		require.NoError(t, err)
		require.Equal(t, http.StatusUnprocessableEntity, r.status, "%s", r.body)
		p := r.problem(t)
		require.Equal(t, "window_closed", p.Code)
		require.Equal(t, []string{"template"}, p.Allowed)
		require.Len(t, s.owner.thread(c), 2, "nothing is stored")

		s.customerWrites(t, "254700000607", "Still there?", nil)
		eventually(t, "the window to open", func() bool { return len(s.owner.thread(c)) == 3 })
		s.reaches(t, s.answers(t, c, "Yes.").ID, "sent")
	})

	t.Run("CH-46_webhooks_repeated_forged_late_and_out_of_order", func(t *testing.T) {
		const phone = "254700000608"
		c := s.customerWrites(t, phone, "one", map[string]any{"faults": []string{"duplicate"}})
		for _, fault := range []string{"bad_signature", "tampered"} {
			var done struct {
				Deliveries []int `json:"deliveries"`
			}
			s.owner.call("POST", "/api/channels/"+s.channel.String()+"/simulate", map[string]any{
				"from": map[string]string{"name": "X", "id": phone}, "kind": "text", "text": fault, "faults": []string{fault}}, http.StatusOK, &done)
			require.Equal(t, []int{http.StatusUnauthorized}, done.Deliveries, fault)
		}
		s.customerWrites(t, phone, "three", map[string]any{"faults": []string{"reorder"}})
		s.customerWrites(t, phone, "two", nil)
		var stored []string
		eventually(t, "three messages", func() bool {
			stored = nil
			for _, m := range s.owner.thread(c) {
				if m.Direction == "in" {
					stored = append(stored, m.text())
				}
			}
			return len(stored) >= 3
		})
		require.ElementsMatch(t, []string{"one", "two", "three"}, stored, "each once, and nothing forged")
	})

	t.Run("CH-15_a_timeout_after_the_platform_took_it", func(t *testing.T) {
		m := s.reaches(t, hanging.ID, "read")
		require.Len(t, m.Attempts, 1)
		require.Equal(t, "unknown", *m.Attempts[0].Outcome, "it was, until its statuses came")
		require.Len(t, s.calls(t, hanging.ID), 1, "never repeated")
	})
	s.stop(syscall.SIGTERM)
}
