import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test as base, type BrowserContext, type Page } from "@playwright/test";
import { foundPair, type Pair, type Station } from "../support/stations.ts";
import { serve, type Serving } from "./serving.ts";
import { openWatched, type ThemeName, type WatchedPage } from "./watched-page.ts";

/** A station's console in a browser: pages share its cookie, as the tabs of one person do. */
export interface Console {
  readonly station: Station;
  readonly passphrase: string;
  /** Opens a page that is not signed in yet. */
  readonly open: (theme?: ThemeName) => Promise<Page>;
  /** Opens a page, signs in and passes the last look. */
  readonly enter: (theme?: ThemeName) => Promise<Page>;
}

interface Rooms {
  readonly root: string;
  readonly pair: Pair;
  /** A folder that stands in for a stick. */
  readonly stick: string;
  readonly lowConsole: Shared;
  readonly highConsole: Shared;
}

interface Shared {
  readonly station: Station;
  readonly serving: Serving;
  readonly context: BrowserContext;
  readonly address: () => string;
}

export const test = base.extend<{ low: Console; high: Console }, Rooms>({
  root: [
    // Playwright reads the fixtures needed from the pattern, so an empty one has to stand here.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const root = mkdtempSync(join(tmpdir(), "console-"));
      await use(root);
      rmSync(root, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
  pair: [async ({ root }, use) => use(await foundPair(root)), { scope: "worker", timeout: 180_000 }],
  stick: [
    async ({ root }, use) => {
      const stick = join(root, "stick");
      mkdirSync(stick);
      await use(stick);
    },
    { scope: "worker" },
  ],
  lowConsole: [
    async ({ root, pair, browser }, use) =>
      shared(await opened(pair.low, root, () => browser.newContext(desk)), use),
    { scope: "worker", timeout: 120_000 },
  ],
  highConsole: [
    async ({ root, pair, browser }, use) =>
      shared(await opened(pair.high, root, () => browser.newContext(desk)), use),
    { scope: "worker", timeout: 120_000 },
  ],
  low: async ({ lowConsole }, use) => watched(lowConsole, use),
  high: async ({ highConsole }, use) => watched(highConsole, use),
});

const desk = { viewport: { width: 1440, height: 900 }, acceptDownloads: true };

async function opened(
  station: Station,
  root: string,
  newContext: () => Promise<BrowserContext>,
): Promise<Shared> {
  const serving = await serve(station.directory, join(root, `${station.name}.egress`));
  let used = false;
  return {
    station,
    serving,
    context: await newContext(),
    // The one-time address opens the first page; its cookie opens the others.
    address: () => {
      const address = used ? new URL("/", serving.address).href : serving.address;
      used = true;
      return address;
    },
  };
}

async function shared(console: Shared, use: (console: Shared) => Promise<void>): Promise<void> {
  await use(console);
  await console.context.close();
  await console.serving.stop();
  expect(console.serving.outbound()).toEqual([]);
}

/** Hands a console to one test; afterwards every page of it must have kept to its policy. */
async function watched(
  { station, context, address }: Shared,
  use: (console: Console) => Promise<void>,
): Promise<void> {
  const pages: WatchedPage[] = [];
  const passphrase = readFileSync(station.passphraseFile, "utf8").trimEnd();
  const open = async (theme?: ThemeName): Promise<Page> => {
    const one = await openWatched(context, address(), theme);
    pages.push(one);
    await expect(one.page.getByRole("heading", { level: 1 })).toBeVisible();
    return one.page;
  };
  const enter = async (theme?: ThemeName): Promise<Page> => {
    const page = await open(theme);
    await signIn(page, passphrase);
    return page;
  };
  await use({ station, passphrase, open, enter });
  for (const one of pages) one.assertClean();
  for (const one of pages) await one.close();
}

/** Gives the passphrase, and confirms the last look where there is one. */
export async function signIn(page: Page, passphrase: string): Promise<void> {
  await page.getByLabel("passphrase", { exact: true }).fill(passphrase);
  await page.keyboard.press("Enter");
  const yes = page.getByRole("button", { name: "Yes, that was me" });
  const rail = page.getByRole("navigation", { name: "Pages" });
  await expect(yes.or(rail)).toBeVisible({ timeout: 30_000 });
  if (await yes.isVisible()) await yes.click();
  await expect(rail).toBeVisible();
}

/** Goes to a place of the console by its hash path, as a bookmark would. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, path);
  await expect(page.getByText("Reading…")).toHaveCount(0);
}

/** Chooses the folder that stands in for a stick, on a page that shows the choice of media. */
export async function chooseFolder(page: Page, folder: string): Promise<void> {
  await page.getByLabel("folder", { exact: true }).fill(folder);
  await page.getByRole("button", { name: "Use this folder" }).click();
}

export { expect } from "@playwright/test";
