"""The parts of scripts/check_deployment.py, which says whether what deploys Vitrine fits together."""
