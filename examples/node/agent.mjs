#!/usr/bin/env node
// A Dray agent that needs nothing but the .proto files.
// agent.mjs serve NAME        attach as NAME and upper-case what requests of type `upper` bring, until Ctrl-C
// agent.mjs request TO TEXT   ask TO (an agent, or instance:X/Y@Z, or capability:X) for TEXT in upper case
// DRAY_SIDECAR names the sidecar (unix:/path or host:port). Exit: 0 done, 1 failed, 2 usage, 4 refused, 5 timed out.
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js'; // installed by npm ci
import protoLoader from '@grpc/proto-loader';

const contract = protoLoader.loadSync('dray/agent/v1/agent_service.proto', {
  includeDirs: [fileURLToPath(new URL('../../proto', import.meta.url))],
  longs: String, enums: String, defaults: true, oneofs: true, // longs as text: a session has 64 bits
});
const { AgentService } = grpc.loadPackageDefinition(contract).dray.agent.v1;
const runtime = process.env.XDG_RUNTIME_DIR || `/tmp/dray-${process.getuid()}`;
const target = process.env.DRAY_SIDECAR || `unix:${runtime}/dray/sidecar.sock`;
const [requestMillis, goodbyeMillis, maxPayloadBytes] = [30_000, 2_000, (4096 - 96) * 1024]; // room for the header

/** One attachment, kept over reconnects. */
class Agent {
  constructor(name, question) {
    this.hello = { version: { major: 1, software: 'examples/node' }, agent: name, incarnation: Date.now() * 1e6 };
    if (!question) this.hello.capabilities = ['upper'];
    Object.assign(this, { question, delay: 100 });
  }

  /** Attaches, and again after each failure, until `stop`. */
  run() {
    if (this.code !== undefined) process.exit(this.code);
    const client = new AgentService(target, grpc.credentials.createInsecure());
    this.stream = client.attach();
    this.stream.on('data', (frame) => this.receive(frame));
    this.stream.on('error', (failure) => {
      console.error(`agent.mjs: ${target}: ${failure.message}`);
      const [trailer] = failure.metadata?.get('dray-error-bin') ?? [];
      if (!trailer || contract['dray.types.v1.Error'].deserialize(trailer).retryable) return;
      if (!this.hello.session) this.code ??= 4;
      this.hello.session = undefined; // such as BAD_SESSION_SECRET: once more, with a new session
    });
    this.stream.on('status', () => { // the last event, whatever ended the stream
      client.close();
      setTimeout(() => this.run(), this.code === undefined ? this.delay * (0.5 + Math.random() / 2) : 0);
      this.delay = Math.min(this.delay * 2, 3000);
    });
    this.stream.write({ hello: this.hello });
  }

  /** Says goodbye, so that the sidecar ends the stream; a second call does not wait for that. */
  stop(code) {
    if (this.code !== undefined) process.exit(this.code);
    [this.code, this.question] = [code, undefined];
    this.stream.write({ goodbye: true });
    this.stream.end();
    setTimeout(() => this.stop(code), goodbyeMillis);
  }

  receive(frame) {
    if (this.code !== undefined) return; // nothing can follow a goodbye
    if (frame.welcome) this.begin(frame.welcome);
    for (const request of frame.envelopes.filter(({ kind }) => kind === 'KIND_REQUEST')) {
      const { from, session: causeSession, sequence: causeSequence, hops } = request;
      const reply = { to: { instance: from }, kind: 'KIND_REPLY', causeSession, causeSequence, hops: hops + 1 };
      this.send({ ...reply, ...upper(request) });
    }
    const { echo, firstDelivery: first, envelopes: { length: count } } = frame;
    const receipts = count > 0 ? [{ first, count, level: 'RECEIPT_LEVEL_DONE' }] : [];
    if (echo !== '0' || count > 0) this.stream.write({ echo, receipts });
    const asked = this.question?.sequence;
    const reply = frame.envelopes.find((envelope) => Number(envelope.causeSequence) === asked);
    const refusal = frame.receipts.find((run) => run.level === 'RECEIPT_LEVEL_REFUSED'
      && asked >= run.first && asked - run.first < Math.max(run.count, 1));
    if (reply?.error ?? refusal) console.error(reply?.error ?? refusal.error);
    else if (reply) console.log(reply.payload.toString());
    if (reply ?? refusal) this.stop(refusal ? 4 : Number(Boolean(reply.error)));
  }

  /** Goes on with the session or begins a new one; what this sidecar has not taken is sent, or sent again. */
  begin({ instance, session, sessionSecret, receivedThrough }) {
    console.error('attached as', instance);
    Object.assign(this, { instance, delay: 100, sequence: session === this.hello.session ? this.sequence : 0 });
    Object.assign(this.hello, { session, sessionSecret, suffix: instance.split(/[/@]/)[1] });
    const asked = this.question;
    if (asked && (asked.session !== session || asked.sequence > receivedThrough)) this.send(asked);
  }

  send(envelope) {
    if (envelope.session !== this.hello.session) { // new in this session, so it gets its id
      this.sequence += 1;
      Object.assign(envelope, { from: this.instance, session: this.hello.session, sequence: this.sequence });
    }
    this.stream.write({ envelopes: [envelope] });
  }
}

/** Handles a request; what it returns are fields of the reply. */
function upper({ type, payload }) {
  if (type !== 'upper') return { error: { code: 'CODE_NO_HANDLER', value: type.slice(0, 64), expected: 'upper' } };
  try {
    const text = Buffer.from(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload).toUpperCase());
    if (text.length > maxPayloadBytes) throw new RangeError(`the reply would have ${text.length} bytes`);
    return { type: 'upper', contentType: 'text/plain', payload: text };
  } catch (failure) {
    return { error: { code: 'CODE_HANDLER_FAILED', message: failure.message, expected: 'UTF-8 that fits' } };
  }
}

const [command, name, text, ...rest] = process.argv.slice(2);
const [, kind = 'agent', to] = /^(?:(agent|instance|capability):)?([^:]+)$/.exec(name) ?? [];
if (!to || rest.length > 0 || command !== (text === undefined ? 'serve' : 'request')) {
  console.error('usage: agent.mjs serve NAME | agent.mjs request [agent:|instance:|capability:]TO TEXT');
  process.exit(2);
}
const agent = new Agent(text === undefined ? name : 'caller', text === undefined ? undefined : {
  to: { [kind]: to }, kind: 'KIND_REQUEST', type: 'upper', contentType: 'text/plain', payload: Buffer.from(text),
  deliveryClass: 'DELIVERY_CLASS_AT_LEAST_ONCE', ordinal: 1, deadlineUnixMicros: (Date.now() + requestMillis) * 1000,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => agent.stop(130));
if (agent.question) setTimeout(() => agent.stop(5), requestMillis);
agent.run();
