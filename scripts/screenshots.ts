// `npm run screenshots`: makes a demo pair, opens its consoles in Chromium and takes the pictures of docs/screenshots/.
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { makeLoopMedium, whyNoLoop } from "../main/areas/media/test-loop.ts";
import { makeDemo, type DemoPair } from "./demo/crossing.ts";
import { operate, type StationPlace } from "./demo/station-command.ts";
import { root } from "./paths.ts";
import { findProgram } from "./setup/programs.mjs";
import { Camera } from "./screenshots/camera.ts";
import { makeCrew } from "./screenshots/crew.ts";
import { startServe } from "./screenshots/serve.ts";

/** Large enough to pass the gate for a second or two, in parts of 1 MiB. */
const running = { requests: 120, bytes: 512 * 1024 };

const folder = mkdtempSync(join(tmpdir(), "sallyport-screenshots-"));
const target = join(root, "docs/screenshots");
const program = findProgram("chromium");
const noLoop = whyNoLoop();
if (noLoop !== null) console.log(`The gate is taken with a folder instead of a medium: ${noLoop}.`);
const loop = noLoop === null ? makeLoopMedium(256) : undefined;
const places = [
  ...(loop === undefined ? [] : [[loop.path, "/media/SP-11"] as const]),
  [join(folder, "pair/stick"), "/media/SP-11"] as const,
  [join(folder, "pair"), "/srv/sallyport"] as const,
  [folder, "/srv/sallyport"] as const,
];
const browser = await chromium.launch({
  ...(program === undefined ? {} : { executablePath: program }),
  chromiumSandbox: process.getuid?.() !== 0,
});
try {
  mkdirSync(target, { recursive: true });
  const made = await makeDemo(join(folder, "pair"), (line) => console.log(line));
  // A medium of its own, where this machine can have one: only that can be safe to carry.
  const pair = { ...made, stick: loop?.path ?? made.stick };
  await takeFirstRun(join(folder, "fresh"));
  await takeLow(pair);
  await takeHigh(pair);
  await takeRunning(pair);
  await takeAlarm(pair, join(folder, "twin"));
  await takePeople(pair);
} finally {
  await browser.close();
  loop?.remove();
  rmSync(folder, { recursive: true, force: true });
}

/** Opens the console of a directory for the time of `work`. */
async function withConsole(directory: string, work: (camera: Camera) => Promise<void>): Promise<void> {
  const serving = await startServe(directory);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    await work(await Camera.open(context, serving.address, target, places));
  } finally {
    await context.close();
    await serving.stop();
  }
}

async function takeFirstRun(directory: string): Promise<void> {
  await withConsole(directory, async (camera) => {
    await camera.page.getByRole("radio", { name: /^Request side/ }).check();
    await camera.take("first-run", ["dark", "light"]);
  });
}

async function takeLow({ low, stick }: DemoPair): Promise<void> {
  await withConsole(low.directory, async (camera) => {
    const { page } = camera;
    await camera.take("sign-in", ["dark", "light"]);
    await camera.signIn(passphraseOf(low));
    await submitSome(camera);
    await camera.at("/", "watch", ["dark", "light"]);
    await camera.goTo("/requests/answered");
    await page.locator("tr[data-row]").first().click();
    await camera.take("requests", ["dark", "light"]);
    await camera.take("requests-1024", ["dark"], { width: 1024, height: 700 });
    await camera.goTo("/transfer");
    await page.getByLabel("folder", { exact: true }).fill(stick);
    await page.getByRole("button", { name: "Use this folder" }).click();
    await page.getByRole("button", { name: /^Seal and write for/ }).click();
    await camera.take("export-question", ["dark"]);
    await page.getByRole("dialog").getByRole("button", { name: "Seal and write", exact: true }).click();
    await page.getByRole("button", { name: "Done: back to the gate" }).waitFor();
    await camera.take("gate-export", ["dark", "light", "contrast"]);
    await camera.take("gate-export-1024", ["dark"], { width: 1024, height: 700 });
    await camera.goTo("/transfer/ledger");
    await page.locator("tr[data-row]").first().click();
    await camera.take("ledger", ["dark"]);
    await camera.at("/station", "station", ["dark"]);
    await camera.goTo("/audit/verify");
    await page.getByText(/^The log is whole/).waitFor();
    await page
      .getByRole("row", { name: /batch-sealed/ })
      .first()
      .click();
    await camera.take("audit", ["dark", "light"]);
    await page.keyboard.press("Control+k");
    await camera.take("palette", ["dark"]);
    await page.keyboard.press("Escape");
    await takeReaders(camera, passphraseOf(low));
    await camera.at("/components", "components", ["light"]);
  });
}

