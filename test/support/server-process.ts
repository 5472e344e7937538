/** A server in a process of its own, that ends: told to, by our hand, or by its own at a failpoint. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

const program = path.join(import.meta.dirname, 'serve.ts');
/** Compiled code, so that a start costs half as much. Only a process that ends in order leaves it there. */
const compileCache = path.join(import.meta.dirname, '../../node_modules/.cache/node');
/** A server that is neither ready nor dead by then never will be. */
const mostMs = 60_000;

export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #ready = Promise.withResolvers<number | undefined>();
  readonly #died: Promise<string>;

  /** `settings`: HEARTBEAT_MS, DATABASE_URL and REDIS_URL, or TEST_FAILPOINT as in server/failpoint.ts. */
  constructor(dataDir: string, port: number, settings: Record<string, string> = {}) {
    this.#child = spawn(process.execPath, [program], {
      env: {
        ...process.env,
        DATA_DIR: dataDir,
        PORT: String(port),
        NODE_COMPILE_CACHE: compileCache,
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child.stdout!.once('data', (line: Buffer) => this.#ready.resolve(Number(line.toString())));
    this.#died = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#ready.resolve(undefined);
        resolve(signal ?? `exit code ${code}`);
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Its port; undefined if it died before it could say so. */
  ready(): Promise<number | undefined> {
    return this.#inTime(this.#ready.promise, 'was not ready');
  }

  /** How it died. */
  died(): Promise<string> {
    return this.#inTime(this.#died, 'did not die');
  }

  /** Tells it to stop. */
  async end(): Promise<string> {
    this.#child.kill('SIGTERM');
    return this.died();
  }

  async kill(): Promise<string> {
    this.#child.kill('SIGKILL');
    return this.died();
  }

  async #inTime<T>(event: Promise<T>, complaint: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#child.kill('SIGKILL');
        reject(new Error(`The server ${complaint} within ${mostMs / 1000} s.`));
      }, mostMs);
    });
    return Promise.race([event, late]).finally(() => clearTimeout(timer));
  }
}
