-- The name can be put together again from its parts: nothing is lost, so the contract has a way back.
alter table customers add column if not exists name text not null default '';
update customers set name = concat_ws(' ', given_name, nullif(family_name, '')) where name = '';
alter table customers alter column name drop default;
