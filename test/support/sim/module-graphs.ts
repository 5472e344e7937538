/**
 * The page's modules once more for each tab. What a module keeps for itself (who listens for changes) is then a tab's own,
 * as in a browser, and several tabs of several people can live in one process.
 */
import { registerHooks } from 'node:module';
import type * as Changes from '../../../client/store/changes.ts';
import type * as ThreadModule from '../../../client/store/thread.ts';
import type * as EngineChat from '../../../client/sync/engine-chat.ts';
import type * as Engine from '../../../client/sync/sync-engine.ts';

export interface PageModules {
  SyncEngine: typeof Engine.SyncEngine;
  createChat: typeof EngineChat.createChat;
  closeChanges: typeof Changes.closeChanges;
  readThread: typeof ThreadModule.readThread;
}

const clientFolder = new URL('../../../client/', import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    // The page's build of it: what Node would take expects a browser's loader.
    const name = specifier === 'workbox-window' ? 'workbox-window/build/workbox-window.prod.mjs' : specifier;
    const resolved = nextResolve(name, context);
    const tab = /\?tab=\d+$/.exec(context.parentURL ?? '')?.[0];
    if (tab === undefined || !resolved.url.startsWith(clientFolder)) return resolved;
    return { ...resolved, url: `${resolved.url}${tab}` };
  },
});

const loaded = new Map<number, Promise<PageModules>>();

/** The modules of tab number `tab`; the same ones each time. */
export function pageModules(tab: number): Promise<PageModules> {
  const known = loaded.get(tab);
  if (known) return known;
  const loading = load(tab);
  loaded.set(tab, loading);
  return loading;
}

async function load(tab: number): Promise<PageModules> {
  const [engine, chat, changes, thread] = (await Promise.all(
    ['sync/sync-engine', 'sync/engine-chat', 'store/changes', 'store/thread'].map(
      (file) => import(`${clientFolder}${file}.ts?tab=${tab}`),
    ),
  )) as [typeof Engine, typeof EngineChat, typeof Changes, typeof ThreadModule];
  return {
    SyncEngine: engine.SyncEngine,
    createChat: chat.createChat,
    closeChanges: changes.closeChanges,
    readThread: thread.readThread,
  };
}
