#!/bin/sh
# Fuzzes the parsers that strangers reach, with the libFuzzer of the Swift toolchain and AddressSanitizer.
# usage: scripts/fuzz.sh [json|http1|http2|all] [seconds for each, default 60]
#
# A finding stays in .build/fuzz as <target>-crash-… ; run the binary beside it with that file to see it again.
set -eu
cd "$(dirname "$0")/.."

usage() { echo "usage: scripts/fuzz.sh [json|http1|http2|all] [seconds for each]" >&2; exit 2; }

target=${1:-all}
seconds=${2:-60}
case $target in json | http1 | http2) targets=$target ;; all) targets="json http1 http2" ;; *) usage ;; esac
case $seconds in '' | 0* | *[!0-9]*) usage ;; esac

build=.build/fuzz
mkdir -p "$build"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# compile <target> <sources folders> <harness> [compiler options]: one module of all, unless nothing has changed since.
compile() {
    binary=$build/$1
    # shellcheck disable=SC2086 # the list of folders is meant to be split
    if [ -x "$binary" ] && [ -z "$(find $2 "$3" scripts/fuzz.sh -newer "$binary" | head -n 1)" ]; then return; fi
    echo "fuzz: compiling $1"
    # shellcheck disable=SC2046,SC2086 # the lists of files, folders and options are meant to be split; none has a space in its name
    swiftc -sanitize=fuzzer,address -use-ld=lld -parse-as-library -O -whole-module-optimization -gline-tables-only -swift-version 6 \
        -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault \
        -enable-upcoming-feature MemberImportVisibility -enable-upcoming-feature NonisolatedNonsendingByDefault \
        -module-name "Fuzz_$1" ${4:-} $(find $2 -name '*.swift') "$3" -o "$binary.new"
    mv "$binary.new" "$binary"
}

# fuzz <target>: runs on a copy of the corpus, because libFuzzer adds to the one it is given.
fuzz() {
    cp -R "Fuzz/Corpus/$1" "$scratch/$1"
    dictionary=
    [ -f "Fuzz/$1.dict" ] && dictionary=-dict=Fuzz/$1.dict
    echo "fuzz: $1 for $seconds s"
    # The same hashing in every run, so that a finding can be had again; libFuzzer's own report of a crash, which names
    # the input; no leak check, because the Swift runtime keeps memory on purpose.
    if ! env SWIFT_DETERMINISTIC_HASHING=1 SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 \
        "$build/$1" ${dictionary:+"$dictionary"} -max_total_time="$seconds" -max_len=4096 -timeout=10 \
        -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1 -artifact_prefix="$build/$1-" "$scratch/$1" \
        >"$scratch/$1.log" 2>&1; then
        cat "$scratch/$1.log" >&2
        echo "fuzz: $1 failed; the input is in $build" >&2
        exit 1
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$scratch/$1.log")
    kept=$(find "$scratch/$1" -type f | wc -l)
    echo "fuzz: $1 is fine: ${runs:-?} inputs, $kept with coverage of their own"
}

# Each on a line of its own: behind && a failure to compile would not end the script.
for name in $targets; do
    case $name in
        json) compile json Sources/JSON Fuzz/JSONFuzz.swift ;;
        http1) compile http1 Sources/HTTPCore Fuzz/HTTP1Fuzz.swift ;;
        http2)
            # One module: the imports of the other part of it are left out.
            mkdir -p "$scratch/sources"
            for file in Sources/HTTPCore/*.swift Sources/HTTP2/*.swift; do
                sed '/import HTTPCore$/d' "$file" >"$scratch/sources/$(basename "$file")"
            done
            compile http2 "$scratch/sources" Fuzz/HTTP2Fuzz.swift \
                "-package-name vitrine -I Sources/CLibraries/CNghttp2 -lnghttp2"
            ;;
    esac
    fuzz "$name"
done
