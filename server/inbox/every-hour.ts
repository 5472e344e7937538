/** Does its work at the start and once an hour, never twice at a time; and ends it between two of its steps. */
const everyMs = 3_600_000;

/** `work` asks `hasEnded` between its steps; what it throws cannot be done now, and is tried another time. */
export function everyHour(
  work: (hasEnded: () => boolean) => Promise<void>,
  onError: (error: unknown) => void,
): { end(): Promise<void> } {
  let isOver = false;
  let pass = run();
  const timer = setInterval(() => {
    pass = pass.then(run);
  }, everyMs);

  async function run(): Promise<void> {
    try {
      await work(() => isOver);
    } catch (error) {
      if (!isOver) onError(error);
    }
  }

  return {
    /** Resolves when no step is under way any more. */
    async end() {
      isOver = true;
      clearInterval(timer);
      await pass;
    },
  };
}
