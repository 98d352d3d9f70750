/**
 * One Ctrl-C (or SIGTERM) asks the command to stop, keep what it has and return; a second one ends the process at once.
 * The signal's `reason` is the exit code: 130 or 143.
 */
export function watchInterrupts(env: NodeJS.ProcessEnv): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const on = (code: number) => () => {
    if (controller.signal.aborted) process.exit(code);
    controller.abort(code);
  };
  const handlers = { SIGINT: on(130), SIGTERM: on(143), SIGHUP: on(129) } as const;
  for (const [name, handler] of Object.entries(handlers)) process.on(name as keyof typeof handlers, handler);
  const orphaned = env.npm_lifecycle_event === undefined ? undefined : whenOrphaned(handlers.SIGTERM);
  return {
    signal: controller.signal,
    stop() {
      clearInterval(orphaned);
      for (const [name, handler] of Object.entries(handlers)) process.off(name as keyof typeof handlers, handler);
    },
  };
}

/** npm passes SIGTERM on to its shell, which ends without telling us: under npm, a parent that is gone means the same. */
function whenOrphaned(stop: () => void): NodeJS.Timeout {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, 500);
  return timer.unref();
}

/** Resolves when the user asks to stop. */
export const untilInterrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
