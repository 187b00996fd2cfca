import type { Grant } from "../../../shared/narrowing.ts";
import { randomHex } from "../crypto/random.ts";

/** An operator signed in on one connection. */
export interface Session {
  readonly id: string;
  readonly operator: string;
  readonly roles: readonly string[];
  /** The same roles, each as far as it reaches. */
  readonly grants: readonly Grant[];
  /** Of a service operator: the only operations it may do. Null for a person. */
  readonly operations: readonly string[] | null;
}

/** One window, page or command line. Its session is its own and ends with it. */
export interface Connection {
  readonly id: string;
  /** Which face it came through, for people and the log. */
  readonly face: string;
  session: Session | null;
  readonly bucket: TokenBucket;
}

export function openConnection(face: string, now: () => number): Connection {
  return { id: randomHex(8), face, session: null, bucket: new TokenBucket(now) };
}

/**
 * Calls a connection may make: 1,000 at once, then 500 a second. A window at full speed stays far below
 * (10,000 calls/s is what the wire carries); a loop gone wild is slowed before it starves the others.
 */
export class TokenBucket {
  readonly #capacity = 1000;
  readonly #perSecond = 500;
  readonly #now: () => number;
  #tokens = this.#capacity;
  #at: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#at = now();
  }

  /** Takes one; returns 0, or the seconds to wait. */
  take(): number {
    const now = this.#now();
    this.#tokens = Math.min(this.#capacity, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#tokens < 1) return (1 - this.#tokens) / this.#perSecond;
    this.#tokens -= 1;
    return 0;
  }
}
