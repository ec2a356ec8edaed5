-- What was done under an Idempotency-Key, so that to ask for it again does nothing.
-- migrate:up

-- Written in the transaction of the effect: the row is there if and only if that is. The answer follows when it is known,
-- sealed, since it may show a secret; a process that died in between leaves none. caller is a person or a key.
create table idempotency_keys (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  caller uuid not null,
  path text not null,
  key text not null check (length(key) between 8 and 64),
  request_hash bytea not null,
  sealed_answer bytea,
  created_at timestamptz not null default now(),
  primary key (tenant_id, caller, path, key));
create index idempotency_keys_created_idx on idempotency_keys (created_at);

alter table idempotency_keys enable row level security, force row level security;
create policy tenant on idempotency_keys to baraza_app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy backup on idempotency_keys for select to baraza_backup using (true);
create policy platform_select on idempotency_keys for select to baraza_platform using (true);
create policy platform_insert on idempotency_keys for insert to baraza_platform with check (true);
create policy platform_update on idempotency_keys for update to baraza_platform using (true) with check (true);
create policy platform_delete on idempotency_keys for delete to baraza_platform using (true);
grant select, insert, update, delete on idempotency_keys to baraza_app, baraza_platform;

insert into tenancy_exempt values
  ('R33', 'public.idempotency_keys/baraza_platform/select', 'written anew when it is a day old'),
  ('R33', 'public.idempotency_keys/baraza_platform/insert', 'some effects are platform transactions: people are global'),
  ('R33', 'public.idempotency_keys/baraza_platform/update', 'written anew when it is a day old'),
  ('R33', 'public.idempotency_keys/baraza_platform/delete', 'one sweep removes what is a day old');

-- migrate:down
delete from tenancy_exempt where object like 'public.idempotency_keys%';
drop table idempotency_keys;
