/** How numbers, sizes, times and hashes are written for people. Pure, so that each rule is held by a test. */

/** U+202F: groups of three stay on one line and keep the width of a figure's gap. */
const thinSpace = "\u202f";

/** 1290831399 becomes `1 290 831 399`. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, thinSpace);
}

const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** Binary units, three significant figures: `4.67 GiB`, `512 B`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  if (unit === 0) return `${value} B`;
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** Whole seconds into at most two units: `1 min 7 s`, `4 h 33 min`, `2 d 3 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return two(Math.floor(whole / 60), "min", whole % 60, "s");
  if (whole < 86_400) return two(Math.floor(whole / 3600), "h", Math.floor((whole % 3600) / 60), "min");
  return two(Math.floor(whole / 86_400), "d", Math.floor((whole % 86_400) / 3600), "h");
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Percent without decimals; never 100 before the end is reached. */
export function formatPercent(done: number, total: number): string {
  if (total <= 0) return "0 %";
  const percent = Math.floor((done / total) * 100);
  return `${done < total ? Math.min(percent, 99) : 100} %`;
}

export type Zone = "utc" | "local";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

export interface TimeParts {
  /** `21 Nov 2026` */
  readonly day: string;
  /** `14:31:07` */
  readonly clock: string;
  /** `UTC`, or the workstation's offset such as `UTC+01:00`. */
  readonly zone: string;
}

/** Splits an instant into what a page prints, in UTC or in the workstation's zone. */
export function timeParts(instant: Date, zone: Zone): TimeParts {
  const shifted =
    zone === "utc" ? instant : new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000);
  const month = months[shifted.getUTCMonth()] ?? "";
  return {
    day: `${shifted.getUTCDate()} ${month} ${shifted.getUTCFullYear()}`,
    clock: `${pad(shifted.getUTCHours())}:${pad(shifted.getUTCMinutes())}:${pad(shifted.getUTCSeconds())}`,
    zone: zone === "utc" ? "UTC" : offsetName(instant.getTimezoneOffset()),
  };
}

function offsetName(minutesBehind: number): string {
  const ahead = -minutesBehind;
  const size = Math.abs(ahead);
  return `UTC${ahead < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** `2a6e5a15…bcedc9d2`: eight and eight of a hash; short values stay whole. */
export function shortenHash(hash: string): string {
  return hash.length <= 20 ? hash : `${hash.slice(0, 8)}…${hash.slice(-8)}`;
}

/** `GUkWzck6…72L4`: eight and four, as spoken; the prefix stays apart. */
export function shortenFingerprint(fingerprint: string): { prefix: string; body: string } {
  const at = fingerprint.indexOf(":") + 1;
  const prefix = fingerprint.slice(0, at);
  const body = fingerprint.slice(at);
  return { prefix, body: body.length <= 14 ? body : `${body.slice(0, 8)}…${body.slice(-4)}` };
}

/** `r-01m7…m2n3`: enough of an id to tell rows apart. */
export function shortenId(id: string, keep = 18): string {
  return id.length <= keep ? id : `${id.slice(0, 6)}…${id.slice(-4)}`;
}

/** Groups of eight, as two people compare a digest. */
export function groupDigest(hash: string): string[] {
  return hash.match(/.{1,8}/g) ?? [];
}
