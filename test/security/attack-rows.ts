/** A test that shows how an attack ends: its file from the root of the repository, and its title as it is written there. */
export type Evidence = readonly [file: string, title: string];

export interface AttackRow {
  /** Of research/audit-ops.md 7. */
  readonly row: number;
  readonly attack: string;
  readonly shownBy: readonly Evidence[];
  /** What of the row has no test, and why; null when all of it has. */
  readonly not: string | null;
}

const sites = "test/security/serve-foreign-site.test.ts";
const entry = "test/security/serve-entry.test.ts";
const wire = "test/security/serve-wire.test.ts";
const setup = "test/security/setup-code.test.ts";
const stations = "test/security/serve-workspaces.test.ts";
const workspaceList = "main/workspaces/list.test.ts";
const answers = "test/security/serve-answers.test.ts";
const log = "test/security/audit-attacks.test.ts";
const evasion = "test/security/audit-evasion.test.ts";
const retention = "test/security/audit-retention.test.ts";
const approvals = "test/security/people-approvals.test.ts";
const windowPolicy = "main/electron/policy.test.ts";
const shell = "main/electron/shell.test.ts";
const heartbeat = "main/station/audit/heartbeat.test.ts";
const tree = "main/station/audit/log.test.ts";
const notes = "main/station/audit/checkpoint.test.ts";

