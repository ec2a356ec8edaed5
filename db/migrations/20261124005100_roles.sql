-- Roles a workspace makes for itself, and changes of rights within one.
-- migrate:up
alter table roles add column reveal text[] not null default '{}';
alter table roles add column version bigint not null default 1;
-- The policy is forced on the owner too, who has no tenant here.
alter table roles no force row level security;
update roles set reveal = '{masked,encrypted}' where builtin and 'contact.view_pii' = any(permissions);
alter table roles force row level security;

-- Whose rights in the tenant are others than before, written in the transaction that changed them. Every instance reads
-- the newest rows, as it does those of revocations.
create table rights_changes (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null,
  user_id uuid not null,
  at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id));
create index rights_changes_at_idx on rights_changes (at);
alter table rights_changes enable row level security, force row level security;
create policy tenant on rights_changes to baraza_app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy backup on rights_changes for select to baraza_backup using (true);
create policy platform_select on rights_changes for select to baraza_platform using (true);
create policy platform_delete on rights_changes for delete to baraza_platform using (true);
grant select, insert on rights_changes to baraza_app;
grant select, delete on rights_changes to baraza_platform;

insert into tenancy_exempt values
  ('R33', 'public.rights_changes/baraza_platform/select', 'every instance reads whose rights changed, in all tenants'),
  ('R33', 'public.rights_changes/baraza_platform/delete', 'rows of yesterday are swept for all tenants at once');

-- migrate:down
delete from tenancy_exempt where object like 'public.rights_changes%';
drop table rights_changes;
alter table roles drop column reveal, drop column version;
