#!/usr/bin/env bash
# What graphmap does, in a temporary workspace: the samples, 2,000 generated records with planted errors, three questions.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
bin=$root/.venv/bin
workspace=$(mktemp -d "${TMPDIR:-/tmp}/graphmap-demo.XXXXXX")/customers

say() { printf '\n== %s\n' "$*"; }

# the first and the last lines of what a command says, and how many stand between them
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

# show WHAT FIRST LAST COMMAND: a command, and what is worth seeing of what it says;
# status 1 says that records were set aside, which is what the planted errors are for
show() {
    say "$1: graphmap $4"
    # shellcheck disable=SC2086  # a command of several words
    { "$bin/graphmap" $4 2>&1 || [ $? -eq 1 ]; } | few "$2" "$3"
}

say "a new workspace"
"$bin/graphmap" init "$workspace"
cd "$workspace"
show "its samples" 3 1 "load samples/*"

(cd "$root" && "$bin/python" -m benchmarks.generate rows 1500 --seed 7 --errors 0.05) > rows.csv
(cd "$root" && "$bin/python" -m benchmarks.generate envelopes 500 --seed 7 --errors 0.05) > envelopes.jsonl
show "1,500 warehouse rows and 500 messages, one in twenty faulty; these are set aside, with the reason" \
    5 3 "load rows.csv envelopes.jsonl"
show "what the store holds now" 9 4 "store stats"
show "accounts by status, New Zealand only" 8 1 "query accounts-by-status --param country=NZ"
show "customers known to two systems" 4 1 "query customers-known-to-two-systems"
show "rules that fail most" 5 1 "query rules-that-fail-most"

say "look around in a browser, and remove it all when you have seen enough"
echo "cd $workspace && $bin/graphmap serve"
echo "rm -r ${workspace%/customers}"
