/** Node's own globals, as they are before scoped-globals.ts gives each tab its own. */
import 'fake-indexeddb/auto';

export const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  setImmediate: globalThis.setImmediate,
  fetch: globalThis.fetch,
  random: Math.random,
  timeout: AbortSignal.timeout.bind(AbortSignal),
  error: console.error,
  Date: globalThis.Date,
  navigator: globalThis.navigator,
  indexedDB: globalThis.indexedDB,
  BroadcastChannel: globalThis.BroadcastChannel,
};
