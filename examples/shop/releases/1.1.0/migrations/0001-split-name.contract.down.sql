-- Nothing is lost: by `sync` Meridian puts the name of each row together again, in batches, before it goes on to the next statement.
alter table customers add column if not exists name text not null default '';
alter table customers alter column name drop default;
