/** Audit, Retention: segments, holds, purging, and when the log was silent. */
export const retentionStrings = {
  title: "Retention",
  say: (sealed: string, events: string) => `${sealed} of ${events} events are sealed.`,
  about: (days: string, floor: string) =>
    `Sealed events are kept for ${days} days, a setting of this station that can't go below ${floor}.`,
  purged: (through: string) =>
    `The bytes up to event ${through} were purged; their hashes and every proof stay.`,
  ahead: (count: string) =>
    `${count} events say a time that is still to come: they were written while the clock was ahead.`,
  openEnd: "the end",
  seal: "Seal whole blocks",
  tooFew: "Fewer than 256 events are left to seal",
  segments: "Segments",
  segmentsCaption: "closed by a signed note; the oldest goes first",
  none: {
    title: "Nothing is sealed yet",
    about:
      "A segment closes whole blocks of 256 events by a signed note. Only sealed events can be exported and, when their time is over, purged.",
  },
  columns: {
    segment: "segment",
    events: "events",
    state: "state",
    sealed: "sealed at",
    expires: "may go from",
    hold: "hold",
    reason: "reason",
    by: "set by",
    setAt: "set at",
    step: "next step",
  },
  states: {
    sealed: "sealed",
    exported: "exported",
    expired: "may go",
    held: "held",
    purging: "going",
    purged: "purged",
  },
  detail: (segment: string) => `Segment ${segment}`,
  facts: { times: "times of its events", exported: "exported", purged: "purged" },
  notExported: "not yet; it can't go before",
  note: "Signed note",
  stub: "Signed stub",
  noteCaption: "what verify-audit.mjs checks the exported events by",
  saveNote: "Save the note",
  export: {
    open: "Export…",
    title: (segment: string) => `Export segment ${segment}`,
    consequence:
      "The events go into one file, encrypted to this station, with their note beside it; then they are read back whole.",
    folderNote: "an existing folder, by its whole path, on a disk that is kept elsewhere",
    act: "Export and read back",
  },
  purge: {
    open: "Purge…",
    title: (from: string, to: string) => `Purge events ${from} to ${to}`,
    consequence:
      "Their bytes leave this station for good; only the exported file has them then. Their hashes, every proof and a signed stub stay. In a station of two a second person must agree.",
    act: "Purge these events",
    type: (letters: string) => `type ${letters}`,
    typeNote: "the numbers of the events that go",
  },
  holds: "Legal holds",
  holdsCaption: "what they cover is not purged",
  noHold: "No hold stands.",
  hold: {
    open: "Set a hold…",
    title: "Set a legal hold",
    consequence:
      "Nothing of these events is purged while the hold stands. Lifting it takes two persons where the station is of two.",
    act: "Set the hold",
    from: "first event",
    fromNote: "its number in the log",
    to: "last event",
    toNote: "empty: all that follow, too",
    reason: "why",
    reasonNote: "for whoever reads the log later",
    lift: "Lift…",
    liftTitle: (hold: string) => `Lift hold ${hold}`,
    liftConsequence: "What only this hold kept may be purged when its time is over.",
    liftAct: "Lift the hold",
    note: "why it may be lifted",
  },
} as const;

/** When the log was silent, and when the clock was set. */
export const silenceStrings = {
  title: "Silence and clock",
  caption: (minutes: string) => `a heartbeat every ${minutes} minutes while the station is open`,
  none: "The log was never silent for longer than two heartbeats, and the clock was not set.",
  columns: { event: "event", at: "when", what: "what" },
  silent: {
    "not-closed": (span: string, after: string) =>
      `Silent for ${span} after event ${after}: the station was not closed (killed, or power lost)`,
    late: (span: string, after: string) => `Silent for ${span} after event ${after}: the station stood still`,
  },
  back: (span: string) => `The clock was set back by ${span}`,
  forward: (span: string) => `The clock was set forward by ${span}, or the machine slept`,
  seconds: (count: string) => `${count} seconds`,
  minutes: (count: string) => `${count} minutes`,
  hours: (count: string) => `${count} hours`,
} as const;
