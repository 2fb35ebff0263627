"""The front door: from what was asked for to losses and inputs that are ready to run."""
