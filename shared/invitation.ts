import type { Printed } from "./contract/printed.ts";
import { invitationStrings as text } from "./strings/invitation.ts";

/** What an administrator hands to the person invited. */
export interface Invitation {
  readonly station: string;
  readonly name: string;
  readonly code: string;
  /** UTC with milliseconds. */
  readonly expiresAt: string;
}

/** As a file, and as a QR code: a few lines that a person reads and `operators accept --code-file` takes. */
export function invitationText({ station, name, code, expiresAt }: Invitation): string {
  return [text.head, `station: ${station}`, `name: ${name}`, `code: ${code}`, `until: ${expiresAt}`, ""].join(
    "\n",
  );
}

/** Reads such lines, or a code alone. The name is null where none is said. */
export function readInvitation(given: string): { readonly name: string | null; readonly code: string } {
  const said = (field: string): string | null => {
    const line = given.split("\n").find((each) => each.startsWith(`${field}:`));
    const value = line?.slice(field.length + 1).trim() ?? "";
    return /^\S+$/.test(value) ? value : null;
  };
  return { name: said("name"), code: said("code") ?? given.trim() };
}

/** As a sheet of paper. */
export function invitationPage(invitation: Invitation): Printed {
  const { station, name, code, expiresAt } = invitation;
  return {
    title: text.title(station, name),
    subtitle: text.about,
    blocks: [
      { kind: "code", title: text.code, text: code },
      { kind: "qr", title: text.camera, text: invitationText(invitation) },
      {
        kind: "facts",
        rows: [
          { name: text.facts.name, value: name },
          { name: text.facts.station, value: station },
          { name: text.facts.until, value: expiresAt },
        ],
      },
      { kind: "text", text: text.steps.window },
      { kind: "text", text: text.steps.command(name) },
      { kind: "text", text: text.steps.words },
    ],
  };
}