/** Rows 1 to 24: each attack, and where it is run. completeness is held by attack-rows.test.ts. */
export const attackRows: readonly AttackRow[] = [
  {
    row: 1,
    attack: "DNS rebinding to the console's port",
    shownBy: [
      [sites, "is turned away with %s in Host"],
      [sites, "is turned away with Host twice, or none"],
      [wire, "stays closed with %s"],
    ],
    not: null,
  },
  {
    row: 2,
    attack: "cross-site requests to the console's port",
    shownBy: [
      [sites, "is turned away when the browser says %s"],
      [sites, "cannot spend a token with the Origin %s"],
      [sites, "changes nothing with GET"],
      [entry, "is refused in a form, which another site could post"],
      [stations, "are told to nobody without the cookie, and to no other site"],
      [stations, "open behind a gate of their own: neither cookie nor token of one opens the other"],
    ],
    not: null,
  },
  {
    row: 3,
    attack: "WebSocket hijack, also without an Origin",
    shownBy: [[wire, "stays closed with %s"]],
    not: null,
  },
  {
    row: 4,
    attack: "a token in an address, a header or a log",
    shownBy: [
      [entry, "is taken from the body alone: in the path, the query or a header it does nothing"],
      [entry, "opens the page once, and never again"],
      [setup, "stands on the browser's command line instead of the code, which every user could read there"],
      [setup, "is worth nothing after a restart, nor is what it was exchanged for"],
      [answers, "carries the policy and the other headers, whatever it is"],
      [answers, "are a closed list: %s is nothing"],
      ["main/station/log.test.ts", "leaves out whatever is not on the list of facts, and says that it did"],
    ],
    not: null,
  },
  {
    row: 5,
    attack: "another user or process of the same machine",
    shownBy: [
      [wire, "is on the loopback address alone"],
      [entry, "has 256 bits, and never the same twice"],
      [setup, "is needed before anything of the station is reached, founding above all"],
      [setup, "is readable by the owner alone, under a name that nobody knows, and the last one goes"],
      [setup, "is not written into a folder of mode %o"],
      [workspaceList, "of mode %o, which others could read or write, opens nothing"],
      ["main/station/attach/endpoint.test.ts", "is a socket that its owner alone may open"],
      ["main/station/hold.test.ts", "leaves a note for people, mode 0600, and takes it away again"],
    ],
    not: null,
  },
  {
    row: 6,
    attack: "script in text from outside",
    shownBy: [
      [
        "test/e2e/hostile-text.spec.ts",
        "text from outside is shown as text, its marks boxed, and nothing of it runs",
      ],
      ["test/e2e/together.spec.ts", "two browsers see each other, and neither loses an edit to the other"],
      [
        "test/security/presence.test.ts",
        "takes no free text: not an address, not a mark-up, not a name beyond its shape",
      ],
      [answers, "has a policy that names no inline, no eval, no wildcard and no other origin"],
    ],
    not: null,
  },
  {
    row: 7,
    attack: "out of the window into the main process",
    shownBy: [
      [shell, "opens one window on its own page: sandboxed, isolated, without Node, views or dictionaries"],
      [shell, "hands nothing to a foreign frame, and answers its calls with null"],
      [shell, "holds every page where it is: no navigation, frame, redirect, window or view"],
      [shell, "opens another station by its name in a window of its own, bound to it alone"],
      [windowPolicy, "listens to the top frame of its own page, and to no frame in it"],
      ["test/package/archive.test.ts", "%s"],
    ],
    not: null,
  },
  {
    row: 8,
    attack: "a changed program",
    shownBy: [
      ["main/station/program.test.ts", "stock tools give the same hash, and one byte gives another"],
      [
        "main/station/audit/heartbeat.test.ts",
        "a program that is another one is noted, and is failed where its version is the same",
      ],
      ["test/package/archive.test.ts", "%s"],
      ["test/package/archive.test.ts", "holds no source, test, source map, script or Node binary"],
    ],
    not: null,
  },
  {
    row: 9,
    attack: "a second start with hostile arguments, a link to the program",
    shownBy: [
      [shell, "brings its window to the front when it is started again, and looks at no argument"],
      [shell, "opens nothing for %s from a page"],
      [workspaceList, "by a name that is also a folder here is refused"],
      ["main/cli/parse.test.ts", "exists for every operation, or is left out on purpose"],
    ],
    not: null,
  },
  {
    row: 10,
    attack: "names that leave their folder, links, devices, collisions",
    shownBy: [
      ["test/hostile/table.ts", "%s"],
      ["test/hostile/command.test.ts", "a FIFO on the stick does not hang it"],
      [answers, "are a closed list: %s is nothing"],
    ],
    not: "exFAT and NTFS are not mounted here; their names are cases of the table",
  },
  {
    row: 11,
    attack: "bombs: zstd, many files, huge and deep JSON",
    shownBy: [
      ["test/hostile/bombs.test.ts", "%s"],
      ["test/hostile/bombs.test.ts", "twenty envelopes of 20 MiB on one stick are not held together"],
      [wire, "ends for whom sends a frame beyond all measure, and for nobody else"],
    ],
    not: null,
  },
  {
    row: 12,
    attack: "syntax of the search index in a search",
    shownBy: [
      ["main/areas/audit/query.test.ts", "no input fails, and nothing typed is syntax of the index"],
      [
        "main/areas/audit/search.test.ts",
        "of anything fails never, and pages to the same end whatever their size",
      ],
    ],
    not: null,
  },
  {
    row: 13,
    attack: "line ends, escapes and turned text in logs and terminals",
    shownBy: [
      ["main/station/log.test.ts", "can't be made to hold a second line by what is in a fact"],
      ["main/cli/visible.test.ts", "shows %s and doesn't obey it"],
      ["main/cli/visible.test.ts", "never lets a control through, whatever comes"],
    ],
    not: null,
  },
  {
    row: 14,
    attack: "formulas in an exported table",
    shownBy: [
      ["main/areas/audit/csv.test.ts", "%j is text to a spreadsheet"],
      ["main/areas/audit/csv.test.ts", "any event is one row of seven cells, whatever it holds"],
    ],
    not: "no spreadsheet is started",
  },
  {
    row: 15,
    attack: "a search that takes for ever",
    shownBy: [[evasion, "no pattern that a person types becomes a regular expression"]],
    not: null,
  },
  {
    row: 16,
    attack: "prototype pollution by input, import or configuration",
    shownBy: [
      [evasion, "no operation's input and no configuration reaches the prototype of anything"],
      ["main/areas/transfer/format/json-scan.test.ts", "the key of %j"],
    ],
    not: null,
  },
  {
    row: 17,
    attack: "who is there, told by time or answer",
    shownBy: [
      [
        "test/security/people-sessions.test.ts",
        "known, unknown, disabled or with a second factor, costs one run of Argon2id of one price",
      ],
      [
        "main/areas/session/service.test.ts",
        "a wrong passphrase and an unknown operator are told apart by nothing",
      ],
    ],
    not: null,
  },
  {
    row: 18,
    attack: "around the log: replace, drop, edit, cut, put back, hide, set the clock, fill the disk, kill",
    shownBy: [
      [tree, "our own mistake cannot %s a row"],
      [log, "with the guards of the log dropped and nothing else: tree-broken"],
      [evasion, "by a second connection is refused at the next change, and tree-broken at the next start"],
      [log, "with an event changed: verification names it, and no proof of it is handed out"],
      [log, "with its last events removed: tree-broken, and closed"],
      [log, "with its last events and the head row cut back: log-shorter"],
      [log, "unlinked: the next change is refused instead of being lost without a word"],
      [log, "left behind by a copy of the database alone: log-shorter"],
      [log, "put back from an older copy: log-shorter, evidence kept, closed until settled"],
      [log, "put back from an older copy that went on elsewhere: log-other"],
      [
        "test/security/witness-attacks.test.ts",
        "is told by the peer's next batch, which has witnessed events that are gone",
      ],
      [
        "main/areas/audit/search.test.ts",
        "finds again what somebody took out of the index, once the log is verified",
      ],
      [log, "set back changes neither order nor proof"],
      [heartbeat, "back while it was closed is seen at the next start, against the last event"],
      ["main/areas/session/service.test.ts", "one that can't be logged opens nothing"],
      [
        "test/crash/import.test.ts",
        "a disk full at any step ends in a sentence, and the same command again comes to the same end",
      ],
      ["test/crash/export.test.ts", "killed at any step, the same command again comes to the same end"],
      [heartbeat, "one that was killed and silent for long says since when"],
    ],
    not: null,
  },
  {
    row: 19,
    attack: "the log's place chosen by an operator",
    shownBy: [[evasion, "the log's place is no setting and no input, and an export writes over nothing"]],
    not: null,
  },
  {
    row: 20,
    attack: "checkpoints and proofs made to break their reader",
    shownBy: [
      [evasion, "a proof or note beyond all measure is no proof, and is read without a fault"],
      ["main/station/audit/proof.test.ts", "places that a tree doesn't have are refused"],
      [
        "main/station/audit/proof.test.ts",
        "a proof that was changed anywhere, cut or made longer leads nowhere",
      ],
      [
        "test/security/witness-attacks.test.ts",
        "verifies at home and is an alarm at the peer, until people accept it",
      ],
    ],
    not: null,
  },
  {
    row: 21,
    attack: "a wrong key that passes, a seal made anew, an epoch left empty",
    shownBy: [
      [notes, "never passes with a wrong key, whichever it shares name or id with"],
      ["test/interop/verify-audit.test.ts", "with a wrong key is never a pass"],
      [retention, "a wrong key does not verify a segment: another station's file is refused"],
      [retention, "is sealed in whole blocks, once, and continues the one before"],
      [heartbeat, "is a bracket with a heartbeat in every interval"],
      [heartbeat, "one that stood still says for how long"],
    ],
    not: null,
  },
  {
    row: 22,
    attack: "retention by a clock that is wrong",
    shownBy: [
      [retention, "a clock that was set back purges nothing and seals nothing"],
      [retention, "a clock that was set forward while the station was open does not age a segment"],
      [retention, "events of a clock that was ahead expire with their segment, and are counted until then"],
    ],
    not: "a clock set forward while the station is closed can't be told from a station that was closed",
  },
  {
    row: 23,
    attack: "agreement by oneself, replayed, for other bytes, too late, raced",
    shownBy: [
      [approvals, "who is the requester is refused, in the own session and over another's"],
      [approvals, "replayed after it was done waits for a new agreement"],
      [approvals, "agreed to for some bytes is not agreed to for others"],
      [approvals, "enrolled by the requester an hour ago is refused, and a day later is not"],
      [approvals, "what nobody agreed to in a day can't be agreed to"],
      [approvals, "disabled between the agreement and the act: the agreement is void"],
      [approvals, "two who do one agreed step at once: it happens once"],
    ],
    not: null,
  },
  {
    row: 24,
    attack: "a keyring that is none",
    shownBy: [
      ["main/electron/keyring.test.ts", "never happens where Linux has only %s"],
      ["main/electron/keyring.test.ts", "leaves nothing readable in the settings"],
    ],
    not: null,
  },
];

