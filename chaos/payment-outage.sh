#!/bin/sh
# The payment provider is down.
exec "$(dirname "$0")/run.sh" payment-outage "$@"
