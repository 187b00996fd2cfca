/** After the first of a kind, the others of a minute are one event: a scan of the port must not fill the log. */
const groupMs = 60_000;

/** Tells the station what the page's gate refused: the first at once, then how many more there were in each minute. */
export class Refusals {
  readonly #tell: (reason: string, count: number) => void;
  readonly #later: (run: () => void, ms: number) => void;
  readonly #open = new Map<string, number>();

  constructor(
    tell: (reason: string, count: number) => void,
    later: (run: () => void, ms: number) => void = (run, ms) => void setTimeout(run, ms).unref(),
  ) {
    this.#tell = tell;
    this.#later = later;
  }

  note(reason: string): void {
    const more = this.#open.get(reason);
    if (more !== undefined) {
      this.#open.set(reason, more + 1);
      return;
    }
    this.#tell(reason, 1);
    this.#begin(reason);
  }

  /** What was counted and not told yet; for the end of the process. */
  flush(): void {
    for (const [reason, count] of this.#open) if (count > 0) this.#tell(reason, count);
    this.#open.clear();
  }

  #begin(reason: string): void {
    this.#open.set(reason, 0);
    this.#later(() => {
      const count = this.#open.get(reason) ?? 0;
      this.#open.delete(reason);
      if (count === 0) return;
      this.#tell(reason, count);
      this.#begin(reason);
    }, groupMs);
  }
}
