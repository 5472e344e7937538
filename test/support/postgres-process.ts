/**
 * A PostgreSQL of a test's own, and a standby of it that has each commit before it is answered: to be killed, and to take
 * its place. PostgreSQL does not run as root; there it runs as the user that its package made.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, globSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { freePort } from './free-port.ts';

const programs = globSync(['/usr/lib/postgresql/*/bin/initdb', '/usr/local/bin/initdb', '/usr/bin/initdb'])
  .map((file) => path.dirname(realpathSync(file)))
  .find((folder) => globSync(path.join(folder, 'pg_basebackup')).length > 0);

/** Why such tests are left out; false where they run. */
export const noOwnPostgres: string | false =
  programs || process.env['CI'] ? false : 'the programs of a PostgreSQL server are not installed';

const owner: { uid?: number; gid?: number } =
  process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};

export class PostgresProcess {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(folder: string, port: number, more: readonly string[] = []) {
    this.#folder = folder;
    this.port = port;
    const settings = [
      ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=40'],
      ...['shared_buffers=16MB', 'wal_keep_size=64MB'],
      ...more,
    ];
    this.#child = spawn(
      path.join(programs!, 'postgres'),
      ['-D', folder, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      { ...owner, stdio: 'ignore' },
    );
    process.once('exit', () => this.#child.kill('SIGKILL'));
  }

  /** `more` settings, as `name=value`. */
  static async start(more: readonly string[] = []): Promise<PostgresProcess> {
    const folder = newFolder();
    run('initdb', '-D', folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
    return new PostgresProcess(folder, await freePort(), more);
  }

  /** A copy that follows it. */
  async standby(): Promise<PostgresProcess> {
    const folder = newFolder();
    const from = ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'postgres'];
    run('pg_basebackup', '-D', folder, ...from, '-R', '-X', 'stream', '-c', 'fast', '--no-sync');
    return new PostgresProcess(folder, await freePort());
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  promote(): void {
    run('pg_ctl', 'promote', '-D', this.#folder, '-w');
  }

  /** As when its machine loses power: it has no time for anything. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    // Its own processes find out that it is gone, and may write until then.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'opentalk-postgres-'));
  const { uid, gid } = owner;
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}

function run(program: string, ...parameters: string[]): void {
  execFileSync(path.join(programs!, program), parameters, { ...owner, cwd: tmpdir(), stdio: 'pipe' });
}

function idOf(which: string): number {
  try {
    return Number(execFileSync('id', [which, 'postgres'], { stdio: 'pipe' }));
  } catch {
    return 65_534; // nobody
  }
}
