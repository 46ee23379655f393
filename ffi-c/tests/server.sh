#!/usr/bin/env bash
# The libmicrohttpd example verifies what the libcurl example signs, and nothing else.
# Usage: ffi-c/tests/server.sh SERVER CLIENT
set -euo pipefail
export HMAC_SECRET_AGENT_PRACTICES=dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==
folder=$(mktemp -d)
mkfifo "$folder/stop"

die() {
    printf 'server: %s\n' "$*" >&2
    exit 1
}

# The server ends with its standard input, so closing this end stops it whatever happens here.
printf '[pairs."agent/practices"]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { env = "HMAC_SECRET_AGENT_PRACTICES" } }]\n' \
    >"$folder/keys.toml"
: >"$folder/modes.toml"
"$1" practices 0 "$folder/keys.toml" "$folder/modes.toml" <"$folder/stop" >"$folder/out" 2>"$folder/log" &
exec 3>"$folder/stop"
finish() {
    exec 3>&-
    wait
    rm -r "$folder"
}
trap finish EXIT

for _ in $(seq 100); do
    port=$(sed -n 's/^listening on //p' "$folder/out")
    [ -z "$port" ] || break
    sleep 0.05
done
[ -n "$port" ] || die "did not start: $(cat "$folder/log")"

"$2" "http://127.0.0.1:$port/a%2Fb/../c?x=1&y=%20" agent practices '{"a":1}' | grep -q 'hello agent' ||
    die "an honest request is refused: $(cat "$folder/log")"
# From a sender without a key there, and without a signature.
! HMAC_SECRET_MALLORY_PRACTICES=bWFsbG9yeS1tYWxsb3J5LW1hbGxvcnktbWFsbG9yeS0x "$2" "http://127.0.0.1:$port/" mallory practices >/dev/null ||
    die "a stranger is let in"
grep -q unknown_client "$folder/log" || die "the log does not say why: $(cat "$folder/log")"
[ "$(curl --silent --output /dev/null --write-out '%{http_code}' --data x "http://127.0.0.1:$port/")" = 401 ] ||
    die "an unsigned request is not answered 401"

# Not in a pipeline: curl fails when grep ends before it.
headers=$(curl --silent --dump-header - --data x "http://127.0.0.1:$port/")
grep -qi '^www-authenticate: Sealwire realm="practices"' <<<"$headers" ||
    die "a 401 has no challenge"

curl --silent "http://127.0.0.1:$port/metrics" >"$folder/metrics"
grep -qx 'hmac_auth_success_total{scheme="message"} 1' "$folder/metrics" || die "the metrics do not count: $(cat "$folder/metrics")"
! command -v promtool >/dev/null || promtool check metrics <"$folder/metrics" >"$folder/lint" 2>&1 || die "promtool: $(cat "$folder/lint")"

# The mode file is read again while the server runs.
echo 'mode = "observe"' >"$folder/new" && mv "$folder/new" "$folder/modes.toml"
for _ in $(seq 60); do
    [ "$(curl --silent "http://127.0.0.1:$port/" --data x)" != 'hello stranger' ] || break
    sleep 0.05
done
[ "$(curl --silent "http://127.0.0.1:$port/" --data x)" = 'hello stranger' ] || die "the mode file is not reloaded: $(cat "$folder/log")"
