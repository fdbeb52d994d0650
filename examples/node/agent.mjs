#!/usr/bin/env node
// A Dray agent that needs nothing but the .proto files. `agent.mjs serve NAME` attaches as NAME until Ctrl-C: it upper-
// cases what requests of type `upper` bring, counts the words of `wordcount` tasks, and publishes to done.upper and
// done.wordcount what it did. DRAY_SIDECAR names the sidecar. Exit: 2 usage, 4 refused, 130 interrupted.
import { connect, explain } from './contract.mjs';
import { upper, wordcount } from './handlers.mjs';

const goodbyeMillis = 2_000;

/** One attachment, kept over reconnects. */
class Agent {
  constructor(agent) {
    const [version, capabilities] = [{ major: 1, software: 'examples/node' }, ['upper', 'wordcount']];
    this.hello = { version, agent, incarnation: Date.now() * 1e6, capabilities, taskSlots: 4 };
    Object.assign(this, { delay: 100, attempts: new Map() }); // attempts at tasks, until the router has their outcome
  }

  /** Attaches, and again after each failure, until `stop`. */
  run() {
    if (this.code !== undefined) process.exit(this.code);
    const client = connect();
    this.stream = client.attach();
    this.stream.on('data', (frame) => this.receive(frame));
    this.stream.on('error', (failure) => {
      if (explain(failure, this.delay > 100)?.retryable ?? true) return;
      if (!this.hello.session) this.code ??= 4;
      this.hello.session = undefined; // such as BAD_SESSION_SECRET: once more, with a new session
    });
    this.stream.on('status', () => { // the last event, whatever ended the stream
      client.close();
      this.attached = false;
      setTimeout(() => this.run(), this.code === undefined ? this.delay * (0.5 + Math.random() / 2) : 0);
      this.delay = Math.min(this.delay * 2, 3000);
    });
    this.stream.write({ hello: { ...this.hello, running: [...this.attempts.values()] } });
  }

  /** Says goodbye, so that the sidecar ends the stream; a second call does not wait for that. */
  stop(code) {
    if (this.code !== undefined) process.exit(this.code);
    Object.assign(this, { code, attached: false }); // nothing may follow a goodbye
    this.stream.end({ goodbye: true });
    setTimeout(() => this.stop(code), goodbyeMillis);
  }

  receive(frame) {
    if (this.code !== undefined) return;
    if (frame.welcome) this.begin(frame.welcome);
    for (const request of frame.envelopes.filter(({ kind }) => kind === 'KIND_REQUEST')) {
      const { from, session: causeSession, sequence: causeSequence, hops } = request;
      const reply = { to: { instance: from }, kind: 'KIND_REPLY', causeSession, causeSequence, hops: hops + 1 };
      const answer = upper(request);
      this.send({ ...reply, ...answer });
      if (answer.payload) this.publish('upper', answer.payload);
    }
    const { echo, firstDelivery: first, envelopes: { length: count } } = frame;
    const receipts = count > 0 ? [{ first, count, level: 'RECEIPT_LEVEL_DONE' }] : [];
    if (echo !== '0' || count > 0) this.stream.write({ echo, receipts });
    for (const assignment of frame.assignments) this.work(assignment);
    for (const attempt of frame.cancels) {
      this.take(attempt);
      this.update(attempt, { done: true, error: { code: 'CODE_CANCELLED' } });
    }
    for (const { taskId, token } of frame.finished) this.attempts.delete(taskId + token);
  }

  /** Goes on with the session or begins a new one; tells how tasks went on meanwhile. */
  begin({ instance, session, sessionSecret }) {
    console.error('attached as', instance);
    const sequence = session === this.hello.session ? this.sequence : 0;
    Object.assign(this, { instance, sequence, delay: 100, attached: true });
    Object.assign(this.hello, { session, sessionSecret, suffix: instance.split(/[/@]/)[1] });
    this.stream.write({ attempts: [...this.attempts.values()] });
  }

  /** Gives an envelope its id and sends it; without attachment it is lost, as AT_MOST_ONCE may be. */
  send(envelope) {
    const id = { from: this.instance, session: this.hello.session, sequence: this.sequence += 1 };
    if (this.attached) this.stream.write({ envelopes: [{ ...envelope, ...id, contentType: 'text/plain' }] });
  }

  publish(type, payload) {
    this.send({ to: { topic: `done.${type}` }, kind: 'KIND_EVENT', type, payload });
  }

  /** Runs an attempt at a task. */
  async work({ attempt, ...task }) {
    if (!this.take(attempt)) return; // told again after a reconnect
    this.update(attempt, { started: true });
    for await (const change of wordcount(task)) {
      if (!this.update(attempt, change)) return; // cancelled
      if (change.result) this.publish('wordcount', change.result);
    }
  }

  /** Keeps an attempt from now on; false when it is known already. */
  take({ taskId, token }) {
    if (this.attempts.has(taskId + token)) return false;
    this.attempts.set(taskId + token, { taskId, token });
    return true;
  }

  /** Says where an attempt is; false when it has ended already, and may be forgotten. */
  update({ taskId, token }, change) {
    const attempt = this.attempts.get(taskId + token);
    if (!attempt || attempt.done) return false;
    Object.assign(attempt, change);
    if (this.attached) this.stream.write({ attempts: [attempt] });
    return true;
  }
}

const [command, name, ...rest] = process.argv.slice(2);
if (['-h', '--help'].includes(command)) process.exit(console.log('usage: agent.mjs serve NAME, until Ctrl-C') ?? 0);
if (command !== 'serve' || !name || rest.length > 0) process.exit(console.error('usage: agent.mjs serve NAME') ?? 2);
const agent = new Agent(name);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => agent.stop(130));
agent.run();
