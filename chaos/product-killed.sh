#!/bin/sh
# The product service is killed and stays down.
exec "$(dirname "$0")/run.sh" product-killed "$@"
