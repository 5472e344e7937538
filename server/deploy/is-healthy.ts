/** Asks the server beside it whether it can serve, for a container that has no other program to ask with. */
import process from 'node:process';

const answer = await fetch(`http://127.0.0.1:${process.env['PORT'] || 8080}/healthz`).catch(() => undefined);
process.exitCode = answer?.ok ? 0 : 1;
