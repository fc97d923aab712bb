"""Sends a trace, a log record and a metric with OpenTelemetry's own SDK, as Protobuf with gzip.

Usage: send.py <endpoint>. Prints the trace's id.
"""

import logging
import sys

from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

endpoint = sys.argv[1]
gzip = {"compression": Compression.Gzip}
resource = Resource.create({"service.name": "python"})

traces = TracerProvider(resource=resource)
traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint}/v1/traces", **gzip)))
logs = LoggerProvider(resource=resource)
logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(f"{endpoint}/v1/logs", **gzip)))
reader = PeriodicExportingMetricReader(OTLPMetricExporter(f"{endpoint}/v1/metrics", **gzip))
meters = MeterProvider(resource=resource, metric_readers=[reader])
logger = logging.getLogger("shop")
logger.addHandler(LoggingHandler(logger_provider=logs))

tracer = traces.get_tracer("shop", "1.0")
with tracer.start_as_current_span("outer", kind=trace.SpanKind.SERVER) as outer:
    outer.set_attribute("numbers", [1, 2, 3])
    with tracer.start_as_current_span("inner", links=[trace.Link(outer.get_span_context())]) as inner:
        inner.add_event("happened", {"ratio": 0.5})
        inner.set_status(trace.StatusCode.ERROR, "broken")
        logger.error("it broke", extra={"where": "inner"})
meters.get_meter("shop").create_counter("orders").add(3, {"outcome": "placed"})
meters.get_meter("shop").create_histogram("took").record(1.5)

print(f"{outer.get_span_context().trace_id:032x}")
for provider in (traces, logs, meters):
    provider.shutdown()
