#!/usr/bin/python3
"""A Dray agent that needs nothing but the generated stub.

agent.py serve NAME        attach as NAME and upper-case what requests of type `upper` bring, until Ctrl-C
agent.py request TO TEXT   ask TO (an agent, or instance:X/Y@Z, or capability:X) for TEXT in upper case
DRAY_SIDECAR names the sidecar (unix:/path or host:port). Exit: 0 done, 1 failed, 2 usage, 4 refused, 5 timed out.
"""
import os, pathlib, queue, random, signal, sys, time
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "stubs"))  # written by ./generate
import grpc
from dray.agent.v1 import agent_service_pb2 as pb, agent_service_pb2_grpc as service
from dray.types.v1 import envelope_pb2 as types, errors_pb2 as errors

RUNTIME = os.environ.get("XDG_RUNTIME_DIR") or f"/tmp/dray-{os.getuid()}"
TARGET = os.environ.get("DRAY_SIDECAR") or f"unix:{RUNTIME}/dray/sidecar.sock"
REQUEST_SECONDS, GOODBYE_SECONDS, MAX_PAYLOAD_BYTES = 30, 2, 4 * 1024 * 1024 - 96 * 1024  # leaves room for the header

class Agent:
    """One attachment, kept over reconnects. One thread does it all; only gRPC's own takes frames from the queue."""

    def __init__(self, name, question=None):
        self.hello = pb.Hello(agent=name, capabilities=[] if question else ["upper"], incarnation=time.time_ns(),
                              version={"major": 1, "software": "examples/python"})
        self.question, self.code, self.frames = question, None, queue.SimpleQueue()

    def run(self):
        """Attaches, and again after each failure, until `stop`; returns the exit code."""
        delay = 0.1
        while self.code is None:
            self.frames = queue.SimpleQueue()  # what goes to this stream; None half-closes it
            self.frames.put(pb.AttachRequest(hello=self.hello))
            try:
                with grpc.insecure_channel(TARGET) as channel:
                    for frame in service.AgentServiceStub(channel).Attach(iter(self.frames.get, None)):
                        self.receive(frame)
                        delay = 0.1
            except grpc.RpcError as failure:
                error = errors.Error.FromString(dict(failure.trailing_metadata() or ()).get("dray-error-bin", b""))
                print(f"agent.py: {TARGET}: {failure.code().name}: {failure.details()}", file=sys.stderr)
                if error.code and not error.retryable and self.code is None:
                    self.code, self.hello.session = None if self.hello.session else 4, 0  # once more, but a new session
            self.frames.put(None)
            time.sleep(delay * random.uniform(0.5, 1) if self.code is None else 0)
            delay = min(delay * 2, 3)
        return self.code

    def stop(self, code):
        """Says goodbye, so that the sidecar ends the stream and `run` returns the code; a second call does not wait."""
        if self.code is not None:
            os._exit(self.code)
        self.code, self.question = code, None
        self.frames.put(pb.AttachRequest(goodbye=True))
        self.frames.put(None)
        signal.alarm(GOODBYE_SECONDS)

    def receive(self, frame):
        if frame.HasField("welcome"):
            self.begin(frame.welcome)
        control = pb.AttachRequest(echo=frame.echo)
        for number, envelope in enumerate(frame.envelopes, frame.first_delivery):
            if envelope.kind == types.KIND_REQUEST:
                self.send(types.Envelope(
                    to={"instance": getattr(envelope, "from")}, kind="KIND_REPLY", hops=envelope.hops + 1,
                    cause_session=envelope.session, cause_sequence=envelope.sequence, **upper(envelope)))
            control.receipts.add(first=number, level="RECEIPT_LEVEL_DONE")
        if control.ByteSize():
            self.frames.put(control)
        asked = self.question.sequence if self.question else 0
        answers = [(int(reply.HasField("error")), reply) for reply in frame.envelopes if reply.cause_sequence == asked]
        answers += [(4, run) for run in frame.receipts if run.level == types.RECEIPT_LEVEL_REFUSED
                    and asked in range(run.first, run.first + max(1, run.count))]
        for code, answer in answers[:1] if asked else ():
            text = str(answer.error) if code else answer.payload.decode(errors="replace")
            print(text, file=sys.stderr if code else sys.stdout, flush=True)
            self.stop(code)

    def begin(self, welcome):
        """Goes on with the session or begins a new one; what this sidecar has not taken is sent, or sent again."""
        print("attached as", welcome.instance, file=sys.stderr)
        self.sequence = self.sequence if welcome.session == self.hello.session else 0
        self.hello.session, self.hello.session_secret = welcome.session, welcome.session_secret
        self.instance, self.hello.suffix = welcome.instance, welcome.instance.partition("/")[2].partition("@")[0]
        if (asked := self.question) and (asked.session != welcome.session or asked.sequence > welcome.received_through):
            self.send(asked)

    def send(self, envelope):
        if envelope.session != self.hello.session:  # new in this session, so it gets its id
            self.sequence += 1
            envelope.session, envelope.sequence = self.hello.session, self.sequence
            setattr(envelope, "from", self.instance)
        self.frames.put(pb.AttachRequest(envelopes=[envelope]))

def upper(request):
    """Handles a request; what it returns are fields of the reply."""
    if request.type != "upper":
        return {"error": {"code": errors.CODE_NO_HANDLER, "value": request.type[:64], "expected": "upper"}}
    try:
        text = request.payload.decode().upper().encode()
        if len(text) > MAX_PAYLOAD_BYTES:
            raise ValueError(f"the reply would have {len(text)} bytes")
        return {"type": "upper", "content_type": "text/plain", "payload": text}
    except ValueError as failure:
        return {"error": {"code": errors.CODE_HANDLER_FAILED, "message": str(failure), "expected": "UTF-8 that fits"}}

match sys.argv[1:]:
    case ["serve", name]:
        agent = Agent(name)
    case ["request", to, text] if to.rpartition(":")[0] in ("", "agent", "instance", "capability"):
        kind, _, name = to.rpartition(":")
        agent = Agent("caller", types.Envelope(
            to={kind or "agent": name}, kind="KIND_REQUEST", type="upper", content_type="text/plain", ordinal=1,
            delivery_class="DELIVERY_CLASS_AT_LEAST_ONCE", payload=os.fsencode(text),
            deadline_unix_micros=int((time.time() + REQUEST_SECONDS) * 1e6)))
        signal.alarm(REQUEST_SECONDS)
    case _:
        sys.exit(print(__doc__, file=sys.stderr) or 2)
for number, code in (signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGALRM, 5):
    signal.signal(number, lambda *_, code=code: agent.stop(code))
sys.exit(agent.run())
