/** The values of an edited row by field, each as the text that a person reads. */
export type Values = Readonly<Record<string, string>>;

/** One field of three versions: as the edit began, as it stands now, as it was typed. */
export interface MergeField {
  readonly id: string;
  readonly base: string;
  readonly theirs: string;
  readonly mine: string;
  /** `both`: two people changed it to different things, and only a person can say which holds. */
  readonly changed: "nobody" | "theirs" | "mine" | "alike" | "both";
}

/** Lays three versions beside each other, in the order of `ids`. */
export function layBeside(ids: readonly string[], base: Values, theirs: Values, mine: Values): MergeField[] {
  return ids.map((id) => {
    const [was, now, typed] = [base[id] ?? "", theirs[id] ?? "", mine[id] ?? ""];
    return { id, base: was, theirs: now, mine: typed, changed: whoChanged(was, now, typed) };
  });
}

function whoChanged(base: string, theirs: string, mine: string): MergeField["changed"] {
  if (theirs === mine) return theirs === base ? "nobody" : "alike";
  if (theirs === base) return "mine";
  return mine === base ? "theirs" : "both";
}

export type Choice = "theirs" | "mine";

/** What needs no person: the side that changed holds. A field that both changed has no entry yet. */
export function chosenByItself(fields: readonly MergeField[]): Readonly<Record<string, Choice>> {
  return Object.fromEntries(
    fields
      .filter(({ changed }) => changed !== "both")
      .map(({ id, changed }) => [id, changed === "mine" ? "mine" : "theirs"]),
  );
}

/** The values to save, or null while a field that both changed is not decided. */
export function merged(
  fields: readonly MergeField[],
  choices: Readonly<Record<string, Choice>>,
): Record<string, string> | null {
  const values: Record<string, string> = {};
  for (const field of fields) {
    const choice = choices[field.id];
    if (choice === undefined) return null;
    values[field.id] = field[choice];
  }
  return values;
}

/** What a conflict says stands there now: its version and its fields as text. Null when it says nothing of the kind. */
export function readPresent(data: unknown): { version: number; values: Values } | null {
  if (typeof data !== "object" || data === null || !("present" in data)) return null;
  const { present } = data;
  if (typeof present !== "object" || present === null || !("version" in present)) return null;
  const { version, ...fields } = present;
  if (typeof version !== "number") return null;
  const values = Object.entries(fields).map(([id, value]) => [id, asText(value)]);
  return { version, values: Object.fromEntries(values) as Values };
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(", ");
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