/** Section 0 of the same: what silently loses or hides events, and the alarm or refusal that it must raise. */
export const factRows: readonly {
  readonly fact: number;
  readonly what: string;
  readonly shownBy: readonly Evidence[];
}[] = [
  {
    fact: 1,
    what: "WAL sets synchronous NORMAL by itself",
    shownBy: [
      [
        "main/station/store/open-store.test.ts",
        "synchronous stays FULL after a write in WAL mode, and replacing rows fires triggers",
      ],
      [
        "test/power-loss/power-loss.test.ts",
        "a program that runs with synchronous NORMAL loses what it said",
      ],
    ],
  },
  {
    fact: 2,
    what: "only dropped writes show it",
    shownBy: [
      [
        "test/power-loss/power-loss.test.ts",
        "nothing that was said is lost and nothing is half there, at 600 cuts and more",
      ],
    ],
  },
  {
    fact: 3,
    what: "a tree in the file never shows its own truncation",
    shownBy: [
      [log, "left behind by a copy of the database alone: log-shorter"],
      [log, "put back together with its head file: not known here, but to the peer that has witnessed more"],
    ],
  },
  {
    fact: 4,
    what: "a naive copy of an open database drops its locks",
    shownBy: [[evasion, "by a naive copy and another program: the next change is refused"]],
  },
  {
    fact: 5,
    what: "a second SQLite in the process",
    shownBy: [[evasion, "by a second SQLite in the same process: the next change is refused"]],
  },
  { fact: 6, what: "REPLACE INTO fires no trigger", shownBy: [[tree, "our own mistake cannot %s a row"]] },
  {
    fact: 7,
    what: "a row hidden from search",
    shownBy: [
      [
        "main/areas/audit/search.test.ts",
        "finds again what somebody took out of the index, once the log is verified",
      ],
    ],
  },
];
