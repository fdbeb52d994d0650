#!/usr/bin/python3
"""A Dray agent that needs nothing but the generated stub. agent.py serve NAME attaches as NAME until Ctrl-C: it puts in
upper case what requests of type `upper` bring, counts the words of `wordcount` tasks, and publishes both (done.upper,
done.wordcount). DRAY_SIDECAR names the sidecar. Exit: 2 usage, 4 refused, 130 interrupted."""
import argparse, os, queue, random, signal, sys, threading, time
from contract import TARGET, errors, explain, grpc, pb, service, types
from handlers import upper, wordcount

class Agent:
    """One attachment, kept over reconnects. One thread reads and answers; each task has a thread of its own."""

    def __init__(self, name):
        self.hello = pb.Hello(agent=name, capabilities=["upper", "wordcount"], task_slots=4,
                              incarnation=time.time_ns(), version={"major": 1, "software": "examples/python"})
        self.code, self.attached, self.frames, self.lock = None, False, queue.SimpleQueue(), threading.Lock()
        self.attempts = {}  # at tasks, until the router has their outcome

    def run(self):
        """Attaches, and again after each failure, until `stop`; returns the exit code."""
        delay = 0.1
        while self.code is None:
            self.hello.ClearField("running")
            self.hello.running.extend(self.attempts.values())
            self.frames = queue.SimpleQueue()  # what goes to this stream; None half-closes it
            self.frames.put(pb.AttachRequest(hello=self.hello))
            try:
                with grpc.insecure_channel(TARGET) as channel:
                    for frame in service.AgentServiceStub(channel).Attach(iter(self.frames.get, None)):
                        self.receive(frame)
                        delay = 0.1
            except grpc.RpcError as failure:
                error = explain(failure, again=delay > 0.1)
                if error.code and not error.retryable and self.code is None:
                    self.code, self.hello.session = None if self.hello.session else 4, 0  # once more, but a new session
            self.attached = False
            self.frames.put(None)
            time.sleep(delay * random.uniform(0.5, 1) if self.code is None else 0)
            delay = min(delay * 2, 3)
        return self.code

    def stop(self, code):
        """Says goodbye, so that the sidecar ends the stream and `run` returns the code; a second call does not wait."""
        if self.code is not None:
            os._exit(self.code)
        self.code, self.attached = code, False  # nothing may follow a goodbye
        self.frames.put(pb.AttachRequest(goodbye=True))
        self.frames.put(None)
        signal.alarm(2)  # then stops again

    def receive(self, frame):
        if frame.HasField("welcome"):
            self.begin(frame.welcome)
        control = pb.AttachRequest(echo=frame.echo)
        for number, envelope in enumerate(frame.envelopes, frame.first_delivery):
            if envelope.kind == types.KIND_REQUEST:
                reply = upper(envelope)
                self.send(to={"instance": getattr(envelope, "from")}, kind="KIND_REPLY", hops=envelope.hops + 1,
                          cause_session=envelope.session, cause_sequence=envelope.sequence, **reply)
                if "error" not in reply:
                    self.send(to={"topic": "done.upper"}, kind="KIND_EVENT", **reply)
            control.receipts.add(first=number, level="RECEIPT_LEVEL_DONE")
        if control.ByteSize():
            self.frames.put(control)
        for task in frame.assignments:
            if self.take(task.attempt):  # else told again after a reconnect
                self.update(task.attempt, started=True)
                threading.Thread(target=self.work, args=[task], daemon=True).start()
        for attempt in frame.cancels:
            self.take(attempt)
            self.update(attempt, done=True, error={"code": errors.CODE_CANCELLED})
        for attempt in frame.finished:
            self.attempts.pop((attempt.task_id, attempt.token), None)

    def begin(self, welcome):
        """Goes on with the session or begins a new one; tells how tasks went on meanwhile."""
        print("attached as", welcome.instance, file=sys.stderr)
        self.sequence = self.sequence if welcome.session == self.hello.session else 0
        self.hello.session, self.hello.session_secret = welcome.session, welcome.session_secret
        self.instance, self.hello.suffix = welcome.instance, welcome.instance.partition("/")[2].partition("@")[0]
        self.attached = True
        self.frames.put(pb.AttachRequest(attempts=self.attempts.values()))

    def send(self, **fields):
        """Gives an envelope its id and sends it; without attachment it is lost, as AT_MOST_ONCE may be."""
        with self.lock:
            self.sequence += 1
            fields |= {"from": self.instance, "session": self.hello.session, "sequence": self.sequence}
            if self.attached:
                self.frames.put(pb.AttachRequest(envelopes=[types.Envelope(content_type="text/plain", **fields)]))

    def work(self, task):
        for update in wordcount(task):
            if not self.update(task.attempt, **update):
                return  # cancelled
        if "result" in update:
            self.send(to={"topic": "done.wordcount"}, kind="KIND_EVENT", type="wordcount", payload=update["result"])

    def take(self, attempt):
        """Keeps an attempt from now on; False when it is known already."""
        new = pb.AttemptUpdate(task_id=attempt.task_id, token=attempt.token)
        return self.attempts.setdefault((new.task_id, new.token), new) is new

    def update(self, attempt, **change):
        """Says where an attempt is; False when it has ended already, and may be forgotten."""
        with self.lock:
            update = self.attempts.get((attempt.task_id, attempt.token))
            if update is None or update.done:
                return False
            update.MergeFrom(pb.AttemptUpdate(**change))
            if self.attached:
                self.frames.put(pb.AttachRequest(attempts=[update]))
        return True

words = argparse.ArgumentParser(description=__doc__)
words.add_argument("command", choices=["serve"]), words.add_argument("name", metavar="NAME")
agent = Agent(words.parse_args().name)
for number in signal.SIGINT, signal.SIGTERM, signal.SIGALRM:
    signal.signal(number, lambda *_: agent.stop(130))
sys.exit(agent.run())
