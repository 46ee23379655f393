#!/bin/sh
# Checks the model of a claim in the replay table with SPIN. Then tests that SPIN finds each of six planted bugs.
# SPIN_PROCESSES is the number of concurrent claims. The default is 2. With 3 claims, the check takes some minutes.
set -eu
cd "$(dirname "$0")"
command -v spin >/dev/null || { echo 'test-spin: install spin (Debian package spin)' >&2; exit 1; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# check PROCESSES PLANT: prints the number of errors that SPIN finds.
check() {
    (cd "$out" && spin -DPROCESSES="$1" -DPLANT="$2" -a claim.pml >spin.log &&
        cc -O2 -DSAFETY -DCOLLAPSE -DMEMLIM=6000 -o pan pan.c && ./pan -E -m1000000 >pan.log)
    ! grep -q 'search not completed\|max search depth too small' "$out/pan.log" || [ "$2" != 0 ] ||
        { echo 'test-spin: the search was not complete' >&2; exit 1; }
    sed -n 's/.*errors: \([0-9]*\).*/\1/p' "$out/pan.log"
}

cp claim.pml "$out"
processes=${SPIN_PROCESSES:-2}
[ "$(check "$processes" 0)" = 0 ] || { echo 'test-spin: a request can be accepted twice' >&2; exit 1; }
echo "$processes claims: $(sed -n 's/ *\([0-9.e+]*\) states, stored.*/\1 states/p' "$out/pan.log"), no request is accepted twice"

for plant in 1 2 3 4 5 6; do
    [ "$(check 2 $plant)" != 0 ] || { echo "test-spin: the planted bug $plant is not found" >&2; exit 1; }
done
echo '6 planted bugs found'
