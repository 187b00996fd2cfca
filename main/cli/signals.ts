/** Signals that mean: come to an end, orderly. A second one of a kind ends the process at once, as ever. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function onSignal(stop: () => void): void {
  for (const signal of endings) process.once(signal, stop);
}
