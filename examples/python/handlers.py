"""What the agent does: change these to make an agent of your own."""
import time
from contract import errors

TASK_SECONDS, MAX_PAYLOAD_BYTES = 1, 4 * 1024 * 1024 - 96 * 1024  # leaves room for the header


def upper(request):
    """Handles a request; returns fields of the reply."""
    if request.type != "upper":
        return {"error": {"code": errors.CODE_NO_HANDLER, "value": request.type[:64], "expected": "upper"}}
    try:
        text = request.payload.decode().upper().encode()
        if len(text) > MAX_PAYLOAD_BYTES:
            raise ValueError(f"the reply would have {len(text)} bytes")
        return {"type": "upper", "payload": text}
    except ValueError as failure:
        return {"error": {"code": errors.CODE_HANDLER_FAILED, "message": str(failure), "expected": "UTF-8 that fits"}}


def wordcount(task):
    """Counts the words of a task line by line, in about a second so that one can watch it; yields what to say of it."""
    if task.capability != "wordcount":
        error = {"code": errors.CODE_NO_HANDLER, "value": task.capability, "expected": "wordcount"}
        yield {"done": True, "error": error}
        return
    words, lines = 0, task.payload.decode(errors="replace").split("\n")
    for number, line in enumerate(lines, 1):
        time.sleep(TASK_SECONDS / len(lines))
        words += len(line.split())
        yield {"percent": 100 * number // len(lines), "message": f"{words} words"}
    yield {"done": True, "result": b"%d" % words}
