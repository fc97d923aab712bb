#!/bin/sh
# One of three product instances fails everything.
exec "$(dirname "$0")/run.sh" bad-instance "$@"
