#!/usr/bin/env bash
# graphmap in a temporary workspace: the samples, 2,000 generated records with planted errors, two saved queries.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
bin=$root/.venv/bin
workspace=$(mktemp -d "${TMPDIR:-/tmp}/graphmap-demo.XXXXXX")/customers

say() { printf '\n== %s\n' "$*"; }

# the first and the last lines of what a command prints, and how many are between them
few() {
    awk -v first="$1" -v last="$2" '
        { line[NR] = $0 }
        END {
            between = NR - first - last
            for (i = 1; i <= NR; i++)
                if (between < 2 || i <= first || i > NR - last) print line[i]
                else if (i == first + 1) print "… " between " more lines"
        }'
}

# show WHAT FIRST LAST COMMAND: a command and some lines of what it prints;
# status 1 means that records were quarantined, which the planted errors are for
show() {
    say "$1"
    echo "\$ graphmap $4"
    # shellcheck disable=SC2086  # a command of several words
    { "$bin/graphmap" $4 2>&1 || [ $? -eq 1 ]; } | few "$2" "$3"
}

say "a new workspace, made from the example"
"$bin/graphmap" init "$workspace" 2>&1 | sed -n 1p
cd "$workspace"
show "load its samples" 1 1 "load samples/*"

(cd "$root" && "$bin/python" -m benchmarks.generate rows 1500 --seed 7 --errors 0.05) > rows.csv
(cd "$root" && "$bin/python" -m benchmarks.generate envelopes 500 --seed 7 --errors 0.05) > envelopes.jsonl
show "load 1,500 table rows and 500 messages; one in twenty has an error and goes to the quarantine" \
    5 3 "load rows.csv envelopes.jsonl"
show "count what the store holds" 7 0 "store stats"
show "saved query: accounts by status in New Zealand" 5 1 "query accounts-by-status --param country=NZ"
show "saved query: the rules that fail most" 5 1 "query rules-that-fail-most"

say "look around in a browser; delete the workspace afterwards"
echo "cd $workspace && $bin/graphmap serve"
echo "rm -r ${workspace%/customers}"
