"""A stand-in for a coordinator at the HTTP level, for the tests of the agent's loops: python3 coordinator.py CERT KEY

Prints its port. Then one command a line on standard input:
  job PATH     hands out the bytes of this file as the next job
  fail N       answers the next N requests but those for jobs with 503
  refuse CODE  answers every request but those for jobs with 409 and this problem code, until "refuse -"
  block PART   answers every request to a path with this part with 500 and a page, until "block -"
and one line a request on standard output: METHOD PATH BODY (the body's bytes in base64, or -). The file of a job is
handed out until its receipt came.
"""
import base64
import http.server
import json
import socketserver
import ssl
import sys
import threading

jobs = []
state = {"fail": 0, "refuse": "-", "block": "-"}
changed = threading.Condition()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body=b"", content_type="application/json"):
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def problem(self, status, code):
        if code is None:
            return self.answer(status, b"<html>Broken</html>", "text/html")
        body = {"type": f"urn:concordat:problem:{code}", "title": "No", "status": status, "code": code}
        self.answer(status, json.dumps(body).encode(), "application/problem+json")

    def do_GET(self):
        with changed:
            changed.wait_for(lambda: jobs, timeout=20)
            job = jobs[0] if jobs else None
        self.answer(200, job) if job else self.answer(204)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with changed:
            if state["fail"] > 0:
                state["fail"] -= 1
                verdict = (503, "unavailable")
            elif state["block"] != "-" and state["block"] in self.path:
                verdict = (500, None)
            elif state["refuse"] != "-":
                verdict = (409, state["refuse"])
            else:
                verdict = None
                if self.path.endswith("/status") and jobs:
                    jobs.pop(0)
            shown = base64.b64encode(body).decode() or "-"
            print(f"{self.command} {self.path} {verdict[0] if verdict else 200} {shown}", flush=True)
        self.problem(*verdict) if verdict else self.answer(204 if self.path.endswith("/status") else 201)

    do_PUT = do_POST


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for line in sys.stdin:
        verb, argument = line.split(maxsplit=1)
        with changed:
            if verb == "job":
                with open(argument.strip(), "rb") as file:
                    jobs.append(file.read())
            else:
                state[verb] = int(argument) if verb == "fail" else argument.strip()
            changed.notify_all()


main()
