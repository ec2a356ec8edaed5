-- A batch's new messages with their media, the openings of new conversations, and one update per conversation and
-- person. The conversations are locked by this transaction; seq was handed out under that lock.
with message as (
  insert into messages (id, conversation_id, channel_id, seq, direction, kind, text, content, raw_type, status, provider_id,
                        sender_kind, sender_id, reply_to_provider_id, provider_at)
  select id, conversation_id, channel_id, seq, 'in', kind, nullif(text, ''), nullif(content, ''), nullif(raw_type, ''), 'received',
         provider_id, 'contact', contact_id, nullif(reply_to, ''), provider_at
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::uuid[],
              $11::text[], $12::timestamptz[])
       m(id, conversation_id, channel_id, seq, kind, text, content, raw_type, provider_id, contact_id, reply_to, provider_at)
), attached as (
  insert into media (id, message_id, position, kind, mime, name, provider_media_id, sha256)
  select id, message_id, position, kind, mime, nullif(name, ''), provider_media_id, sha256
  from unnest($13::uuid[], $14::uuid[], $15::int[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[])
       a(id, message_id, position, kind, mime, name, provider_media_id, sha256)
), opening as (
  insert into conversation_events (id, conversation_id, seq, kind, actor_kind, actor_id, at)
  select id, conversation_id, 1, 'opened', 'contact', contact_id, at
  from unnest($21::uuid[], $22::uuid[], $23::uuid[], $36::timestamptz[]) o(id, conversation_id, contact_id, at)
), touched as (
  select * from unnest($24::uuid[], $25::bigint[], $26::uuid[], $27::bigint[], $28::timestamptz[], $29::timestamptz[], $30::timestamptz[])
       u(id, last_seq, last_message_id, inbound, first_at, last_at, window_from)
), person as (
  update contacts ct
  set last_seen_at = greatest(ct.last_seen_at, p.last_at),
      name = case when ct.name = '' then p.name else ct.name end
  from unnest($31::uuid[], $32::text[], $33::timestamptz[]) p(id, name, last_at)
  where ct.id = p.id
), identity as (
  update contact_identities i
  set last_inbound_at = greatest(i.last_inbound_at, p.last_at),
      username = coalesce(nullif(p.username, ''), i.username)
  from unnest($34::uuid[], $35::text[], $33::timestamptz[]) p(id, username, last_at)
  where i.id = p.id
)
update conversations c
set last_seq = u.last_seq,
    last_message_id = u.last_message_id,
    last_message_at = now(),
    inbound_count = c.inbound_count + u.inbound,
    last_inbound_at = greatest(c.last_inbound_at, u.last_at),
    waiting_since = coalesce(c.waiting_since, u.first_at),
    window_expires_at = greatest(c.window_expires_at, u.window_from + interval '24 hours'),
    version = c.version + 1,
    updated_at = now()
from touched u
where c.id = u.id
