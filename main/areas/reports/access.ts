import { en } from "../../../shared/strings/en.ts";
import type { AuditEvent } from "../../station/audit/event.ts";
import { eventsOf } from "./read-log.ts";
import { table, text, type MakeBody } from "./report.ts";

const words = en.reports.access;

const actions = [
  "station.founded",
  "operators.enrolled",
  "operators.roles-set",
  "operators.disabled",
  "operators.locked",
  "operators.enabled",
  "operators.removed",
  "session.signed-in",
  "session.factor-enrolled",
  "session.factor-reset",
  "recovery.opened",
];

interface Person {
  readonly name: string;
  roles: string;
  /** To what the roles are narrowed, and which operations a service may do. */
  only: string;
  readonly enrolledAt: string;
  readonly enrolledBy: string;
  rolesAt: string;
  rolesBy: string;
  signedInAt: string | null;
  signIns: number;
  factor: boolean;
  state: "active" | "disabled" | "removed";
}

/** Everybody who may do something at this station, as the log has let them in, changed them and seen them. */
export const accessBody: MakeBody = async ({ kernel, to }) => {
  const people = new Map<string, Person>();
  for await (const event of eventsOf(kernel, { from: 1, to, actions })) apply(people, event);
  const all = [...people.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const active = all.filter(({ state }) => state !== "removed");
  const rows = active.map((one) => [
    one.name,
    one.only === "" ? one.roles : `${one.roles} (${one.only})`,
    words.standing(words.states[one.state], one.factor),
    one.signedInAt === null ? words.never : words.signedIn(one.signedInAt, one.signIns),
    `${one.enrolledBy}, ${one.enrolledAt}`,
    one.rolesAt === one.enrolledAt ? "" : `${one.rolesBy}, ${one.rolesAt}`,
    words.tick,
  ]);
  return {
    people: active.map(({ name }) => name),
    blocks: [
      { kind: "text", text: words.statement },
      table(words.people, words.columns, rows),
      table(
        words.removed,
        words.removedColumns,
        all
          .filter(({ state }) => state === "removed")
          .map((one) => [one.name, one.roles, `${one.enrolledBy}, ${one.enrolledAt}`, one.rolesAt]),
      ),
      { kind: "lines", title: words.by, captions: [...words.lines] },
    ],
  };
};

function apply(people: Map<string, Person>, event: AuditEvent): void {
  const { action, object, details, at, actor } = event;
  if (action === "station.founded") {
    const name = text(details["operator"]);
    people.set(name, enrolled(event, name, "administrator", words.founder));
  } else if (action === "operators.enrolled") {
    people.set(object, enrolled(event, object, text(details["roles"]), actor));
  } else if (action === "recovery.opened") {
    for (const name of [object, text(details["second"])].filter((one) => one !== "")) {
      const known = people.get(name);
      if (known === undefined) people.set(name, enrolled(event, name, "administrator", words.recovery));
      else Object.assign(known, { state: "active", factor: false, rolesAt: at, rolesBy: words.recovery });
    }
  }
  const person = people.get(action.startsWith("session.factor-enrolled") ? actor : object);
  if (person === undefined) return;
  if (action === "operators.roles-set") {
    const only = [text(details["afterOnly"]), person.only.split("; ")[1] ?? ""].filter((one) => one !== "");
    Object.assign(person, {
      roles: text(details["after"]),
      only: only.join("; "),
      rolesAt: at,
      rolesBy: actor,
    });
  } else if (action === "operators.disabled" || action === "operators.locked") person.state = "disabled";
  else if (action === "operators.enabled") person.state = "active";
  else if (action === "operators.removed") Object.assign(person, { state: "removed", rolesAt: at });
  else if (action === "session.factor-enrolled") person.factor = true;
  else if (action === "session.factor-reset") person.factor = false;
  else if (action === "session.signed-in") {
    person.signedInAt = at;
    person.signIns += 1;
  }
}

function enrolled({ at, details }: AuditEvent, name: string, roles: string, by: string): Person {
  const only = [text(details["only"]), text(details["operations"])].filter((one) => one !== "");
  return {
    name,
    roles,
    only: only.join("; "),
    enrolledAt: at,
    enrolledBy: by,
    rolesAt: at,
    rolesBy: by,
    signedInAt: null,
    signIns: 0,
    factor: false,
    state: "active",
  };
}
