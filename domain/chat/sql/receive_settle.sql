-- Statuses and reactions of a batch. A status moves forward only: failed is final, and comes from queued, unknown or
-- sent alone. A row is touched only if something of it changes, so repeating a webhook changes and announces nothing.
-- A reaction that was taken away stays as a row with an empty emoji: the webhook that set it may be delivered again.
with s as (
  select *, case status when 'sent' then 2 when 'delivered' then 3 when 'read' then 4 else 5 end rank
  from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[],
              $8::timestamptz[], $9::text[])
       s(id, provider_id, status, sent_at, delivered_at, read_at, played_at, failed_at, error)
), moved as (
  update messages m
  set status = case when s.rank = 5 and m.status in ('queued', 'unknown', 'sent') then 'failed'
                    when s.rank < 5 and m.status <> 'failed'
                     and s.rank > case m.status when 'sent' then 2 when 'delivered' then 3 when 'read' then 4 else 0 end then s.status
                    else m.status end,
      provider_id = coalesce(m.provider_id, s.provider_id),
      sent_at = coalesce(m.sent_at, s.sent_at, s.delivered_at, s.read_at),
      delivered_at = coalesce(m.delivered_at, s.delivered_at, s.read_at),
      read_at = coalesce(m.read_at, s.read_at),
      played_at = coalesce(m.played_at, s.played_at),
      failed_at = coalesce(m.failed_at, s.failed_at),
      error = case when s.rank = 5 and m.status in ('queued', 'unknown', 'sent') then nullif(s.error, '') else m.error end,
      next_attempt_at = null,
      version = m.version + 1
  from s
  where m.id = s.id
    and m.status <> 'failed'
    and (m.provider_id is null
      or (s.sent_at is not null and m.sent_at is null)
      or (s.delivered_at is not null and m.delivered_at is null)
      or (s.read_at is not null and m.read_at is null)
      or (s.played_at is not null and m.played_at is null)
      or (s.failed_at is not null and m.status in ('queued', 'unknown', 'sent')))
  returning m.id, m.conversation_id, m.seq, m.status, m.error
), r as (
  select * from unnest($10::uuid[], $11::uuid[], $12::text[], $13::timestamptz[]) r(message_id, sender_id, emoji, at)
), before as (
  select o.message_id, o.sender_id, o.emoji
  from message_reactions o join r on o.message_id = r.message_id and o.sender_id = r.sender_id
  where o.sender_kind = 'contact'
), kept as (
  insert into message_reactions as old (message_id, sender_kind, sender_id, emoji, at)
  select message_id, 'contact', sender_id, emoji, at from r
  on conflict (tenant_id, message_id, sender_kind, sender_id) do update set emoji = excluded.emoji, at = excluded.at
  where old.at <= excluded.at and (old.emoji, old.at) is distinct from (excluded.emoji, excluded.at)
  returning message_id, sender_id, emoji
), reacted as (
  select distinct k.message_id
  from kept k left join before b on b.message_id = k.message_id and b.sender_id = k.sender_id
  where k.emoji <> coalesce(b.emoji, '')
), bumped as (
  update messages m set version = m.version + 1
  where m.id in (select message_id from reacted)
    and m.id not in (select id from s)
)
select id, conversation_id, seq, status, error, false reaction from moved
union all
select m.id, m.conversation_id, m.seq, m.status, null, true
from messages m
where m.id in (select message_id from reacted)
