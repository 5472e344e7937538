/**
 * Words between the pages and the worker of this device. Never a reason to fail: where there is no BroadcastChannel
 * nobody hears, and what is said after closing is said to nobody.
 */
export interface Channel<Word> {
  say(word: Word): void;
  close(): void;
}

/** `hear` gets what the others say, never what is said here. It comes from other versions too, so read it with care. */
export function openChannel<Word>(name: string, hear: (word: unknown) => void): Channel<Word> {
  if (!('BroadcastChannel' in globalThis)) return { say() {}, close() {} };
  const channel = new BroadcastChannel(`opentalk-${name}`);
  let isOpen = true;
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (isOpen) hear(data);
  };
  return {
    say(word) {
      if (isOpen) channel.postMessage(word);
    },
    close() {
      isOpen = false;
      channel.close();
    },
  };
}
