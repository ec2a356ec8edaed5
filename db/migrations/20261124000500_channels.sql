-- Connected addresses, the way from a provider's id to a tenant, and what could not be received.
-- migrate:up
create table channels (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid references tenants,
  id uuid not null,
  kind text not null check (kind in ('whatsapp', 'messenger', 'instagram')),
  name text not null,
  status text not null check (status in ('connecting', 'connected', 'degraded', 'reauth_required', 'disabled')),
  status_reason text,
  phone_number_id text,
  waba_id text,
  page_id text,
  ig_id text,
  display text not null default '',
  identity_scope text not null, -- what a customer's id is unique in: the business account of a number, a Page, …
  sealed_credentials bytea not null,
  token_last4 text not null,
  own_app boolean not null default false,
  team_id uuid,
  reopen_hours integer not null default 24 check (reopen_hours between 0 and 720),
  simulated boolean not null default false,
  webhook_seen_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, team_id) references teams);
create index channels_team_idx on channels (tenant_id, team_id);

-- Answers "whose is this number?" before a tenant is known, so the key is global: a number is connected once anywhere.
create table channel_routes (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  provider text not null,
  routing_key text not null,
  channel_id uuid not null,
  simulated boolean not null,
  primary key (tenant_id, provider, routing_key),
  foreign key (tenant_id, channel_id) references channels);
create unique index channel_routes_taken_idx on channel_routes (provider, routing_key);
create index channel_routes_channel_idx on channel_routes (tenant_id, channel_id);

do $$ declare t text; begin
  foreach t in array array['channels', 'channel_routes'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format('create policy tenant on %I to baraza_app
      using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))
      with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy backup on %I for select to baraza_backup using (true)', t);
    execute format('grant select, insert, update, delete on %I to baraza_app', t);
  end loop;
end $$;
create policy platform_select on channel_routes for select to baraza_platform using (true);
grant select on channel_routes to baraza_platform;

-- Up to which message each reader has committed. tries counts attempts at the message after it, so that a crash
-- does not reset them.
create table stream_positions (
  stream text not null,
  shard integer not null,
  seq bigint not null default 0,
  tries integer not null default 0,
  updated_at timestamptz not null default now(),
  primary key (stream, shard));

-- Items that failed five times, raw, until somebody replays or dismisses them. The tenant may be unknown.
create table inbound_failures (
  id uuid primary key,
  stream text not null,
  seq bigint not null,
  signer text not null,
  owner_tenant uuid,
  routing_key text not null,
  raw bytea not null,
  reason text not null,
  tries integer not null,
  state text not null default 'open' check (state in ('open', 'replayed', 'dismissed')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now());
create index inbound_failures_open_idx on inbound_failures (created_at) where state = 'open';
grant select, insert, update, delete on stream_positions, inbound_failures to baraza_platform;

insert into tenancy_exempt values
  ('R06', 'public.channel_routes', 'a number is connected once anywhere; taken is told without saying by whom'),
  ('R33', 'public.channel_routes/baraza_platform/select', 'webhooks find the tenant of a number here'),
  ('R01', 'public.stream_positions', 'positions of stream readers, no tenant data'),
  ('R01', 'public.inbound_failures', 'the tenant of a failed item may be unknown; platform role alone');

-- migrate:down
delete from tenancy_exempt where object like any (array['public.channel_routes%', 'public.stream_positions%', 'public.inbound_failures%']);
drop table inbound_failures, stream_positions, channel_routes, channels;
