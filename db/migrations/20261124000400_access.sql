-- People, workspaces, roles and login sessions.
-- migrate:up

-- A person may belong to several tenants, so these are global and only the platform role reaches them.
create table users (
  id uuid primary key,
  email text not null,
  email_lower text not null unique,
  password_hash text not null,
  name text not null,
  locale text not null default 'en',
  timezone text not null default 'UTC',
  preferences jsonb not null default '{}' check (length(preferences::text) <= 16384),
  email_verified_at timestamptz,
  password_changed_at timestamptz not null default now(),
  created_at timestamptz not null default now());

-- slug_look is the slug with its ten look-alikes folded (0 o, 1 l, i l, 2 z, 5 s, 8 b, 9 g, rn m, vv w, cl d): no tenant
-- can pass for another.
create table tenants (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  slug_look text not null unique generated always as
    (replace(replace(replace(translate(slug, '01i2589', 'ollzsbg'), 'rn', 'm'), 'vv', 'w'), 'cl', 'd')) stored,
  name text not null,
  plan text not null default 'free',
  status text not null default 'active' check (status in ('active', 'suspended', 'deleting')),
  timezone text not null default 'UTC',
  created_at timestamptz not null default now());

create table login_sessions (
  id uuid primary key,
  user_id uuid not null references users,
  active_tenant uuid references tenants,
  ip text not null default '',
  user_agent text not null default '',
  device text,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz);
create index login_sessions_user_idx on login_sessions (user_id);

-- One row per refresh token ever handed out and not yet expired; used_at decides which of two uses won.
-- successor is the next token, sealed under a key derived from this one, for the grace of ten seconds.
create table refresh_tokens (
  token_hash bytea primary key,
  session_id uuid not null references login_sessions on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  successor bytea);
create index refresh_tokens_session_idx on refresh_tokens (session_id);

create table socket_tickets (
  token_hash bytea primary key,
  session_id uuid not null references login_sessions on delete cascade,
  for_tenant uuid not null,
  expires_at timestamptz not null);

create table signing_keys (
  kid text primary key,
  public_key bytea not null,
  sealed_private bytea not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz);

-- What ended or changed a right: each instance reads the newest rows every 500 ms, in case a message was lost. A session
-- ended (its id), a membership changed (person and tenant), or a tenant was suspended.
create table revocations (
  id uuid primary key,
  at timestamptz not null default clock_timestamp(),
  kind text not null check (kind in ('session', 'membership', 'tenant')),
  for_session uuid,
  for_user uuid,
  for_tenant uuid);
create index revocations_at_idx on revocations (at);

grant select, insert, update, delete on users, tenants, login_sessions, refresh_tokens, socket_tickets, signing_keys, revocations to baraza_platform;

create table tenant_keys (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid references tenants,
  wrapped bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id));

create table roles (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid references tenants,
  id uuid not null,
  key text,
  name text not null,
  builtin boolean not null default false,
  permissions text[] not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name),
  unique (tenant_id, key));

-- name and email are the person's, as this tenant sees them: tenant code never reads users.
create table memberships (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid references tenants,
  id uuid not null,
  user_id uuid not null,
  role_id uuid not null,
  name text not null,
  email text not null,
  status text not null default 'active' check (status in ('active', 'suspended')),
  version bigint not null default 1,
  joined_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, user_id),
  foreign key (tenant_id, role_id) references roles);
create index memberships_role_idx on memberships (tenant_id, role_id);
create index memberships_user_idx on memberships (user_id);

create table teams (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid references tenants,
  id uuid not null,
  name text not null,
  everyone boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name));

create table team_members (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  team_id uuid not null,
  user_id uuid not null,
  role text not null default 'agent' check (role in ('manager', 'agent')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, team_id, user_id),
  foreign key (tenant_id, team_id) references teams,
  foreign key (tenant_id, user_id) references memberships (tenant_id, user_id));
create index team_members_user_idx on team_members (tenant_id, user_id);

do $$ declare t text; begin
  foreach t in array array['tenant_keys', 'roles', 'memberships', 'teams', 'team_members'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format('create policy tenant on %I to baraza_app
      using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))
      with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy backup on %I for select to baraza_backup using (true)', t);
  end loop;
end $$;
grant select on tenant_keys to baraza_app;
grant select, insert, update, delete on roles, memberships, teams, team_members to baraza_app;

create policy platform_insert on tenant_keys for insert to baraza_platform with check (true);
create policy platform_select on roles for select to baraza_platform using (true);
create policy platform_insert on roles for insert to baraza_platform with check (true);
create policy platform_select on memberships for select to baraza_platform using (true);
create policy platform_insert on memberships for insert to baraza_platform with check (true);
create policy platform_update on memberships for update to baraza_platform using (true) with check (true);
create policy platform_insert on teams for insert to baraza_platform with check (true);
create policy platform_select on teams for select to baraza_platform using (true);
create policy platform_insert on team_members for insert to baraza_platform with check (true);
create policy platform_select on team_members for select to baraza_platform using (true);
grant insert on tenant_keys to baraza_platform;
grant select, insert on roles, teams, team_members to baraza_platform;
grant select, insert on memberships to baraza_platform;
grant update (name, email, status, role_id, version) on memberships to baraza_platform;

insert into tenancy_exempt values
  ('R01', 'public.users', 'a person may belong to several tenants'),
  ('R01', 'public.tenants', 'the list of tenants itself, reached by the platform role alone'),
  ('R01', 'public.login_sessions', 'a session belongs to a person and may switch tenants'),
  ('R01', 'public.refresh_tokens', 'read before a tenant is known, by the hash of the token'),
  ('R01', 'public.socket_tickets', 'read before a tenant is known, by the hash of the ticket'),
  ('R01', 'public.signing_keys', 'keys of the server, sealed under the master key'),
  ('R01', 'public.revocations', 'ids of ended sessions and rights, read by every instance'),
  ('R33', 'public.tenant_keys/baraza_platform/insert', 'registration makes the key of a new tenant'),
  ('R33', 'public.roles/baraza_platform/select', 'a session''s rights are read before its tenant is set'),
  ('R33', 'public.roles/baraza_platform/insert', 'registration makes the built-in roles of a new tenant'),
  ('R33', 'public.memberships/baraza_platform/select', 'login lists the tenants of a person'),
  ('R33', 'public.memberships/baraza_platform/insert', 'registration makes the owner of a new tenant'),
  ('R33', 'public.memberships/baraza_platform/update', 'a person''s new name reaches all their memberships'),
  ('R33', 'public.teams/baraza_platform/insert', 'registration makes the team Everyone of a new tenant'),
  ('R33', 'public.teams/baraza_platform/select', 'a session''s teams are read before its tenant is set'),
  ('R33', 'public.team_members/baraza_platform/insert', 'registration puts the owner into Everyone'),
  ('R33', 'public.team_members/baraza_platform/select', 'a session''s teams are read before its tenant is set');

-- migrate:down
delete from tenancy_exempt where object like any (array['public.users%', 'public.tenants%', 'public.login_sessions%', 'public.refresh_tokens%',
  'public.socket_tickets%', 'public.signing_keys%', 'public.revocations%', 'public.tenant_keys%', 'public.roles%', 'public.memberships%', 'public.teams%',
  'public.team_members%']);
drop table team_members, teams, memberships, roles, tenant_keys, revocations, signing_keys, socket_tickets, refresh_tokens, login_sessions, tenants, users;
