#!/bin/sh
# Every call of product fails, and retries are bounded.
exec "$(dirname "$0")/run.sh" retry-storm "$@"
