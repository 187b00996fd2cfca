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
} as const;
