-- Keys of programs, and the way from a secret to its tenant.
-- migrate:up

-- The secret itself is nowhere: token_lookups has its hash, prefix is what people recognise it by. scopes are permissions.
create table api_keys (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid references tenants,
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('server', 'read', 'bot', 'ingest', 'write')),
  prefix text not null,
  scopes text[] not null,
  ip_allow text[] not null default '{}', -- networks it may be used from; empty for everywhere
  created_by uuid,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id));

-- Answers "whose secret is this?" before a tenant is known, so the hash is unique over all tenants. A key has one row, and
-- for a while another one after its secret was changed.
create table token_lookups (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  token_hash bytea not null,
  api_key_id uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  primary key (tenant_id, token_hash),
  foreign key (tenant_id, api_key_id) references api_keys);
create unique index token_lookups_hash_idx on token_lookups (token_hash);
create index token_lookups_key_idx on token_lookups (tenant_id, api_key_id);

do $$ declare t text; begin
  foreach t in array array['api_keys', 'token_lookups'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format('create policy tenant on %I to baraza_app
      using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))
      with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy backup on %I for select to baraza_backup using (true)', t);
    execute format('grant select, insert, update, delete on %I to baraza_app', t);
    execute format('create policy platform_select on %I for select to baraza_platform using (true)', t);
    execute format('grant select on %I to baraza_platform', t);
  end loop;
end $$;
create policy platform_update on api_keys for update to baraza_platform using (true) with check (true);
grant update (last_used_at) on api_keys to baraza_platform;

insert into tenancy_exempt values
  ('R06', 'public.token_lookups', 'a secret is 256 random bits: its hash is unique without telling anything'),
  ('R33', 'public.token_lookups/baraza_platform/select', 'a request finds the tenant of its key here'),
  ('R33', 'public.api_keys/baraza_platform/select', 'a key''s rights are read before its tenant is set'),
  ('R33', 'public.api_keys/baraza_platform/update', 'the last use of a key is noted where its rights are read');

-- migrate:down
delete from tenancy_exempt where object like any (array['public.token_lookups%', 'public.api_keys%']);
drop table token_lookups, api_keys;
