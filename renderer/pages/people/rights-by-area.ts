/** In the order of the page. */
export const marks = ["see", "act", "ask"] as const;
type Mark = (typeof marks)[number];

interface Right {
  readonly operation: string;
  readonly effect: "read" | "change" | "reveal";
  readonly permission: string;
  readonly roles: readonly string[];
  readonly twoPersons: boolean;
}

interface Holder {
  readonly roles: readonly string[];
  /** The only operations of a service operator; null for a person. */
  readonly operations: readonly string[] | null;
}

/** One's own session is everybody's; the others carry what other areas do. */
const notWork: ReadonlySet<string> = new Set(["session", "presence", "uploads", "media", "watch"]);

/** Whoever may look may call them, and who may really do it is decided inside: whoever may begin it, or agree. */
const decidedInside: ReadonlySet<string> = new Set([
  "transfer.cancel",
  "approvals.approve",
  "approvals.refuse",
]);

/**
 * By area: whether something can be seen, done alone, and asked of a second person. What needs no sign-in is nobody's
 * right.
 */
export function areasOf(
  rights: readonly Right[],
  { roles, operations }: Holder,
): readonly ({ readonly area: string } & Readonly<Record<Mark, boolean>>)[] {
  const areas = new Map<string, Record<Mark, boolean>>();
  for (const right of rights) {
    const [area = ""] = right.operation.split(".");
    if (right.permission === "public" || notWork.has(area)) continue;
    const row = areas.get(area) ?? { see: false, act: false, ask: false };
    areas.set(area, row);
    const may =
      operations === null
        ? right.roles.some((role) => roles.includes(role))
        : operations.includes(right.operation);
    if (!may || decidedInside.has(right.operation)) continue;
    const mark = right.twoPersons ? "ask" : right.effect === "read" ? "see" : "act";
    row[mark] = true;
  }
  return [...areas].map(([area, row]) => ({ area, ...row }));
}
