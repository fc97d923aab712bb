#!/bin/sh
# Every call of product fails, and retries are not bounded.
exec "$(dirname "$0")/run.sh" retry-storm-without-budget "$@"
