"""What the console costs and how quick it is, with its page open in a browser.

Usage: console.py <vitrine> [--seconds N] [--rate N]     needs chromium and chromedriver (make install-tools)

Sends OTLP batches of 500 spans of ten attributes, in traces of two, at a steady rate to a console of its own while its page
follows in a headless Chromium; then searches what is held, and loads the page anew. Parsing the same bodies with Python's
JSON reader, written in C, is the yardstick. Everything is on 127.0.0.1 and ends by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request

PAGE, OTLP, ADMIN, DRIVER = 21_085, 21_086, 21_087, 21_088
PER_BATCH = 500
SEARCHES = {
    "the newest": "limit=20",
    "by service": "service=product&limit=20",
    "by operation": "service=gateway&operation=GET%20/api/v1/products/%7Bid%7D&limit=20",
    "failures": "status=error&limit=20",
    "by duration": "min_ms=5&limit=20",
    "by attribute": "tags=%7B%22user_agent.original%22%3A%22bench%2F1%22%7D&limit=20",
    "by an attribute that none has": "tags=%7B%22user_agent.original%22%3A%22other%22%7D&limit=20",
    "by text": "q=products&limit=20",
}


def ask(url: str, body: bytes | None = None, method: str | None = None) -> bytes:
    request = urllib.request.Request(url, data=body, method=method, headers={"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def patiently(question) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            return question()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


class Browser:
    """W3C WebDriver, as much of it as is needed."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(["chromedriver", f"--port={DRIVER}", "--log-level=SEVERE"],
                                        stdout=subprocess.DEVNULL)
        base = f"http://127.0.0.1:{DRIVER}"
        patiently(lambda: ask(f"{base}/status"))
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1400,1000"]
        wish = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": arguments}}}}
        session = json.loads(ask(f"{base}/session", json.dumps(wish).encode()))["value"]["sessionId"]
        self.session = f"{base}/session/{session}"

    def open(self, url: str) -> None:
        ask(f"{self.session}/url", json.dumps({"url": url}).encode())

    def run(self, script: str):
        return json.loads(ask(f"{self.session}/execute/sync", json.dumps({"script": script, "args": []}).encode()))["value"]

    def close(self) -> None:
        ask(self.session, method="DELETE")
        self.process.terminate()
        self.process.wait(10)


def attributes(path: str) -> list[dict]:
    texts = {"http.request.method": "GET", "http.route": "/api/v1/products/{id}", "url.path": path, "url.scheme": "http",
             "server.address": "127.0.0.1", "user_agent.original": "bench/1", "network.protocol.version": "1.1",
             "client.address": "127.0.0.1"}
    numbers = {"http.response.status_code": "200", "server.port": "8000"}
    return [{"key": key, "value": {"stringValue": value}} for key, value in texts.items()] \
        + [{"key": key, "value": {"intValue": value}} for key, value in numbers.items()]


def batch(number: int) -> bytes:
    now = time.time_ns()
    gateway, product = [], []
    for i in range(PER_BATCH // 2):
        trace, call, answer = os.urandom(16).hex(), os.urandom(8).hex(), os.urandom(8).hex()
        failed = {"status": {"code": 2}} if (number * PER_BATCH + i) % 100 == 0 else {}
        gateway.append({"traceId": trace, "spanId": call, "name": "GET /api/v1/products/{id}", "kind": 2,
                        "startTimeUnixNano": str(now - 10_000_000), "endTimeUnixNano": str(now),
                        "attributes": attributes(f"/api/v1/products/{call}"), **failed})
        product.append({"traceId": trace, "spanId": answer, "parentSpanId": call, "name": "GET /api/v1/products/{id}",
                        "kind": 2, "startTimeUnixNano": str(now - 8_000_000), "endTimeUnixNano": str(now - 1_000_000),
                        "attributes": attributes(f"/api/v1/products/{call}")})
    resources = [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": name}}]},
                  "scopeSpans": [{"spans": spans}]} for name, spans in [("gateway", gateway), ("product", product)]]
    return json.dumps({"resourceSpans": resources}).encode()


