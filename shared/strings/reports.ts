/** Pages that are printed and kept: the log's head on paper, and reports. */
export const reportStrings = {
  checkpoint: {
    title: "Checkpoint of the audit log",
    subtitle: (station: string, side: string, at: string) => `station ${station}, ${side}, signed ${at}`,
    about:
      "This is the head of the log at the time above. Keep it where the station can't reach it. Whoever changes, cuts or puts back the log from before that time can't make it agree with this paper.",
    code: "Short code: the first ten digits of the root, to be read aloud",
    facts: {
      station: "station",
      lineage: "lineage",
      events: "events",
      root: "root",
      signedAt: "signed at (UTC)",
      key: "verifier key",
    },
    qr: "The signed note, for a scanner",
    note: "The signed note (C2SP tlog-checkpoint)",
    compare:
      "To compare: scan the code above and paste it in the console under Audit, Checkpoints, or run: sallyport audit compare-checkpoint --file note.txt. Without a scanner: --code and --events with the code and the number above. tools/verify-audit.mjs checks the note without Sallyport.",
    by: "Printed and put away by",
    lines: [
      "name, date and signature",
      "name, date and signature of the second person",
      "where this paper is kept",
    ],
  },
  titles: {
    integrity: "Integrity statement",
    review: "Audit review",
    media: "Transfer ledger by medium",
    access: "Access and role recertification",
    exceptions: "Dual-control exceptions",
  },
  subtitle: (station: string, side: string, at: string) =>
    `station ${station}, ${side}, as of the checkpoint signed ${at}; all times are UTC`,
  facts: {
    log: "log",
    checkpoint: "checkpoint",
    root: "root",
    about: "events",
    none: "none: nothing happened since",
    purged: "purged",
    purgedAbout: (count: number) =>
      `${count} events are purged under retention; what they said is not in this report`,
    input: "made from",
    again: "make it again",
    againHow: "sallyport reports recompute --file FILE gives the same bytes as long as the events are there",
  },
  integrity: {
    statement: (events: number, purged: number) =>
      `When this report was made, the first ${events} events were recomputed${purged === 0 ? ", each from its stored bytes" : `: ${events - purged} from their stored bytes, and ${purged}, which were purged under retention, from their hashes`}. They lead to the root that this station signed. Below stands everything in the log that spoke against it or for it.`,
    signedHeads: "signed heads",
    firstHead: "the first of them",
    columns: ["event", "time", "who", "what", "outcome", "details"],
    about: {
      title: "Alarms, comparisons, restores",
      about: "Each time when somebody or something compared this log with what it had been.",
      empty: "None.",
    },
    silences: {
      title: "Silences and steps of the clock",
      about:
        "When an open station should have said that it was there and did not, and when its clock was set.",
      empty: "None.",
    },
    witnessed: {
      title: "Batches of peers, and what they brought of their witness",
      about: "`cosigned`: the peer had seen this log up to a head that is ours.",
      empty: "No batch of a peer was imported.",
    },
    witnessColumns: ["peer", "what it said of this log", "batches"],
    note: "The checkpoint (C2SP signed note)",
    limits:
      "What this can't show: whoever puts back the database, the head file and every copy of this paper together leaves nothing to compare. Keep it where the station can't reach it.",
  },
  review: {
    statement:
      "For whoever reviews: what was refused or failed, every change that concerns people, keys, peers and the log itself, and how much of everything else there was.",
    columns: ["event", "time", "who", "what", "to what", "details"],
    bad: { title: "Refused and failed", about: "Each of them, whoever asked.", empty: "None." },
    changes: {
      title: "Changes to look at",
      about: "People, approvals, recovery, peers, limits, overrides, the log.",
      empty: "None.",
    },
    actors: { title: "Who did how much", about: "All events of the range.", empty: "None." },
    actorColumns: ["who", "outcome", "events"],
    actions: { title: "What was done how often", about: "All events of the range.", empty: "None." },
    actionColumns: ["what", "outcome", "events"],
  },
  media: {
    statement:
      "What was written to which medium and read from which. A medium is named by the folder where it was mounted: the log knows no other name of it.",
    none: "No medium was written or read.",
    noMedium: "imports that were broken off before they named their medium",
    rows: (count: number) => `${count} ${count === 1 ? "entry" : "entries"}`,
    columns: ["event", "time", "who", "what", "batch", "details"],
    acts: {
      "transfer.copy-begun": "copy begun",
      "transfer.batch-copied": "copied",
      "transfer.copy-stopped": "copy stopped",
      "transfer.medium-read": "medium read",
      "transfer.batch-imported": "imported",
      "transfer.batch-verified": "verified, waits",
      "transfer.batch-refused": "refused",
      "transfer.batch-held": "held",
      "transfer.fork-seen": "fork seen",
    } as Record<string, string>,
    sealed: (batch: { peer: string; records: string; sha256: string }) =>
      `for ${batch.peer}, ${batch.records} records, sha256 ${batch.sha256}`,
    readBack: (result: string) => `read back: ${result}`,
    arrived: (batch: { peer: string; sha256: string; rest: string }) =>
      `from ${batch.peer}, sha256 ${batch.sha256}${batch.rest === "" ? "" : `, ${batch.rest}`}`,
    read: (counts: string) => counts,
  },
  access: {
    statement:
      "Everybody who may do something at this station, as the log let them in, changed them and last saw them. For each the reviewer decides: keep, or change.",
    columns: ["operator", "roles", "standing", "last sign-in", "let in by", "roles changed by", "keep?"],
    people: {
      title: "Operators",
      about: "From all events of the log. Sign-ins are counted from the first.",
      empty: "Nobody.",
    },
    removed: { title: "Removed", about: "They hold no key of now.", empty: "Nobody." },
    removedColumns: ["operator", "roles", "let in by", "removed at"],
    states: { active: "active", disabled: "disabled", removed: "removed" },
    standing: (state: string, factor: boolean) =>
      `${state}, ${factor ? "second factor" : "no second factor"}`,
    signedIn: (at: string, times: number) => `${at}, ${times} in all`,
    never: "never",
    founder: "founded the station",
    recovery: "recovery shares",
    tick: "[ ]",
    by: "Reviewed by",
    lines: ["name, date and signature", "name, date and signature of the second person"],
  },
  exceptions: {
    stationOfOne:
      "This station is for one person: nothing needed a second one. Each step below would need two in a station for two.",
    stationOfTwo: (at: string) =>
      `This station is for two since ${at}. Each step below was done without the agreement of a second person.`,
    columns: ["event", "time", "who", "what", "to what", "details"],
    why: "why alone",
    ofOne: "station for one then",
    first: "let in as the second person, once",
    approver: "second person",
    approval: "agreement",
    alone: { title: "Done by one", about: "Steps that two must take in a station for two.", empty: "None." },
    outside: {
      title: "Recovery and restores",
      about: "Done by whoever held shares or a backup, outside the approvals of this station.",
      empty: "None.",
    },
    together: { title: "Done by two", about: "For comparison: steps with an agreement.", empty: "None." },
  },
} as const;
