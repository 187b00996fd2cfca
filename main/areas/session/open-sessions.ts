import { randomHex } from "../../station/crypto/random.ts";
import type { Kernel } from "../../station/kernel.ts";
import { isActive, mayAdminister, standingOf, type Standing } from "../../station/keys/standing.ts";
import type { KeyStore, OperatorRow } from "../../station/keys/store.ts";
import type { Connection } from "../../station/pipeline/connection.ts";
import { sessionRows, type SessionRow, type SessionRows } from "./session-rows.ts";
import type { FactorStore } from "./store.ts";

/** Why a session ended that nobody signed out of. */
type End = "idle" | "absolute" | "ended-by-person" | "standing-changed" | "secrets-changed" | "recovered";

interface Times {
  readonly id: string;
  readonly operator: string;
  readonly device: string;
  /** Whether a row goes on with it after this connection. */
  readonly kept: boolean;
  persistedMs: number;
  readonly startedMs: number;
  usedMs: number;
  /** When passphrase, and code where there is a device, were last given here. */
  provenMs: number;
  readonly administrator: boolean;
}

/** A session as lists show it, on a connection or waiting for its operator. */
export interface ListedSession {
  readonly id: string;
  /** Null where it waits. */
  readonly connection: Connection | null;
  readonly operator: string;
  readonly face: string;
  readonly device: string;
  readonly startedMs: number;
  readonly usedMs: number;
  readonly endsMs: number;
}

/** How a session begins. */
export interface Beginning {
  readonly device: string;
  readonly keep: boolean;
  /** The row that it goes on with. */
  readonly from: SessionRow | null;
  /** Whether passphrase, and code where there is a device, were given just now. */
  readonly proven: boolean;
}

/** How often sessions that wait are looked through. */
const waitingSweepMs = 1000;

/** A sign of a person is written down no oftener: it is told by the minute, and a write costs an fsync. */
const persistMs = 30_000;

/**
 * The sessions of this process, and those that wait. An open one lives on its connection, and what it opens lives in
 * memory alone. The row of a kept one holds no key: after a restart it is locked, and its operator's passphrase opens
 * it again, within the same limits and without a new code.
 */
export class OpenSessions {
  readonly #kernel: Kernel;
  readonly #keys: KeyStore;
  readonly #factors: FactorStore;
  readonly #onEmpty: () => void;
  readonly #open = new Map<Connection, Times>();
  readonly #rows: SessionRows;
  #sweptMs = Number.NEGATIVE_INFINITY;

  constructor(kernel: Kernel, keys: KeyStore, factors: FactorStore, onEmpty: () => void) {
    this.#kernel = kernel;
    this.#keys = keys;
    this.#factors = factors;
    this.#onEmpty = onEmpty;
    this.#rows = sessionRows(kernel.store);
  }

  get size(): number {
    return this.#open.size;
  }

