-- One row per state change, the source of realtime replay. Day partitions, kept 48 hours.
-- migrate:up

-- xid is the writing transaction's id: a reader that has seen everything below a snapshot's xmin has missed nothing.
-- It is a bigint because comparing xid8 is not leakproof, so no index could serve it under row-level security.
create table changes (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null,
  at timestamptz not null default now(),
  xid bigint not null default pg_current_xact_id()::text::bigint,
  name text not null,
  entity text not null,
  entity_id uuid not null,
  conversation_id uuid,
  user_id uuid,
  primary key (tenant_id, id, at)) partition by range (at);
create index changes_replay_idx on changes (tenant_id, xid, id);
create index changes_sweep_idx on changes (xid);

alter table changes enable row level security, force row level security;
create policy tenant on changes to baraza_app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy backup on changes for select to baraza_backup using (true);
create policy platform_select on changes for select to baraza_platform using (true);
grant select, insert on changes to baraza_app;
grant select on changes to baraza_platform;

-- A cursor names the generation it was made in; a restore starts another one, and all cursors of the old one reset.
create table change_generation (
  only_row boolean primary key default true check (only_row),
  generation uuid not null default gen_random_uuid());
insert into change_generation default values;
grant select on change_generation to baraza_platform;

-- Makes the day partitions from today to `ahead` days on, and drops those older than `keep` days. Creating a table and
-- attaching it needs a weaker lock than `partition of`, which would wait for a running dump.
create function maintain_changes(ahead integer, keep integer) returns void
  language plpgsql security definer set timezone = 'UTC' set search_path = public, pg_catalog, pg_temp as $$
declare
  day date;
  part text;
begin
  perform pg_advisory_xact_lock(hashtext('maintain_changes'));
  for day in select generate_series(current_date - 1, current_date + ahead, interval '1 day')::date loop
    part := 'changes_' || to_char(day, 'YYYY_MM_DD');
    if to_regclass('public.' || part) is null then
      execute format('create table public.%I (like public.changes including defaults including constraints)', part);
      execute format('alter table public.changes attach partition public.%I for values from (%L) to (%L)', part, day, day + 1);
    end if;
  end loop;
  for part in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'public.changes'::regclass
        and to_date(substr(c.relname, 9), 'YYYY_MM_DD') < current_date - keep loop
    execute format('drop table public.%I', part);
  end loop;
end $$;
revoke execute on function maintain_changes(integer, integer) from public;
grant execute on function maintain_changes(integer, integer) to baraza_platform;

insert into tenancy_exempt values
  ('R33', 'public.changes/baraza_platform/select', 'the sweep reads ids of all tenants in one statement'),
  ('R01', 'public.change_generation', 'one row: which restore the cursors belong to');

-- migrate:down
delete from tenancy_exempt where object like 'public.change%';
drop function maintain_changes(integer, integer);
drop table change_generation;
drop table changes;
