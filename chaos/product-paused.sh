#!/bin/sh
# The product service stops answering without closing a connection.
exec "$(dirname "$0")/run.sh" product-paused "$@"