def processor_seconds(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid: int) -> float:
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.split("\n") if line.startswith("VmRSS")).split()[1]) / 1024


def measure(console: subprocess.Popen, browser: Browser, seconds: int, rate: int) -> None:
    page = f"http://127.0.0.1:{PAGE}"
    empty = resident_megabytes(console.pid)
    browser.open(f"{page}/#/")
    browser.run("window.long = 0; new PerformanceObserver(list => { for (const each of list.getEntries()) "
                "window.long += each.duration; }).observe({ entryTypes: ['longtask'] });")
    before, begin, sent, parsing = processor_seconds(console.pid), time.monotonic(), 0, 0.0
    while time.monotonic() - begin < seconds:
        body = batch(sent // PER_BATCH)
        ask(f"http://127.0.0.1:{OTLP}/v1/traces", body)
        sent += PER_BATCH
        if sent % (20 * PER_BATCH) == 0:
            start = time.process_time()
            json.loads(body)
            parsing = time.process_time() - start if parsing == 0 else min(parsing, time.process_time() - start)
        time.sleep(max(0, sent / rate - (time.monotonic() - begin)))
    took = time.monotonic() - begin
    share = (processor_seconds(console.pid) - before) / took
    cost = share * took / sent * 1e6
    print(f"console   {sent / took:,.0f} spans/s for {took:.0f} s with the page open: {share:.2f} of a core, "
          f"{cost:.1f} µs a span")
    print(f"          parsing the same with Python's JSON reader: {parsing / PER_BATCH * 1e6:.1f} µs a span; "
          f"ratio {cost / (parsing / PER_BATCH * 1e6):.2f}")
    held = json.loads(ask(f"{page}/console/v1/traces?limit=1"))["matched"]
    print(f"          {held:,} traces held, {resident_megabytes(console.pid):.0f} MB resident ({empty:.0f} when empty); "
          f"tasks of the page above 50 ms: {browser.run('return Math.round(window.long)')} ms in all")
    for name, query in SEARCHES.items():
        times = sorted(json.loads(ask(f"{page}/console/v1/traces?{query}"))["took_ms"] for _ in range(9))
        print(f"search    {name}: {statistics.median(times):.1f} ms, at most {times[-1]:.1f}")


def paints(browser: Browser) -> list[float]:
    found = []
    for _ in range(5):
        browser.open("about:blank")
        browser.open(f"http://127.0.0.1:{PAGE}/#/")
        time.sleep(1.5)
        found.append(browser.run("return performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vitrine")
    parser.add_argument("--seconds", type=int, default=42)
    parser.add_argument("--rate", type=int, default=5_000)
    options = parser.parse_args()
    settings = {"VITRINE_PORT": str(PAGE), "VITRINE_CONSOLE_OTLP_PORT": str(OTLP), "VITRINE_ADMIN_PORT": str(ADMIN),
                "VITRINE_CONSOLE_MEMORY": str(256 << 20)}
    with tempfile.TemporaryDirectory() as folder:
        console = subprocess.Popen([os.path.abspath(options.vitrine), "serve", "console"], cwd=folder, env={**os.environ, **settings},
                                   stdout=subprocess.DEVNULL)
        try:
            patiently(lambda: ask(f"http://127.0.0.1:{ADMIN}/health/ready"))
            browser = Browser()
            try:
                first = paints(browser)
                print(f"page      first paint {first[0]:.0f} ms the first time, then "
                      f"{', '.join(f'{each:.0f}' for each in first[1:])} ms")
                measure(console, browser, options.seconds, options.rate)
                later = paints(browser)
                print(f"page      first paint with all that held: {', '.join(f'{each:.0f}' for each in later)} ms")
            finally:
                browser.close()
        finally:
            console.send_signal(signal.SIGINT)
            console.wait(20)


if __name__ == "__main__":
    main()
