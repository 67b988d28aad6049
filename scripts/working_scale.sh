#!/bin/bash
# working_scale.sh MODEL DATA.jsonl...: what a model counts at pictures' own size and at a scale that it chooses, in
# resized pictures and in pictures without people, as the Markdown tables of docs/results/generalisation.md. Takes the
# first LIMIT (24) pictures of split SPLIT (val) of each data set, in PRECISION (int8); KEEP=FOLDER keeps the pictures.
# WAYS are options of throng eval, one way a line. THRONG is the program (build/throng).
set -euo pipefail

if (($# < 2)); then
  sed -n '2,5s/^# //p' "$0" >&2
  exit 2
fi
model=$1
shift
throng=${THRONG:-$(dirname "$0")/../build/throng}
precision=${PRECISION:-int8}
split=${SPLIT:-val}
limit=${LIMIT:-24}
large=$((limit < 8 ? limit : 8))  # at 4x, where pictures have sixteen times the pixels
mapfile -t ways <<< "${WAYS:---scale 1
--scale auto}"
work=${KEEP:-$(mktemp -d)}
if [[ -z ${KEEP:-} ]]; then
  trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"

# figures WAY: cells of the altered data set, MAE and total count / true total.
figures() {
  local options
  read -ra options <<< "$1"
  "$throng" eval --quiet --model "$model" --precision "$precision" "${options[@]}" \
    --data "$work/altered/manifest.jsonl" --split "$split" --csv "$work/counts.csv" > "$work/list"
  awk -F , 'NR > 1 && $2 != "" { n++; d = $2 - $3; mae += d < 0 ? -d : d; count += $2; truth += $3 }
    END { printf " %.1f | %.2f |", mae / n, count / truth }' "$work/counts.csv"
}

# row FACTOR LIMIT: a table row of a data set resized so, counted in every way.
row() {
  local factor=$1 most=$2 way
  rm -rf "$work/altered"
  "$throng" data alter "$data" --quiet --split "$split" --limit "$most" --out "$work/altered" --resize "$factor" \
    > "$work/list"
  printf '| %s | %s |' "$(basename "$data" .jsonl)" "$factor"
  for way in "${ways[@]}"; do figures "$way"; done
  printf '\n'
}

# empties KIND: a table row of five pictures without people: the highest count, and how many count 1 or more.
empties() {
  local folder=$work/empty_$1 way options
  "$throng" synth --quiet --people 0 --scene "$1" --count 5 --size 640x480 --out "$folder" > "$work/list"
  cut -f 1 "$work/list" > "$work/paths"
  printf '| %s |' "$1"
  for way in "${ways[@]}"; do
    read -ra options <<< "$way"
    "$throng" count --quiet --model "$model" --precision "$precision" "${options[@]}" - < "$work/paths" |
      awk -F '\t' '$1 != "total" { if ($2 > most) most = $2; if ($2 >= 1) high++ }
        END { printf " %.1f | %d |", most, high }'
  done
  printf '\n'
}

header() {
  local first=$1 second=$2 way
  for way in "${ways[@]}"; do
    first+=" $way: $3 | $4 |"
    second+='---:|---:|'
  done
  printf '%s\n%s\n' "$first" "$second"
}

printf 'Model %s, SHA-256 `%s`, %s.\n\n' "$(basename "$model")" "$(sha256sum "$model" | cut -d ' ' -f 1)" "$precision"
header '| data | resized |' '|---|---:|' MAE 'total / true'
for data in "$@"; do
  for factor in 0.25 0.35 0.5 0.71 1 2; do row "$factor" "$limit"; done
  row 4 "$large"
done

printf '\n'
header '| Five pictures without people |' '|---|' highest '1 or more'
for kind in street landscape texture document screenshot noise; do empties "$kind"; done
