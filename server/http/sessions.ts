/**
 * Sessions by cookie: an opaque token of 256 bits that only the browser has; the store keeps its hash.
 * Found sessions are kept in memory, because every request and every stream asks.
 */
import { hash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { parseCookie } from 'cookie';
import type { CookieOptions, Response } from 'express';
import type { Bans } from '../realtime/bans.ts';
import type { EventStore, StoredPerson } from '../store/event-store.ts';
import { Refused } from './problem.ts';
import { isSecure } from './secure.ts';

export interface Session {
  tokenHash: string;
  person: StoredPerson;
}

/** Most sessions kept in memory, and as many that have ended; the oldest go first. */
const cacheSize = 50_000;
/**
 * Lets the page know, without asking, that there is a session worth asking for: a browser that has cleared everything
 * but its cookies is signed in and does not know as whom. It says nothing else, and nothing trusts it.
 */
const hintCookie = 'ot-known';
const yearMs = 365 * 24 * 3600 * 1000;

export class Sessions {
  readonly #store: EventStore;
  readonly #publicUrl: string | undefined;
  readonly #trustProxy: number;
  readonly #bans: Bans;
  readonly #known = new Map<string, Session>();
  /** Remembered, because who asked the store just before the end would else bring it back. */
  readonly #ended = new Set<string>();
  readonly #onUse: (tokenHash: string) => void;

  constructor(
    store: EventStore,
    publicUrl: string | undefined,
    bans: Bans,
    onUse: (tokenHash: string) => void = () => {},
    trustProxy = 0,
  ) {
    this.#trustProxy = trustProxy;
    this.#bans = bans;
    this.#store = store;
    this.#publicUrl = publicUrl;
    this.#onUse = onUse;
  }

  /** The session of a request, or a refusal `signed_out`. */
  async require(request: IncomingMessage): Promise<Session> {
    const session = await this.find(request);
    if (!session) throw new Refused('signed_out', 'Pick a nick first.');
    // It is kept, so that the person is back when the ban is over.
    const { id } = session.person;
    if (this.#bans.isBanned(id)) throw new Refused('signed_out', this.#bans.sentence(id));
    return session;
  }

  async find(request: IncomingMessage): Promise<Session | undefined> {
    const session = await this.#lookUp(request);
    if (session) this.#onUse(session.tokenHash);
    return session;
  }

  async #lookUp(request: IncomingMessage): Promise<Session | undefined> {
    const token = parseCookie(request.headers.cookie ?? '')[this.#cookie(request).name];
    if (token === undefined || token === '') return undefined;
    const tokenHash = hashToken(token);
    const known = this.#known.get(tokenHash);
    if (known) return known;
    const person = await this.#store.personOfSession(tokenHash);
    if (!person || this.hasEnded(tokenHash)) return undefined;
    const session = { tokenHash, person };
    dropOldest(this.#known);
    this.#known.set(tokenHash, session);
    return session;
  }

  newToken(): { token: string; tokenHash: string } {
    const token = randomBytes(32).toString('base64url');
    return { token, tokenHash: hashToken(token) };
  }

  /** From now on nobody is taken in by it, whatever the store says yet. */
  end(tokenHash: string): void {
    this.#known.delete(tokenHash);
    dropOldest(this.#ended);
    this.#ended.add(tokenHash);
  }

  /** The next request that brings it asks the store. */
  forget(tokenHash: string): void {
    this.#known.delete(tokenHash);
  }

  hasEnded(tokenHash: string): boolean {
    return this.#ended.has(tokenHash);
  }

  setCookie(request: IncomingMessage, response: Response, token: string): void {
    const { name, options } = this.#cookie(request);
    response.cookie(name, token, { ...options, maxAge: yearMs });
    response.cookie(hintCookie, '1', { ...options, httpOnly: false, maxAge: yearMs });
  }

  clearCookie(request: IncomingMessage, response: Response): void {
    const { name, options } = this.#cookie(request);
    response.clearCookie(name, options);
    response.clearCookie(hintCookie, { ...options, httpOnly: false });
  }

  #cookie(request: IncomingMessage): { name: string; options: CookieOptions } {
    const secure = isSecure(request, this.#trustProxy) || this.#publicUrl?.startsWith('https:') === true;
    return {
      name: secure ? '__Host-ot' : 'ot',
      options: { secure, httpOnly: true, sameSite: 'strict', path: '/' },
    };
  }
}

function dropOldest(kept: Map<string, Session> | Set<string>): void {
  if (kept.size >= cacheSize) kept.delete(kept.keys().next().value!);
}

function hashToken(token: string): string {
  return hash('sha256', token, 'base64url');
}
