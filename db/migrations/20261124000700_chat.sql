-- Conversations, messages and who has read what.
-- migrate:up

-- Short numbers people say aloud come from blocks of 100, reserved in a transaction of their own; gaps are normal.
create table conversation_numbers (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  next bigint not null,
  primary key (tenant_id));

-- fillfactor leaves room to update in place: no index holds a column that a plain inbound message changes,
-- but last_message_at.
create table conversations (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null,
  number bigint not null,
  channel_id uuid not null,
  contact_id uuid not null,
  identity_id uuid not null,
  status text not null check (status in ('bot', 'queued', 'offered', 'active', 'snoozed', 'wrap_up', 'resolved', 'closed')),
  owner_epoch bigint not null default 1,
  assignee_id uuid,
  offered_to uuid,
  team_id uuid,
  priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
  subject text,
  simulated boolean not null default false,
  opened_at timestamptz not null,
  queued_at timestamptz,
  accepted_at timestamptz,
  last_inbound_at timestamptz,
  last_outbound_at timestamptz,
  waiting_since timestamptz,
  window_expires_at timestamptz,
  first_human_reply_at timestamptz,
  snoozed_until timestamptz,
  resolved_at timestamptz,
  closed_at timestamptz,
  cycle integer not null default 1,
  previous_id uuid,
  last_seq bigint not null default 0,
  last_message_id uuid,
  last_message_at timestamptz not null,
  inbound_count bigint not null default 0,
  answered_count bigint not null default 0,
  sending_until timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, number),
  foreign key (tenant_id, channel_id) references channels,
  foreign key (tenant_id, contact_id) references contacts,
  foreign key (tenant_id, identity_id) references contact_identities,
  check ((assignee_id is not null) = (status in ('active', 'snoozed', 'wrap_up')))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
-- One open conversation per channel and identity.
create unique index conversations_one_open_idx on conversations (tenant_id, channel_id, identity_id)
  where status not in ('resolved', 'closed');
create index conversations_channel_idx on conversations (tenant_id, channel_id, identity_id);
create index conversations_contact_idx on conversations (tenant_id, contact_id);
create index conversations_identity_idx on conversations (tenant_id, identity_id);
create index conversations_open_idx on conversations (tenant_id, last_message_at desc, id desc)
  include (status, assignee_id, team_id, channel_id, last_seq) where status not in ('resolved', 'closed');
create index conversations_mine_idx on conversations (tenant_id, assignee_id, last_message_at desc, id desc)
  where status not in ('resolved', 'closed');
create index conversations_status_idx on conversations (tenant_id, status, last_message_at desc, id desc);

create table messages (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null,
  conversation_id uuid not null,
  channel_id uuid not null,
  seq bigint not null,
  direction text not null check (direction in ('in', 'out')),
  kind text not null,
  text text,
  content text,
  raw_type text,
  status text not null check (status in ('received', 'queued', 'sent', 'delivered', 'read', 'failed', 'unknown')),
  provider_id text,
  client_id uuid,
  client_hash bytea,
  sender_kind text not null check (sender_kind in ('contact', 'user', 'bot', 'system')),
  sender_id uuid,
  sender_name text not null default '',
  reply_to_id uuid,
  reply_to_provider_id text,
  provider_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  played_at timestamptz,
  failed_at timestamptz,
  error text,
  attempt integer not null default 0,
  next_attempt_at timestamptz,
  edited_at timestamptz,
  deleted_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, conversation_id, seq),
  unique (tenant_id, channel_id, provider_id),
  unique (tenant_id, client_id),
  foreign key (tenant_id, conversation_id) references conversations,
  foreign key (tenant_id, channel_id) references channels
) with (autovacuum_vacuum_insert_scale_factor = 0.02);
-- What a conversation still has to send, in order.
create index messages_queued_idx on messages (tenant_id, conversation_id, seq) where status = 'queued';

create table message_attempts (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  message_id uuid not null,
  n integer not null,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  outcome text check (outcome in ('sent', 'refused', 'later', 'unknown')),
  provider_id text,
  provider_code text,
  primary key (tenant_id, message_id, n),
  foreign key (tenant_id, message_id) references messages);

create table message_reactions (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  message_id uuid not null,
  sender_kind text not null check (sender_kind in ('contact', 'user')),
  sender_id uuid not null,
  sender_name text not null default '',
  emoji text not null,
  at timestamptz not null,
  primary key (tenant_id, message_id, sender_kind, sender_id),
  foreign key (tenant_id, message_id) references messages);

create table media (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null,
  message_id uuid not null,
  position integer not null,
  kind text not null,
  mime text not null,
  name text,
  size bigint,
  provider_media_id text not null,
  sha256 text not null default '',
  state text not null default 'pending' check (state in ('pending', 'ready', 'failed', 'expired')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, message_id, position),
  foreign key (tenant_id, message_id) references messages);

-- Transitions of a conversation; seq is shared with its messages, without gaps over both.
create table conversation_events (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null,
  conversation_id uuid not null,
  seq bigint not null,
  kind text not null,
  actor_kind text not null check (actor_kind in ('contact', 'user', 'bot', 'system')),
  actor_id uuid,
  actor_name text not null default '',
  data text not null default '{}',
  at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, conversation_id, seq),
  foreign key (tenant_id, conversation_id) references conversations);

-- inbound_count is the conversation's at that seq: what came in later is unread.
create table read_markers (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  user_id uuid not null,
  conversation_id uuid not null,
  seq bigint not null,
  inbound_count bigint not null,
  at timestamptz not null default now(),
  primary key (tenant_id, user_id, conversation_id),
  foreign key (tenant_id, conversation_id) references conversations);
create index read_markers_conversation_idx on read_markers (tenant_id, conversation_id);

do $$ declare t text; begin
  foreach t in array array['conversation_numbers', 'conversations', 'messages', 'message_attempts', 'message_reactions', 'media',
                           'conversation_events', 'read_markers'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format('create policy tenant on %I to baraza_app
      using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))
      with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy backup on %I for select to baraza_backup using (true)', t);
    execute format('grant select, insert, update, delete on %I to baraza_app', t);
  end loop;
end $$;

-- migrate:down
drop table read_markers, conversation_events, media, message_reactions, message_attempts, messages, conversations, conversation_numbers;
