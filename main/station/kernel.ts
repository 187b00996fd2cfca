import type { Grant } from "../../shared/narrowing.ts";
import type { AuditLog } from "./audit/log.ts";
import type { Connection } from "./pipeline/connection.ts";
import type { Changes } from "./changes.ts";
import type { Keyring } from "./keys/keyring.ts";
import type { Configuration } from "./configuration.ts";
import type { StationIdentity } from "./identity.ts";
import type { StationPaths } from "./paths.ts";
import type { Store } from "./store/store.ts";

/** Free and whole size of a disk, in bytes. */
export interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** A log for people who mend the program. Never bodies, never secrets; it is not the audit. */
export interface Log {
  info(facts: Record<string, unknown>, message: string): void;
  warn(facts: Record<string, unknown>, message: string): void;
  error(facts: Record<string, unknown>, message: string): void;
}

/** What the shell hands in when it opens a station; everything a test must hold. */
export interface StationDeps {
  /** Absolute path of the station's directory; it may not exist yet. */
  readonly directory: string;
  /** Which shell holds the station, for people: `window`, `serve`, `command line`. */
  readonly shell: string;
  readonly clock: () => Date;
  /** Milliseconds that only grow, whatever is done to the clock; the process's own when absent. */
  readonly steadyMs?: () => number;
  /** Called before each step that writes outside SQLite or commits. Crash and disk-full tests throw or die here. */
  readonly step: (name: string) => void;
  readonly log: Log;
  /** Free and whole size of the disk below a folder; the system's answer when absent. */
  readonly diskSpace?: (folder: string) => DiskSpace;
  /** SHA-256 over the program's own files; null or absent where it runs from sources. */
  readonly program?: string | null;
  /** Cost of a new passphrase; calibrated when absent. */
  readonly passwordHash?: { readonly memoryKiB: number; readonly passes: number };
}

/** What every area's service is made from. An area may join another area's tables to read; it writes only its own. */
export interface Kernel extends StationDeps {
  readonly paths: StationPaths;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly changes: Changes;
  readonly keyring: Keyring;
  readonly configuration: Configuration;
  /** When this shell took the station. */
  readonly openedAt: string;
  /** Who this station is, or null before it is founded. */
  readonly founded: () => StationIdentity | null;
  /** Reads the identity anew, after a commit that changed it. */
  readonly refound: () => void;
  /** The same. Throws `not-ready` before it is founded. */
  readonly identity: () => StationIdentity;
  /** Aborted when the station shuts down: running work stops at its next safe point. */
  readonly stopping: AbortSignal;
}

/** Who calls, and the only way to change something. */
export interface Call {
  readonly operator: string;
  readonly roles: readonly string[];
  /** The same roles, each as far as it reaches. */
  readonly grants: readonly Grant[];
  /** Who agreed to it, where it needed two persons and had them. */
  readonly approver: string | null;
  readonly session: string;
  readonly connection: Connection;
  /** Aborted when the caller gave up or its connection closed. Streams end; started work goes on. */
  readonly signal: AbortSignal | undefined;
  /**
   * One synchronous transaction (BEGIN IMMEDIATE). It must append at least one audit event through
   * `event`; otherwise it is rolled back and the operation fails. Long work commits many times.
   */
  readonly commit: <T>(run: (event: AppendEvent) => T) => T;
}

export type AppendEvent = (event: EventInput) => void;

/** An event before the pipeline adds who and when. Ids, counts and hashes; never bodies or secrets. */
export interface EventInput {
  /** `area.what-happened`, past tense: `transfer.batch-sealed`. */
  readonly action: string;
  /** What it happened to: a batch id, a peer's name, a request id. */
  readonly object: string;
  readonly outcome?: "done" | "refused" | "failed";
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
  /** Only where nobody is signed in yet: who claims to act. */
  readonly actor?: string;
}
