-- migrate:up transaction:false
create index concurrently shops_name_idx on shops (name);

-- migrate:down
drop index shops_name_idx;
