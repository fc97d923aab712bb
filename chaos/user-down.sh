#!/bin/sh
# The user service is killed and stays down.
exec "$(dirname "$0")/run.sh" user-down "$@"
