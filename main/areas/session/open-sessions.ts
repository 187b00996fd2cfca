import { randomHex } from "../../station/crypto/random.ts";
import type { Kernel } from "../../station/kernel.ts";
import { isActive, mayAdminister, standingOf, type Standing } from "../../station/keys/standing.ts";
import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import type { Connection } from "../../station/pipeline/connection.ts";
import type { FactorStore } from "./store.ts";

/** Why a session ended that nobody signed out of. */
type End = "idle" | "absolute" | "ended-by-person" | "standing-changed" | "recovered";

interface Times {
  readonly operator: string;
  readonly startedMs: number;
  usedMs: number;
  /** When passphrase, and code where there is a device, were last given here. */
  provenMs: number;
  readonly administrator: boolean;
}

/**
 * The sessions of this process. They live on connections and in memory alone: the master key does so too, and a
 * session without it would open nothing.
 */
export class OpenSessions {
  readonly #kernel: Kernel;
  readonly #keys: KeyStore;
  readonly #factors: FactorStore;
  readonly #onEmpty: () => void;
  readonly #open = new Map<Connection, Times>();

  constructor(kernel: Kernel, keys: KeyStore, factors: FactorStore, onEmpty: () => void) {
    this.#kernel = kernel;
    this.#keys = keys;
    this.#factors = factors;
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#open.size;
  }

  begin(connection: Connection, row: OperatorRow, { roles, grants, operations }: Standing): void {
    const now = this.#now();
    connection.session = { id: randomHex(16), operator: row.name, roles, grants, operations };
    this.#open.set(connection, {
      operator: row.name,
      startedMs: now,
      usedMs: now,
      provenMs: now,
      administrator: mayAdminister(row),
    });
  }

  /** Forgets the connection's session; the last one gone wipes the keys. */
  close(connection: Connection): void {
    connection.session = null;
    this.#open.delete(connection);
    if (this.#open.size === 0) this.#onEmpty();
  }

  /** A person did something here. */
  used(connection: Connection): void {
    const times = this.#open.get(connection);
    if (times !== undefined) times.usedMs = this.#now();
  }

  /** The operator has given passphrase and code again. Returns until when that suffices, in milliseconds. */
  proven(connection: Connection): number {
    const times = this.#open.get(connection);
    if (times !== undefined) times.provenMs = this.#now();
    return this.#now() + this.#factors.profile().stepUpMs;
  }

  /** Whether they have done so lately. A clock that was set back does not make an old proof fresh. */
  isFresh(connection: Connection): boolean {
    const times = this.#open.get(connection);
    if (times === undefined) return false;
    const ageMs = this.#now() - times.provenMs;
    return ageMs >= -clockSlackMs && ageMs < this.#factors.profile().stepUpMs;
  }

  /** When this session ends if nothing more is done in it; undefined where there is none. */
  endsMs(connection: Connection): number | undefined {
    const times = this.#open.get(connection);
    if (times === undefined) return undefined;
    const profile = this.#factors.profile();
    return Math.min(times.usedMs + profile.idleMs(times.administrator), times.startedMs + profile.absoluteMs);
  }

  /** Ends what is over, with an event each. Called before every call and by a timer. */
  sweep(): void {
    const now = this.#now();
    for (const [connection, times] of this.#open) {
      const ends = this.endsMs(connection) ?? now;
      // A clock that was set back far does not prolong a session for ever.
      const backwards = now < times.startedMs - clockSlackMs;
      if (now < ends && !backwards) continue;
      const absolute = now >= times.startedMs + this.#factors.profile().absoluteMs;
      this.#end(connection, absolute ? "absolute" : "idle", "system");
    }
  }

  list(): { connection: Connection; operator: string; startedMs: number; usedMs: number; endsMs: number }[] {
    return [...this.#open].map(([connection, times]) => ({
      connection,
      operator: times.operator,
      startedMs: times.startedMs,
      usedMs: times.usedMs,
      endsMs: this.endsMs(connection) ?? times.usedMs,
    }));
  }

  /** The operator's standing is another one now: their sessions get it, or end. */
  standingChanged(name: string): void {
    const row = this.#keys.operator(name);
    for (const [connection, times] of this.#open) {
      if (times.operator !== name || connection.session === null) continue;
      if (row === undefined || !isActive(row)) this.#end(connection, "standing-changed", "system");
      else {
        const { roles, grants, operations } = standingOf(row);
        connection.session = { ...connection.session, roles, grants, operations };
      }
    }
  }

  /** Ends sessions as somebody's decision; their events are the caller's. */
  endAll(connections: readonly Connection[]): void {
    for (const connection of connections) this.close(connection);
    this.#kernel.changes.publish("session");
  }

  /** Everybody's, because somebody was let in past all of them. */
  endEverybody(why: "recovered"): void {
    for (const connection of this.#open.keys()) this.#end(connection, why, "system");
  }

  #end(connection: Connection, why: End, actor: string): void {
    const operator = connection.session?.operator ?? "nobody";
    this.close(connection);
    this.#kernel.store.write(() => {
      this.#kernel.audit.append({
        actor,
        action: "session.ended",
        object: operator,
        outcome: "done",
        details: { why, face: connection.face },
      });
    });
    this.#kernel.changes.publish("session", "audit");
  }

  #now(): number {
    return this.#kernel.clock().getTime();
  }
}

/** A clock may be corrected by so much without anybody being locked out. */
const clockSlackMs = 5 * 60_000;
