import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { operate, type StationPlace } from "../demo/station-command.ts";

/** The approver last: from then on the station is for two. */
const crew = [
  { name: "auditor-1", roles: "auditor" },
  { name: "operator-1", roles: "operator" },
  { name: "approver-1", roles: "approver" },
] as const;

/**
 * Lets three more people in at a station, and leaves behind what a page of people has to show: one invitation that
 * is open, and one step that waits for a second person.
 */
export async function makeCrew(station: StationPlace, folder: string): Promise<void> {
  const put = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, `${text}\n`, { mode: 0o600 });
    return path;
  };
  for (const { name, roles } of crew) {
    const { code } = await operate(station, "operators", "invite", { name, roles, as: "admin" });
    const own = { ...station, passphraseFile: put(name, `the long passphrase that ${name} chose`) };
    const accepted = await operate(own, "operators", "accept", {
      name,
      "code-file": put(`${name}.code`, code),
    });
    await operate(station, "operators", "confirm", { name, words: accepted.words, as: "admin" });
  }
  await operate(station, "operators", "invite", { name: "operator-2", roles: "operator", as: "admin" });
  // Refused, since a second person has to agree: that is what the page shall show.
  await operate(station, "session", "profile", { profile: "stig", as: "admin" }).catch(() => {});
}
