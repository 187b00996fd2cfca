import type { contract } from "../../../shared/contract/contract.ts";
import type { Job } from "../../station/changes.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { AppendEvent } from "../../station/kernel.ts";
import type { ResourceLookups } from "../../station/pipeline/reach.ts";
import type { JobPlan, JobRun } from "./job-run.ts";
import type { PeerLogs } from "./peer-logs.ts";

/** What the transfer area offers the rest of the station. */
export interface TransferService {
  readonly handlers: AreaHandlers<typeof contract.transfer>;
  readonly lookups: ResourceLookups;
  /** Whether an export or import runs: the master key stays until it ends. */
  busy(): boolean;
  /** Running and finished jobs since the station was opened, newest first. */
  jobs(): Job[];
  /**
   * Runs work of another area as a job: it shows as one, can be cancelled, and waits for nobody. Throws `conflict` while
   * an export or import runs, unless it only looks.
   */
  runJob<T>(plan: JobPlan, work: (run: JobRun) => Promise<T>): Promise<T>;
  /** The number expected next from a peer. */
  nextIn(peer: number): number;
  /**
   * Takes back what was staged of a peer's old lineage, some lines at a time. Before the transaction of
   * `acceptLineage`, outside it; throws `conflict` as that does.
   */
  clearOldLineage(peer: number, lineage: string): void;
  /** Takes the lineage that a peer offered; throws `conflict` when it offered another one. Inside a transaction. */
  acceptLineage(peer: number, lineage: string): void;
  /** What each peer and this station have witnessed of each other's log. */
  logs(): PeerLogs;
  /** Takes what a peer's log claims now as its log, after people have looked, and settles its alarms. Inside a transaction. */
  acceptLog(peer: number, lineage: string | null): number;
  /**
   * Gives up what was sealed for a peer and never copied to any medium, so that it is sealed again for the peer's new
   * key. Inside a transaction; throws `conflict` while an export or import runs.
   */
  giveUpUnsent(peer: string, note: string, event: AppendEvent): number;
  /** Signs the receipts that wait with the present key; inside the transaction that revokes another. Returns how many. */
  resignReceipts(): number;
  /** Stops running jobs at their next safe point, waits for them and ends the worker pool. */
  close(): Promise<void>;
}
