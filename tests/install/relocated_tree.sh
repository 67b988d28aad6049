#!/bin/bash
# relocated_tree.sh CMAKE BUILD CONSUMER COMPILER VERSION [TORCH]
# Installs the build, moves the tree elsewhere, and uses it there: the program must start with the libraries of the tree
# alone, and a find_package(throng) project must build and run. TORCH is where a libtorch for CUDA lies, which is not
# installed.
set -euo pipefail
cmake=$1 build=$2 consumer=$3 compiler=$4 version=$5 torch_outside=${6:-}

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$cmake" --install "$build" --prefix "$folder/first" >/dev/null
mv "$folder/first" "$folder/moved here"
tree="$folder/moved here"

for file in "$tree/bin/throng" "$tree"/lib*/libthrong.so; do
  paths=$(readelf -d "$file" | sed -n 's/.*R\(UN\)\?PATH.*\[\(.*\)\]/\2/p')
  if tr ':' '\n' <<<"$paths" | grep -v '^\$ORIGIN' | grep -qvxF "$torch_outside"; then
    fail "$file looks for libraries outside of its tree: $paths"
  fi
done
libraries=$(env -i ldd "$tree/bin/throng")
grep -q 'not found' <<<"$libraries" && fail "a library is missing: $libraries"
torch=$(grep -E 'libtorch|libc10' <<<"$libraries")
[[ -n $torch ]] || fail "the program does not use libtorch: $libraries"
grep -vqF "=> ${torch_outside:-$tree}/" <<<"$torch" && fail "libtorch comes from elsewhere: $torch"

shown=$(cd / && env -i "$tree/bin/throng" --version)
[[ $shown == *"$version"* ]] || fail "throng --version says '$shown', not $version"

exported=$(nm -D --defined-only --demangle "$tree"/lib*/libthrong.so)
grep -q 'throng::Counter::count(' <<<"$exported" || fail "the library does not export throng::Counter"
grep -q 'throng::parse_device' <<<"$exported" && fail "the library exports what is not public"

[[ -z $(find "$tree/include" -type f -not -path '*/include/throng/*') ]] || fail "headers that are not ours were installed"
"$cmake" -S "$consumer" -B "$folder/consumer" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$tree" >/dev/null
"$cmake" --build "$folder/consumer"
(cd / && env -i "$folder/consumer/consumer") || fail "the consumer does not run"

# The README shows examples/count.cpp, which was just compiled, to the letter.
root=$consumer/../../..
diff "$root/examples/count.cpp" <(sed -n '/^```cpp$/,/^```$/{/^```/d;p}' "$root/README.md") || fail "the README's example is another one"
