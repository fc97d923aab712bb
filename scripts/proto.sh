#!/bin/sh
# Writes the Swift of proto/ anew: messages, service protocols and clients, one file for each .proto.
# usage: scripts/proto.sh [output folder, default the repository]
#
# Tests/ProtocPluginTests compares what is committed with what this writes.
set -eu
cd "$(dirname "$0")/.."

out=${1:-.}
plugin=${VITRINE_PROTOC_PLUGIN:-.build/debug/protoc-gen-vitrine}
if [ -z "${VITRINE_PROTOC_PLUGIN:-}" ]; then swift build --product protoc-gen-vitrine; fi
# The types that come with protoc: google/protobuf/*.proto.
include=${PROTOBUF_INCLUDE:-/usr/include}

# generate <folder> <file>…: the code of one module, by one run, because files of a package share a namespace.
generate() {
    folder=$out/$1
    shift
    mkdir -p "$folder"
    rm -f "$folder"/*.pb.swift
    protoc --proto_path=proto --proto_path=Tests/Protos --proto_path=Benchmarks/proto --proto_path="$include" \
        --plugin=protoc-gen-vitrine="$plugin" \
        --vitrine_opt=module=google/:Protobuf,module=grpc/:RPC,module=vitrine/:ShopContracts \
        --vitrine_opt=module=testing/:ProtobufTests,module=golden/:Golden,module=bench/:BenchEcho \
        --vitrine_opt=undocumented=google/protobuf/ --vitrine_out="$folder" "$@"
}

# files <below> <folder>: the paths by which files are imported.
files() { (cd "$1" && find "$2" -name '*.proto' | LC_ALL=C sort); }

# shellcheck disable=SC2046 # the lists are meant to be split; no file has a space in its name
{
    generate Sources/Protobuf/Generated google/protobuf/any.proto google/protobuf/duration.proto \
        google/protobuf/empty.proto google/protobuf/timestamp.proto $(files proto google)
    generate Sources/RPC/Generated $(files proto grpc)
    generate Sources/ShopContracts/Generated $(files proto vitrine)
    generate Tests/ProtobufTests/Generated $(files Tests/Protos testing)
    generate Tests/Protos/golden $(files Tests/Protos golden)
    generate Benchmarks/Sources/BenchEcho $(files Benchmarks/proto bench)
}
