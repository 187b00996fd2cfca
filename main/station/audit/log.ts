/** Replaced below. */
export interface AppendedEvent {
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly outcome: "done" | "refused" | "failed";
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditLog {
  /** Appends one event. Must run inside a transaction, the one of its effect. Returns its number. */
  append(event: AppendedEvent): number;
  /** Number of events and RFC 6962 root (64 hex) as committed. */
  head(): { readonly events: number; readonly root: string };
}
