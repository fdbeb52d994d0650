// What every client of a sidecar begins with: the contract, read as it is, and where the sidecar of this host listens.
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

/** Returns a new client of the sidecar. */
export const connect = () => new AgentService(target, grpc.credentials.createInsecure());

let last; // that explain said

/** Says why a call failed, unless it is the same again; returns the Error of the contract that it has, or undefined. */
export function explain(failure, again = false) {
  const [trailer] = failure.metadata?.get('dray-error-bin') ?? [];
  const error = trailer && contract['dray.types.v1.Error'].deserialize(trailer);
  const { code, message, value, expected } = error ?? failure;
  let why = error ? `${code}: ${message} (value: ${value}, expected: ${expected})` : message;
  if (!error && code === grpc.status.UNAVAILABLE) {
    why = 'no sidecar answers here; ./dray up starts a mesh, DRAY_SIDECAR=unix:/path or host:port names another';
  }
  if (!again || why !== last) console.error(`${target}: ${why}`);
  last = why;
  return error;
}
