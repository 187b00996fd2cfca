/** The JSON documents of the command line that these tests read. */

export interface BagRow {
  bag: string;
  batch: string | null;
  sequence: number | null;
  state: string;
  reason: string | null;
  used: boolean;
  imported: number;
  duplicate: number;
  quarantined: number;
}
export interface Bags {
  bags: BagRow[];
}
export interface LedgerRow {
  peer: string;
  direction: string;
  sequence: number;
  batch: string | null;
  sha256: string | null;
  state: string;
}
export interface Ledger {
  batches: LedgerRow[];
}
export interface QuarantineRow {
  batch: string;
  part: string;
  line: number;
  reason: string;
}
export interface Quarantine {
  lines: QuarantineRow[];
  next: string | null;
}
export interface Written {
  batch: string | null;
  sequence: number | null;
  volumes: string[];
  records: number;
  bytes: number;
  readBack: string | null;
}
export interface Exported extends Written {
  again: Written[];
}
export interface RequestRow {
  id: string;
  kind: string;
  user: string;
  state: string;
}
export interface Requests {
  requests: RequestRow[];
  next: string | null;
}
export interface Answered {
  id: string;
  request: string;
  status: string;
  body: string;
}
export interface AuditVerdict {
  ok: boolean;
  events: number;
  root: string;
  firstBad: number | null;
}