/** What readers of the log have: its head on paper, a signed shift, a report. */
async function takeReaders(camera: Camera, passphrase: string): Promise<void> {
  const { page } = camera;
  await camera.goTo("/audit/checkpoints");
  await page.getByRole("button", { name: "Make the page" }).click();
  await page.getByRole("region", { name: "The page as it is printed" }).waitFor();
  await camera.take("checkpoints", ["dark", "light"]);
  await camera.goTo("/audit/reports/review");
  await page.getByRole("button", { name: "Make the report" }).click();
  await page.getByRole("region", { name: "The report as it is printed" }).waitFor();
  await camera.take("report", ["dark", "light"]);
  await camera.goTo("/audit/signoffs");
  await page.getByLabel("note", { exact: true }).fill("Batch 1 is on its way; the stick is in the safe.");
  await page.getByLabel(/^passphrase of /).fill(passphrase);
  await page.getByRole("button", { name: "Sign the log's head" }).click();
  await page.getByRole("complementary", { name: "Sign-off: shift" }).waitFor();
  await camera.take("signoffs", ["dark", "light"]);
}

async function takeHigh({ high, stick }: DemoPair): Promise<void> {
  await withConsole(high.directory, async (camera) => {
    const { page } = camera;
    await camera.signIn(passphraseOf(high));
    await camera.at("/transfer/peers", "peers", ["dark", "light"]);
    await camera.goTo("/transfer/inbox");
    await page.getByLabel("folder", { exact: true }).fill(stick);
    await page.getByRole("button", { name: "Use this folder" }).click();
    await page
      .getByRole("row", { name: /verified/ })
      .first()
      .waitFor();
    await camera.take("inbox", ["dark"]);
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Import", exact: true }).click();
    await page.getByRole("button", { name: "Done: back to the gate" }).waitFor();
    await camera.take("gate-import", ["dark"]);
  });
}

/** The gate while bytes pass it; the picture is taken as soon as a third of them has. */
async function takeRunning({ low, stick }: DemoPair): Promise<void> {
  writeFileSync(join(low.directory, "station.json"), JSON.stringify({ transfer: { partMiB: 1 } }));
  const file = join(folder, "large.jsonl");
  const noise = (): string => randomBytes((running.bytes * 3) / 4).toString("base64");
  writeFileSync(
    file,
    Array.from({ length: running.requests }, () => `${JSON.stringify(noise())}\n`).join(""),
  );
  await operate(low, "requests", "submit", { file, kind: "echo", user: "admin" });
  await withConsole(low.directory, async (camera) => {
    const { page } = camera;
    await camera.signIn(passphraseOf(low));
    await camera.goTo("/transfer");
    await page.getByLabel("folder", { exact: true }).fill(stick);
    await page.getByRole("button", { name: "Use this folder" }).click();
    await page.getByRole("button", { name: /^Seal and write for/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Seal and write", exact: true }).click();
    await page
      .getByRole("list", { name: "Steps of this crossing" })
      .getByRole("listitem")
      .filter({ hasText: /^2Copy[2-9]\d %/ })
      .waitFor();
    await camera.takeNow("gate-running", "dark");
    await page.getByRole("button", { name: "Done: back to the gate" }).waitFor();
  });
}

/** A fork as it happens: the directory of low was copied by hand, and both copies go on sealing. */
async function takeAlarm({ low, high }: DemoPair, twin: string): Promise<void> {
  cpSync(low.directory, twin, { recursive: true });
  const copies = [low, { ...low, directory: twin }];
  for (const [place, copy] of copies.entries()) {
    const file = join(folder, `fork-${place}.jsonl`);
    const stick = join(folder, `fork-${place}`);
    mkdirSync(stick);
    writeFileSync(file, `${JSON.stringify({ copy: place + 1 })}\n`);
    await operate(copy, "requests", "submit", { file, kind: "echo", user: "admin" });
    await operate(copy, "transfer", "export", { to: high.name, medium: stick });
    // The command's exit code says that a bag was not taken, which is what this is about.
    await operate(high, "transfer", "import", { medium: stick }).catch(() => {});
  }
  await withConsole(high.directory, async (camera) => {
    await camera.signIn(passphraseOf(high));
    await camera.at("/transfer/alarms", "alarm", ["dark", "light"]);
  });
}

async function takePeople({ low }: DemoPair): Promise<void> {
  await makeCrew(low, folder);
  await withConsole(low.directory, async (camera) => {
    await camera.page.getByLabel("operator", { exact: true }).selectOption("admin");
    await camera.signIn(passphraseOf(low));
    await camera.at("/people", "people", ["dark", "light"]);
    await camera.at("/people/approvals", "approvals", ["dark", "light"]);
    await camera.at("/people/sessions", "sessions", ["dark"]);
    await camera.at("/", "watch-approval", ["dark"]);
  });
}

/** Something to be sealed, so that the pictures of Watch and the gate have work in them. */
async function submitSome(camera: Camera): Promise<void> {
  const { page } = camera;
  await camera.goTo("/requests/new");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("user", { exact: true }).fill("admin");
  await dialog.getByLabel("bodies").fill('{"check":"disk"}\n{"check":"clock"}\n{"check":"log"}');
  await dialog.getByRole("button", { name: "Submit", exact: true }).click();
  await dialog.getByText("3 submitted.").waitFor();
  await dialog.getByRole("button", { name: "Close", exact: true }).click();
}

function passphraseOf(station: StationPlace): string {
  return readFileSync(station.passphraseFile, "utf8").trimEnd();
}
