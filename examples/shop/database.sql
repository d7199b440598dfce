-- The database of a region as it was before Meridian: what release 1.0.0 works on. `npm start` fills it once.
create table customers (
  id bigint generated always as identity primary key,
  name text not null,
  orders int not null default 0 -- so far; counted every night
);

insert into customers (name, orders)
select given[1 + n % 20] || ' ' || family[1 + n / 20 % 25], n / 500 % 20
from generate_series(0, 49999) as n,
  (select
    '{Ada,Alan,Barbara,Claude,Donald,Edsger,Frances,Grace,Hedy,Jean,Katherine,Ken,Leslie,Linus,Margaret,Niklaus,Radia,Shafi,Tim,Tony}'::text[] as given,
    '{Allen,Berners-Lee,Brooks,"de la Cruz",Dijkstra,Engelbart,Goldwasser,Hamilton,Hoare,Hopper,Johnson,Kay,Knuth,Lamarr,Lamport,Liskov,Lovelace,McCarthy,Perlman,Ritchie,Sammet,Shannon,Thompson,Turing,"van Rossum"}'::text[] as family
  ) as names;

analyze customers;
