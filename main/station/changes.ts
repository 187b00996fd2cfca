import type * as z from "zod";
import type { topic } from "../../shared/contract/watch.ts";
import type { job } from "../../shared/contract/transfer.ts";

export type Topic = z.infer<typeof topic>;
export type Job = z.infer<typeof job>;

export interface ChangeHint {
  readonly topics: Topic[];
  readonly jobs: Job[];
}

type Listener = (hint: ChangeHint) => void;

/**
 * Hints that something changed. Push is a hint, pull is the truth: a listener that misses one only
 * fetches later. Hints that come close together are merged, and the running jobs are snapshots, so a chatty job
 * cannot flood a window.
 */
export class Changes {
  readonly #listeners = new Set<Listener>();
  readonly #topics = new Set<Topic>();
  readonly #jobs = new Map<string, Job>();
  #timer: NodeJS.Timeout | undefined;
  /** 50 ms keeps "seen by the others within 100 ms" with room for the way. */
  readonly #mergeMs: number;
  /** When hints went out last. The first after a pause goes at once; only those that follow it closely wait. */
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(mergeMs = 50) {
    this.#mergeMs = mergeMs;
  }

  publish(...topics: Topic[]): void {
    for (const topic of topics) this.#topics.add(topic);
    this.#schedule();
  }

  progress(job: Job): void {
    this.#jobs.set(job.job, job);
    this.#schedule();
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #schedule(): void {
    if (this.#listeners.size === 0) {
      this.#topics.clear();
      this.#jobs.clear();
      return;
    }
    const waitMs = Math.max(0, this.#toldMs + this.#mergeMs - performance.now());
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#toldMs = performance.now();
      const hint = { topics: [...this.#topics], jobs: [...this.#jobs.values()] };
      this.#topics.clear();
      this.#jobs.clear();
      for (const listener of this.#listeners) listener(hint);
    }, waitMs);
  }
}
