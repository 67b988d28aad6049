#!/bin/bash
# generalisation.sh MODEL DATA.jsonl...: what a model counts in pictures without people, at other scales and in altered
# pictures, as the Markdown tables of docs/results/generalisation.md. Takes the first LIMIT (24) pictures of split SPLIT
# (val) of each data set, in PRECISION (int8); KEEP=FOLDER keeps the pictures. THRONG is the program (build/throng).
set -euo pipefail

if (($# < 2)); then
  sed -n '2,4s/^# //p' "$0" >&2
  exit 2
fi
model=$1
shift
throng=${THRONG:-$(dirname "$0")/../build/throng}
precision=${PRECISION:-int8}
split=${SPLIT:-val}
limit=${LIMIT:-24}
large=$((limit < 8 ? limit : 8))  # at 4x, where pictures have sixteen times the pixels
work=${KEEP:-$(mktemp -d)}
if [[ -z ${KEEP:-} ]]; then
  trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"

count() { "$throng" count --quiet --model "$model" --precision "$precision" "$@"; }

# ten_of KIND: a table row of ten pictures without people.
ten_of() {
  local folder=$work/empty_$1
  "$throng" synth --quiet --people 0 --scene "$1" --count 10 --size 640x480 --out "$folder" > "$work/list"
  cut -f 1 "$work/list" | count - | awk -F '\t' -v kind="$1" '
    $1 == "total" { next }
    { sum += $2; if ($2 > most) most = $2 }
    $2 >= 1 { sub(/.*scene_0*/, "", $1); sub(/[.]png/, "", $1); high = high (high ? ", " : "") $1 " (" $2 ")" }
    END { printf "| %s | %.1f | %.1f | %s |\n", kind, sum / 10, most, high ? high : "none" }'
}

# row NAME LIMIT OPTION...: a table row of the data sets altered so, MAE and total count / true total of each.
row() {
  local name=$1 most=$2 data cells=
  shift 2
  for data in "${sets[@]}"; do
    rm -rf "$work/altered"
    "$throng" data alter "$data" --quiet --split "$split" --limit "$most" --out "$work/altered" "$@" > "$work/list"
    "$throng" eval --quiet --model "$model" --precision "$precision" --data "$work/altered/manifest.jsonl" \
      --split "$split" --csv "$work/counts.csv" > "$work/list"
    cells+=$(awk -F , 'NR > 1 && $2 != "" { n++; d = $2 - $3; mae += d < 0 ? -d : d; count += $2; truth += $3 }
      END { printf " %.1f | %.2f |", mae / n, count / truth }' "$work/counts.csv")
  done
  printf '| %s |%s\n' "$name" "$cells"
}

header() {
  local name first="| $1 |" second="|---|"
  for data in "${sets[@]}"; do
    name=$(basename "$data" .jsonl)
    first+=" $name MAE | $name total / true |"
    second+='---:|---:|'
  done
  printf '%s\n%s\n' "$first" "$second"
}

sets=("$@")
printf 'Model %s, SHA-256 `%s`, %s.\n\n' "$(basename "$model")" "$(sha256sum "$model" | cut -d ' ' -f 1)" "$precision"

printf '| Ten pictures without people | mean count | highest | numbers of those that count 1 or more |\n|---|---:|---:|---|\n'
for kind in street landscape texture document screenshot noise; do
  ten_of "$kind"
done

printf '\nThe first %s pictures of split %s (4x: the first %s), resized:\n\n' "$limit" "$split" "$large"
header 'factor'
for factor in 0.25 0.35 0.5 0.71 1 1.41 2; do
  row "$factor" "$limit" --resize "$factor"
done
row 4 "$large" --resize 4

printf '\nThe same pictures, altered:\n\n'
header 'alteration'
row none "$limit"
row grey "$limit" --grey
row 'blur 1' "$limit" --blur 1
row 'blur 2' "$limit" --blur 2
row 'blur 4' "$limit" --blur 4
row night "$limit" --night
row old "$limit" --old
row 'noise 15' "$limit" --noise 15
row 'jpeg 20' "$limit" --jpeg 20
