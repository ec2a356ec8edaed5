-- People who are asked to come.
-- migrate:up

-- The link's token follows from the id, the serial and the server's key; its hash alone is kept. Whoever opens the link is
-- known by it before a tenant is.
create table invitations (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid references tenants,
  id uuid not null,
  email text not null,
  email_lower text not null,
  role_id uuid,
  team_ids uuid[] not null default '{}',
  inviter_id uuid not null,
  inviter_name text not null,
  language text not null default 'en',
  serial integer not null default 1,
  token_hash bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, role_id) references roles on delete set null (role_id));
create index invitations_role_idx on invitations (tenant_id, role_id);
create index invitations_token_idx on invitations (token_hash);
create unique index invitations_open_idx on invitations (tenant_id, email_lower) where accepted_at is null and revoked_at is null;
alter table invitations enable row level security, force row level security;
create policy tenant on invitations to baraza_app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy backup on invitations for select to baraza_backup using (true);
create policy platform_select on invitations for select to baraza_platform using (true);
create policy platform_update on invitations for update to baraza_platform using (true) with check (true);
grant select, insert, update, delete on invitations to baraza_app;
grant select on invitations to baraza_platform;
grant update (accepted_at) on invitations to baraza_platform;

insert into tenancy_exempt values
  ('R33', 'public.invitations/baraza_platform/select', 'whoever opens a mailed link is in no tenant yet'),
  ('R33', 'public.invitations/baraza_platform/update', 'accepting makes person, membership and session in one transaction');

-- migrate:down
delete from tenancy_exempt where object like 'public.invitations%';
drop table invitations;
