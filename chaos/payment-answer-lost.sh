#!/bin/sh
# Charges succeed and their answers are lost.
exec "$(dirname "$0")/run.sh" payment-answer-lost "$@"
