"""Calls a server of ours with Python's gRPC. Prints a line for each check that holds; ends with 1 at the first that does not.

usage: client.py PORT
"""

import faulthandler
import sys
import threading
import time

import grpc
from google.protobuf import descriptor_pool
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

from echo_contract import Echo, SERVICE, path

# A test that hangs says where, and ends.
faulthandler.dump_traceback_later(60, exit=True)

OPTIONS = [
    ("grpc.keepalive_time_ms", 1_000),
    ("grpc.keepalive_timeout_ms", 2_000),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.max_receive_message_length", 16 << 20),
    ("grpc.max_send_message_length", 16 << 20),
    ("grpc.enable_retries", 0),
]
channel = grpc.insecure_channel(f"127.0.0.1:{sys.argv[1]}", options=OPTIONS)
CODES = {"request_serializer": Echo.SerializeToString, "response_deserializer": Echo.FromString}
say = channel.unary_unary(path("Say"), **CODES)
fail = channel.unary_unary(path("Fail"), **CODES)
total = channel.stream_unary(path("Sum"), **CODES)
count = channel.unary_stream(path("Count"), **CODES)
chat = channel.stream_stream(path("Chat"), **CODES)


def status_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("no error")


def unary():
    assert say(Echo(text="grüße", count=7), timeout=5) == Echo(text="grüße", count=7)
    for number in range(200):
        assert say(Echo(count=number), timeout=5).count == number


def at_once():
    calls = [say.future(Echo(count=number), timeout=10) for number in range(500)]
    assert [call.result().count for call in calls] == list(range(500))


def server_streaming():
    counts = [answer.count for answer in count(Echo(text="x", count=1_000), timeout=10)]
    assert counts == list(range(1_000))
    assert list(count(Echo(count=0), timeout=5)) == []


def client_streaming():
    answer = total((Echo(text="x", count=number) for number in range(100)), timeout=10)
    assert answer == Echo(text="x" * 100, count=4_950)
    assert total(iter([]), timeout=5) == Echo()


def bidirectional():
    turn = threading.Semaphore(1)

    def questions():
        for number in range(50):
            turn.acquire()
            yield Echo(count=number)

    # Each question waits for the answer before it.
    for number, answer in enumerate(chat(questions(), timeout=10)):
        assert answer.count == number
        turn.release()
    assert number == 49


def deadline():
    begun = time.monotonic()
    error = status_of(lambda: say(Echo(text="hang"), timeout=0.2))
    assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED, error
    assert time.monotonic() - begun < 5
    error = status_of(lambda: list(count(Echo(text="hang", count=1), timeout=0.2)))
    assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED, error


def cancellation():
    call = say.future(Echo(text="hang"), timeout=30)
    wait_for("hanging", 1)
    call.cancel()
    assert status_of(call.result) if not call.cancelled() else True
    wait_for("hanging", 0)
    stream = count(Echo(text="hang", count=1), timeout=30)
    assert next(stream).count == 0
    wait_for("hanging", 1)
    stream.cancel()
    wait_for("hanging", 0)


def wait_for(text, number):
    """Asks the server how many handlers hang, until they are as many."""
    end = time.monotonic() + 20
    while say(Echo(text=text), timeout=5).count != number:
        assert time.monotonic() < end, f"{text} is not {number}"
        time.sleep(0.005)


def errors():
    for code in grpc.StatusCode:
        if code is grpc.StatusCode.OK:
            continue
        error = status_of(lambda: fail(Echo(text="für 50%\n", count=code.value[0]), timeout=5))
        assert error.code() is code, error
        assert error.details() == "für 50%\n", error.details()
    error = status_of(lambda: say(Echo(text="unforeseen"), timeout=5))
    assert error.code() is grpc.StatusCode.INTERNAL and "secret" not in error.details()


