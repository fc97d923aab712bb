#!/bin/sh
# More comes in than can be served.
exec "$(dirname "$0")/run.sh" gateway-overload "$@"
