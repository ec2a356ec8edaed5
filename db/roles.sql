-- Roles and the hardening that pg_dump does not carry. Run as a superuser, connected to the product's database, before the
-- migrations and again after a restore; running it twice changes nothing. Passwords are set elsewhere (`alter role … password`).
-- Roles are global to the cluster: two runs at once fail with "tuple concurrently updated", so callers take turns.
do $$ declare r text; begin
  foreach r in array array['baraza_owner nologin', 'baraza_search nologin', 'baraza_migrate login', 'baraza_app login',
                           'baraza_platform login', 'baraza_backup login'] loop
    if not exists (select from pg_roles where rolname = split_part(r, ' ', 1)) then
      execute 'create role ' || r || ' nosuperuser nocreatedb nocreaterole noreplication nobypassrls';
    end if;
  end loop;
end $$;

grant baraza_owner to baraza_migrate;
grant pg_read_all_data to baraza_backup;

alter role baraza_migrate set lock_timeout = '2s';
alter role baraza_app set statement_timeout = '5s';
alter role baraza_app set lock_timeout = '2s';
alter role baraza_app set idle_in_transaction_session_timeout = '10s';
alter role baraza_platform set statement_timeout = '30s';
alter role baraza_platform set lock_timeout = '2s';
alter role baraza_platform set idle_in_transaction_session_timeout = '10s';

do $$ declare f regprocedure; begin
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to baraza_app, baraza_platform, baraza_backup, baraza_migrate', current_database());
  -- Extensions are trusted; creating one in a migration needs CREATE on the database.
  execute format('grant create on database %I to baraza_owner', current_database());
  -- What migrations make belongs to the owner, which nobody can log in as.
  execute format('alter role baraza_migrate in database %I set role = ''baraza_owner''', current_database());
  for f in select oid from pg_proc where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^lo_|^lo(read|write)$' loop
    execute format('revoke execute on function %s from public', f);
  end loop;
end $$;

alter schema public owner to baraza_owner;
revoke create on schema public from public;
grant usage on schema public to baraza_app, baraza_platform, baraza_search, baraza_backup;
