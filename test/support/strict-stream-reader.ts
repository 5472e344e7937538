/**
 * Reads an event stream and takes only the safe part of the format: what every reader there is understands in the same
 * way. Anything else, however legal, is an error: a server that never says it cannot be misunderstood.
 */
export interface StrictFrame {
  id?: string;
  event?: string;
  json?: unknown;
  retryMs?: number;
}

const kindsWithId = new Set(['inbox', 'receipt', 'reset', 'ack']);
const kindsThatNeedId = new Set(['inbox', 'receipt', 'reset']);

/** Throws with what is wrong. */
export function readStrictly(bytes: Uint8Array): StrictFrame[] {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  if (text.startsWith('\uFEFF')) throw new Error('It begins with a byte order mark.');
  if (text.includes('\r')) throw new Error('There is a carriage return.');
  if (text.includes('\0')) throw new Error('There is a NUL.');
  if (text === '') return [];
  if (!text.endsWith('\n\n')) throw new Error('It ends inside of an event.');
  return text.slice(0, -2).split('\n\n').map(readFrame);
}

function readFrame(text: string): StrictFrame {
  const frame: StrictFrame = {};
  for (const line of text.split('\n')) {
    const [, field, value] = /^(id|event|data|retry): ([^\s\n][^\n]*)$/u.exec(line) ?? [];
    if (field === undefined || value === undefined) throw new Error(`A line of another form: ${line}`);
    if ((field === 'data' ? 'json' : field === 'retry' ? 'retryMs' : field) in frame)
      throw new Error(`${field} twice in one event.`);
    switch (field) {
      case 'id':
        if (!/^[0-9A-Za-z._-]{1,64}$/.test(value)) throw new Error(`An id of another form: ${value}`);
        frame.id = value;
        break;
      case 'event':
        frame.event = value;
        break;
      case 'data':
        frame.json = JSON.parse(value);
        break;
      case 'retry':
        if (!/^\d+$/.test(value)) throw new Error(`A time of another form: ${value}`);
        frame.retryMs = Number(value);
    }
  }
  if (frame.event === undefined && frame.json === undefined && frame.retryMs !== undefined) return frame;
  if (frame.event === undefined || frame.json === undefined)
    throw new Error('An event without kind or data.');
  if (frame.id !== undefined && !kindsWithId.has(frame.event)) throw new Error(`${frame.event} has an id.`);
  if (frame.id === undefined && kindsThatNeedId.has(frame.event))
    throw new Error(`${frame.event} has no id.`);
  return frame;
}
