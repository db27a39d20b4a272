"""Runs lifts for the command line: by the workspace's sources or by any RML mapping."""
