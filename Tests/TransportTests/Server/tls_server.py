"""A small HTTPS server for the tests of Transport: python3 tls_server.py CERT KEY [CLIENT-CA] [TLS-VERSION].

Prints its port, then serves until standard input closes. Its own paths say what each test needs.
"""
import http.server
import json
import socketserver
import ssl
import sys
import threading

FILE = bytes(range(256)) * 4096  # 1 MiB
connections = 0
lock = threading.Lock()
requests = []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        global connections
        super().setup()
        with lock:
            connections += 1

    def log_message(self, *arguments):
        pass

    def answer(self, status, body, content_type="application/json", **fields):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_POST(self):
        body = self.body()
        with lock:
            requests.append(self.path)
        echoed = {
            "method": self.command,
            "path": self.path,
            "type": self.headers.get("Content-Type"),
            "authorization": self.headers.get("Authorization"),
            "length": len(body),
            "body": body.decode(),
        }
        self.answer(200, json.dumps(echoed).encode())

    do_PUT = do_POST

    def do_GET(self):
        with lock:
            requests.append(self.path + " " + (self.headers.get("Range") or "-"))
        if self.path == "/connections":
            self.answer(200, json.dumps({"connections": connections}).encode())
        elif self.path == "/requests":
            self.answer(200, json.dumps(requests).encode())
        elif self.path == "/whoami":
            certificate = self.connection.getpeercert() or {}
            names = [value for rdn in certificate.get("subject", ()) for _, value in rdn]
            self.answer(200, json.dumps(names).encode())
        elif self.path == "/redirect":
            self.answer(302, b"", Location="https://example.invalid/")
        elif self.path == "/problem":
            problem = {
                "type": "urn:concordat:problem:expired", "title": "Over", "status": 409, "code": "expired",
            }
            self.answer(409, json.dumps(problem).encode(), "application/problem+json")
        elif self.path == "/proxy-page":
            self.answer(502, b"<html>bad gateway</html>", "text/html")
        elif self.path == "/many-fields":
            self.answer(200, b"{}", **{f"X_Field_{n}": "x" * 1000 for n in range(90)})
        elif self.path == "/hang":
            # Never answers; the connection ends with the client's patience or with the server.
            threading.Event().wait()
        elif self.path in ("/file", "/file-without-ranges"):
            self.file(FILE, ranges=self.path == "/file")
        elif self.path == "/file-that-breaks":
            self.send_response(200)
            self.send_header("Content-Length", str(len(FILE)))
            self.end_headers()
            self.wfile.write(FILE[: len(FILE) // 2])
            self.wfile.flush()
            self.close_connection = True
        else:
            self.answer(404, b"nothing", "text/plain")

    def file(self, content, ranges):
        field = self.headers.get("Range")
        if ranges and field:
            start = int(field[len("bytes="):].split("-")[0])
            if start >= len(content):
                self.answer(416, b"", "text/plain", Content_Range=f"bytes */{len(content)}")
                return
            part = content[start:]
            self.answer(
                206, part, "application/octet-stream",
                Content_Range=f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.answer(200, content, "application/octet-stream")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        pass


def main():
    certificate, key, client_authority, version = (sys.argv[1:] + [""] * 4)[:4]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if client_authority:
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(client_authority)
    if version == "1.2":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


main()
