#!/bin/sh
# Compiles the yardstick of gRPC into a folder: build.sh FOLDER
set -eu
out=$1
here=$(dirname "$0")
proto=$here/../proto
protoc --proto_path="$proto" --cpp_out="$out" --grpc_out="$out" \
    --plugin=protoc-gen-grpc="$(command -v grpc_cpp_plugin)" bench/v1/echo.proto
for program in echo_server echo_client; do
    # shellcheck disable=SC2046 # flags are meant to be split
    g++ -std=c++17 -O2 -I"$out" $(pkg-config --cflags grpc++ protobuf) -o "$out/$program" "$here/$program.cc" \
        "$out/bench/v1/echo.pb.cc" "$out/bench/v1/echo.grpc.pb.cc" $(pkg-config --libs grpc++ protobuf) -lpthread
done
