// `npm start`, once the machine is set up: opens the console on a station of one's own (`-- --station DIR`), or on the
// demo pair, which it makes the first time. Says which shell it chose and why, and stays up until the shell ends.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { demoPlaces, makeDemo } from "./demo/crossing.ts";
import { chooseShell, surroundings, type Shell } from "./shell/choose.ts";
import { openElectron, openServe } from "./shell/open.ts";

const { values } = parseArgs({ options: { station: { type: "string" } } });
const dataHome = join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local/share"), "sallyport");

try {
  const station = values.station === undefined ? await demoStation() : resolve(values.station);
  process.exitCode = await open(station, await chooseShell(surroundings()));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** The request station of the demo pair. A demo that was interrupted is made anew. */
async function demoStation(): Promise<string> {
  const folder = join(dataHome, "demo");
  const held = join(folder, "held");
  const { low, high } = demoPlaces(folder);
  if (!existsSync(held)) {
    console.log(`A first crossing, before your eyes, in ${folder}:`);
    rmSync(folder, { recursive: true, force: true });
    await makeDemo(folder, (line) => console.log(line));
    writeFileSync(held, "");
  }
  console.log(`This is ${low.name} of the demo pair; its passphrase is in ${low.passphraseFile}.`);
  console.log(`The other side: npm start -- --station ${high.directory}`);
  return low.directory;
}

async function open(station: string, shell: Shell): Promise<number> {
  if (shell.kind === "electron") {
    console.log(`Opening in Electron: ${shell.why}.`);
    const code = await openElectron(shell.program, station);
    if (code === 0) return 0;
    console.log(`Electron ended with ${code}; its page is served on this machine instead.`);
    return await openServe(station, { inBrowser: true });
  }
  if (shell.kind === "browser") {
    console.log(`Opening in the local browser: ${shell.why}. Ctrl-C ends it.`);
    return await openServe(station, { inBrowser: true });
  }
  console.log(
    `No window: ${shell.why}. The address below works once, in a browser on this machine. Ctrl-C ends it.`,
  );
  return await openServe(station, { inBrowser: false });
}
