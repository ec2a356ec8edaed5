-- The list of exceptions to the tenancy lint (db/tenancy_lint.sql). Each names a rule, an object and a reason.
-- migrate:up
create table tenancy_exempt (
  rule text not null,
  object text not null,
  why text not null,
  primary key (rule, object));
grant select on tenancy_exempt to baraza_app, baraza_platform;

insert into tenancy_exempt values
  ('R01', 'public.tenancy_exempt', 'the list of exceptions itself, no tenant data'),
  ('R38', 'public.tenancy_exempt', 'read by the boot check, which runs as this role'),
  ('R01', 'public.schema_migrations', 'names of applied migrations, no tenant data'),
  ('R22', 'baraza_backup/pg_read_all_data', 'table privileges for pg_dump; does not bypass RLS');

-- The boot check compares the applied versions with the binary's.
grant select on schema_migrations to baraza_app, baraza_platform;
insert into tenancy_exempt values
  ('R38', 'public.schema_migrations', 'read by the boot check, which runs as this role');

-- migrate:down
revoke select on schema_migrations from baraza_app, baraza_platform;
drop table tenancy_exempt;
