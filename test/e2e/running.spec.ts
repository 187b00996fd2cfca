import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { at, foundPair, type Station } from "../support/stations.ts";
import { chooseFolder, expect, goTo, signIn, test } from "./console.ts";
import { serve } from "./serving.ts";
import { openWatched } from "./watched-page.ts";

test.describe.configure({ timeout: 300_000 });

/** Large enough to pass the gate for seconds, in more parts than the table shows at once. */
const requests = 120;
const requestBytes = 700 * 1024;

/** What the gate showed at one moment. */
interface Moment {
  readonly say: string;
  readonly doors: { readonly request: string; readonly response: string };
  /** `Copy 34 %`, one for each step. */
  readonly steps: readonly string[];
  readonly chart: boolean;
  readonly foot: string;
}

/** Notes every picture of the gate from now on, so that nothing depends on looking at the right moment. */
async function watchGate(page: Page): Promise<() => Promise<Moment[]>> {
  await page.evaluate(() => {
    const moments: unknown[] = [];
    let last = "";
    const text = (selector: string): string => document.querySelector(selector)?.textContent ?? "";
    const door = (side: string): string =>
      document.querySelector<HTMLElement>(`[data-door=${side}]`)?.dataset["state"] ?? "";
    const note = (): void => {
      if (document.querySelector("[data-door]") === null) return;
      const steps = [...document.querySelectorAll("ol[aria-label='Steps of this crossing'] > li")].map(
        (step) => [...step.querySelectorAll("b, b + span")].map((part) => part.textContent).join(" "),
      );
      const moment = {
        say: text("main h2"),
        doors: { request: door("request"), response: door("response") },
        steps,
        chart: document.querySelector("figure[aria-label^='MiB/s'] canvas") !== null,
        foot: text("footer a"),
      };
      const now = JSON.stringify(moment);
      if (now !== last) moments.push(moment);
      last = now;
    };
    (globalThis as unknown as { moments: unknown[] }).moments = moments;
    new MutationObserver(note).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { moments: Moment[] }).moments);
}

/** The percentages that a step went through, in the order in which they were seen. */
function percents(moments: readonly Moment[], step: string): number[] {
  return moments.flatMap(({ steps }) => {
    const found = steps.map((line) => new RegExp(`^${step} (\\d+) %$`).exec(line)?.[1]).find(Boolean);
    return found === undefined ? [] : [Number(found)];
  });
}

function expectTrueDoors(moments: readonly Moment[], own: "request" | "response"): void {
  const far = own === "request" ? "response" : "request";
  expect(moments.filter(({ doors }) => doors.request === "open" && doors.response === "open")).toEqual([]);
  expect(moments.filter(({ doors }) => doors[far] === "open")).toEqual([]);
  const open = moments.filter(({ doors }) => doors[own] === "open");
  expect(open.length).toBeGreaterThan(1);
  for (const { doors } of open) expect(doors[far]).toBe("held");
}

function expectGrowth(values: readonly number[]): void {
  expect(new Set(values).size).toBeGreaterThan(1);
  expect(values).toEqual(values.toSorted((one, other) => one - other));
}

test("a running export and a running import are seen passing the gate", async ({ root, browser }) => {
  const home = join(root, "running");
  const stick = join(home, "stick");
  const { low, high } = await foundPair(home);
  mkdirSync(stick);
  const file = join(home, "large.jsonl");
  const line = (): string =>
    JSON.stringify({ noise: randomBytes((requestBytes * 3) / 4).toString("base64") });
  writeFileSync(file, Array.from({ length: requests }, () => `${line()}\n`).join(""));
  await at(low, ["requests", "submit", "--file", file, "--kind", "echo", "--user", "erin"]);
  for (const { directory } of [low, high])
    writeFileSync(join(directory, "station.json"), JSON.stringify({ transfer: { partMiB: 2 } }));

  const open = async (station: Station): Promise<[Page, () => Promise<void>]> => {
    const serving = await serve(station.directory, join(home, `${station.name}.egress`));
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const watched = await openWatched(context, serving.address);
    await signIn(watched.page, "correct horse battery staple");
    const close = async (): Promise<void> => {
      watched.assertClean();
      await watched.close();
      await context.close();
      await serving.stop();
    };
    return [watched.page, close];
  };

  const [asking, closeAsking] = await open(low);
  await goTo(asking, "/transfer");
  await chooseFolder(asking, stick);
  await asking.getByRole("button", { name: /Seal and write for high/ }).click();
  const exported = await watchGate(asking);
  await asking.getByRole("dialog").getByRole("button", { name: "Seal and write", exact: true }).click();
  await expect(asking.getByRole("heading", { name: /Written, not proved/ })).toBeVisible({
    timeout: 120_000,
  });
  const out = await exported();
  await expect(asking.getByRole("cell", { name: "read again, not from a medium" }).first()).toBeVisible();
  await closeAsking();

  const [answering, closeAnswering] = await open(high);
  await goTo(answering, "/transfer/inbox");
  await chooseFolder(answering, stick);
  await answering.getByRole("button", { name: "Import", exact: true }).click();
  const imported = await watchGate(answering);
  await answering.getByRole("dialog").getByRole("button", { name: "Import", exact: true }).click();
  await expect(answering.getByRole("heading", { name: "Imported", exact: true })).toBeVisible({
    timeout: 120_000,
  });
  const back = await imported();
  await closeAnswering();

  expectTrueDoors(out, "request");
  expectGrowth(percents(out, "Copy"));
  expect(out.some(({ steps }) => steps.some((step) => /^Read back \d+ %$/.test(step)))).toBe(true);
  expect(out.some(({ foot }) => /^Copying batch 1 to stick\. Leave it in\.\d+ %$/.test(foot))).toBe(true);
  expect(out.at(-1)?.steps).toEqual([
    "Seal done",
    "Copy done",
    "Flush done",
    "Read back done",
    "Eject left out",
  ]);
  expect(out.some(({ chart }) => chart)).toBe(true);
  expectTrueDoors(back, "response");
  expectGrowth(percents(back, "Check"));
  expect(back.at(-1)?.steps).toEqual(["Check proved", "Decrypt proved", "Validate proved", "Import proved"]);
  expect(back.some(({ chart }) => chart)).toBe(true);
});
