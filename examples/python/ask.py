#!/usr/bin/python3
"""ask.py TO TEXT: asks TO (an agent, or instance:X/Y@Z, or capability:X) for TEXT in upper case; by the unary
door, which needs no attachment. Exit: 0 done, 1 the handler failed, 2 usage, 3 unreachable, 4 refused, 5 timed out.
"""
import os, sys
from contract import TARGET, errors, explain, grpc, pb, service

REQUEST_SECONDS = 30
EXIT_CODES = {0: 3, errors.CODE_HANDLER_FAILED: 1, errors.CODE_NO_HANDLER: 1, errors.CODE_EXPIRED: 5}

match sys.argv[1:]:
    case [to, text] if to.rpartition(":")[0] in ("", "agent", "instance", "capability"):
        kind, _, name = to.rpartition(":")
    case _:
        sys.exit(print("usage: ask.py [agent:|instance:|capability:]TO TEXT", file=sys.stderr) or 2)
request = pb.RequestRequest(to={kind or "agent": name}, type="upper", content_type="text/plain",
                            payload=os.fsencode(text))
try:
    with grpc.insecure_channel(TARGET) as channel:
        reply = service.AgentServiceStub(channel).Request(request, timeout=REQUEST_SECONDS)
except grpc.RpcError as failure:
    sys.exit(EXIT_CODES.get(explain(failure).code, 4))
print(reply.payload.decode(errors="replace"))
