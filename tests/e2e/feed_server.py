# SPDX-License-Identifier: Apache-2.0
# A server of vulnerability data that misbehaves in all the ways servers do. One instance a test.

import gzip
import http.server
import json
import threading
import time


def nvd_page(count, start=1, text="words"):
    """An NVD 2.0 page of `count` advisories on a:example:gadget."""
    def record(n):
        match = {"vulnerable": True, "criteria": "cpe:2.3:a:example:gadget:*:*:*:*:*:*:*:*",
                 "versionEndExcluding": f"1.{n}"}
        return {"cve": {"id": f"CVE-2024-{n:05}", "vulnStatus": "Analyzed",
                        "published": "2024-01-02T03:04:05.000",
                        "lastModified": "2024-02-03T04:05:06.000",
                        "descriptions": [{"lang": "en", "value": text}],
                        "metrics": {}, "references": [],
                        "configurations": [{"nodes": [{"operator": "OR", "negate": False,
                                                       "cpeMatch": [match]}]}]}}
    return {"resultsPerPage": count, "startIndex": 0, "totalResults": count, "format": "NVD_CVE",
            "version": "2.0", "timestamp": "2024-03-04T00:00:00.000",
            "vulnerabilities": [record(start + n) for n in range(count)]}


def packed(document):
    return gzip.compress(json.dumps(document).encode(), mtime=0)


class Server:
    """`answers`: path -> list of behaviours, one a request; the last one stays.

    A behaviour is a function of (handler, server); it writes the whole answer.
    """

    def __init__(self):
        self.answers = {}
        self.requests = []  # (path, headers)
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                owner.requests.append((self.path, dict(self.headers)))
                todo = owner.answers.get(self.path, [status(404)])
                act = todo.pop(0) if len(todo) > 1 else todo[0]
                try:
                    act(self)
                except (BrokenPipeError, ConnectionResetError):
                    pass

            def log_message(self, *args):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def hits(self, path):
        return [headers for where, headers in self.requests if where == path]


def send(handler, code, body, headers, length=None):
    handler.send_response(code)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


def whole(body, etag='"v1"'):
    """As a good server: conditional requests and ranges."""
    def act(handler):
        tag = {"ETag": etag, "Accept-Ranges": "bytes"}
        if handler.headers.get("If-None-Match") == etag:
            handler.send_response(304)
            handler.send_header("ETag", etag)
            handler.end_headers()
            return
        wanted = handler.headers.get("Range")
        if wanted and handler.headers.get("If-Range") == etag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(body):
                send(handler, 416, b"", {"Content-Range": f"bytes */{len(body)}"})
                return
            send(handler, 206, body[start:],
                 {**tag, "Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"})
            return
        send(handler, 200, body, tag)
    return act


def status(code, headers=None):
    return lambda handler: send(handler, code, b"<html>no</html>", headers or {})


def cut(body, after, etag='"v1"'):
    """Promises everything, sends some, hangs up."""
    def act(handler):
        handler.close_connection = True
        send(handler, 200, body[:after], {"ETag": etag, "Accept-Ranges": "bytes"}, len(body))
    return act


def short_length(body, length):
    """Promises less than there is."""
    def act(handler):
        handler.close_connection = True
        send(handler, 200, body, {}, length)
    return act


def wrong_piece(body, etag='"v1"'):
    """Answers a request for the rest with another piece."""
    def act(handler):
        if handler.headers.get("Range"):
            send(handler, 206, body[:10],
                 {"ETag": etag, "Content-Range": f"bytes 0-9/{len(body)}"})
        else:
            whole(body, etag)(handler)
    return act


def endless(chunk=b"[" * 65536):
    """Never stops sending."""
    def act(handler):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        while True:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
    return act


def stall(body, after, seconds):
    def act(handler):
        handler.close_connection = True
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:after])
        handler.wfile.flush()
        time.sleep(seconds)
    return act


def elsewhere(url):
    return lambda handler: send(handler, 302, b"", {"Location": url})
