/** Audit: the list, one event, and the proof that the log is whole. */
export const auditStrings = {
  say: {
    unverified: (count: string) => `${count} events are in the log.`,
    whole: (count: string) => `The log is whole: ${count} events, each recomputed from its stored bytes.`,
    broken: (event: string) => `The log is broken at event ${event}.`,
    checking: "Recomputing every event…",
  },
  brokenAbout:
    "What comes after it can't be trusted. Keep this directory as it is, and compare with a printed root or with the peer.",
  root: "root",
  verify: "Verify the log",
  verifyFailed: "Verifying the log",
  list: "Events",
  columns: {
    event: "event",
    when: "when",
    actor: "actor",
    action: "action",
    object: "object",
    outcome: "outcome",
  },
  outcomes: { done: "done", refused: "refused", failed: "failed" },
  filters: { action: "action", actor: "actor", apply: "Filter", clear: "Clear" },
  actionNote: "the whole name, such as transfer.export",
  actorNote: "an operator's name",
  empty: { title: "No event matches", about: "Nothing in the log has this action and actor." },
  detail: {
    title: (event: string) => `Event ${event}`,
    facts: { when: "when", actor: "actor", object: "object", outcome: "outcome", leafHash: "leaf hash" },
    details: "Details",
    detailsCaption: "ids, counts and hashes; never bodies or secrets",
    leaf: "Stored bytes",
    leafCaption: "the canonical leaf of the log, RFC 6962",
    copy: "Copy event",
    failed: "the event",
  },
} as const;
