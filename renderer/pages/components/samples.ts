import type { LedgerCell } from "../../ui/ledger-strip.tsx";
import type { RatePoint } from "../../ui/rate-chart.tsx";

/** Samples for the page of components. They are shapes, and are shown nowhere else. */
export const sampleHash = "0c0fd88a3dd47f2d9e9cced157aad05bf63fc2a4670e2dc8dd19bd25d8d4d7e6";
export const sampleFingerprint = "SHA256:GUkWzck6B9fqjxFLAGSAdQ8p7NRT17rf4d3uKwy72L4";
export const sampleWords = [
  "anchor",
  "canyon",
  "filter",
  "orbit",
  "siren",
  "timber",
  "bridge",
  "gravity",
] as const;
export const sampleOutside = "Invalid user \u202eretsambew\u202c <b>root</b>\u0007";
export const sampleBody = `{"event":"E13","text":"${sampleOutside}"}\n{"count":113}`;

const states: readonly LedgerCell["state"][] = [
  "imported",
  "imported",
  "quarantine",
  "imported",
  "refused",
  "voided",
  "imported",
  "missing",
  "yes",
  "running",
];

export const sampleCells: readonly LedgerCell[] = states.map((state, place) => ({
  sequence: 32 + place,
  sent: state !== "running",
  carried: state !== "running" && state !== "yes",
  received: state !== "running" && state !== "yes" && state !== "missing",
  state,
}));

/** A rate that rises, dips twice where a part is synced, and holds. */
export const sampleRate: readonly RatePoint[] = Array.from({ length: 60 }, (_, second) => ({
  atSeconds: 1_795_000_000 + second,
  mebibytesPerSecond: 11.5 + Math.sin(second / 3) - (second % 22 === 7 ? 5 : 0),
}));

export interface SampleRow {
  readonly id: string;
  readonly kind: string;
  readonly user: string;
  readonly count: number;
}

export const sampleRows: readonly SampleRow[] = ["m2n3", "xaz7", "g7sg", "tm4p"].map((tail, place) => ({
  id: `r-01m7x5cvsr0074p2x0n7cp${tail}`,
  kind: place % 2 === 0 ? "echo" : "search",
  user: "alice",
  count: 1024 * (place + 3),
}));
