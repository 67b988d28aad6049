#!/bin/bash
# recipe.sh DATA.jsonl OUT [NAME...]: trains the compact network, its encoder's batch normalisation at rest, with one
# thing changed at a time, on the same number of pixels each, and prints what each run counts wrongly on held-out
# pictures, as the Markdown table of docs/results/recipe.md. DATA needs a split 'val' (throng data split). Runs that are
# finished in OUT are not repeated, one that was stopped goes on. SEEDS (1), EPOCHS (3), 8 crops of each picture;
# THRONG is the program (build/throng).
set -euo pipefail

if (($# < 2)); then
  sed -n '2,6s/^# //p' "$0" >&2
  exit 2
fi
data=$1
out=$2
shift 2
root=$(cd "$(dirname "$0")/.." && pwd)
throng=${THRONG:-$root/build/throng}
epochs=${EPOCHS:-3}
read -r -a seeds <<< "${SEEDS:-1}"

# What is changed, by name: keys of throng train; "averaged" is one level that averages the experts, as in Table IV.
# importance is divided by the batch like every term, so its weight follows the batch.
average=averaged
names=(recipe without_rel average average_rel lr_third lr_triple batch_4 batch_16 crop_256 no_ema no_jitter jitter_wide
  no_colour norm_trains no_attention_term importance_1 count_term sigma_2 sigma_6 resnet18 grey_blur)
declare -A change=(
  [recipe]=''
  [without_rel]='loss.relative=0'
  [average]='loss.relative=0 '$average
  [average_rel]=$average
  [lr_third]='train.lr=1e-4'
  [lr_triple]='train.lr=9e-4'
  [batch_4]='train.batch=4 loss.importance=4'
  [batch_16]='train.batch=16 loss.importance=16'
  [crop_256]='train.crop=256 train.crops_per_image=2 train.batch=2 loss.importance=2'
  [no_ema]='train.ema=0'
  [no_jitter]='train.scale_low=1 train.scale_high=1'
  [jitter_wide]='train.scale_low=0.5 train.scale_high=2'
  [no_colour]='train.grey=0 train.colour=0'
  [norm_trains]='train.freeze_norm_from=0.72'
  [no_attention_term]='loss.attention=0'
  [importance_1]='loss.importance=1'
  [count_term]='loss.count=300'
  [sigma_2]='data.density.sigma=2'
  [sigma_6]='data.density.sigma=6 data.density.size=23'
  [resnet18]='model.encoder=resnet18 model.encoder_weights=resnet18_layer3_imagenet_bnfolded model.encoder_norm=false'
  [grey_blur]='train.grey=0.2 train.blur=0.2 train.noise=0.2'
)
if (($# > 0)); then names=("$@"); fi

mkdir -p "$out"
# The recipe without the hierarchy: one level that averages the experts.
cat > "$out/average.toml" << EOF
extends = "$root/configs/sha/hmode_rel_small.toml"
name = "average"

[model]
levels = [[[1, 2, 3]]]

[[model.gates]]
weighting = "average"
EOF

# train NAME SEED: the folder of the finished run.
train() {
  local folder=$out/$1-$2 config=$root/configs/sha/hmode_rel_small.toml setting
  local settings=(data.manifest="$data" data.synthetic=0 train.epochs="$epochs" train.seed="$2"
    train.validate_every="$epochs" train.warmup_steps=30 train.freeze_norm_from=0)
  for setting in ${change[$1]}; do
    case $setting in
      averaged) config=$out/average.toml ;;
      *=*) settings+=("$setting") ;;
    esac
  done
  if [[ ! -e $folder/finished ]]; then
    local options=() resume=()
    for setting in "${settings[@]}"; do options+=(--set "$setting"); done
    if [[ -e $folder/state.safetensors ]]; then resume=(--resume); fi
    "$throng" train "$config" "${options[@]}" "${resume[@]}" --out "$folder" > "$folder.log"
    rm -f "$folder"/state.safetensors "$folder"/best.safetensors
    touch "$folder/finished"
  fi
}

# figures NAME SEED: two cells of the table, MAE and RMSE of the last validation.
figures() {
  tail -n 1 "$out/$1-$2/metrics.jsonl" |
    sed -nE 's/.*"validation":[{]"mae":([0-9.]+),"rmse":([0-9.]+).*/\1 \2/p' |
    LC_ALL=C awk '{ printf " %.1f | %.1f |", $1, $2 } END { if (NR == 0) { printf " - | - |" } }'
}

for name in "${names[@]}"; do
  if [[ -z ${change[$name]+known} ]]; then
    printf 'recipe.sh: there is no run %s; the runs are %s\n' "$name" "${!change[*]}" >&2
    exit 2
  fi
done
for seed in "${seeds[@]}"; do
  for name in "${names[@]}"; do train "$name" "$seed"; done
done

header='| run | changed |' line='|---|---|'
for seed in "${seeds[@]}"; do
  header+=" MAE, seed $seed | RMSE, seed $seed |"
  line+='---:|---:|'
done
printf '%s\n%s\n' "$header" "$line"
for name in "${names[@]}"; do
  printf '| %s | %s |' "$name" "${change[$name]}"
  for seed in "${seeds[@]}"; do figures "$name" "$seed"; done
  printf '\n'
done
