-- Letters: how many an address got today, and what is kept where there is no mail server.
-- migrate:up

-- Addresses by hash: the count is all that is asked for. It runs over all tenants.
create table mail_counts (
  address_hash bytea not null,
  kind text not null,
  day date not null,
  sent int not null,
  primary key (address_hash, kind, day));
create index mail_counts_day_idx on mail_counts (day);

-- The letters themselves, sealed under the master key: they hold links that open accounts.
create table mailbox (
  id uuid primary key,
  sealed bytea not null,
  created_at timestamptz not null default now());

grant select, insert, update, delete on mail_counts, mailbox to baraza_platform;

insert into tenancy_exempt values
  ('R01', 'public.mail_counts', 'hashes of addresses, counted over all tenants'),
  ('R01', 'public.mailbox', 'letters to people, who may belong to several tenants; sealed');

-- migrate:down
delete from tenancy_exempt where object in ('public.mail_counts', 'public.mailbox');
drop table mailbox, mail_counts;
