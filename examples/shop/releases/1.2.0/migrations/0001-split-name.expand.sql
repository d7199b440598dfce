-- Both columns may be empty: release 1.0.0, which does not know them, goes on writing `name`.
alter table customers add column given_name text, add column family_name text;
create index concurrently customers_family_name on customers (family_name);
