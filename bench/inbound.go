package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"baraza/bench/load"
	"baraza/bench/measure"
	"baraza/integrations/meta"
)

const (
	customers   = 200
	textBytes   = 120
	maxMessages = 2_000_000
	// postConnections are those of a provider that keeps many open.
	postConnections = 32
)

// provider writes webhooks and knows each message by its number.
type provider struct {
	number string
	next   int // of the messages not yet given out
}

// reserve gives out the numbers of n messages and returns the first.
func (p *provider) reserve(n int) (first int) {
	first = p.next
	p.next += n
	return first
}

// phone of a customer, as the receive script counts them; stored, a plus stands before it.
func phone(customer int) string { return fmt.Sprintf("1555%07d", customer) }

// text of a message begins with its number, which the screen reads again.
func text(n int) string {
	head := fmt.Sprintf("m%09d ", n)
	return head + strings.Repeat("x", textBytes-len(head))
}

// webhook is a signed request with count texts, each of another customer.
func (p *provider) webhook(first, count int) []byte {
	var contacts, messages bytes.Buffer
	at := strconv.FormatInt(time.Now().Unix(), 10)
	for i := range count {
		if i > 0 {
			contacts.WriteByte(',')
			messages.WriteByte(',')
		}
		n := first + i
		from := phone(n % customers)
		fmt.Fprintf(&contacts, `{"profile":{"name":"Noor Haddad"},"wa_id":"%s"}`, from)
		fmt.Fprintf(&messages, `{"from":"%s","id":"wamid.bench.%d","timestamp":"%s","type":"text","text":{"body":"%s"}}`, from, n, at, text(n))
	}
	body := fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":"%s","changes":[{"value":{"messaging_product":"whatsapp",`+
		`"metadata":{"display_phone_number":"15550142233","phone_number_id":"%s"},"contacts":[%s],"messages":[%s]},"field":"messages"}]}]}`,
		p.number, p.number, contacts.Bytes(), messages.Bytes())
	return load.Request("POST", "/webhooks/meta", map[string]string{
		"Content-Type": "application/json", "X-Hub-Signature-256": meta.Sign(body, appSecret)}, body)
}

// customerRows makes the customers with their open conversations.
func customerRows(ctx context.Context, s *stage, w workspace) error {
	_, err := s.admin.Exec(ctx, `
		with given as (
			select $1::uuid tenant, $2::uuid channel, $3::uuid team, $4::text scope
		), row as materialized (
			select i, g.*, gen_random_uuid() contact, gen_random_uuid() identity from given g, generate_series(0, $5 - 1) i
		), person as (
			insert into contacts (tenant_id, id, name, first_seen_at, last_seen_at) select tenant, contact, 'Noor Haddad', now(), now() from row
		), identity as (
			insert into contact_identities (tenant_id, id, contact_id, family, scope) select tenant, identity, contact, 'whatsapp', scope from row
		), key as (
			insert into identity_keys (tenant_id, kind, scope, value, identity_id)
			select tenant, 'wa_phone', scope, '+1555' || lpad(i::text, 7, '0'), identity from row
		), numbers as (
			insert into conversation_numbers (tenant_id, next) select tenant, $5 + 1 from given
		)
		insert into conversations (tenant_id, id, number, channel_id, contact_id, identity_id, status, team_id, opened_at, queued_at, last_message_at)
		select tenant, gen_random_uuid(), i + 1, channel, contact, identity, 'queued', team, now(), now(), now() from row`,
		w.tenant, w.channel, w.team, w.number, customers)
	if err != nil {
		return fmt.Errorf("make customers: %w", err)
	}
	_, err = s.admin.Exec(ctx, `vacuum (analyze) conversations, messages, contacts, contact_identities, identity_keys`)
	return err
}

// screens are the agents' sockets. The first one notes when each message arrives; the
// others show that ten people look.
type screens struct {
	sockets []*load.Socket
	reading sync.WaitGroup
	arrived []atomic.Int64 // Unix nanoseconds, by message
	ended   chan error     // of the first one's reading
}

func openScreens(address string, tokens []string) (*screens, error) {
	s := &screens{arrived: make([]atomic.Int64, maxMessages), ended: make(chan error, 1)}
	for i, token := range tokens {
		socket, err := load.OpenSocket(address, "/api/ws", token)
		if err != nil {
			s.close()
			return nil, err
		}
		s.sockets = append(s.sockets, socket)
		if err := socket.Subscribe(`["inbox"]`); err != nil {
			s.close()
			return nil, err
		}
		s.reading.Go(func() { s.read(socket, i == 0) })
	}
	return s, nil
}

func (s *screens) close() {
	for _, socket := range s.sockets {
		_ = socket.Close() // its reader ends with it
	}
	s.reading.Wait()
}

var (
	isMessage  = []byte(`"name":"message.created"`)
	textMember = []byte(`"text":"m`)
)

func (s *screens) read(socket *load.Socket, noting bool) {
	for {
		opcode, payload, err := socket.Next()
		if err == nil && opcode == load.OpClose {
			err = fmt.Errorf("the program closed the screen: %q", payload)
		}
		if err != nil {
			if noting {
				s.ended <- err
			}
			return
		}
		if !noting {
			continue
		}
		now := time.Now().UnixNano()
		if n, ok := messageOf(payload); ok {
			s.arrived[n].CompareAndSwap(0, now)
		}
	}
}

// messageOf reads which message a frame shows.
func messageOf(frame []byte) (n int, ok bool) {
	if !bytes.Contains(frame, isMessage) {
		return 0, false
	}
	_, rest, ok := bytes.Cut(frame, textMember)
	if !ok || len(rest) < 9 {
		return 0, false
	}
	n, err := strconv.Atoi(string(rest[:9]))
	return n, err == nil && n < maxMessages
}

// await waits until the messages [first, first+n) are on the screen, and returns when
// the last one came.
func (s *screens) await(ctx context.Context, first, n int) (last time.Time, err error) {
	again := time.NewTicker(2 * time.Millisecond)
	defer again.Stop()
	limit := time.NewTimer(30 * time.Second)
	defer limit.Stop()
	latest := int64(0)
	for i := first; i < first+n; {
		if at := s.arrived[i].Load(); at > 0 {
			latest = max(latest, at)
			i++
			continue
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return last, ctx.Err()
		case err := <-s.ended:
			return last, fmt.Errorf("message %d of [%d, %d) did not come to the screen: %w", i, first, first+n, err)
		case <-limit.C:
			return last, fmt.Errorf("message %d of [%d, %d) never came to the screen", i, first, first+n)
		}
	}
	return time.Unix(0, latest), nil
}

// latency from when each message was due to when it was on the screen.
func (s *screens) latency(first, n int, due func(i int) time.Time) *measure.Histogram {
	h := &measure.Histogram{}
	for i := range n {
		h.Record(time.Unix(0, s.arrived[first+i].Load()).Sub(due(i)))
	}
	return h
}
