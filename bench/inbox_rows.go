package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
)

const inboxSlug = "bench-inbox"

func conversationID(i int) string { return fmt.Sprintf("01930003-0000-7000-8000-%012x", i) }

// inboxRows makes the tenant of path c, unless the stage's folder has it already.
func inboxRows(ctx context.Context, s *stage, size size, out io.Writer) (workspace, error) {
	w, ok, err := s.findWorkspace(ctx, inboxSlug)
	if err != nil || ok {
		return w, err
	}
	if w, err = s.newWorkspace(ctx, inboxSlug, 9); err != nil {
		return w, err
	}
	began := time.Now()
	people := make([]uuid.UUID, len(w.people))
	for i, p := range w.people {
		people[i] = p.user
	}
	const chunk = 50_000
	for from := 1; from <= size.conversations; from += chunk {
		to := min(from+chunk-1, size.conversations)
		for _, statement := range inboxStatements() {
			if _, err := s.admin.Exec(ctx, statement, w.tenant, w.channel, w.team, w.number, people, from, to, size.conversations, size.open,
				size.messages/size.conversations); err != nil {
				return w, fmt.Errorf("make rows: %w", err)
			}
		}
	}
	if _, err := s.admin.Exec(ctx, `vacuum (analyze) conversations, messages, contacts, contact_identities, identity_keys, read_markers`); err != nil {
		return w, fmt.Errorf("vacuum: %w", err)
	}
	fmt.Fprintf(out, "%d conversations, %d open, %d messages made in %.0f s\n", size.conversations, size.open, size.messages, time.Since(began).Seconds())
	return w, s.checkpoint(ctx)
}

// inboxStatements make conversations $6 to $7 of $8, the first $9 of them open, each
// with $10 messages that alternate. Their times do not follow their ids, as in life.
func inboxStatements() []string {
	with := func(body string) string {
		return `
		with given as (
			select $1::uuid tenant, $2::uuid channel, $3::uuid team, $4::text scope, $5::uuid[] people, $8::bigint n, $9::bigint open, $10::int each
		), row as (
			select i, g.*, now() - ((i * 7919) % g.n) * interval '20 seconds' last_at,
			       ('01930001-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid contact,
			       ('01930002-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid identity,
			       ('01930003-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid conversation,
			       case when i > g.open then case i % 4 when 0 then 'closed' else 'resolved' end
			            when i % 10 < 4 then 'queued' when i % 10 < 9 then 'active' else 'snoozed' end status,
			       g.people[1 + i % array_length(g.people, 1)] person
			from given g, generate_series($6::bigint, $7::bigint) i
		)` + body
	}
	return []string{
		with(`
		insert into contacts (tenant_id, id, name, first_seen_at, last_seen_at)
		select tenant, contact, 'Customer ' || i, last_at - interval '1 day', last_at from row`),
		with(`
		insert into contact_identities (tenant_id, id, contact_id, family, scope, last_inbound_at)
		select tenant, identity, contact, 'whatsapp', scope, last_at from row`),
		with(`
		insert into identity_keys (tenant_id, kind, scope, value, identity_id)
		select tenant, 'wa_phone', scope, '1666' || lpad(i::text, 9, '0'), identity from row`),
		with(`
		insert into conversations (tenant_id, id, number, channel_id, contact_id, identity_id, status, assignee_id, team_id, opened_at, queued_at,
		                           last_inbound_at, window_expires_at, resolved_at, last_seq, last_message_id, last_message_at, inbound_count, answered_count)
		select tenant, conversation, i, channel, contact, identity, status, case when status in ('active', 'snoozed') then person end, team,
		       last_at - interval '1 day', last_at - interval '1 day', last_at, last_at + interval '24 hours',
		       case when status in ('resolved', 'closed') then last_at end, each,
		       ('01930004-' || lpad(to_hex(each), 4, '0') || '-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, last_at, (each + 1) / 2, (each + 1) / 2 - i % 3
		from row`),
		with(`
		insert into messages (tenant_id, id, conversation_id, channel_id, seq, direction, kind, text, status, provider_id, sender_kind, sender_id, sender_name,
		                      provider_at, created_at)
		select tenant, ('01930004-' || lpad(to_hex(seq), 4, '0') || '-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, conversation, channel, seq,
		       case seq % 2 when 1 then 'in' else 'out' end, 'text', 'Message ' || seq || ' of conversation ' || i || repeat(' and so on', 8),
		       case seq % 2 when 1 then 'received' else 'read' end, 'wamid.made.' || i || '.' || seq,
		       case seq % 2 when 1 then 'contact' else 'user' end, case seq % 2 when 1 then contact else person end,
		       case seq % 2 when 1 then '' else 'Person agent' end, last_at - (each - seq) * interval '1 minute', last_at - (each - seq) * interval '1 minute'
		from row, generate_series(1, each) seq`),
		with(`
		insert into read_markers (tenant_id, user_id, conversation_id, seq, inbound_count)
		select tenant, people[1], conversation, each, (each + 1) / 2 from row where i % 2 = 0`),
		with(`
		insert into conversation_numbers (tenant_id, next) select tenant, max(i) + 1 from row group by tenant
		on conflict (tenant_id) do update set next = excluded.next`),
	}
}
