#!/bin/bash
# worker.sh CAPABILITY COMMAND [WORD ...]: does tasks with a command, which reads the payload and writes the result.
# Ctrl-C ends it; the task that it holds is then given to another when its hold is over.
set -euo pipefail
capability=${1:?usage: worker.sh CAPABILITY COMMAND [WORD ...], such as: worker.sh wordcount wc -w}
shift
: "${1:?usage: worker.sh CAPABILITY COMMAND [WORD ...], such as: worker.sh wordcount wc -w}"
door=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/door
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# Prints a field of JSON, or nothing where it is absent.
field() { python3 -c 'import functools, json, sys
print(functools.reduce(lambda value, name: value.get(name, {}), sys.argv[1].split("."), json.load(sys.stdin)) or "")' "$1"; }

# Renews the hold while the command runs; ends the command when the task was cancelled or is another worker's.
renew() {
    while sleep 10 &>/dev/null; do
        told=$("$door" ProgressTask '{"attempt": '"$1"'}') && [ -z "$(field cancelled <<<"$told")" ] || { kill "$2"; return; }
    done
}

while true; do
    # In the background, like all that takes long: a shell that waits hears signals at once.
    "$door" ClaimTask '{"capabilities": ["'"$capability"'"], "timeout": "20s", "hold": "30s"}' >"$work/claimed" &
    wait $!
    [ -n "$(field assignment <"$work/claimed")" ] || continue
    attempt=$(python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)["assignment"]["attempt"]))' <"$work/claimed")
    field assignment.payload <"$work/claimed" | base64 -d >"$work/payload"
    "$@" <"$work/payload" >"$work/result" &
    command=$!
    renew "$attempt" "$command" &
    renewer=$!
    if wait "$command"; then
        outcome='"result": "'$(base64 -w0 "$work/result")'"'
    else
        outcome='"error": {"code": "CODE_HANDLER_FAILED", "message": "the command ended with '$?'"}'
    fi
    kill "$renewer" 2>/dev/null || true
    "$door" CompleteTask - <<<'{"attempt": '"$attempt"', '"$outcome"'}' >/dev/null && echo "ended: $(field taskId <<<"$attempt")"
done
