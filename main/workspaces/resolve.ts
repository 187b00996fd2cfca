import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { stationName } from "../../shared/contract/fields.ts";
import { Refusal } from "../../shared/errors.ts";
import { readWorkspaces } from "./list.ts";
import { workspacesFile, type UserPlaces } from "./places.ts";

/**
 * The directory that a person means by `--station`: a path, or a name of their list. Undefined when they gave none and
 * have no default. A name that is also a folder here and another one in the list is refused: a passphrase must not be
 * typed at the wrong door because of where a terminal happens to stand.
 */
export function stationDirectoryOf(
  given: string | undefined,
  places: UserPlaces & { readonly workingDirectory: string },
): string | undefined {
  if (given !== undefined && !stationName.safeParse(given).success) {
    return resolve(places.workingDirectory, given);
  }
  const list = readWorkspaces(workspacesFile(places));
  const name = given ?? list.default;
  if (name === null) return undefined;
  const listed = list.workspaces.find((one) => one.name === name)?.directory;
  const here = resolve(places.workingDirectory, name);
  if (given === undefined || listed === undefined) return listed ?? here;
  if (listed !== here && existsSync(here)) {
    throw new Refusal(
      "conflict",
      `${name} is a folder here and another directory in your list (${listed}). Nothing was opened.`,
      { remedy: `Say which one: --station ./${name} or --station ${listed}` },
    );
  }
  return listed;
}
