/** What a server costs, as the kernel counts it: it is asked from outside, alike of every server, in whatever language. */
import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, of all threads together, also of those that have ended. */
const tickMs = 10;

export function cpuMs(pid: number): number {
  return sumOf(statOf(pid), userAndSystem);
}

/** Of a process and those that it started, also of those of them that have ended. */
export function familyCpuMs(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.reduce(
    (sum, child) => sum + sumOf(statOf(child), userAndSystem),
    sumOf(statOf(pid), [...userAndSystem, ...ofEndedChildren]),
  );
}

/** What the whole machine has worked, on all cores. */
export function machineCpuMs(): number {
  const times = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]!.split(/\s+/).slice(1, 9).map(Number);
  const idle = times[3]! + times[4]!;
  return (times.reduce((sum, each) => sum + each) - idle) * tickMs;
}

const userAndSystem = [11, 12];
const ofEndedChildren = [13, 14];

/** The fields after the name of the program, which is in brackets and may have spaces in it. */
function statOf(pid: number | string): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function sumOf(stat: readonly string[], fields: readonly number[]): number {
  return fields.reduce((sum, field) => sum + Number(stat[field]), 0) * tickMs;
}

/** Resident memory; what the kernel keeps for the sockets is not in it. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
