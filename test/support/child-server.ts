/** A real server in a process of its own, whose log and whose end a test waits for. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface LogLine {
  level: number;
  msg: string;
}

interface Options {
  dataDir: string;
  port?: number;
  env?: NodeJS.ProcessEnv;
  execArgv?: readonly string[];
  /** Run by a shell before, in the same process: `ulimit -n 128`. */
  before?: string;
}

const program = path.join(import.meta.dirname, 'serve.ts');
const fatalLevel = 60;

export class ChildServer {
  readonly log: LogLine[] = [];
  /** What it wrote where no log is: a start that fails. */
  complaint = '';
  /** Resolves with its exit code; null if a signal ended it. */
  readonly ended: Promise<number | null>;
  port = 0;
  readonly #child: ChildProcess;
  readonly #onLine = new Set<() => void>();

  private constructor({ dataDir, port = 0, env = {}, execArgv = [], before }: Options) {
    const command = [process.execPath, ...execArgv, program];
    const [file, ...parameters] =
      before === undefined ? command : ['/bin/sh', '-c', `${before} && exec "$@"`, 'sh', ...command];
    this.#child = spawn(file!, parameters, {
      env: { ...process.env, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'info', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.complaint += text));
    createInterface(this.#child.stdout!).on('line', (line) => this.#hear(line));
    this.ended = new Promise((resolve) =>
      this.#child.once('close', (code) => {
        resolve(code);
        for (const look of this.#onLine) look();
      }),
    );
  }

  /** Resolves when it listens; rejects, with what it said, if it ends before. */
  static async start(options: Options): Promise<ChildServer> {
    const server = new ChildServer(options);
    await server.#until(() => server.port > 0);
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** The lines of the log so far that say so. */
  lines(words: RegExp): LogLine[] {
    return this.log.filter(({ msg }) => words.test(msg));
  }

  fatalLines(): string[] {
    return this.log.filter(({ level }) => level === fatalLevel).map(({ msg }) => msg);
  }

  async says(words: RegExp): Promise<void> {
    await this.#until(() => this.lines(words).length > 0);
  }

  /** Ends it if it has not ended yet, without any order. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#child.kill(signal);
    await this.ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #hear(line: string): void {
    if (/^\d+$/.test(line)) this.port = Number(line);
    else this.log.push(JSON.parse(line) as LogLine);
    for (const look of this.#onLine) look();
  }

  #until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const hasEnded = this.#child.exitCode !== null || this.#child.signalCode !== null;
        if (!isSo() && !hasEnded) return;
        this.#onLine.delete(look);
        if (isSo()) resolve();
        else reject(new Error(`The server ended with ${this.#child.exitCode}: ${this.complaint}`));
      };
      this.#onLine.add(look);
      look();
    });
  }
}
