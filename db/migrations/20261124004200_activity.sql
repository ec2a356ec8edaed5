-- What people did in the product, for the figures about its use. Kept 90 days.
-- migrate:up
create table activities (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null,
  user_id uuid not null,
  type text not null check (type in ('LOGIN', 'LOGOUT', 'PAGE_VIEW', 'CHAT_MESSAGE', 'CHAT_SESSION_START', 'CHAT_SESSION_END',
    'DASHBOARD_VIEW', 'LOG_SEARCH', 'LOG_VIEW', 'EXPORT', 'SETTINGS_CHANGE')),
  path text not null default '',
  duration_ms bigint not null default 0 check (duration_ms >= 0),
  meta jsonb not null default '{}',
  ip text not null default '',
  user_agent text not null default '',
  at timestamptz not null default now(),
  primary key (tenant_id, id));
create index activities_user_idx on activities (tenant_id, user_id, id);
create index activities_at_idx on activities (at);

alter table activities enable row level security, force row level security;
create policy tenant on activities to baraza_app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy backup on activities for select to baraza_backup using (true);
create policy platform_select on activities for select to baraza_platform using (true);
create policy platform_insert on activities for insert to baraza_platform with check (true);
create policy platform_delete on activities for delete to baraza_platform using (true);
grant select, insert on activities to baraza_app;
grant select, insert, delete on activities to baraza_platform;

insert into tenancy_exempt values
  ('R33', 'public.activities/baraza_platform/select', 'old rows of all tenants are found by their age'),
  ('R33', 'public.activities/baraza_platform/insert', 'signing in and out happen in platform transactions'),
  ('R33', 'public.activities/baraza_platform/delete', 'rows older than 90 days are removed for all tenants at once');

-- migrate:down
delete from tenancy_exempt where object like 'public.activities/%';
drop table activities;
