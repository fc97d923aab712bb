"""Takes pictures of the console's pages, over a lab of its own, into docs/screenshots.

Usage: screenshots.py <vitrine> <folder>. Needs chromium and chromedriver (make install-tools).
"""

import base64
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

PORT = 17_300
DRIVER = PORT + 50
CONSOLE = f"http://127.0.0.1:{PORT + 5}"
PAGES = {
    "overview": "#/",
    "traces": "#/traces",
    "trace": "#/trace/{trace}",
    "logs": "#/logs",
    "dashboard": "#/dashboard/vitrine-overview?from=now-5m&to=now",
    "alerts": "#/alerts",
    "chaos": "#/chaos",
    "api": "#/api",
}
# The shop as it is when something is wrong: product fails, and its breaker is open.
FAULT = {"service": "product", "fault": {"kind": "error", "point": "server", "status": 503, "duration_seconds": 40}}


def ask(url, body=None, method=None, fields=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json", **(fields or {})}
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def patiently(question):
    for _ in range(300):
        try:
            found = question()
            if found:
                return found
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("it did not come about within a minute")


def main(vitrine, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    data = tempfile.mkdtemp(prefix="vitrine-")
    lab = subprocess.Popen([vitrine, "up", "--data", data, "--port-base", str(PORT)], stdout=subprocess.DEVNULL)
    driver = subprocess.Popen(["chromedriver", f"--port={DRIVER}", "--log-level=SEVERE"], stdout=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{DRIVER}"
        patiently(lambda: ask(f"{base}/status"))
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1400,1000", "--hide-scrollbars"]}
        session = ask(f"{base}/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
        session = f"{base}/session/{session['value']['sessionId']}"

        def picture(name, route, seconds=4):
            ask(f"{session}/url", {"url": "about:blank"})
            ask(f"{session}/url", {"url": f"{CONSOLE}/{route}"})
            time.sleep(seconds)
            image = ask(f"{session}/screenshot")["value"]
            (folder / f"{name}.png").write_bytes(base64.b64decode(image))
            print(folder / f"{name}.png")

        orders = f"{CONSOLE}/console/v1/traces?operation=POST%20/api/v1/orders&status=ok&limit=1"
        trace = patiently(lambda: ask(orders)["traces"])[0]["trace_id"]
        time.sleep(45)
        for name, route in PAGES.items():
            picture(name, route.format(trace=trace))
        ask(f"{CONSOLE}/console/v1/chaos/faults", FAULT, "POST", {"x-vitrine-console": "1"})
        for number in range(60):
            try:
                ask(f"http://127.0.0.1:{PORT}/api/v1/products?limit={1 + number % 50}")
            except urllib.error.HTTPError:
                pass
        picture("overview-failing", "#/", 8)
        failed = f"{CONSOLE}/console/v1/traces?status=error&service=cart&limit=1"
        trace = patiently(lambda: ask(failed)["traces"])[0]["trace_id"]
        picture("trace-failing", f"#/trace/{trace}")
        ask(session, method="DELETE")
    finally:
        driver.terminate()
        lab.send_signal(signal.SIGINT)
        lab.wait(30)


main(*sys.argv[1:3])
