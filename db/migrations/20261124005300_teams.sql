-- Teams that end, and come back.
-- migrate:up
alter table teams
  add column timezone text not null default 'UTC',
  add column archived_at timestamptz,
  add column version bigint not null default 1,
  add check (not (everyone and archived_at is not null));

-- migrate:down
alter table teams drop column timezone, drop column archived_at, drop column version;
