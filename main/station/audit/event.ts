export type Outcome = "done" | "refused" | "failed";
export type DetailValue = string | number | boolean | null;

/** An event as it is hashed and stored. */
export interface AuditEvent {
  readonly sequence: number;
  /** UTC with milliseconds. Order is decided by `sequence` alone. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly outcome: Outcome;
  readonly details: Readonly<Record<string, DetailValue>>;
}

/** 8 KiB: an event carries ids, counts and hashes; whatever is longer does not belong into the log. */
const leafCapBytes = 8 * 1024;

/**
 * The canonical bytes of an event: one JSON object with these fields in this order, details sorted by name.
 * Strings are made well-formed first, because SQLite would store a lone surrogate as U+FFFD while JSON
 * escapes it. NUL is refused: the sqlite3 shell stops at it, which would hide what follows.
 */
export function eventLeaf(event: AuditEvent): Buffer {
  const details = Object.fromEntries(
    Object.entries(event.details)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, typeof value === "string" ? value.toWellFormed() : value]),
  );
  const text = JSON.stringify({
    format: "sallyport-event@v1",
    sequence: event.sequence,
    at: event.at,
    actor: event.actor.toWellFormed(),
    action: event.action,
    object: event.object.toWellFormed(),
    outcome: event.outcome,
    details,
  });
  if (text.includes("\\u0000")) throw new Error(`event ${event.action} carries a NUL`);
  const leaf = Buffer.from(text);
  if (leaf.length > leafCapBytes)
    throw new Error(`event ${event.action} is ${leaf.length} bytes; ${leafCapBytes} at most`);
  return leaf;
}

/** Reads stored bytes back. Null when they are not an event. */
export function parseLeaf(leaf: Uint8Array): AuditEvent | null {
  try {
    const value = JSON.parse(Buffer.from(leaf).toString("utf8")) as Record<string, unknown>;
    if (value["format"] !== "sallyport-event@v1") return null;
    const { format: _format, ...event } = value;
    return event as unknown as AuditEvent;
  } catch {
    return null;
  }
}
