#!/bin/sh
# One of three product instances is stopped.
exec "$(dirname "$0")/run.sh" bad-instance-paused "$@"
