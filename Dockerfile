# One image for all roles: docker build -t vitrine:dev . ; then `serve gateway`, `serve user` and so on as its command.
# Both images are Debian 12, whose libraries the binary is linked against.
ARG BUILD_IMAGE=swift:6.3-bookworm
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libsqlite3-dev libssl-dev libcrypt-dev zlib1g-dev libnghttp2-dev \
    && rm -rf /var/lib/apt/lists/*
# Tests are not built, but the package cannot be read without their folders.
COPY Package.swift ./
COPY Sources ./Sources
COPY Tests ./Tests
RUN swift build -c release --static-swift-stdlib --product vitrine \
    && strip --strip-debug -o /vitrine .build/release/vitrine

FROM ${RUNTIME_IMAGE} AS runtime
# The libraries of the build stage's -dev packages. What the base image has already gets Debian's security fixes too.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get upgrade --yes \
    && apt-get install --yes --no-install-recommends \
        ca-certificates libsqlite3-0 libssl3 libcrypt1 zlib1g libnghttp2-14 libstdc++6 libgcc-s1 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 vitrine \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin vitrine \
    && install --directory --owner 10001 --group 10001 --mode 0750 /data
COPY --from=build /vitrine /usr/local/bin/vitrine
# Where `vitrine chaos` looks for them.
WORKDIR /opt/vitrine
COPY chaos/experiments ./chaos/experiments
# Nothing is written but below /data and /tmp: the root file system may be read only.
ENV VITRINE_HOST=0.0.0.0 \
    VITRINE_DATA=/data \
    VITRINE_LOG_FORMAT=json
USER 10001:10001
# Traffic of gateway, user, product, cart, order, console; the console's OTLP; admin ports, with the load generator's.
EXPOSE 8000 8001 8002 8003 8004 8005 4318 9000 9001 9002 9003 9004 9005 9006
# Without an address it asks the role that is process 1.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/usr/local/bin/vitrine", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/vitrine"]
CMD ["--help"]
