"""The echo service of the tests, as Python's gRPC sees it; its messages are made from a descriptor, without protoc."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

FIELD = descriptor_pb2.FieldDescriptorProto


def _echo():
    file = descriptor_pb2.FileDescriptorProto(name="interop/echo.proto", package="vitrine.test", syntax="proto3")
    message = file.message_type.add(name="Echo")
    message.field.add(name="text", number=1, type=FIELD.TYPE_STRING, label=FIELD.LABEL_OPTIONAL)
    message.field.add(name="count", number=2, type=FIELD.TYPE_INT32, label=FIELD.LABEL_OPTIONAL)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("vitrine.test.Echo"))


Echo = _echo()
SERVICE = "vitrine.test.Echo"


def path(name):
    return f"/{SERVICE}/{name}"
