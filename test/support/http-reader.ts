/**
 * Finds where HTTP/1.1 messages begin and end in the bytes of a connection, for a proxy that has to act on whole ones.
 * It knows what browsers and Node's server send, one message after the other; it is no parser to trust with strangers.
 */

interface Part {
  bytes: Buffer;
  /** The request line or status line with its headers, if the message begins here. */
  head?: string;
  /** The message ends with this part. */
  isLast: boolean;
}

const endOfHead = '\r\n\r\n';
const endOfChunks = '\r\n0\r\n\r\n';

export class HttpReader {
  readonly #kind: 'request' | 'answer';
  #partialHead: Buffer = Buffer.alloc(0);
  /** Bytes of the body that are to come; undefined between messages. */
  #left: number | 'chunked' | undefined;
  #lastBytes = '';

  constructor(kind: 'request' | 'answer') {
    this.#kind = kind;
  }

  /** The bytes as parts of messages. Half a head is kept until the rest of it comes. */
  read(bytes: Buffer): Part[] {
    const parts: Part[] = [];
    let rest = Buffer.concat([this.#partialHead, bytes]);
    this.#partialHead = Buffer.alloc(0);
    while (rest.length > 0) {
      let head: string | undefined;
      let headBytes = 0;
      if (this.#left === undefined) {
        const end = rest.indexOf(endOfHead);
        if (end < 0) {
          this.#partialHead = rest;
          return parts;
        }
        headBytes = end + endOfHead.length;
        head = rest.toString('latin1', 0, headBytes);
        this.#left = this.#bodyLength(head);
        this.#lastBytes = '';
      }
      const bodyBytes = this.#left === 'chunked' ? Infinity : this.#left;
      const part = rest.subarray(0, headBytes + bodyBytes);
      rest = rest.subarray(part.length);
      const isLast = this.#take(part, headBytes);
      parts.push({ bytes: part, isLast, ...(head === undefined ? {} : { head }) });
    }
    return parts;
  }

  /** Moves on by a part. True if the message ends with it. */
  #take(part: Buffer, headBytes: number): boolean {
    if (this.#left === 'chunked') {
      this.#lastBytes = (this.#lastBytes + part.toString('latin1')).slice(-endOfChunks.length);
      if (this.#lastBytes !== endOfChunks) return false;
    } else {
      this.#left! -= part.length - headBytes;
      if (this.#left! > 0) return false;
    }
    this.#left = undefined;
    return true;
  }

  #bodyLength(head: string): number | 'chunked' {
    if (this.#kind === 'answer' && /^HTTP\/1\.1 (1\d\d|204|304)/.test(head)) return 0;
    if (/^transfer-encoding:.*chunked/im.test(head)) return 'chunked';
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    if (length !== undefined) return Number(length);
    return this.#kind === 'request' ? 0 : Infinity; // until the connection ends
  }
}
