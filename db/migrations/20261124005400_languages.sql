-- The languages a workspace speaks with its customers, the first one by default.
-- migrate:up
alter table tenants add column languages text[] not null default '{en}' check (cardinality(languages) between 1 and 20);

-- migrate:down
alter table tenants drop column languages;
