import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stationName } from "../../shared/contract/fields.ts";
import { Refusal } from "../../shared/errors.ts";
import { stationPaths } from "../station/paths.ts";
import { reachStation } from "../station/attach/reach.ts";
import {
  changeWorkspaces,
  expectWorkspace,
  readWorkspaces,
  withoutWorkspace,
  withWorkspace,
  type Workspaces,
} from "../workspaces/list.ts";
import { stationsFolder, workspacesFile, type UserPlaces } from "../workspaces/places.ts";
import { stationDirectoryOf } from "../workspaces/resolve.ts";
import { connectClient } from "./client.ts";
import type { Here } from "./here.ts";
import { UsageError, type CommonOptions } from "./options.ts";
import type { Output } from "./output.ts";
import { columns } from "./say/layout.ts";
import { visible } from "./visible.ts";

const help = `sallyport workspaces list                       the stations that you keep by name
sallyport workspaces add --station DIR [--name NAME]    keep a station; its own name unless you give one
sallyport workspaces create NAME                a directory for a new station, kept by that name
sallyport workspaces remove NAME                forget it; the station stays where it is
sallyport workspaces default [NAME]             the one that a command means that names none; without NAME, none

Afterwards --station takes the name. The list is a file of your own; no station knows of it.`;

/** `sallyport workspaces ...`: the user's own list, which belongs to no station and so to no contract. */
export async function workspacesCommand(options: CommonOptions, output: Output, here: Here): Promise<0> {
  const [, verb, ...rest] = options.rest;
  const places = { environment: here.environment };
  const file = workspacesFile(places);
  switch (verb) {
    case "list":
      return show(readWorkspaces(file), output, file);
    case "add":
      return show(await add(options, flagsOf(rest, ["name"]), here, file), output, file);
    case "create":
      return show(create(nameIn(rest), places, file), output, file);
    case "remove":
      return show(
        changeWorkspaces(file, (list) => withoutWorkspace(list, nameIn(rest))),
        output,
        file,
      );
    case "default":
      return show(
        changeWorkspaces(file, (list) => withDefault(list, rest[0])),
        output,
        file,
      );
    default:
      if (verb === undefined || verb === "--help") {
        here.stdout.write(`${help}\n`);
        return 0;
      }
      throw new UsageError(`There is no verb ${verb}.\n${help}`);
  }
}

function show(list: Workspaces, output: Output, file: string): 0 {
  const lines =
    list.workspaces.length === 0
      ? ["You keep no station by name yet: sallyport workspaces add --station DIR"]
      : columns(
          ["station", "side", "directory", "opened", ""],
          list.workspaces.map((one) => [
            one.name,
            one.side ?? "not founded",
            one.directory,
            one.openedAt,
            one.name === list.default ? "default" : "",
          ]),
        );
  output.result({ file, ...list }, lines);
  return 0;
}

async function add(
  options: CommonOptions,
  flags: Readonly<Record<string, string | undefined>>,
  here: Here,
  file: string,
): Promise<Workspaces> {
  if (options.station === undefined) throw new UsageError("Which station? Give --station DIR.");
  const directory = stationDirectoryOf(options.station, here) ?? "";
  if (!existsSync(stationPaths(directory).database)) {
    throw new Refusal("not-found", `There is no station in ${directory}.`, { path: directory });
  }
  // By its own word: what a directory is called says nothing about what is in it.
  const reached = await reachStation({ directory, shell: "command line" });
  try {
    const client = connectClient(await reached.connect("command line"));
    const { station } = await client.typed.session.state({});
    client.close();
    const name = flags["name"] ?? station?.name;
    if (name === undefined) {
      throw new Refusal(
        "not-ready",
        `${directory} holds no station yet. Found one with: sallyport station init`,
      );
    }
    const known = readWorkspaces(file).workspaces.find((one) => one.directory === directory);
    const added = {
      name: wellNamed(name),
      directory,
      side: station?.side ?? null,
      openedAt: known?.openedAt ?? null,
    };
    return changeWorkspaces(file, (list) => withWorkspace(list, added));
  } finally {
    await reached.close();
  }
}

function create(name: string, places: UserPlaces, file: string): Workspaces {
  const directory = join(stationsFolder(places), wellNamed(name));
  return changeWorkspaces(file, (list) => {
    if (list.workspaces.some((one) => one.name === name)) {
      throw new Refusal("conflict", `You keep a station ${name} already.`);
    }
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return withWorkspace(list, { name, directory, side: null, openedAt: null });
  });
}

function withDefault(list: Workspaces, name: string | undefined): Workspaces {
  if (name === undefined) return { ...list, default: null };
  return { ...list, default: expectWorkspace(list, name).name };
}

function nameIn(rest: readonly string[]): string {
  const [name, more] = rest;
  if (name === undefined || more !== undefined) throw new UsageError(`Give one name.\n${help}`);
  return name;
}

function wellNamed(name: string): string {
  const parsed = stationName.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `${visible(name)} is no name for a station: ${parsed.error.issues[0]?.message ?? ""}.`,
  );
}

function flagsOf(rest: readonly string[], names: readonly string[]): Record<string, string | undefined> {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: "string" } as const]));
    return parseArgs({ args: [...rest], options, strict: true, allowPositionals: false }).values as Record<
      string,
      string | undefined
    >;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${help}`);
  }
}
