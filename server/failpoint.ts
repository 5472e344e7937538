/**
 * Named points on the way of a message where a test can have the process die or stand still, to see what survives.
 *
 * All are off unless TEST_FAILPOINT is set when the process starts: `after-commit:17:kill` is a kill -9 at the 17th
 * passage, `received:1:busy 2000` a loop of two seconds. Nothing else turns one on: no route, no setting; and the command
 * that serves people refuses to start with it (config.ts). A point that is off is the call of an empty function. It
 * decides nothing, and nothing may depend on its being there.
 */

/** In the order in which a message that is sent passes them. */
export const failpoints = [
  'received',
  'parsed',
  'before-begin',
  'message-written',
  'inbox-written',
  'before-commit',
  'after-commit',
  'before-signal',
  'before-answer',
  'answered',
] as const;
export type Failpoint = (typeof failpoints)[number];

export const failpoint: (name: Failpoint) => void = arm(process.env['TEST_FAILPOINT']);

/** Before it dies a thread stands still for so long: what it gave away too early, another can still pass on. */
const lastMomentMs = 20;

/** Each thread reads the variable for itself, and counts for itself: a point is passed in one thread only. */
function arm(setting: string | undefined): (name: Failpoint) => void {
  if (!setting) return () => undefined;
  const [, name, passage, busyMs] = /^([a-z-]+):([1-9]\d*):(?:kill|busy (\d+))$/.exec(setting) ?? [];
  const armed = failpoints.find((one) => one === name);
  if (armed === undefined) throw new Error(`TEST_FAILPOINT is not understood: '${setting}'.`);
  let left = Number(passage);
  return (here) => {
    if (here !== armed || (left -= 1) !== 0) return;
    const until = performance.now() + Number(busyMs ?? lastMomentMs);
    while (performance.now() < until);
    if (busyMs === undefined) process.kill(process.pid, 'SIGKILL');
  };
}
