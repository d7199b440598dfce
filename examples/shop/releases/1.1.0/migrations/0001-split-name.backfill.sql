update customers
set given_name = split_part(name, ' ', 1), family_name = substr(name, length(split_part(name, ' ', 1)) + 2)
where id between $1 and $2 and given_name is null;
