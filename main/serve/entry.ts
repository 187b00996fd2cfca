import { equalBytes } from "../station/crypto/compare.ts";
import { sha256 } from "../station/crypto/hash.ts";
import { randomBytes } from "../station/crypto/random.ts";

/** 256 bits: nobody guesses it, and a page of this size of address space can be scanned for ever. */
const secretBytes = 32;

const secret = (): string => randomBytes(secretBytes).toString("base64url");

/** Wrong tokens that are looked at in a minute; after that none is, right or wrong. */
const attempts = { most: 5, windowMs: 60_000 };

/** A page without a connection is forgotten after this long: its cookie is of no use any more. */
const idleMs = 15 * 60_000;

/**
 * How a token reaches the browser, and so what the browser will say of itself: `typed` or pasted by a person; handed to a
 * `page` of another station of this process; in a `file` that only the owner can read.
 */
export type ComesFrom = "typed" | "page" | "file";

export type Admission = "admitted" | "wrong" | "too-many";

/** Who may use the page: one-time tokens, and the sessions that they were exchanged for. */
export class Entry {
  readonly #now: () => number;
  #token: { readonly hash: Buffer; readonly until: number; readonly comesFrom: ComesFrom } | undefined;
  readonly #sessions = new Map<string, { connections: number; idleSince: number }>();
  #failures: number[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * A token that opens the page once, within `lifetimeMs`. The one before is void. It is the set-up code of a station
   * that is not founded yet, too: whoever has read it is the owner of this machine's account (docs/adr/0012).
   */
  issueToken(lifetimeMs: number, comesFrom: ComesFrom = "typed"): string {
    const token = secret();
    this.#token = { hash: sha256(Buffer.from(token)), until: this.#now() + lifetimeMs, comesFrom };
    return token;
  }

  /** From where a browser will come with the token that stands now; `typed` while there is none. */
  get awaits(): ComesFrom {
    return this.#token !== undefined && this.#now() <= this.#token.until ? this.#token.comesFrom : "typed";
  }

  /** Spends the token. Hashes are compared, so neither time nor length tells anything about it. */
  spend(offered: string): { readonly admission: Admission; readonly session?: string } {
    const now = this.#now();
    this.#failures = this.#failures.filter((at) => now - at < attempts.windowMs);
    if (this.#failures.length >= attempts.most) return { admission: "too-many" };
    const token = this.#token;
    if (token === undefined || now > token.until || !equalBytes(token.hash, sha256(Buffer.from(offered)))) {
      this.#failures.push(now);
      return { admission: "wrong" };
    }
    this.#token = undefined;
    const session = secret();
    this.#sessions.set(key(session), { connections: 0, idleSince: now });
    return { admission: "admitted", session };
  }

  /** True for the cookie of a session that is still in use. */
  knows(session: string | undefined): boolean {
    if (session === undefined) return false;
    const found = this.#sessions.get(key(session));
    if (found === undefined) return false;
    if (found.connections === 0 && this.#now() - found.idleSince > idleMs) {
      this.#sessions.delete(key(session));
      return false;
    }
    found.idleSince = this.#now();
    return true;
  }

  /** Counts a connection of the session until the returned function is called. */
  connected(session: string): () => void {
    const found = this.#sessions.get(key(session));
    if (found === undefined) return () => {};
    found.connections += 1;
    return () => {
      found.connections -= 1;
      found.idleSince = this.#now();
    };
  }
}

/** Sessions are kept under their hash: a look at the map's keys opens nothing, and looking up tells nothing by its time. */
function key(session: string): string {
  return sha256(Buffer.from(session)).toString("hex");
}
