/** The user's other stations. */
export const workspaceStrings = {
  button: "switch stations",
  list: "Your stations",
  others: "Your other stations. Each opens behind its own sign-in; the session here ends with this page.",
  noOthers: "You keep no other station by name yet.",
  open: "open",
  notFounded: "not founded yet",
  keep: "Keep this station in my list",
  make: "Make a new station",
  makeTitle: "Make a new station",
  makeConsequence:
    "A directory for it is made among your own files, and its first run opens. It shares nothing with this one: no key, no operator, no log.",
  name: "name",
  nameNote: "lower-case letters, digits, hyphens; you open it by this name from now on",
  makeAct: "Make it and go there",
  refused: "That station was not opened",
  go: (name: string) => `Open station ${name}`,
} as const;
