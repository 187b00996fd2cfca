import { parseNarrowing, type Narrowing, type NarrowingByRole } from "../../../shared/narrowing.ts";
import { roleNames, rolesRefused } from "../../../shared/roles.ts";
import { en } from "../../../shared/strings/en.ts";
import { Checkbox } from "../../ui/checkbox.tsx";
import { TextField } from "../../ui/field.tsx";
import styles from "./people.module.css";

export type RoleName = (typeof roleNames)[number];

/** Roles as they are chosen, and what each is narrowed to, as typed. */
export interface RolesDraft {
  readonly roles: readonly RoleName[];
  readonly typed: Readonly<Partial<Record<RoleName, string>>>;
}

interface RolesFieldProps {
  readonly draft: RolesDraft;
  readonly onDraft: (draft: RolesDraft) => void;
}

/** The roles of one person, each with what it lets do, and how far it reaches. */
export function RolesField({ draft, onDraft }: RolesFieldProps) {
  const { roles, typed } = draft;
  return (
    <>
      <fieldset className={styles["roles"]}>
        <legend>{en.people.invite.roles}</legend>
        {roleNames.map((role) => (
          <Checkbox
            key={role}
            label={en.people.roleWords[role]}
            checked={roles.includes(role)}
            onChange={(event) =>
              onDraft({
                typed,
                roles: event.target.checked ? [...roles, role] : roles.filter((one) => one !== role),
              })
            }
          />
        ))}
      </fieldset>
      {roleNames
        .filter((role) => roles.includes(role))
        .map((role) => {
          const text = typed[role] ?? "";
          const read = parseNarrowing(text);
          return (
            <TextField
              key={role}
              label={en.people.only.label(role)}
              note={en.people.only.note}
              error={typeof read === "string" ? read : undefined}
              value={text}
              onChange={(event) => onDraft({ roles, typed: { ...typed, [role]: event.target.value } })}
            />
          );
        })}
    </>
  );
}

/** What the draft asks for; a sentence where it can't be asked. */
export function readDraft({
  roles,
  typed,
}: RolesDraft): { roles: RoleName[]; only: Partial<Record<RoleName, Sent>> } | string {
  const only: Partial<Record<RoleName, Sent>> = {};
  for (const role of roles) {
    const read = parseNarrowing(typed[role] ?? "");
    if (typeof read === "string") return `${en.people.only.label(role)}: ${read}`;
    if (Object.keys(read).length > 0) only[role] = sent(read);
  }
  return rolesRefused(roles) ?? { roles: [...roles], only };
}

type Sent = { [Kind in keyof Narrowing]: string[] | undefined };

function sent(only: Narrowing): Sent {
  return Object.fromEntries(Object.entries(only).map(([kind, names]) => [kind, [...(names ?? [])]]));
}

/** A draft of what holds now. */
export function draftOf(roles: readonly string[], only: NarrowingByRole): RolesDraft {
  const typed = Object.entries(only).map(([role, kinds]) => [
    role,
    Object.entries(kinds ?? {})
      .map(([kind, names]) => `${kind} ${(names ?? []).join(", ")}`)
      .join("; "),
  ]);
  return {
    roles: roleNames.filter((role) => roles.includes(role)),
    typed: Object.fromEntries(typed) as RolesDraft["typed"],
  };
}

/** "operator [peer high; kind echo], viewer": as one text, for the merge view. */
export function rolesText({ roles, typed }: RolesDraft): string {
  return roles.map((role) => ((typed[role] ?? "") === "" ? role : `${role} [${typed[role]}]`)).join(", ");
}

/** That text again as a draft. */
export function readRoles(text: string): RolesDraft {
  const roles: RoleName[] = [];
  const typed: Partial<Record<RoleName, string>> = {};
  for (const [, word, only] of text.matchAll(/([a-z]+)(?: \[([^\]]*)\])?(?:, |$)/g)) {
    const role = roleNames.find((name) => name === word);
    if (role === undefined) continue;
    roles.push(role);
    if (only !== undefined) typed[role] = only;
  }
  return { roles, typed };
}
