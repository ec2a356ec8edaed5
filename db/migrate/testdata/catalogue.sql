-- What a database is made of, one line per fact, in an order that does not depend
-- on how it was made. Columns: what it is about, the fact, and whether a dump
-- without owners and privileges can carry it.
with namespaces as (
  select oid, nspname, nspowner, nspacl
  from pg_namespace
  where nspname !~ '^pg_' and nspname <> 'information_schema'
), relations as (
  select c.oid, n.nspname || '.' || c.relname as name, c.relkind, c.relowner, c.relacl, c.relpersistence, c.relrowsecurity,
         c.relforcerowsecurity, c.reloptions, c.relispartition, c.relpartbound
  from pg_class c
  join namespaces n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
), own_functions as (
  select p.oid, p.oid::regprocedure::text as name, p.proowner, p.proacl, p.proconfig, p.prosecdef
  from pg_proc p
  join namespaces n on n.oid = p.pronamespace
  where p.prokind in ('f', 'p')
    and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
), facts (about, fact, dumped) as (
  select 'schema ' || nspname, '', true from namespaces
  union all
  select 'schema ' || nspname, 'owner ' || nspowner::regrole, false from namespaces
  union all
  select 'extension ' || extname, 'in ' || extnamespace::regnamespace, true from pg_extension
  union all
  select 'relation ' || name,
         format('kind %s, persistence %s, row security %s, forced %s, options %s, partition %s, bound %s, keyed %s',
                relkind, relpersistence, relrowsecurity, relforcerowsecurity, reloptions, relispartition,
                pg_get_expr(relpartbound, oid), case relkind when 'p' then pg_get_partkeydef(oid) end), true
  from relations
  union all
  select 'relation ' || name, 'owner ' || relowner::regrole, false from relations
  union all
  select 'view ' || name, pg_get_viewdef(oid), true from relations where relkind in ('v', 'm')
  union all
  select 'column ' || r.name || '.' || a.attname,
         format('type %s, not null %s, default %s, identity %s, generated %s, collation %s, statistics %s, storage %s',
                format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
                nullif(a.attcollation, 0)::regcollation, a.attstattarget, a.attstorage), true
  from relations r
  join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  union all
  -- The order of columns matters to nobody who names them, but it shows how a table was made.
  select 'columns of ' || r.name, string_agg(a.attname, ', ' order by a.attnum), true
  from relations r
  join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  group by r.name
  union all
  select 'constraint ' || r.name || '.' || c.conname, pg_get_constraintdef(c.oid) || ' validated ' || c.convalidated, true
  from relations r
  join pg_constraint c on c.conrelid = r.oid
  union all
  select 'index ' || i.indexrelid::regclass,
         format('%s, valid %s, clustered %s', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered), true
  from relations r
  join pg_index i on i.indrelid = r.oid
  union all
  select 'policy ' || r.name || '.' || p.polname,
         format('permissive %s, command %s, using %s, check %s, for %s', p.polpermissive, p.polcmd, pg_get_expr(p.polqual, p.polrelid),
                pg_get_expr(p.polwithcheck, p.polrelid),
                (select string_agg(case o when 0 then 'public' else o::regrole::text end, ', ' order by o::regrole::text) from unnest(p.polroles) o)), true
  from relations r
  join pg_policy p on p.polrelid = r.oid
  union all
  select 'trigger ' || r.name || '.' || t.tgname, pg_get_triggerdef(t.oid) || ' enabled ' || t.tgenabled::text, true
  from relations r
  join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
  union all
  select 'sequence ' || r.name, format('%s from %s to %s by %s, start %s, cache %s, cycle %s, owned by %s', s.seqtypid::regtype, s.seqmin, s.seqmax,
         s.seqincrement, s.seqstart, s.seqcache, s.seqcycle,
         (select format('%s.%s', d.refobjid::regclass, d.refobjsubid) from pg_depend d
          where d.objid = r.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i') and d.refobjsubid > 0)), true
  from relations r
  join pg_sequence s on s.seqrelid = r.oid
  union all
  select 'function ' || name, pg_get_functiondef(oid), true from own_functions
  union all
  select 'function ' || name, 'owner ' || proowner::regrole, false from own_functions
  union all
  select 'type ' || t.oid::regtype,
         format('kind %s, base %s, values %s', t.typtype, case t.typtype when 'd' then format_type(t.typbasetype, t.typtypmod) end,
                (select string_agg(e.enumlabel, ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)), true
  from pg_type t
  join namespaces n on n.oid = t.typnamespace
  where t.typtype in ('d', 'e', 'r')
  union all
  select 'comment on ' || pg_describe_object(classoid, objoid, objsubid), description, true
  from pg_description
  where classoid in ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_constraint'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass, 'pg_type'::regclass)
    and objoid >= 16384
    and not exists (select from pg_depend d where d.objid = objoid and d.classid = classoid and d.deptype = 'e')
  union all
  select 'privilege on ' || object, format('%s to %s by %s%s', a.privilege_type, case a.grantee when 0 then 'public' else a.grantee::regrole::text end,
         a.grantor::regrole, case when a.is_grantable then ', grantable' else '' end), false
  from (
    select 'relation ' || name, coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)) from relations
    union all
    select 'function ' || name, coalesce(proacl, acldefault('f', proowner)) from own_functions
    union all
    select 'schema ' || nspname, coalesce(nspacl, acldefault('n', nspowner)) from namespaces
    union all
    select 'column ' || r.name || '.' || t.attname, t.attacl
    from relations r
    join pg_attribute t on t.attrelid = r.oid and t.attacl is not null
    union all
    select 'defaults of ' || defaclrole::regrole || ' in ' || defaclnamespace::regnamespace || ' for ' || defaclobjtype::text, defaclacl from pg_default_acl
  ) acls (object, acl)
  cross join aclexplode(acl) a
)
select about, coalesce(fact, ''), dumped
from facts
order by about collate "C", fact collate "C"
