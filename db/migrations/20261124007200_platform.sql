-- Operators of the installation, what they settle for all of it, and the one link that makes the first of them.
-- migrate:up

-- Null for everybody who operates nothing. No migration and no start of the program sets it.
alter table users add column platform_role text check (platform_role = 'admin');
create index users_platform_role_idx on users (platform_role) where platform_role is not null;

-- At most one row; a null is decided elsewhere, or by default.
create table platform_settings (
  only_row boolean primary key default true check (only_row),
  mode text check (mode in ('saas', 'whitelabel')),
  signup_open boolean not null default true,
  base_url text,
  updated_at timestamptz not null default now());

-- At most one row, while nobody operates the installation: the hash of the link printed last.
create table setup_token (
  only_row boolean primary key default true check (only_row),
  token_hash bytea not null,
  expires_at timestamptz not null);

grant select, insert, update, delete on platform_settings, setup_token to baraza_platform;

insert into tenancy_exempt values
  ('R01', 'public.platform_settings', 'the installation''s own settings'),
  ('R01', 'public.setup_token', 'read before anybody is known, by the hash of the token');

-- migrate:down
delete from tenancy_exempt where object in ('public.platform_settings', 'public.setup_token');
drop table setup_token, platform_settings;
alter table users drop column platform_role;
