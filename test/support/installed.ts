/** Programs of the machine that some tests need. On CI a test whose program is missing fails instead of being left out. */
import { spawnSync } from 'node:child_process';

/** Why a test is left out; false where it runs. `place` is a setting that names the program where it is on no path. */
export function missing(program: string, place?: string): string | false {
  return process.env['CI'] ? false : missingAnywhere(program, place);
}

/** The same for a program that also a CI may lack. */
export function missingAnywhere(program: string, place?: string): string | false {
  const isThere = spawnSync(programAt(program, place), ['--version']).error === undefined;
  return isThere ? false : `${program} is not installed`;
}

export function programAt(program: string, place?: string): string {
  return (place && process.env[place]) || program;
}
