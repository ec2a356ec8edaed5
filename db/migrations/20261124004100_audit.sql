-- The log of security-relevant acts, written in the act's own transaction and chained by hash afterwards.
-- migrate:up

-- before and after hold the members that differ, never a secret or what a customer wrote. Persons are named by id alone,
-- so that erasing one leaves the chain whole. chain_no and hash are empty until the sequencer comes by.
create table audit_entries (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null,
  at timestamptz not null default now(),
  actor_kind text not null check (actor_kind in ('user', 'system', 'api_key', 'platform')),
  actor_id uuid,
  action text not null,
  object text not null,
  object_id uuid,
  before jsonb,
  after jsonb,
  ip text not null default '',
  user_agent text not null default '',
  request_id text not null default '',
  chain_no bigint,
  hash bytea,
  primary key (tenant_id, id),
  check ((chain_no is null) = (hash is null)));
create index audit_entries_action_idx on audit_entries (tenant_id, action, id);
create index audit_entries_actor_idx on audit_entries (tenant_id, actor_id, id);
create index audit_entries_object_idx on audit_entries (tenant_id, object_id, id);
create unique index audit_entries_chain_idx on audit_entries (tenant_id, chain_no);
create index audit_entries_unchained_idx on audit_entries (tenant_id, id) where chain_no is null;

alter table audit_entries enable row level security, force row level security;
create policy tenant on audit_entries to baraza_app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy backup on audit_entries for select to baraza_backup using (true);
create policy platform_select on audit_entries for select to baraza_platform using (true);
create policy platform_insert on audit_entries for insert to baraza_platform with check (true);
create policy platform_update on audit_entries for update to baraza_platform using (true) with check (true);
grant select, insert on audit_entries to baraza_app, baraza_platform;
grant update (chain_no, hash) on audit_entries to baraza_platform;

-- Nobody changes an entry, its owner included; the sequencer fills its place in the chain once.
create function keep_audit_entries() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and old.chain_no is null and new.chain_no is not null
     and to_jsonb(new) - 'chain_no' - 'hash' = to_jsonb(old) - 'chain_no' - 'hash' then
    return new;
  end if;
  raise exception 'an audit entry is never changed';
end $$;
create trigger audit_entries_keep before update or delete on audit_entries for each row execute function keep_audit_entries();
create trigger audit_entries_keep_all before truncate on audit_entries for each statement execute function keep_audit_entries();

-- Signed ends of the chains: whoever cuts one short, or writes it anew, cannot sign it.
create table audit_heads (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  chain_no bigint not null,
  hash bytea not null,
  signed_at timestamptz not null,
  signature bytea not null,
  primary key (tenant_id, chain_no));
alter table audit_heads enable row level security, force row level security;
create policy tenant on audit_heads to baraza_app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy backup on audit_heads for select to baraza_backup using (true);
create policy platform_select on audit_heads for select to baraza_platform using (true);
create policy platform_insert on audit_heads for insert to baraza_platform with check (true);
grant select on audit_heads to baraza_app;
grant select, insert on audit_heads to baraza_platform;

insert into tenancy_exempt values
  ('R33', 'public.audit_entries/baraza_platform/select', 'one sequencer chains the entries of all tenants'),
  ('R33', 'public.audit_entries/baraza_platform/insert', 'acts of sign-in happen in platform transactions'),
  ('R33', 'public.audit_entries/baraza_platform/update', 'the sequencer fills chain_no and hash, and may fill nothing else'),
  ('R33', 'public.audit_heads/baraza_platform/select', 'one signer signs the chains of all tenants'),
  ('R33', 'public.audit_heads/baraza_platform/insert', 'one signer signs the chains of all tenants');

-- migrate:down
delete from tenancy_exempt where object like 'public.audit_%';
drop table audit_heads, audit_entries;
drop function keep_audit_entries();
