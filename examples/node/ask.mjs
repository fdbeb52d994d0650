#!/usr/bin/env node
// ask.mjs TO TEXT: asks TO (an agent, or instance:X/Y@Z, or capability:X) for TEXT in upper case; by the unary
// door, which needs no attachment. Exit: 0 done, 1 the handler failed, 2 usage, 3 unreachable, 4 refused, 5 timed out.
import { connect, explain } from './contract.mjs';

const requestMillis = 30_000;
const exitCodes = { CODE_HANDLER_FAILED: 1, CODE_NO_HANDLER: 1, CODE_EXPIRED: 5 };
const [address, text, ...rest] = process.argv.slice(2);
const [, kind = 'agent', to] = /^(?:(agent|instance|capability):)?([^:]+)$/.exec(address) ?? [];
if (!to || text === undefined || rest.length > 0) {
  console.error('usage: ask.mjs [agent:|instance:|capability:]TO TEXT');
  process.exit(2);
}
const request = { to: { [kind]: to }, type: 'upper', contentType: 'text/plain', payload: Buffer.from(text) };
const client = connect();
client.request(request, { deadline: Date.now() + requestMillis }, (failure, reply) => {
  client.close();
  const error = failure && explain(failure);
  if (failure) process.exitCode = error ? (exitCodes[error.code] ?? 4) : 3;
  else console.log(reply.payload.toString());
});
