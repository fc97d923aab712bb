#!/bin/sh
# An event loop of the gateway stands still for 300 ms each second.
exec "$(dirname "$0")/run.sh" event-loop-block "$@"
