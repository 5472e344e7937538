/** Loaded into each server on Node: lets go of garbage on SIGUSR2, so that memory is compared and not when it is cleared. */
import process from 'node:process';

process.on('SIGUSR2', () => globalThis.gc?.());
