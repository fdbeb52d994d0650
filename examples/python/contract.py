"""What every client of a sidecar begins with: the generated stubs, and where the sidecar of this host listens."""
import os, pathlib, sys
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "stubs"))  # written by ./generate
import grpc
from dray.agent.v1 import agent_service_pb2 as pb, agent_service_pb2_grpc as service
from dray.types.v1 import envelope_pb2 as types, errors_pb2 as errors

RUNTIME = os.environ.get("XDG_RUNTIME_DIR") or f"/tmp/dray-{os.getuid()}"
TARGET = os.environ.get("DRAY_SIDECAR") or f"unix:{RUNTIME}/dray/sidecar.sock"


last = ""  # that explain said


def explain(failure, again=False):
    """Says why a call failed, unless it is the same again. Returns the contract's Error; it may lack a code."""
    global last
    error = errors.Error.FromString(dict(failure.trailing_metadata() or ()).get("dray-error-bin", b""))
    why = f"{failure.code().name}: {failure.details()}"
    if error.code:
        why = f"{errors.Code.Name(error.code)}: {error.message} (value: {error.value}, expected: {error.expected})"
    elif failure.code() == grpc.StatusCode.UNAVAILABLE:
        why = "no sidecar answers here; ./dray up starts a mesh, DRAY_SIDECAR=unix:/path or host:port names another"
    if not (again and why == last):
        print(f"{TARGET}: {why}", file=sys.stderr)
    last = why
    return error