  /** The row that a token goes on with: of this operator, open nowhere, and within its limits. */
  resumable(token: string | undefined, row: OperatorRow | undefined): SessionRow | null {
    const found = token === undefined ? undefined : this.#rows.find(token);
    if (found === undefined || row === undefined || found.operator !== row.name) return null;
    if ([...this.#open.values()].some(({ id }) => id === found.id)) return null;
    return this.#overFor(found, mayAdminister(row)) ? null : found;
  }

  /** Returns the token that goes on with this session later; null where it is not kept. */
  begin(connection: Connection, row: OperatorRow, standing: Standing, beginning: Beginning): string | null {
    const now = this.#now();
    const { roles, grants, operations } = standing;
    const { device, keep, from } = beginning;
    const id = from?.id ?? randomHex(16);
    // Whoever signs in anew on a connection has left the session before.
    this.#forget(connection);
    connection.session = { id, operator: row.name, roles, grants, operations };
    const times: Times = {
      id,
      operator: row.name,
      device,
      kept: keep,
      persistedMs: now,
      startedMs: from === null ? now : Date.parse(from.started_at),
      usedMs: now,
      provenMs: beginning.proven ? now : Number.NEGATIVE_INFINITY,
      administrator: mayAdminister(row),
    };
    this.#open.set(connection, times);
    if (!keep) return null;
    const { idleMs, absoluteMs } = this.#factors.profile();
    return this.#kernel.store.write(() =>
      this.#rows.keep(row.id, {
        id,
        face: connection.face,
        device,
        started_at: iso(times.startedMs),
        used_at: iso(now),
        idle_until: iso(now + idleMs(times.administrator)),
        absolute_until: iso(times.startedMs + absoluteMs),
      }),
    );
  }

  /** The connection is gone: its session waits for its operator where it is kept, and ends where it is not. */
  leave(connection: Connection): void {
    this.#persist(connection, 0);
    connection.session = null;
    this.#open.delete(connection);
    if (this.#open.size === 0) this.#onEmpty();
  }

  #forget(connection: Connection): void {
    const times = this.#open.get(connection);
    this.#open.delete(connection);
    if (times?.kept === true) this.#kernel.store.write(() => this.#rows.drop(times.id));
  }

  #persist(connection: Connection, atLeastMs: number): void {
    const times = this.#open.get(connection);
    if (times === undefined || !times.kept || times.usedMs - times.persistedMs < atLeastMs) return;
    times.persistedMs = times.usedMs;
    const idleUntil = times.usedMs + this.#factors.profile().idleMs(times.administrator);
    try {
      this.#kernel.store.write(() => this.#rows.used(times.id, iso(times.usedMs), iso(idleUntil)));
    } catch (error) {
      // It costs some minutes of a session that waits; what the person does must not fail for it.
      this.#kernel.log.warn({ error: String(error) }, "the last use of a session could not be kept");
    }
  }

  /** Whether a row is past its limits, those that it was made under or those of now. */
  #overFor(row: SessionRow, administrator: boolean): boolean {
    const now = this.#now();
    const { idleMs, absoluteMs } = this.#factors.profile();
    const used = Date.parse(row.used_at);
    const started = Date.parse(row.started_at);
    const idle = Math.min(Date.parse(row.idle_until), used + idleMs(administrator));
    const absolute = Math.min(Date.parse(row.absolute_until), started + absoluteMs);
    return now >= idle || now >= absolute || now < started - clockSlackMs;
  }

  /** Forgets the connection's session; the last one gone wipes the keys. */
  close(connection: Connection): void {
    this.#forget(connection);
    connection.session = null;
    this.#open.delete(connection);
    if (this.#open.size === 0) this.#onEmpty();
  }

  /** A person did something here. */
  used(connection: Connection): void {
    const times = this.#open.get(connection);
    if (times !== undefined) times.usedMs = this.#now();
    this.#persist(connection, persistMs);
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
    // Every call sweeps; a session that waits is looked at again by whoever would go on with it.
    if (now >= this.#sweptMs && now - this.#sweptMs < waitingSweepMs) return;
    this.#sweptMs = now;
    for (const row of this.#waiting()) {
      const operator = this.#keys.operator(row.operator);
      const gone = operator === undefined || !isActive(operator);
      if (gone || this.#overFor(row, mayAdminister(operator))) this.#expire(row, gone);
    }
  }

  /** Rows whose session is on no connection of this process. */
  #waiting(): SessionRow[] {
    const open = new Set([...this.#open.values()].map(({ id }) => id));
    return this.#rows.all().filter(({ id }) => !open.has(id));
  }

  #expire(row: SessionRow, gone: boolean): void {
    this.#kernel.store.write(() => {
      if (!this.#rows.drop(row.id)) return;
      this.#kernel.audit.append({
        actor: "system",
        action: "session.expired",
        object: row.operator,
        outcome: "done",
        details: { why: gone ? "standing-changed" : "limits", face: row.face },
      });
    });
    this.#kernel.changes.publish("session", "audit");
  }

  list(): ListedSession[] {
    const open = [...this.#open].map(([connection, times]) => ({
      id: times.id,
      connection,
      operator: times.operator,
      face: connection.face,
      device: times.device,
      startedMs: times.startedMs,
      usedMs: times.usedMs,
      endsMs: this.endsMs(connection) ?? times.usedMs,
    }));
    const waiting = this.#waiting().map((row) => ({
      id: row.id,
      connection: null,
      operator: row.operator,
      face: row.face,
      device: row.device,
      startedMs: Date.parse(row.started_at),
      usedMs: Date.parse(row.used_at),
      endsMs: Math.min(Date.parse(row.idle_until), Date.parse(row.absolute_until)),
    }));
    return [...open, ...waiting];
  }

  /** What an operator signs in with is another now: what waits goes on no more, and what is open elsewhere ends. */
  secretsChanged(name: string, keeps: Connection | null, also: "waiting" | "all"): void {
    for (const one of this.list()) {
      if (one.operator !== name || (keeps !== null && one.connection === keeps)) continue;
      if (one.connection !== null && also === "all") this.#end(one.connection, "secrets-changed", "system");
      if (one.connection === null) this.endAll([one]);
    }
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
  endAll(sessions: readonly ListedSession[]): void {
    for (const { id, connection } of sessions) {
      if (connection === null) this.#kernel.store.write(() => this.#rows.drop(id));
      else this.close(connection);
    }
    this.#kernel.changes.publish("session");
  }

  /** Everybody's, because somebody was let in past all of them. */
  endEverybody(why: "recovered"): void {
    for (const connection of this.#open.keys()) this.#end(connection, why, "system");
    this.endAll(this.list());
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

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** A clock may be corrected by so much without anybody being locked out. */
const clockSlackMs = 5 * 60_000;
