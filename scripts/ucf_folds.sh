#!/bin/bash
# ucf_folds.sh UCF.jsonl OUT [FOLD...]: five-fold cross-validation of the compact network on UCF_CC_50 from ImageNet's
# weights, in three phases per fold (small crops, larger crops with normalisation at rest, single crops of 512 pixels), and
# the figures of the pictures left out, at the picture's own scale and with --scale auto. No picture of the fold is seen
# before it is counted; the model is the last one, not chosen. Phases that are finished in OUT are not repeated, one that was
# stopped goes on. EPOCHS ("54 12 12") of each phase; THRONG is the program (build/throng).
set -euo pipefail

if (($# < 2)); then
  sed -n '2,6s/^# //p' "$0" >&2
  exit 2
fi
data=$1
out=$2
shift 2
folds=("$@")
if ((${#folds[@]} == 0)); then folds=(1 2 3 4 5); fi
root=$(cd "$(dirname "$0")/.." && pwd)
throng=${THRONG:-$root/build/throng}
read -r -a epochs <<< "${EPOCHS:-54 12 12}"
configs=(sha/hmode_rel_small.toml sha/hmode_rel_small_settle.toml general/small_large_crops.toml)
settings=(
  'train.scale_low=0.6 train.scale_high=1.5 train.grey=0'
  'train.scale_low=0.7 train.scale_high=1.4'
  'train.scale_low=0.7 train.scale_high=1.4 train.grey=0 train.blur=0 train.noise=0 data.empties=0'
)
mkdir -p "$out"

# phase FOLD N: trains the fold's phase N, from the one before it.
phase() {
  local folder=$out/fold$1-$2 setting
  if [[ -e $folder/finished ]]; then return; fi
  local options=(--set data.manifest="$out/fold$1.jsonl" --set data.validation=0 --set data.synthetic=0.08
    --set train.epochs="${epochs[$2 - 1]}")
  for setting in ${settings[$2 - 1]}; do options+=(--set "$setting"); done
  if (($2 > 1)); then options+=(--set train.init="$out/fold$1-$(($2 - 1))/last.safetensors"); fi
  if [[ -e $folder/state.safetensors ]]; then options+=(--resume); fi
  "$throng" train "$root/configs/${configs[$2 - 1]}" "${options[@]}" --out "$folder" > "$folder.log"
  rm -f "$folder"/state.safetensors "$folder"/best.safetensors
  touch "$folder/finished"
}

for fold in "${folds[@]}"; do
  renames=$(for other in 1 2 3 4 5; do
    if ((other == fold)); then printf 'fold%s=test,' "$other"; else printf 'fold%s=train,' "$other"; fi
  done)
  "$throng" data join "$data" --out "$out/fold$fold.jsonl" --name "ucf_cc_50, fold $fold left out" \
    --rename-split "${renames%,}" --no-groups > "$out/fold$fold.join"
  for ((number = 1; number <= ${#configs[@]}; number++)); do phase "$fold" "$number"; done
  for scale in 1 auto; do
    "$throng" eval --model "$out/fold$fold-${#configs[@]}/last.safetensors" --data "$out/fold$fold.jsonl" --split test \
      --scale "$scale" > "$out/fold$fold-scale-$scale.txt"
  done
done

printf '| fold | MAE | RMSE | MAE, `--scale auto` | RMSE |\n|---|---:|---:|---:|---:|\n'
for fold in "${folds[@]}"; do
  printf '| %s' "$fold"
  for scale in 1 auto; do
    sed -nE 's/^MAE ([0-9.]+) +RMSE ([0-9.]+).*/ | \1 | \2/p' "$out/fold$fold-scale-$scale.txt" | head -n 1 | tr -d '\n'
  done
  printf ' |\n'
done | tee "$out/rows"
LC_ALL=C awk -F'|' '{ for (i = 3; i <= 6; ++i) { sum[i] += $i } }
  END { printf "| mean | %.1f | %.1f | %.1f | %.1f |\n", sum[3]/NR, sum[4]/NR, sum[5]/NR, sum[6]/NR }' "$out/rows"
