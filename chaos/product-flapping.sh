#!/bin/sh
# The product service fails for two seconds out of four.
exec "$(dirname "$0")/run.sh" product-flapping "$@"
