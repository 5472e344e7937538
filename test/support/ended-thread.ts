/** Preloaded (--import) into a server: ends the store's thread whose file END_THREAD names, from outside, on SIGUSR2. */
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';

if (threads.isMainThread) {
  const { END_THREAD: name = '' } = process.env;
  const { Worker } = threads;
  threads.Worker = class extends Worker {
    constructor(file: string | URL, options?: threads.WorkerOptions) {
      super(file, options);
      if (String(file).includes(name)) process.once('SIGUSR2', () => void this.terminate());
    }
  };
  syncBuiltinESMExports();
}
