"""The parts of scripts/check_deployment.py: whether what deploys Vitrine fits together, without a cluster or an engine."""
