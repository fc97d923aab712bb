"""The echo service on Python's gRPC. Prints its port, and ends with its standard input."""

import sys
import threading
from concurrent import futures

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_status import rpc_status

from echo_contract import Echo, SERVICE

hanging = 0
lock = threading.Lock()


def hang(context):
    """Waits until the caller goes or its deadline passes."""
    global hanging
    over = threading.Event()
    with lock:
        hanging += 1
    if not context.add_callback(over.set):
        over.set()
    over.wait(30)
    with lock:
        hanging -= 1


def say(request, context):
    if request.text == "hang":
        hang(context)
    if request.text == "hanging":
        with lock:
            return Echo(count=hanging)
    if request.text == "metadata":
        received = context.invocation_metadata()
        context.send_initial_metadata([pair for pair in received if pair[0] == "x-text"])
        context.set_trailing_metadata([pair for pair in received if pair[0] == "x-bytes-bin"])
    if request.text == "deadline":
        return Echo(count=int(context.time_remaining() * 1_000))
    if request.text == "details":
        retry = any_pb2.Any()
        retry.Pack(error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=1, nanos=500_000_000)))
        info = any_pb2.Any()
        info.Pack(error_details_pb2.ErrorInfo(reason="OUT_OF_STOCK", domain="test", metadata={"left": "3"}))
        context.abort_with_status(
            rpc_status.to_status(status_pb2.Status(code=9, message="Not enough: ä", details=[info, retry]))
        )
    if request.text == "raise":
        raise ValueError("a defect")
    if request.text.startswith("compressible"):
        context.set_compression(grpc.Compression.Gzip)
    return request


def fail(request, context):
    context.abort(next(code for code in grpc.StatusCode if code.value[0] == request.count), request.text)


def count(request, context):
    for number in range(request.count):
        yield Echo(text=request.text, count=number)
    if request.text == "hang":
        hang(context)
    if request.text == "fail":
        context.abort(grpc.StatusCode.OUT_OF_RANGE, "too far")


def handler(make, body):
    return make(body, request_deserializer=Echo.FromString, response_serializer=Echo.SerializeToString)


server = grpc.server(
    futures.ThreadPoolExecutor(max_workers=16),
    options=[("grpc.max_receive_message_length", 16 << 20), ("grpc.max_send_message_length", 16 << 20)],
)
server.add_generic_rpc_handlers((
    grpc.method_handlers_generic_handler(
        SERVICE,
        {
            "Say": handler(grpc.unary_unary_rpc_method_handler, say),
            "Fail": handler(grpc.unary_unary_rpc_method_handler, fail),
            "Count": handler(grpc.unary_stream_rpc_method_handler, count),
        },
    ),
))
states = health.HealthServicer()
states.set("", health_pb2.HealthCheckResponse.SERVING)
health_pb2_grpc.add_HealthServicer_to_server(states, server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
for line in sys.stdin:
    # A status to set, for who watches.
    states.set("", getattr(health_pb2.HealthCheckResponse, line.strip()))
server.stop(0)
