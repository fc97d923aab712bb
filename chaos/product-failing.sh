#!/bin/sh
# The product service answers 500 to everything.
exec "$(dirname "$0")/run.sh" product-failing "$@"
