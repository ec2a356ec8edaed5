-- Comments may come first.
-- migrate:up
create table shops (
  id uuid primary key,
  name text not null check (name <> ''),
  opened_at timestamptz not null default now());
alter table shops enable row level security, force row level security;
create policy own on shops to baraza_app using (id::text = current_setting('app.shop', true));
grant select, insert on shops to baraza_app;

-- migrate:down
drop table shops;
