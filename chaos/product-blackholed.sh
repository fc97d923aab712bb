#!/bin/sh
# Calls of the product service vanish.
exec "$(dirname "$0")/run.sh" product-blackholed "$@"
