-- migrate:up
create table orders (
  shop_id uuid not null references shops,
  id uuid not null,
  total numeric(12, 2) not null default 0,
  primary key (shop_id, id));
create index orders_total_idx on orders (shop_id, total desc);
create function order_total(shop uuid) returns numeric
  language sql stable
  begin atomic
    select sum(total) from orders where shop_id = shop;
  end;

-- migrate:down
drop function order_total(uuid);
drop table orders;
