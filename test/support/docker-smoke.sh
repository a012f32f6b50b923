#!/usr/bin/env bash
# Tries Dockerfile and docker-compose.yml for real: builds, starts all three, has a phone with a password see a lamp
# over the published ports, restarts, stops. Needs a Docker engine, compose (either), Node 24 and curl; it leaves
# nothing behind but the engine's build cache.
set -euo pipefail
cd "$(dirname "$0")/../.."

fail() { echo "FAILED: $*" >&2; exit 1; }
free_port() { node -e "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port); this.close() })"; }

compose=(docker compose)
docker compose version >/dev/null 2>&1 || compose=(docker-compose)
project=lamplighter-smoke-$$
compose+=(-p "$project")
work=$(mktemp -d)
export SIP_PORT HTTP_PORT
SIP_PORT=$(free_port) HTTP_PORT=$(free_port)
unset BIND_ADDRESS SIP_EXTERNAL HTTP_TOKENS TRUSTED_NETWORKS DRACHTIO_SECRET NODE_ID
container() { "${compose[@]}" ps -q "$1"; }
up() { "${compose[@]}" up -d "$@" >"$work/up.log" 2>&1 || { cat "$work/up.log"; fail "compose up"; }; }
healthy() {
  local service health
  for service in redis drachtio lamplighter; do
    for _ in $(seq 120); do
      health=$(docker inspect -f '{{.State.Health.Status}}' "$(container $service)")
      [[ $health == healthy ]] && break
      sleep 0.5
    done
    [[ $health == healthy ]] || { "${compose[@]}" logs; fail "$service is $health"; }
  done
}
stopped() {
  local id ids state
  ids=$(for service in "$@"; do container "$service"; done)
  "${compose[@]}" stop "$@" >"$work/stop.log" 2>&1
  for id in $ids; do
    state=$(docker inspect -f '{{.Name}} {{.State.ExitCode}}' "$id")
    [[ $state == *' 0' ]] || fail "$state"
  done
}
page=http://127.0.0.1:$HTTP_PORT
realm=$page/v1/realms/example.com
api() { curl -fsS -X "$1" "$realm/$2" -H 'authorization: Bearer smoke' ${3:+-H content-type:application/json -d "$3"}; }
hears() {
  local line
  until [[ ${line:-} == "$1" ]]; do
    read -rt 30 line <&"${phone[0]}" || { "${compose[@]}" logs --tail 40 lamplighter; fail "the phone did not hear: $1"; }
    echo "phone: $line"
  done
}

echo "== without tokens it refuses to start"
"${compose[@]}" config >/dev/null 2>"$work/refused" && fail "started without HTTP_TOKENS"
grep -q 'set HTTP_TOKENS' "$work/refused" || fail "$(cat "$work/refused")"

echo "== with them all three become healthy"
export HTTP_TOKENS='smoke=write:*'
trap '"${compose[@]}" down --volumes --rmi local >/dev/null 2>&1; rm -rf "$work"' EXIT
up --build
healthy
lamplighter=$(container lamplighter)
docker image inspect -f 'image: {{.Size}} octets, its base included' "$(docker inspect -f '{{.Image}}' "$lamplighter")"
[[ $(docker exec "$lamplighter" id -u) != 0 ]] || fail "Lamplighter runs as root"
docker exec "$lamplighter" sh -c '! ls -d test node_modules/vite node_modules/react 2>/dev/null' || fail "the image has what only tests and builds need"
[[ -z $(docker port "$(container drachtio)" | grep 9022) ]] || fail "the admin port is published"

echo "== the page is served; the API wants its token"
script=$(curl -fsS "$page/" | grep -o 'assets/[^"]*\.js' | head -n 1)
[[ $(curl -fsS -o /dev/null -w '%{content_type}' "$page/$script") == text/javascript* ]] || fail "no script of the page"
[[ $(curl -sS -o /dev/null -w '%{http_code}' "$page/v1/session") == 401 ]] || fail "the API wants no token"
[[ $(curl -fsS "$page/v1/session" -H 'authorization: Bearer smoke') == *'"digest":true'* ]] || fail "no Digest"

echo "== a phone with a password sees a lamp through the published ports"
api PUT users/1001 '{"password":"secret"}' && echo
coproc phone { exec node test/support/docker-phone.ts "$SIP_PORT" 1001 secret 2>&1; }
hears 'SUBSCRIBE 401'
hears 'lamp terminated'
api PUT presence/night '{"status":"busy"}' && echo
hears 'lamp confirmed'
docker exec "$lamplighter" lamplighter get night --realm example.com

echo "== Lamplighter can be stopped while it starts"
stopped lamplighter
docker start "$lamplighter" >/dev/null
docker stop "$lamplighter" >/dev/null
state=$(docker inspect -f '{{.State.ExitCode}}' "$lamplighter")
[[ $state == 0 || $state == 143 ]] || fail "it had to be killed: $state"

echo "== Lamplighter goes and comes back: the same subscription is told of the next change"
up
healthy
[[ $(api GET presence/night) == *'"busy"'* ]] || fail "the lamp was forgotten"
api PUT presence/night '{"status":"ringing"}' && echo
hears 'lamp early'

echo "== all of it stops cleanly, and comes back with what it knew"
stopped redis drachtio lamplighter
up
healthy
api GET users/1001 && echo
[[ $(api GET presence/night/watchers) == *sip:1001@* ]] || fail "the subscription was forgotten"
# Docker's proxy for 127.0.0.1 is another one now, so the phone has moved for drachtio: it says where it is.
echo refresh >&"${phone[1]}"
hears 'SUBSCRIBE 200'
api DELETE presence/night && echo
hears 'lamp terminated'
stopped redis drachtio lamplighter
echo "all well"
