#!/usr/bin/env bash
# Tests that the libmicrohttpd example accepts requests of the libcurl example and rejects other requests.
# Usage: ffi-c/tests/server.sh SERVER CLIENT
set -euo pipefail
export HMAC_SECRET_AGENT_PRACTICES=dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==
folder=$(mktemp -d)
mkfifo "$folder/stop"

die() {
    printf 'server: %s\n' "$*" >&2
    exit 1
}

# The server exits when its standard input is closed, so it also stops if this script fails.
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
    die "a valid request was rejected: $(cat "$folder/log")"
# The server rejects a request of an unknown sender, and a request without a signature.
! HMAC_SECRET_MALLORY_PRACTICES=bWFsbG9yeS1tYWxsb3J5LW1hbGxvcnktbWFsbG9yeS0x "$2" "http://127.0.0.1:$port/" mallory practices >/dev/null ||
    die "a request of an unknown sender was accepted"
grep -q unknown_client "$folder/log" || die "the log does not contain the reason: $(cat "$folder/log")"
[ "$(curl --silent --output /dev/null --write-out '%{http_code}' --data x "http://127.0.0.1:$port/")" = 401 ] ||
    die "the status for an unsigned request is not 401"

# The output is stored first, because in a pipeline curl would fail if grep exits before it.
headers=$(curl --silent --dump-header - --data x "http://127.0.0.1:$port/")
grep -qi '^www-authenticate: Sealwire realm="practices"' <<<"$headers" ||
    die "a 401 has no challenge"

curl --silent "http://127.0.0.1:$port/metrics" >"$folder/metrics"
grep -qx 'hmac_auth_success_total{scheme="message"} 1' "$folder/metrics" || die "the metrics do not count the request: $(cat "$folder/metrics")"
! command -v promtool >/dev/null || promtool check metrics <"$folder/metrics" >"$folder/lint" 2>&1 || die "promtool: $(cat "$folder/lint")"

# The server reloads the mode file.
echo 'mode = "observe"' >"$folder/new" && mv "$folder/new" "$folder/modes.toml"
for _ in $(seq 60); do
    [ "$(curl --silent "http://127.0.0.1:$port/" --data x)" != 'hello stranger' ] || break
    sleep 0.05
done
[ "$(curl --silent "http://127.0.0.1:$port/" --data x)" = 'hello stranger' ] || die "the server did not reload the mode file: $(cat "$folder/log")"
