#!/bin/sh
# Creates Temporal's two databases and brings their schemas up to date. Runs to its end before the server starts; running it again
# changes nothing. SQL_PASSWORD comes from the environment.
set -eu

sql() { temporal-sql-tool --plugin postgres12 --ep postgresql --port 5432 --user temporal "$@"; }

for pair in temporal:temporal temporal_visibility:visibility; do
  database=${pair%:*}
  sql --db "$database" create
  sql --db "$database" setup-schema -v 0.0
  sql --db "$database" update-schema -d "/etc/temporal/schema/postgresql/v12/${pair#*:}/versioned"
done
