#!/usr/bin/env bash
# Tries Dockerfile and docker-compose.yml for real: builds, starts all three, lights a lamp over the published
# ports, stops. Needs a Docker engine, compose (either), SIPp and curl; it leaves nothing behind.
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
unset BIND_ADDRESS SIP_EXTERNAL HTTP_TOKENS TRUSTED_NETWORKS

echo "== without tokens or networks it refuses to start"
"${compose[@]}" config >/dev/null 2>"$work/refused" && fail "started without HTTP_TOKENS"
grep -q 'set HTTP_TOKENS' "$work/refused" || fail "$(cat "$work/refused")"

echo "== with them all three become healthy"
# From this host SIPp comes in with the address of a bridge, which Docker takes from these networks.
export HTTP_TOKENS='smoke=write:*' TRUSTED_NETWORKS=172.16.0.0/12,192.168.0.0/16
trap '"${compose[@]}" down --volumes --rmi local >/dev/null 2>&1; rm -rf "$work"' EXIT
"${compose[@]}" up -d --build >"$work/up.log" 2>&1 || { cat "$work/up.log"; fail "compose up"; }
container() { "${compose[@]}" ps -q "$1"; }
for service in redis drachtio lamplighter; do
  for _ in $(seq 120); do
    health=$(docker inspect -f '{{.State.Health.Status}}' "$(container $service)")
    [[ $health == healthy ]] && break
    sleep 0.5
  done
  [[ $health == healthy ]] || { "${compose[@]}" logs; fail "$service is $health"; }
done
[[ $(docker exec "$(container lamplighter)" id -u) != 0 ]] || fail "Lamplighter runs as root"
[[ -z $(docker port "$(container drachtio)" | grep 9022) ]] || fail "the admin port is published"

echo "== a lamp is lit through the published ports"
scenario=$PWD/test/e2e/sipp/first-lamp.xml
(cd "$work" && timeout 60 sipp "127.0.0.1:$SIP_PORT" -i 127.0.0.1 -sf "$scenario" -m 1 -nostdin >sipp.log 2>&1) &
phone=$!
night=http://127.0.0.1:$HTTP_PORT/v1/realms/default/presence/night
for _ in $(seq 60); do
  curl -fs -H 'authorization: Bearer smoke' "$night/watchers" | grep -q 1001 && break
  sleep 0.25
done
curl -fsS -X PUT "$night" -H 'authorization: Bearer smoke' -H 'content-type: application/json' -d '{"status":"busy"}'
echo
wait "$phone" || { cat "$work/sipp.log"; "${compose[@]}" logs lamplighter; fail "the lamp stayed dark"; }

echo "== all of it stops cleanly"
ids=$("${compose[@]}" ps -q)
"${compose[@]}" stop >"$work/stop.log" 2>&1
for id in $ids; do
  state=$(docker inspect -f '{{.Name}} {{.State.ExitCode}}' "$id")
  [[ $state == *' 0' ]] || fail "$state"
done
echo "all well"
