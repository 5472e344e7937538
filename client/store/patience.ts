/**
 * How long a request is given: until nothing has moved for a while, or until who asked gives it up. A slow link that
 * moves is waited for, however long it takes.
 *
 * And until there is word that the network is another one: what was sent before that likely waits on a dead socket, and
 * would hold up what stands behind it for all of its time. The word reaches every page and the worker, so that nobody
 * needs to know who is just sending.
 */
const channelName = 'opentalk-network';

export interface Patience {
  silenceMs: number;
  /** Of who asks, and gives up by itself when the network changes. */
  signal?: AbortSignal | undefined;
}

/** The network may be another one: requests that are older than that are given up, to be made anew. */
export function giveUpOldRequests(olderThanMs: number): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage(olderThanMs);
  channel.close();
}

/** Runs `work` with a signal that ends it; `moved` tells that something came, and starts the silence anew. */
export async function withPatience<T>(
  { silenceMs, signal: outer }: Patience,
  work: (signal: AbortSignal, moved: () => void) => Promise<T>,
): Promise<T> {
  const began = Date.now();
  const controller = new AbortController();
  const giveUp = (name: 'TimeoutError' | 'AbortError') =>
    controller.abort(new DOMException('The request was given up.', name));
  const onOuter = () => giveUp('AbortError');
  const channel = outer ? undefined : new BroadcastChannel(channelName);
  if (channel) {
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'number' && Date.now() - began > data) giveUp('AbortError');
    };
  }
  outer?.addEventListener('abort', onOuter);
  if (outer?.aborted) onOuter();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const moved = () => {
    clearTimeout(timer);
    timer = setTimeout(() => giveUp('TimeoutError'), silenceMs);
  };
  moved();
  try {
    return await work(controller.signal, moved);
  } finally {
    clearTimeout(timer);
    channel?.close();
    outer?.removeEventListener('abort', onOuter);
  }
}

/** The whole body, with a `moved` for each part of it. Undefined for what is not JSON; rejects where it breaks off. */
export async function readJson(response: Response, moved: () => void): Promise<unknown> {
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let text = '';
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    moved();
    text += decoder.decode(part.value, { stream: true });
  }
  return parseJson(text + decoder.decode());
}

/** Undefined for what is not JSON: a captive portal's page, for one, which no schema of ours takes. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
