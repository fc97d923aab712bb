#!/bin/sh
# The cart service is killed and stays down.
exec "$(dirname "$0")/run.sh" cart-down "$@"
