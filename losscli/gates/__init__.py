"""What decides: a project's settings and checks, gates, baselines, and verdicts."""
