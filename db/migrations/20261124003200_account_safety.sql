-- What guards an account besides its password: limits of guessing, mailed codes, the second factor, devices, and what a
-- workspace asks of its members.
-- migrate:up

-- The times of the tries that count. Whose they are is a hash: of an address somebody typed, too.
create table attempts (
  kind text not null,
  key_hash bytea not null,
  tries timestamptz[] not null,
  expires_at timestamptz not null,
  primary key (kind, key_hash));
create index attempts_expires_idx on attempts (expires_at);

-- A request for a link or code by mail. Who has no account gets a row too, without a person, so that both are answered
-- alike. The code is made when the letter is written; only its hash is here.
create table one_time_codes (
  id uuid primary key,
  user_id uuid references users,
  purpose text not null check (purpose in ('reset_password', 'verify_email', 'login_code')),
  code_hash bytea unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz);
create index one_time_codes_user_idx on one_time_codes (user_id);
create index one_time_codes_expires_idx on one_time_codes (expires_at);

-- last_step is the time step of the last code that was taken: a code is good once.
create table second_factors (
  user_id uuid primary key references users,
  sealed_secret bytea not null,
  last_step bigint not null default 0,
  created_at timestamptz not null default now(),
  confirmed_at timestamptz);

create table recovery_codes (
  user_id uuid not null references second_factors on delete cascade,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (user_id, code_hash));

-- Browsers that gave a mailed code once.
create table login_devices (
  token_hash bytea primary key,
  user_id uuid not null references users,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now());
create index login_devices_user_idx on login_devices (user_id);

-- When the person last proved who they are; dangerous acts want that to be lately.
alter table login_sessions add column authenticated_at timestamptz not null default now();

grant select, insert, update, delete on attempts, one_time_codes, second_factors, recovery_codes, login_devices to baraza_platform;

create table security_settings (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid references tenants,
  require_2fa boolean not null default false,
  email_codes boolean not null default false,
  new_device_codes boolean not null default false,
  password_max_age_days int not null default 0 check (password_max_age_days = 0 or password_max_age_days between 30 and 365),
  updated_at timestamptz not null default now(),
  primary key (tenant_id));
alter table security_settings enable row level security, force row level security;
create policy tenant on security_settings to baraza_app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy backup on security_settings for select to baraza_backup using (true);
create policy platform_select on security_settings for select to baraza_platform using (true);
create policy platform_insert on security_settings for insert to baraza_platform with check (true);
create policy platform_update on security_settings for update to baraza_platform using (true) with check (true);
grant select on security_settings to baraza_app;
grant select, insert, update on security_settings to baraza_platform;

insert into tenancy_exempt values
  ('R01', 'public.attempts', 'counted before anybody is known, by hashes'),
  ('R01', 'public.one_time_codes', 'a code belongs to a person, before a tenant is known'),
  ('R01', 'public.second_factors', 'a person has one for all their tenants; sealed'),
  ('R01', 'public.recovery_codes', 'a person has one set for all their tenants; hashes'),
  ('R01', 'public.login_devices', 'a person has them for all their tenants; hashes'),
  ('R33', 'public.security_settings/baraza_platform/select', 'sign-in asks what the tenants of a person demand'),
  ('R33', 'public.security_settings/baraza_platform/insert', 'written with the revocation that makes it hold at once'),
  ('R33', 'public.security_settings/baraza_platform/update', 'written with the revocation that makes it hold at once');

-- migrate:down
delete from tenancy_exempt where object like any (array['public.attempts', 'public.one_time_codes', 'public.second_factors', 'public.recovery_codes',
  'public.login_devices', 'public.security_settings%']);
drop table security_settings, login_devices, recovery_codes, second_factors, one_time_codes, attempts;
alter table login_sessions drop column authenticated_at;
