package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
)

// control is the plane below /__sim/: whoever reaches it plays Meta and the customers.
func (s *Server) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /__sim/inbound", func(w http.ResponseWriter, r *http.Request) {
		var in Inbound
		if err := readBody(w, r, &in); err != nil {
			s.wrong(w, err)
			return
		}
		result, err := s.Inbound(r.Context(), in)
		if err != nil {
			s.wrong(w, err)
			return
		}
		s.write(w, s.answer(result))
	})
	mux.HandleFunc("POST /__sim/webhook", s.replay)
	mux.HandleFunc("POST /__sim/faults", func(w http.ResponseWriter, r *http.Request) {
		var fault Fault
		if err := readBody(w, r, &fault); err != nil {
			s.wrong(w, err)
			return
		}
		if err := s.Fail(fault); err != nil {
			s.wrong(w, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /__sim/calls", func(w http.ResponseWriter, _ *http.Request) { s.write(w, s.answer(s.journal.calls())) })
	mux.HandleFunc("GET /__sim/stats", func(w http.ResponseWriter, _ *http.Request) { s.write(w, s.answer(s.Stats())) })
	mux.HandleFunc("POST /__sim/reset", func(w http.ResponseWriter, _ *http.Request) {
		s.Reset()
		w.WriteHeader(http.StatusNoContent)
	})
	return guard(mux)
}

// Fail makes something go wrong.
func (s *Server) Fail(fault Fault) error {
	m, err := readMishap(fault.Fault)
	if err != nil {
		return err
	}
	if _, ok := s.errors.named(m.error); m.name == graphErrorFault && !ok {
		return errors.New("there is no such Graph error")
	}
	fault.mishap = m
	return s.faults.add(fault)
}

// Stats are the counts since the start or the last reset.
func (s *Server) Stats() Stats { return s.journal.read() }

// Reset forgets everything: faults, calls, counts, customers, and webhooks on their way.
func (s *Server) Reset() {
	s.timeline.clear()
	for _, lane := range s.lanes {
		for len(lane) > 0 {
			select {
			case <-lane:
			default: // its carrier was faster
			}
		}
	}
	s.mu.Lock()
	s.held = nil
	s.mu.Unlock()
	s.faults.clear()
	s.journal.clear()
	s.people.forget()
}

// replay sends any webhook, in wire form and signed.
func (s *Server) replay(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 4<<20))
	if err != nil {
		s.wrong(w, err)
		return
	}
	if !json.Valid(raw) {
		s.wrong(w, errors.New("a webhook is JSON"))
		return
	}
	p := &parcel{raw: bytes.Clone(raw)}
	s.deliver(r.Context(), p)
	s.write(w, s.answer(resultOf("", p)))
}

func (s *Server) wrong(w http.ResponseWriter, err error) {
	answer := s.answer(map[string]string{"error": err.Error()})
	answer.status = http.StatusBadRequest
	s.write(w, answer)
}

// guard keeps web pages out: their requests come with a host or an origin that is not
// this machine, or with a body that is no JSON.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		local := loopback(host)
		if origin := r.Header.Get("Origin"); origin != "" {
			u, err := url.Parse(origin)
			local = local && err == nil && loopback(u.Hostname())
		}
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if !local || r.Method == http.MethodPost && r.ContentLength != 0 && (err != nil || kind != "application/json") {
			http.Error(w, "this is not for you", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
