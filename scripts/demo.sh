#!/bin/bash
# demo.sh [IMAGE]: counts a photo, or without one a rendered scene whose number of people is known.
set -euo pipefail
folder=$(dirname "$0")/..
throng=$folder/build/throng
out=$folder/build/demo
mkdir -p "$out"
out=$(cd "$out" && pwd)

if (($# > 0)); then
  image=$1
else
  rm -rf "$out/scene"
  "$throng" synth --people 180 --size 1024x768 --seed 7 --count 1 --out "$out/scene" >/dev/null
  name=$(sed -n 's/.*"image": *"\([^"]*\)".*/\1/p' "$out/scene/manifest.jsonl" | head -n 1)
  image=$out/scene/$name
  # A point is [x,y]: as many as there are are the people in the picture.
  people=$(sed -n 's/.*"points": *\(\[.*\]\).*/\1/p' "$out/scene/manifest.jsonl" | grep -o '\[ *[-0-9.][^],]*,' | wc -l)
fi

# A picture that lies in there is none of ours to remove.
[[ $(realpath "$image" 2>/dev/null) == "$out"/heatmap/* ]] || rm -rf "$out/heatmap"
result=$("$throng" count --json --heatmap "$out/heatmap" "$image")
# The value of a key, whatever the layout of the JSON text.
number() { printf '%s' "$result" | sed -n "s/.*\"$1\": *\([-0-9.e+]*\).*/\1/p" | head -n 1; }

echo "picture:   $image"
if [[ -n ${people:-} ]]; then
  echo "people:    $people (rendered, so the true number is known)"
fi
LC_ALL=C printf 'counted:   %.1f\n' "$(number total)"
LC_ALL=C printf 'time:      %.2f s\n' "$(number seconds)"
echo "heat map:  $(ls -t "$out"/heatmap/*.png | head -n 1)"
