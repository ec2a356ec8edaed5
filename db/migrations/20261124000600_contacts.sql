-- Customers and the names the platforms have for them.
-- migrate:up
create table contacts (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null,
  name text not null default '',
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  blocked_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id));

-- One contact on one channel family. scope bounds what its keys mean: the WhatsApp business account, a Page, …
create table contact_identities (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null,
  contact_id uuid not null,
  family text not null check (family in ('whatsapp', 'messenger', 'instagram')),
  scope text not null,
  username text,
  last_inbound_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, contact_id) references contacts);
create index contact_identities_contact_idx on contact_identities (tenant_id, contact_id);

create table identity_keys (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  kind text not null check (kind in ('bsuid', 'parent_bsuid', 'wa_phone', 'psid', 'igsid')),
  scope text not null,
  value text not null,
  identity_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, kind, scope, value),
  foreign key (tenant_id, identity_id) references contact_identities);
create index identity_keys_identity_idx on identity_keys (tenant_id, identity_id);

do $$ declare t text; begin
  foreach t in array array['contacts', 'contact_identities', 'identity_keys'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format('create policy tenant on %I to baraza_app
      using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))
      with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
    execute format('create policy backup on %I for select to baraza_backup using (true)', t);
    execute format('grant select, insert, update, delete on %I to baraza_app', t);
  end loop;
end $$;

-- migrate:down
drop table identity_keys, contact_identities, contacts;
