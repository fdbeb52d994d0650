#!/bin/bash
# tour.sh AGENT: sends, requests, publishes and submits a task by the unary door alone, to one of the example agents.
set -euo pipefail
agent=${1:?usage: tour.sh AGENT (one of the example agents, such as shout)}
cd "$(dirname "${BASH_SOURCE[0]}")"

bytes() { printf %s "$1" | base64 -w0; }
# Prints a field of JSON; the payload and the result of a task are bytes.
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)'"$1"')'; }

echo "request: $(./door Request '{"to": {"agent": "'"$agent"'"}, "type": "upper", "payload": "'"$(bytes hello)"'"}' \
    | field '["payload"]' | base64 -d)"

echo "send: $(./door Send '{"to": {"agent": "'"$agent"'"}, "type": "upper", "payload": "'"$(bytes hi)"'",
    "waitFor": "RECEIPT_LEVEL_DONE"}' | field '["level"]')"

# The first line says that the subscription is in force; what is published after it is not missed.
coproc watcher { exec ./door Subscribe '{"patterns": ["tour.>"]}'; }
trap 'kill "$watcher_PID" 2>/dev/null || true' EXIT
read -r _ <&"${watcher[0]}"
./door Publish '{"topic": "tour.news", "payload": "'"$(bytes 'it works')"'"}' >/dev/null
read -r news <&"${watcher[0]}"
echo "published: $(field '["envelopes"][0]["payload"]' <<<"$news" | base64 -d)"

spec='{"capability": "wordcount", "payload": "'"$(bytes $'one two\nthree')"'"}'
task=$(./door SubmitTask '{"spec": '"$spec"'}' | field '["task"]["taskId"]')
./door WatchTasks '{"taskIds": ["'"$task"'"]}' | while read -r change; do
    state=$(field '["tasks"][0]["state"]' <<<"$change")
    percent=$(field '["tasks"][0].get("percent", 0)' <<<"$change")
    # An ended task keeps the percentage that its handler told last.
    case $state in *_RUNNING) echo "task: $state $percent%" ;; *) echo "task: $state" ;; esac
done
echo "result: $(./door GetTask '{"taskId": "'"$task"'"}' | field '["task"]["result"]' | base64 -d)"
