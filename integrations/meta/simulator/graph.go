package simulator

import (
	"cmp"
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"go.uber.org/zap"

	"baraza/integrations/meta"
)

// maxRequest bounds the body of a Graph call.
const maxRequest = 1 << 20

// Handler serves the Graph API, and the control plane below /__sim/. Statuses and
// repetitions wait until Run.
func (s *Server) Handler() http.Handler {
	graph := http.NewServeMux()
	graph.HandleFunc("POST /{version}/{number}/messages", s.messages)
	graph.HandleFunc("GET /{version}/{number}", s.number)
	graph.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.write(w, s.refuse(unknownObject(r.URL.Path))) })
	mux := http.NewServeMux()
	mux.Handle("/__sim/", s.control())
	mux.Handle("/", graph)
	return mux
}

// number answers GET /{version}/{phone-number-id}?fields=.
func (s *Server) number(w http.ResponseWriter, r *http.Request) {
	n := numberOf(r.PathValue("number"))
	mishap := s.faults.ofCall(r.URL.Path)
	call := Call{At: s.config.Now(), Method: r.Method, Path: r.URL.Path, PhoneNumberID: n.id, Fault: mishap.name}
	answer, done := s.befall(r.Context(), mishap)
	if !done {
		answer = s.numberReply(r, n)
	}
	s.reply(w, r, call, answer)
}

func (s *Server) numberReply(r *http.Request, n number) reply {
	if refused := s.authorize(r, n.id); refused != nil {
		return s.refuse(refused)
	}
	answer := map[string]string{"id": n.id}
	for _, field := range strings.Split(r.URL.Query().Get("fields"), ",") {
		switch field {
		case "", "id":
		case "display_phone_number":
			answer[field] = n.pretty()
		case "verified_name":
			answer[field] = n.name()
		case "quality_rating":
			answer[field] = "GREEN"
		default:
			return s.refuse(&refusal{status: 400, code: 100, message: "(#100) Tried accessing nonexisting field (" + field + ")"})
		}
	}
	return s.answer(answer)
}

// authorize checks the bearer token and, where there is one, the proof.
func (s *Server) authorize(r *http.Request, phoneNumberID string) *refusal {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !hmac.Equal([]byte(token), []byte(Token(s.config.AppSecret, phoneNumberID))) {
		return malformedToken()
	}
	proof := r.URL.Query().Get("appsecret_proof")
	if proof != "" && !hmac.Equal([]byte(proof), []byte(meta.AppSecretProof(token, s.config.AppSecret))) {
		return &refusal{status: 400, code: 100, message: "Invalid appsecret_proof provided in the API argument"}
	}
	return nil
}

// reply is what a caller gets: an answer, or a surprise instead of one.
type reply struct {
	status   int
	kind     string // Content-Type; JSON if empty
	body     []byte
	surprise func(context.Context, http.ResponseWriter)
}

// reply notes the call and then answers it, so that whoever has the answer finds the call.
func (s *Server) reply(w http.ResponseWriter, r *http.Request, call Call, answer reply) {
	call.Status = answer.status
	s.journal.called(call)
	if answer.surprise != nil {
		answer.surprise(r.Context(), w)
		return
	}
	s.write(w, answer)
}

func (s *Server) write(w http.ResponseWriter, answer reply) {
	w.Header().Set("Content-Type", cmp.Or(answer.kind, "application/json; charset=UTF-8"))
	w.Header().Set("Facebook-Api-Version", meta.GraphVersion)
	w.Header().Set("X-Fb-Trace-Id", s.ids.trace())
	w.Header().Set("X-Fb-Request-Id", s.ids.trace())
	w.WriteHeader(answer.status)
	write(w, answer.body)
}

// befall lets a mishap happen that comes before anything is sent. done means that the
// reply is settled by it.
func (s *Server) befall(ctx context.Context, m mishap) (answer reply, done bool) {
	switch m.name {
	case latency:
		select {
		case <-time.After(m.wait):
		case <-ctx.Done():
		}
		return reply{}, false
	case connectionReset:
		return reply{surprise: func(_ context.Context, w http.ResponseWriter) { hangUp(w, "", true) }}, true
	case html500:
		return reply{status: http.StatusInternalServerError, kind: "text/html",
			body: []byte("<html><body>Sorry, something went wrong.</body></html>")}, true
	case graphErrorFault:
		e, _ := s.errors.named(m.error) // Fail takes known names only
		return reply{status: e.Status, body: meta.Wire(e.Body)}, true
	}
	return reply{}, false
}

func (s *Server) refuse(r *refusal) reply {
	e, err := r.answer(s.ids.trace())
	if err != nil {
		s.config.Log.Error("simulated refusal could not be encoded", zap.Error(err))
	}
	return reply{status: e.Status, body: meta.Wire(e.Body)}
}

func (s *Server) answer(v any) reply {
	b, err := wire(v)
	if err != nil {
		s.config.Log.Error("simulated answer could not be encoded", zap.Error(err))
	}
	return reply{status: http.StatusOK, body: b}
}

// write does not tell a caller that is gone.
func write(w io.Writer, b []byte) { _, _ = w.Write(b) }

// readBody takes a whole body within the limit.
func readBody(w http.ResponseWriter, r *http.Request, v any) error {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest))
	if err := decoder.Decode(v); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON")
	}
	return nil
}

// hangUp closes the connection after some raw bytes, or resets it.
func hangUp(w http.ResponseWriter, raw string, reset bool) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		return
	}
	write(conn, []byte(raw))
	if tcp, ok := conn.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0) // a plain close is nearly as rude
	}
	_ = conn.Close() // the caller is to be surprised
}

// silence keeps a caller waiting until it or the simulator ends.
func silence(ctx context.Context, w http.ResponseWriter) {
	<-ctx.Done()
	hangUp(w, "", false)
}
