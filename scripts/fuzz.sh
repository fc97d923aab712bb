#!/bin/sh
# Fuzzes the parsers that strangers reach, with the libFuzzer of the Swift toolchain and AddressSanitizer.
# usage: scripts/fuzz.sh [json|http1|http2|protobuf|all] [seconds for each, default 60]
#
# A finding stays in .build/fuzz as <target>-crash-… ; run the binary beside it with that file to see it again.
set -eu
cd "$(dirname "$0")/.."

usage() { echo "usage: scripts/fuzz.sh [json|http1|http2|protobuf|all] [seconds for each]" >&2; exit 2; }

target=${1:-all}
seconds=${2:-60}
case $target in
    json | http1 | http2 | protobuf) targets=$target ;;
    all) targets="json http1 http2 protobuf" ;;
    *) usage ;;
esac
case $seconds in '' | 0* | *[!0-9]*) usage ;; esac

build=.build/fuzz
mkdir -p "$build"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# compile <target> <harness> <compiler options> <sources folder>…: one module of all, unless nothing has changed since.
compile() {
    name=$1
    harness=$2
    options=$3
    shift 3
    binary=$build/$name
    if [ -x "$binary" ] && [ -z "$(find "$@" "$harness" scripts/fuzz.sh -newer "$binary" | head -n 1)" ]; then return; fi
    echo "fuzz: compiling $name"
    # What is several modules elsewhere is one here: the imports of its other parts are left out.
    sources=$scratch/$name
    mkdir -p "$sources"
    for file in $(find "$@" -name '*.swift'); do
        sed -E '/^(public |package )?import (HTTPCore|Protobuf)$/d' "$file" >"$sources/$(basename "$file")"
    done
    # shellcheck disable=SC2046,SC2086 # files and options are meant to be split; none has a space in its name
    swiftc -sanitize=fuzzer,address -use-ld=lld -parse-as-library -O -whole-module-optimization -gline-tables-only -swift-version 6 \
        -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault \
        -enable-upcoming-feature MemberImportVisibility -enable-upcoming-feature NonisolatedNonsendingByDefault \
        -package-name vitrine -module-name "Fuzz_$name" $options $(find "$sources" -name '*.swift') "$harness" \
        -o "$binary.new"
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
        json) compile json Fuzz/JSONFuzz.swift "" Sources/JSON ;;
        http1) compile http1 Fuzz/HTTP1Fuzz.swift "" Sources/HTTPCore ;;
        http2)
            compile http2 Fuzz/HTTP2Fuzz.swift "-I Sources/CLibraries/CNghttp2 -lnghttp2" Sources/HTTPCore Sources/HTTP2
            ;;
        protobuf)
            compile protobuf Fuzz/ProtobufFuzz.swift "" Sources/Protobuf Tests/ProtobufTests/Generated
            ;;
    esac
    fuzz "$name"
done
