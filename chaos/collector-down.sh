#!/bin/sh
# The telemetry collector is gone.
exec "$(dirname "$0")/run.sh" collector-down "$@"
