/** `/api/session`: picking a nick, asking who one is, signing out. */
import { Router, type RequestHandler } from 'express';
import { clearKept } from './clear-kept.ts';
import { deviceName } from './device-name.ts';
import { endSessions } from './end-sessions.ts';
import { readNick } from '../protocol/nick.ts';
import { signInSchema } from '../protocol/requests.ts';
import { addressOf } from './address.ts';
import { jsonBody, readBody } from './json-body.ts';
import { takeToken, withPresence, type Parts } from './parts.ts';
import { Refused } from './problem.ts';
import { isReservedNick } from './reserved-nicks.ts';

export function sessionRoutes(parts: Parts): Router {
  const { store, sessions, bans, hub, logger, now } = parts;
  const routes = Router();

  const notTooOften: RequestHandler = (request, _response, next) => {
    takeToken(parts, 'signIns', addressOf(request));
    next();
  };

  routes.post('/api/session', notTooOften, jsonBody, async (request, response) => {
    const { nick, key } = readBody(request, signInSchema);
    const reading = readNick(nick);
    if (!reading.ok) throw new Refused('nick_invalid', nickSentences[reading.why]);
    // Neither with another nick from the same browser.
    refuseBanned((await sessions.find(request))?.person);
    const taken = new Refused('nick_taken', `'${reading.nick}' is in use. Try another.`);
    if (isReservedNick(reading.nick)) throw taken;
    // Always a new one: what a cookie said before, whoever put it there, is never taken over.
    const { token, tokenHash } = sessions.newToken();
    const at = now().toISOString();
    const device = deviceName(request.get('User-Agent'));
    const attempt = { nick: reading.nick, tokenHash, device, at, ...(key === undefined ? {} : { key }) };
    const outcome = await store.signIn(attempt);
    if (outcome.kind === 'nick-taken') {
      refuseBanned(await store.personOfNick(reading.nick));
      throw taken;
    }
    if (outcome.ended !== undefined) endSessions(parts, { sessions: [outcome.ended], left: [] });
    sessions.setCookie(request, response, token);
    const me = withPresence(parts, outcome.me);
    hub.newcomer(me);
    logger.info({ person: me.id }, 'signed in');
    response.status(201).json({ me });
  });

  routes.get('/api/session', async (request, response) => {
    const { person, tokenHash } = await sessions.require(request);
    takeToken(parts, 'reads', tokenHash);
    response.json({ me: withPresence(parts, person) });
  });

  routes.delete('/api/session', async (request, response) => {
    const session = await sessions.find(request);
    // Who is banned cannot give up the nick, nor shake off the session that says so.
    if (session && bans.isBanned(session.person.id)) return void response.status(204).end();
    if (session) {
      const { left } = await store.signOut(session.tokenHash, now().toISOString());
      endSessions(parts, { sessions: [session.tokenHash], left: left ? [left] : [] });
      logger.info({ person: session.person.id }, 'signed out');
    }
    sessions.clearCookie(request, response);
    clearKept(response);
    response.status(204).end();
  });

  return routes;

  function refuseBanned(person: { id: string } | undefined): void {
    if (person && bans.isBanned(person.id)) throw new Refused('banned', bans.sentence(person.id));
  }
}

const nickSentences = {
  empty: 'A nick has at least one letter or digit.',
  'too-long': 'A nick has at most 32 characters.',
  characters: 'A nick is made of letters, digits, dots, dashes and underscores.',
};
