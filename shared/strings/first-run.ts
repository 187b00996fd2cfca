/** The guided path: name and side, first operator, pairing, first crossing, done. */
export const firstRunStrings = {
  title: "Set up this station",
  about:
    "Five steps, about five minutes. Nothing leaves this machine. You can stop after any step and go on later.",
  steps: {
    side: { title: "Name and side", caption: "what this machine is" },
    operator: { title: "First operator", caption: "you, with a passphrase" },
    pair: { title: "Pair a peer", caption: "eight words each way" },
    crossing: { title: "First crossing", caption: "out on a stick, and back" },
    done: { title: "Done", caption: "what to do on day one" },
  },
  times: { now: "now" },
  facts: { version: "version", data: "data", network: "network", station: "station", code: "set-up code" },
  code: "the one-time address that opened this page; only the owner of this account has seen it",
  network: "no connection to any other machine",
  back: "Back",
  later: "Later",
  next: "Next",
  side: {
    title: "Which side of the gap is this machine on?",
    about:
      "You will see this shape at the edge of every window and every dialog that moves data. It can't be changed later: a station has one side.",
    legend: "side",
    request: {
      title: "Request side",
      lines: [
        "It asks. Requests are submitted here and go out.",
        "Responses come back here.",
        "Its wall has teeth and stands on the left.",
      ],
    },
    response: {
      title: "Response side",
      lines: [
        "It answers. Requests arrive here.",
        "Answers are made here and go back.",
        "Its wall is a battlement and stands on the right.",
      ],
    },
    gap: "the gap",
    name: "name",
    nameNote: "Short, lower case. It is written on every batch.",
    nameError: "1 to 32 lower-case letters, digits or hyphens, such as low",
    directory: "data directory",
    directoryNote: "Made readable to you only.",
    people: "people",
    one: "one person",
    two: "two: dangerous steps need a second one",
    peopleNotes: {
      one: "The edge, the log and every receipt say so. A second approver makes it two, for good.",
      two: "For good. Enrol the second approver under People before you pair: trusting a peer needs both.",
    },
    clock: "clock",
    clockNote: "Compare it with a watch. Order is kept by numbers, not by clocks.",
    choose: "Choose a side first",
    made: "What will be made",
    madeCaption: "on this machine, nowhere else",
    madeRows: [
      [
        "signing key, log key",
        "Ed25519, for batches and for the audit log",
        "under the passphrase you choose next",
      ],
      ["age identity", "X25519, opens what the peer seals for you", "the same"],
      ["card", "the public halves, signed, for your peer", "a small file, on any stick"],
      ["database and audit log", "SQLite, first event written at once", "durable before you see it"],
    ],
  },
  operator: {
    title: "Who are you here?",
    about:
      "The passphrase opens your own keys, and they open the station's. Nobody can reset it: there is no other copy.",
    name: "operator",
    nameNote: "how the log names you",
    nameError: "1 to 32 lower-case letters, digits, dots, hyphens or underscores, such as admin",
    passphrase: "passphrase",
    passphraseNote: "15 characters or more; several words are easiest",
    passphraseError: "15 characters or more",
    repeat: "once more",
    repeatError: "The two are not the same",
    make: (name: string, side: string) => `Make station ${name}, ${side}`,
    making: "Making keys…",
    failed: "Making the station",
    whyTitle: "What it protects",
    why: [
      ["keys", "each under the master key, which is sealed to your key"],
      ["a copied directory", "can't sign, open or answer without the passphrase"],
      ["bodies in the database", "are clear inside the directory: encrypt the disk as well"],
    ],
  },
  crossing: {
    title: "The first crossing",
    about: "Each of these is a page of the console; the order is the work of every day.",
    request: [
      "Submit a request.",
      "Export it to a stick on Transfer, and wait for the sentence.",
      "Carry it over, have it answered, import what comes back.",
    ],
    response: [
      "Import the first batch from a stick on Transfer.",
      "Answer what waits.",
      "Export the answers and carry them back.",
    ],
    own: { request: "Submit requests of my own", response: "Go to the inbox" },
    leaveOut: "Leave it out",
    make: { request: "Submit five sample requests", response: "Load the sample documents" },
    making: "Working…",
    made: {
      request: (count: string) => `${count} submitted; they wait to be sealed.`,
      response: (count: string) => `${count} documents are here to be searched.`,
    },
    failed: "The sample data",
    sample: {
      request: {
        title: "Something to carry",
        caption: "real facts of this machine; nothing is made up",
        rows: [
          ["three echoes", "the disk, the clock and this station, to come back byte for byte"],
          ["two searches", "for words that the sample documents of the other side answer"],
        ],
      },
      response: {
        title: "Something to find",
        caption: "so that the first searches have an answer",
        rows: [
          ["documents", "one for each reason why a batch or a line is refused: what it means, what to do"],
          ["kept", "in this station alone; load your own on Requests whenever you like"],
        ],
      },
    },
  },
  finished: {
    title: (name: string) => `Station ${name} is ready.`,
    about: "On day one:",
    rows: [
      ["lock", "Ctrl L hides everything at once. Do it whenever you leave."],
      ["all actions", "Ctrl K finds every action by name; ? shows the keys."],
      ["the log", "Every step is in Audit, and can be recomputed there."],
      ["the stick", "README.txt on it says how to open it without Sallyport."],
    ],
    open: "Open the console",
  },
} as const;
