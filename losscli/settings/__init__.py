"""Settings and checks of a project: losscli.toml, pyproject.toml and LOSSCLI_*."""
