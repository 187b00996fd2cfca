import { existsSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import type { Access } from "../../shared/contract/access.ts";
import { Refusal } from "../../shared/errors.ts";
import { reachStation, type Reached } from "../station/attach/reach.ts";
import { stationPaths } from "../station/paths.ts";
import { stationDirectoryOf } from "../workspaces/resolve.ts";
import { asRefusal, connectClient, type StationClient } from "./client.ts";
import type { Command, Flags } from "./command.ts";
import { createDesk, type Desk } from "./desk.ts";
import type { Here } from "./here.ts";
import { UsageError, type CommonOptions } from "./options.ts";
import type { Output } from "./output.ts";
import { followProgress } from "./progress.ts";

/** One operation as the command line meets it. */
export interface Operation {
  readonly path: readonly [area: string, verb: string];
  readonly access: Access;
  readonly command: Command<unknown, unknown>;
}

export interface Surroundings {
  readonly here: Here;
  readonly options: CommonOptions;
  readonly output: Output;
}

/**
 * Runs one operation from flags to printed result and returns the exit code: opens the station or attaches to its holder,
 * signs in unless the operation is public, makes the input, calls, writes files, prints. Throws a Refusal for every failure.
 */
export async function runOperation(operation: Operation, flags: Flags, around: Surroundings): Promise<0 | 1> {
  const directory = stationDirectory(operation, around);
  const reached = await reachStation({ directory, shell: "command line" });
  const client = connectClient(await reached.connect("command line"));
  const { passphraseFile } = around.options;
  const desk = createDesk({ here: around.here, directory, passphraseFile, client });
  if (operation.command.follow !== undefined) return follow(operation, client, reached, around, desk);
  const stopped = stopOnSignal(reached, around);
  try {
    const output = await Promise.race([
      call(operation, flags, around, client, desk),
      failing(reached),
      stopped,
    ]);
    await operation.command.deliver?.(output, flags, desk);
    const document = operation.command.document?.(output, flags) ?? output;
    around.output.result(document, around.output.json ? [] : operation.command.say(output, flags));
    return operation.command.failed?.(output) === true ? 1 : 0;
  } catch (error) {
    throw asRefusal(error);
  } finally {
    client.close();
    await leave(reached, around.output);
  }
}

/** Only `station init` and `station restore` may name a directory that holds no station: a misspelt path must not become one. */
function stationDirectory(operation: Operation, { options, here }: Surroundings): string {
  const directory = stationDirectoryOf(options.station, here);
  if (directory === undefined) {
    throw new UsageError("Which station? Give --station DIR or NAME, or set SALLYPORT_STATION.");
  }
  const founding = ["station.init", "station.restore"].includes(operation.path.join("."));
  if (!founding && !existsSync(stationPaths(directory).database)) {
    throw new Refusal("not-found", `There is no station in ${directory}.`, {
      path: directory,
      remedy:
        "Found one with: sallyport station init --station DIR --name NAME --side request|response --operator NAME",
    });
  }
  return directory;
}

/** Prints a stream as it comes; a signal is its good end, the station's end is not. */
async function follow(
  operation: Operation,
  client: StationClient,
  reached: Reached,
  around: Surroundings,
  desk: Desk,
): Promise<0> {
  const ending = new AbortController();
  around.here.onSignal(() => ending.abort());
  const ended = new Promise<void>((resolve) => ending.signal.addEventListener("abort", () => resolve()));
  const print = async (): Promise<void> => {
    const items = (await call(operation, {}, around, client, desk)) as AsyncIterable<never>;
    for await (const item of items) {
      if (ending.signal.aborted) return;
      around.output.item(item, around.output.json ? [] : (operation.command.follow?.(item) ?? []));
    }
  };
  try {
    await Promise.race([print(), ended, failing(reached)]);
    return 0;
  } catch (error) {
    throw asRefusal(error);
  } finally {
    client.close();
    await leave(reached, around.output);
  }
}

async function call(
  operation: Operation,
  flags: Flags,
  around: Surroundings,
  client: StationClient,
  desk: Desk,
): Promise<unknown> {
  if (operation.access.permission !== "public" || operation.command.follow !== undefined) {
    await signIn(around.options, client, desk);
  }
  const input = operation.command.input === undefined ? flags : await operation.command.input(flags, desk);
  const watched = operation.command.shows === "progress" && around.here.stderr.isTTY && !around.output.json;
  const progress = watched ? followProgress(client, around.here.stderr) : undefined;
  try {
    return await client.call(operation.path, input);
  } finally {
    progress?.stop();
  }
}

/** Asks for a code where the operator has a second factor and no option gave one. */
async function signIn(options: CommonOptions, client: StationClient, desk: Desk): Promise<void> {
  const passphrase = await desk.passphrase();
  const device = `${userInfo().username} on ${hostname()}, process ${process.pid}`.slice(0, 80);
  const who = {
    passphrase,
    device,
    ...(options.operator === undefined ? {} : { operator: options.operator }),
  };
  const { secondFactor } = options;
  try {
    await client.call(
      ["session", "signIn"],
      secondFactor === undefined ? who : { ...who, code: secondFactor },
    );
  } catch (error) {
    const refusal = asRefusal(error);
    if (refusal.facts.reason !== "second-factor") throw error;
    await client.call(["session", "signIn"], { ...who, code: await desk.secret("Code of your device: ") });
  }
}

/** What has been answered is on its way still when the station's thread has ended. */
const lastAnswerMs = 200;

/**
 * On a signal a station of our own stops its work at the next safe point and the call answers `cancelled`. Work in another
 * shell goes on there: it belongs to that shell's station, not to this window.
 */
function stopOnSignal(reached: Reached, { here }: Surroundings): Promise<never> {
  return new Promise((_resolve, reject) => {
    here.onSignal(() => {
      if (!reached.holds) return reject(new Refusal("cancelled", leftSentence));
      void reached
        .close()
        .then(() => setTimeout(() => reject(new Refusal("cancelled", stoppedSentence)), lastAnswerMs));
    });
  });
}

const leftSentence =
  "Left. What this command began goes on in the shell that holds the station: sallyport transfer jobs";
const stoppedSentence = "Stopped. What was committed is safe: run the same command again to go on.";

async function failing(reached: Reached): Promise<never> {
  throw new Refusal("internal", await reached.lost);
}

/** A command that others work through stays until they are done; it takes no new ones. */
async function leave(reached: Reached, output: Output): Promise<void> {
  if (reached.guests > 0) output.note("Another command works through this one; staying until it is done.");
  await reached.guestsGone();
  await reached.close();
}
