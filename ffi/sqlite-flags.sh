#!/bin/sh
# Runs a command with SQLite's parts left out that a ledger's file never uses: full-text search, spatial trees, JSON, extensions.
# libsqlite3-sys reads them from the environment.
set -eu
LIBSQLITE3_FLAGS="-USQLITE_ENABLE_FTS3 -USQLITE_ENABLE_FTS3_PARENTHESIS -USQLITE_ENABLE_FTS5 -USQLITE_ENABLE_RTREE
-USQLITE_ENABLE_DBSTAT_VTAB -USQLITE_ENABLE_STAT4 -USQLITE_ENABLE_LOAD_EXTENSION -DSQLITE_OMIT_LOAD_EXTENSION
-USQLITE_SOUNDEX -USQLITE_ENABLE_JSON1 -DSQLITE_OMIT_JSON"
export LIBSQLITE3_FLAGS
exec "$@"