def error_details():
    error = status_of(lambda: say(Echo(text="details"), timeout=5))
    status = rpc_status.from_call(error)
    assert status.code == 9 and status.message == "Not enough.", status
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info) and info.reason == "OUT_OF_STOCK" and info.metadata["left"] == "3"
    retry = error_details_pb2.RetryInfo()
    assert status.details[1].Unpack(retry) and retry.retry_delay.ToMilliseconds() == 1_500
    bad = error_details_pb2.BadRequest()
    assert status.details[2].Unpack(bad) and bad.field_violations[0].field == "lines[0].quantity"
    failure = error_details_pb2.PreconditionFailure()
    assert status.details[3].Unpack(failure) and failure.violations[0].subject == "items[0]"
    quota = error_details_pb2.QuotaFailure()
    assert status.details[4].Unpack(quota) and quota.violations[0].subject == "client"


def metadata():
    sent = (("x-text", "some text"), ("x-text", "more"), ("x-bytes-bin", bytes(range(256))))
    answer, call = say.with_call(Echo(text="metadata"), timeout=5, metadata=sent)
    head = call.initial_metadata()
    assert [value for key, value in head if key == "x-text"] == ["some text", "more"], head
    tail = dict(call.trailing_metadata())
    assert tail["x-bytes-bin"] == bytes(range(256)), tail


def compression():
    text = "compressible " * 10_000
    answer = say(Echo(text=text), timeout=5, compression=grpc.Compression.Gzip)
    assert answer.text == text
    assert say(Echo(text="small"), timeout=5, compression=grpc.Compression.Gzip).text == "small"
    error = status_of(lambda: say(Echo(text="x" * 5_000_000), timeout=5, compression=grpc.Compression.Gzip))
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED, error
    error = status_of(lambda: say(Echo(text=text), timeout=5, compression=grpc.Compression.Deflate))
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED, error


def large():
    text = "x" * 4_000_000
    assert say(Echo(text=text), timeout=10).text == text
    error = status_of(lambda: say(Echo(text="x" * 4_200_000), timeout=10))
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED, error
    # 100 messages of 100 kB, more than any window.
    sizes = [len(answer.text) for answer in count(Echo(text="y" * 100_000, count=100), timeout=20)]
    assert sizes == [100_000] * 100


def unknown_method():
    error = status_of(lambda: channel.unary_unary(path("Nothing"), **CODES)(Echo(), timeout=5))
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED, error


def health():
    stub = health_pb2_grpc.HealthStub(channel)
    serving = health_pb2.HealthCheckResponse.SERVING
    assert stub.Check(health_pb2.HealthCheckRequest(), timeout=5).status == serving
    assert stub.Check(health_pb2.HealthCheckRequest(service=SERVICE), timeout=5).status == serving
    error = status_of(lambda: stub.Check(health_pb2.HealthCheckRequest(service="no.Such"), timeout=5))
    assert error.code() is grpc.StatusCode.NOT_FOUND, error
    watch = stub.Watch(health_pb2.HealthCheckRequest(service="watched"), timeout=20)
    assert next(watch).status == health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
    say(Echo(text="watched"), timeout=5)
    assert next(watch).status == health_pb2.HealthCheckResponse.NOT_SERVING
    watch.cancel()


def reflection():
    database = ProtoReflectionDescriptorDatabase(channel)
    services = set(database.get_services())
    assert {SERVICE, "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"} <= services, services
    pool = descriptor_pool.DescriptorPool(database)
    check = pool.FindServiceByName("grpc.health.v1.Health").FindMethodByName("Check")
    assert check.input_type.full_name == "grpc.health.v1.HealthCheckRequest"
    assert check.output_type.fields_by_name["status"].enum_type.values_by_name["SERVING"].number == 1
    try:
        pool.FindServiceByName("no.Such")
        raise AssertionError("found")
    except KeyError:
        pass


def keepalive():
    # Pings go out each second; the connection outlives more of them than an idle server would stand.
    stream = count(Echo(text="hang", count=1), timeout=30)
    next(stream)
    time.sleep(3.5)
    assert say(Echo(text="alive"), timeout=5).text == "alive"
    stream.cancel()


for check in (
    unary, at_once, server_streaming, client_streaming, bidirectional, deadline, cancellation, errors, error_details,
    metadata, compression, large, unknown_method, health, reflection, keepalive,
):
    check()
    print("holds:", check.__name__, flush=True)
channel.close()
