-- How a workspace looks: its colours, and what its rail calls things.
-- migrate:up

-- Null: the product's own colour; accent_dark null: made of accent. labels is a list of {language, item, label}.
create table appearances (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid references tenants,
  accent text check (accent ~ '^#[0-9a-f]{6}$'),
  accent_dark text check (accent_dark ~ '^#[0-9a-f]{6}$'),
  labels jsonb not null default '[]' check (jsonb_typeof(labels) = 'array' and length(labels::text) <= 16384),
  updated_at timestamptz not null default now(),
  primary key (tenant_id));
alter table appearances enable row level security, force row level security;
create policy tenant on appearances to baraza_app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy backup on appearances for select to baraza_backup using (true);
create policy platform_select on appearances for select to baraza_platform using (true);
grant select, insert, update on appearances to baraza_app;
grant select on appearances to baraza_platform;

insert into tenancy_exempt values
  ('R33', 'public.appearances/baraza_platform/select', 'who signs in sees the workspace as it looks');

-- migrate:down
delete from tenancy_exempt where object like 'public.appearances%';
drop table appearances;
