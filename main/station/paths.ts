import { join } from "node:path";

/** The files of a station directory (architecture.md, A station on disk). */
export interface StationPaths {
  readonly root: string;
  readonly database: string;
  readonly configuration: string;
  readonly audit: string;
  readonly spool: string;
  /** Sealed parts of our batches: `spool/out/<batch row id>/`. */
  readonly spoolOut: string;
  /** Verified parts of a peer's batches: `spool/in/<sha256 of batch.json>/`. */
  readonly spoolIn: string;
  readonly received: string;
  readonly quarantine: string;
  readonly artifacts: string;
  readonly backups: string;
  readonly logs: string;
  readonly run: string;
  readonly uploads: string;
  readonly lock: string;
  readonly holder: string;
  readonly endpoint: string;
  /** A file of 8 MiB that is given up first when the disk is full, so that the station can still say so. */
  readonly reserve: string;
}

export function stationPaths(root: string): StationPaths {
  const run = join(root, "run");
  const spool = join(root, "spool");
  return {
    root,
    database: join(root, "station.db"),
    configuration: join(root, "station.json"),
    audit: join(root, "audit"),
    spool,
    spoolOut: join(spool, "out"),
    spoolIn: join(spool, "in"),
    received: join(root, "received"),
    quarantine: join(root, "quarantine"),
    artifacts: join(root, "artifacts"),
    backups: join(root, "backups"),
    logs: join(root, "logs"),
    run,
    uploads: join(run, "uploads"),
    lock: join(run, "lock.db"),
    holder: join(run, "holder.json"),
    endpoint: join(run, "endpoint.sock"),
    reserve: join(run, "reserve"),
  };
}
