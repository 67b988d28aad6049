#!/bin/bash
# warnings.sh MODEL DATA.jsonl: of which pictures a model warns that they are unlike those it knows, as the Markdown
# tables of docs/results/generalisation.md. DATA's split SPLIT (val) are pictures that it was not trained on, parted into
# FOLDS (4); the model is calibrated without each part and then counts that part's altered copies, in PRECISION (int8).
# KEEP=FOLDER keeps the pictures and models. THRONG is the program (build/throng).
set -euo pipefail

if (($# != 2)); then
  sed -n '2,5s/^# //p' "$0" >&2
  exit 2
fi
model=$1 data=$2
throng=${THRONG:-$(dirname "$0")/../build/throng}
precision=${PRECISION:-int8}
split=${SPLIT:-val}
folds=${FOLDS:-4}
work=${KEEP:-$(mktemp -d)}
if [[ -z ${KEEP:-} ]]; then
  trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"

# alter NAME OPTION...: copies of the pictures in a folder, and beside the whole manifest one of each part and of its
# rest.
alter() {
  local folder=$work/$1 lines='NR == 1 || (NR % folds == fold) == wanted'
  shift
  "$throng" data alter "$data" --quiet --split "$split" --out "$folder" "$@" > "$work/list"
  for ((fold = 0; fold < folds; fold++)); do
    awk -v fold="$fold" -v folds="$folds" -v wanted=1 "$lines" "$folder/manifest.jsonl" > "$folder/part$fold.jsonl"
    awk -v fold="$fold" -v folds="$folds" -v wanted=0 "$lines" "$folder/manifest.jsonl" > "$folder/rest$fold.jsonl"
  done
}

# row NAME OPTION...: of how many pictures the models warn, and the relative errors (NAE) of these and of the others.
row() {
  local name=$1
  [[ $name == none ]] || alter "$@"
  for ((fold = 0; fold < folds; fold++)); do
    "$throng" eval --quiet --model "$work/without$fold.safetensors" --precision "$precision" \
      --data "$work/$name/part$fold.jsonl" --split "$split"
  done | awk -F '\t' -v name="$name" '
    { nae = $0; sub(/.*NAE /, "", nae); number = $3 + 0 }
    $1 == "data" { all = $4 + 0; warned = 0 }
    $1 == "unlike" { warned = number; unlike_error += nae * number }
    $1 == "familiar" { familiar_error += number ? nae * number : 0 }
    /^MAE/ { unlike += warned; familiar += all - warned; if (!warned) familiar_error += nae * all }
    function mean(sum, number) { return number ? sprintf("%.2f", sum / number) : "" }
    END { printf "| %s | %d of %d | %s | %s |\n", name, unlike, unlike + familiar, mean(unlike_error, unlike),
      mean(familiar_error, familiar) }'
  [[ -n ${KEEP:-} || $name == none ]] || rm -rf "${work:?}/$name"
}

printf 'Model %s, SHA-256 `%s`, %s.\n\n' "$(basename "$model")" "$(sha256sum "$model" | cut -d ' ' -f 1)" "$precision"
alter none
for ((fold = 0; fold < folds; fold++)); do
  "$throng" model calibrate --quiet "$model" "$work/without$fold.safetensors" --data "$work/none/rest$fold.jsonl" \
    --split "$split" --precision "$precision" > "$work/list"
done

printf '| alteration | warned of | relative error of these | of the others |\n|---|---:|---:|---:|\n'
row none
row 'jpeg 20' --jpeg 20
row 'blur 1' --blur 1
row 'blur 2' --blur 2
row 'blur 4' --blur 4
row night --night
row old --old
row grey --grey
row 'noise 15' --noise 15
for factor in 0.25 0.35 0.5 2; do
  row "$factor x" --resize "$factor"
done

printf '\n| Twenty pictures without people | warned of |\n|---|---:|\n'
for kind in street landscape texture document screenshot noise; do
  "$throng" synth --quiet --people 0 --scene "$kind" --count 20 --size 640x480 --out "$work/empty_$kind" |
    cut -f 1 > "$work/list"
  "$throng" count --quiet --model "$work/without0.safetensors" --precision "$precision" - < "$work/list" \
    2>&1 > "$work/counts" |
    awk -v kind="$kind" '/is unlike the pictures/ { warned++ } END { printf "| %s | %d |\n", kind, warned }'
done
