/**
 * `npm run dev`: builds and serves; Node's watch mode starts it again on every change (see package.json),
 * because the server knows the built files by name and hash from its start.
 */
import './build.ts';

const server = '../server/main.ts';
await import(server);
