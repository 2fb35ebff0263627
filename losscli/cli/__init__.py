"""The command line: the only place that knows click. One file a command."""
