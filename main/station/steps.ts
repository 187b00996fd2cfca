/** Thrown by the disk-full test hook; looks like what the system call would throw. */
class NoSpace extends Error {
  readonly code = "ENOSPC";
  constructor(step: string) {
    super(`ENOSPC: no space left on device, at step ${step}`);
  }
}

/**
 * The hook before each step that writes. In a test run (NODE_ENV=test) it dies by SIGKILL at the
 * SALLYPORT_CRASH_AT-th step, or throws ENOSPC once at the SALLYPORT_DISK_FULL_AT-th, and with
 * SALLYPORT_STEP_LOG it writes each step's name to that file. Otherwise it does nothing.
 */
export function createStepHook(
  environment: Readonly<Record<string, string | undefined>>,
  record: (path: string, line: string) => void,
): (name: string) => void {
  if (environment["NODE_ENV"] !== "test") return () => {};
  const crashAt = Number(environment["SALLYPORT_CRASH_AT"] ?? 0);
  const fullAt = Number(environment["SALLYPORT_DISK_FULL_AT"] ?? 0);
  const logPath = environment["SALLYPORT_STEP_LOG"];
  let step = 0;
  return (name) => {
    step += 1;
    if (logPath !== undefined) record(logPath, `${step} ${name}\n`);
    if (step === crashAt) process.kill(process.pid, "SIGKILL");
    if (step === fullAt) throw new NoSpace(name);
  };
}
