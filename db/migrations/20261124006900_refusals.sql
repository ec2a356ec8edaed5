-- A sign-in that was refused, until a job has put it into the logs of the person's tenants. For an e-mail nobody has a
-- row is written too, without a person, so that both are refused alike.
-- migrate:up
create table sign_in_refusals (
  id uuid primary key,
  user_id uuid references users,
  reason text not null,
  ip text not null,
  user_agent text not null,
  request_id text not null,
  at timestamptz not null default now());
create index sign_in_refusals_user_idx on sign_in_refusals (user_id);
grant select, insert, delete on sign_in_refusals to baraza_platform;
insert into tenancy_exempt values
  ('R01', 'public.sign_in_refusals', 'of a person, before a tenant is known; gone when it is in the audit logs');

-- migrate:down
delete from tenancy_exempt where object = 'public.sign_in_refusals';
drop table sign_in_refusals;
