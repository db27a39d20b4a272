"""Hostile requests against a server in a process of its own, each made from a seed and a number alone.

Run by itself: `python -m tests.service.fuzzing --inputs 2000 --seed 7`; `--only 31` sends one input again.
"""
