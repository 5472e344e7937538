/** `/api/peers`, `/api/settings`, `/api/reports`: being left in peace. */
import { Router } from 'express';
import { maxReportNote, peerChangeSchema, privacyChangeSchema, reportSchema } from '../protocol/peers.ts';
import { admit } from './admit.ts';
import { jsonBody, readBody } from './json-body.ts';
import { refuseOtherPerson } from './other-person.ts';
import { queryText, seenBy, seenByOthers, takeToken, type Parts } from './parts.ts';
import { Refused } from './problem.ts';

export function peerRoutes(parts: Parts): Router {
  const { store, sessions, hub, bus, discretion, now } = parts;
  const routes = Router();

  routes.get('/api/peers', async (request, response) => {
    const { person: me, tokenHash } = await sessions.require(request);
    takeToken(parts, 'reads', tokenHash);
    refuseOtherPerson(me, queryText(request, 'as'));
    const { peers, settings } = await store.peers(me.id);
    response.json({
      peers: peers.map(({ person, ...flags }) => ({ person: seenBy(parts, me.id, person), ...flags })),
      settings,
    });
  });

  routes.put('/api/peers/:nick', admit(parts, 'changes'), jsonBody, async (request, response) => {
    const { person: me } = await sessions.require(request);
    const { as, withId, ...change } = readBody(request, peerChangeSchema);
    refuseOtherPerson(me, as);
    const nick = String(request.params['nick']);
    const peer = { with: nick, ...(withId === undefined ? {} : { withId }) };
    const wasApart = (id: string) => discretion.areApart(me.id, id);
    const changed = await store.setPeer(me.id, peer, change, now().toISOString());
    if (!changed) throw new Refused('unknown_person', `Nobody else is called '${nick}'.`);
    const other = changed.peer;
    const isNews = wasApart(other.id) !== changed.isApart;
    discretion.setApart(me.id, other.id, changed.isApart);
    bus.signal(changed.inboxes);
    hub.peersChanged(me.id);
    // To each other they are offline from now on, or what they really are again.
    if (isNews) {
      hub.tellPerson(other.id, seenBy(parts, other.id, me));
      hub.tellPerson(me.id, seenBy(parts, me.id, other));
    }
    response.status(204).end();
  });

  routes.put('/api/settings', admit(parts, 'changes'), jsonBody, async (request, response) => {
    const { person: me } = await sessions.require(request);
    const { as, ...change } = readBody(request, privacyChangeSchema);
    refuseOtherPerson(me, as);
    const settings = await store.setPrivacy(me.id, change);
    discretion.setPrivacy(me.id, settings);
    hub.peersChanged(me.id);
    if (change.presence !== undefined) hub.presenceChanged(seenByOthers(parts, me));
    response.json({ settings });
  });

  routes.post('/api/reports', admit(parts, 'reports'), jsonBody, async (request, response) => {
    const { person: me } = await sessions.require(request);
    const { as, ...report } = readBody(request, reportSchema);
    refuseOtherPerson(me, as);
    if ((report.note?.length ?? 0) > maxReportNote) {
      throw new Refused('bad_json', `note has at most ${maxReportNote} characters.`);
    }
    if (!(await store.addReport(me.id, report, now().toISOString()))) {
      throw new Refused('unknown_person', `Nobody else is called '${report.with}'.`);
    }
    parts.logger.info({ reason: report.reason }, 'somebody was reported');
    response.status(204).end();
  });

  return routes;
}
