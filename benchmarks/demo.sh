#!/usr/bin/env bash
# What graphmap does, in a temporary workspace: the samples, 2,000 generated records with planted errors, three questions.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
bin=$root/.venv/bin
workspace=$(mktemp -d "${TMPDIR:-/tmp}/graphmap-demo.XXXXXX")/customers

say() { printf '\n== %s\n' "$1"; }

# status 1 says that records were set aside, which is what the planted errors are for
load() { "$bin/graphmap" load "$@" || [ $? -eq 1 ]; }

say "a new workspace in $workspace"
"$bin/graphmap" init "$workspace"

say "generating 1,500 warehouse rows and 500 envelopes; one in twenty is faulty"
(cd "$root" && "$bin/python" -m benchmarks.generate rows 1500 --seed 7 --errors 0.05) > "$workspace/rows.csv"
(cd "$root" && "$bin/python" -m benchmarks.generate envelopes 500 --seed 7 --errors 0.05) > "$workspace/envelopes.jsonl"

cd "$workspace"
say "loading the samples"
load samples/*
say "loading the generated records: good ones are stored, those with a Violation are quarantined"
load rows.csv envelopes.jsonl

say "what the store holds now"
"$bin/graphmap" store stats
say "accounts by status and country, New Zealand only"
"$bin/graphmap" query accounts-by-status --param country=NZ
say "customers known to two systems"
"$bin/graphmap" query customers-known-to-two-systems
say "rules that fail most"
"$bin/graphmap" query rules-that-fail-most

say "to look around in a browser"
echo "cd $workspace && $bin/graphmap serve"
say "when you have seen enough"
echo "rm -r $workspace"
