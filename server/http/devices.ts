/** `/api/devices`: where a person is signed in, and ending that. */
import { Router } from 'express';
import { endSessions } from './end-sessions.ts';
import { takeToken, type Parts } from './parts.ts';

export function deviceRoutes(parts: Parts): Router {
  const { store, sessions, logger, now } = parts;
  const routes = Router();

  routes.get('/api/devices', async (request, response) => {
    const { person, tokenHash } = await sessions.require(request);
    takeToken(parts, 'reads', tokenHash);
    const devices = await store.devices(person.id, tokenHash);
    const at = now().toISOString();
    // What uses of it were noted lags behind: this is one.
    response.json({
      devices: devices.map((device) => (device.current ? { ...device, lastUsed: at } : device)),
    });
  });

  /** 204 also for what is not there: an id of somebody else's device is answered like one that never was. */
  routes.delete('/api/devices/:id', async (request, response) => {
    const { person, tokenHash } = await sessions.require(request);
    takeToken(parts, 'reads', tokenHash);
    const { id } = request.params;
    const ended = await store.endDevices(person.id, { id }, now().toISOString());
    endSessions(parts, ended);
    logger.info({ person: person.id, devices: ended.sessions.length }, 'ended a device');
    if (ended.sessions.includes(tokenHash)) sessions.clearCookie(request, response);
    response.status(204).end();
  });

  routes.delete('/api/devices', async (request, response) => {
    const { person, tokenHash } = await sessions.require(request);
    takeToken(parts, 'reads', tokenHash);
    const ended = await store.endDevices(person.id, { allBut: tokenHash }, now().toISOString());
    endSessions(parts, ended);
    logger.info({ person: person.id, devices: ended.sessions.length }, 'ended all other devices');
    response.status(204).end();
  });

  return routes;
}
