/** As much of the Cache API as a precache needs, in memory, with a limit to run into. Node has none. */

export class MemoryCaches {
  /** Most responses in all caches together. */
  most = Infinity;
  readonly #base: string;
  readonly #caches = new Map<string, Map<string, Response>>();

  constructor(base: string) {
    this.#base = base;
  }

  open = async (name: string) => {
    const files = this.#caches.get(name) ?? new Map<string, Response>();
    this.#caches.set(name, files);
    return {
      keys: async () => [...files.keys()].map((url) => new Request(url)),
      put: async (path: string, response: Response) => {
        const url = this.#urlOf(path);
        if (!files.has(url) && this.#count() >= this.most) {
          throw new DOMException('Full.', 'QuotaExceededError');
        }
        files.set(url, response);
      },
      delete: async (key: string | Request) => files.delete(this.#urlOf(key)),
    };
  };

  match = async (path: string, { cacheName }: { cacheName: string }): Promise<Response | undefined> =>
    this.#caches.get(cacheName)?.get(this.#urlOf(path))?.clone();

  keys = async () => [...this.#caches.keys()];
  delete = async (name: string) => this.#caches.delete(name);

  sizeOf(name: string): number {
    return this.#caches.get(name)?.size ?? 0;
  }

  #count(): number {
    return [...this.#caches.values()].reduce((sum, files) => sum + files.size, 0);
  }

  #urlOf(key: string | Request): string {
    return new URL(typeof key === 'string' ? key : key.url, this.#base).href;
  }
}
