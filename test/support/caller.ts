/** One request with exactly these headers, as no `fetch` lets them be set, and all of the answer, or of a stream its beginning. */
import http from 'node:http';

export interface Heard {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

interface Call {
  method: string;
  path: string;
  headers: Record<string, string>;
  json?: unknown;
}

export function call(port: number, { method, path, headers, json }: Call): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const body = json === undefined ? undefined : JSON.stringify(json);
    // Node says no length of what goes along with a DELETE.
    const ofBody =
      body === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const options = { host: '127.0.0.1', port, method, path, headers: { ...ofBody, ...headers } };
    const request = http.request(options, (response) => {
      let text = '';
      const tell = () => resolve({ status: response.statusCode!, headers: response.headers, text });
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        // A stream has no end; when it is caught up it has said all that it had to say.
        if (!text.includes('event: heartbeat')) return;
        tell();
        request.destroy();
      });
      response.on('end', tell);
    });
    request.on('error', reject);
    request.end(body);
  });
}
