// Reads and writes the conformance bytes of ../../proto/vectors with what proto-loader makes of the .proto files.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import protoLoader from '@grpc/proto-loader';

const proto = fileURLToPath(new URL('../../proto', import.meta.url));
const files = readdirSync(`${proto}/dray`, { recursive: true }).filter((path) => path.endsWith('.proto'));
const types = protoLoader.loadSync(files.map((file) => `dray/${file}`), {
  includeDirs: [proto], longs: String, enums: String, bytes: String, // so that an object has the form of proto3's JSON
});

function data({ hex, filler = 0, times = 0 }) {
  return Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(times, filler)]);
}

function load(name) {
  const vectors = JSON.parse(readFileSync(`${proto}/vectors/${name}`, 'utf8'));
  assert.ok(vectors.length > 0, `${name} has no vectors`);
  return vectors.map((vector) => ({ ...vector, type: types[vector.message], bytes: data(vector) }));
}

/** The same with keys in order, since protobufjs writes the entries of a map as they come. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (Object(value) !== value) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

for (const { name, type, bytes, json, decodeOnly } of load('good.json')) {
  test(`reads the good vector ${name}`, () => assert.deepEqual(type.deserialize(bytes), json));
  if (!decodeOnly) {
    test(`writes the good vector ${name}`, () => assert.deepEqual(type.serialize(sorted(json)), bytes));
  }
}

// What protobufjs cannot tell: it takes text that is not UTF-8, and from a Buffer, which gRPC gives it, also text that
// ends early. A sidecar refuses both at its door. From other arrays it refuses what breaks the wire format.
const refusable = load('bad.json').filter(({ notProtobuf }) => notProtobuf);
test('some bad vectors are not protobuf', () => assert.ok(refusable.length > 0));
for (const { name, type, bytes } of refusable) {
  test(`refuses the bad vector ${name}`, () => assert.throws(() => type.deserialize(new Uint8Array(bytes))));
}
