// What the agent does: change these to make an agent of your own.
import { setTimeout as pause } from 'node:timers/promises';

const [taskMillis, maxPayloadBytes] = [1_000, (4096 - 96) * 1024]; // leaves room for the header
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Handles a request; returns fields of the reply. */
export function upper({ type, payload }) {
  if (type !== 'upper') return { error: { code: 'CODE_NO_HANDLER', value: type.slice(0, 64), expected: 'upper' } };
  try {
    const text = Buffer.from(utf8.decode(payload).toUpperCase());
    if (text.length > maxPayloadBytes) throw new RangeError(`the reply would have ${text.length} bytes`);
    return { type, payload: text };
  } catch (failure) {
    return { error: { code: 'CODE_HANDLER_FAILED', message: failure.message, expected: 'UTF-8 that fits' } };
  }
}

/** Counts the words of a task line by line, in about a second so that one can watch it; yields what to say of it. */
export async function* wordcount({ capability, payload }) {
  if (capability !== 'wordcount') {
    yield { done: true, error: { code: 'CODE_NO_HANDLER', value: capability, expected: 'wordcount' } };
    return;
  }
  const lines = payload.toString().split('\n');
  let words = 0;
  for (const [index, line] of lines.entries()) {
    await pause(taskMillis / lines.length);
    words += line.match(/\S+/g)?.length ?? 0;
    yield { percent: Math.floor((100 * (index + 1)) / lines.length), message: `${words} words` };
  }
  yield { done: true, result: Buffer.from(String(words)) };
}
