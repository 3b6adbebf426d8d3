#!/bin/sh
# Lets the replica of compose.yaml copy the primary, by the password that both know.
set -eu
echo "host replication icctracker all scram-sha-256" >>"$PGDATA/pg_hba.conf"
