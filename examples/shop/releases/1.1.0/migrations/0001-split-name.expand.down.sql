drop index concurrently if exists customers_family_name;
alter table customers drop column if exists given_name, drop column if exists family_name;
