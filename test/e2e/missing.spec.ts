import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lay, moveOn, openScene, read, sealNext } from "../hostile/scene.ts";
import { expect, goTo, signIn, test } from "./console.ts";
import { serve } from "./serving.ts";
import { openWatched } from "./watched-page.ts";

test.describe.configure({ timeout: 240_000 });

test("a number that will never come is given up by a reason and typed letters, and every window sees it", async ({
  root,
  browser,
}) => {
  mkdirSync(join(root, "missing"));
  const scene = await openScene(join(root, "missing"), "response");
  const lane = await scene.newLane("low");
  for (let number = 1; number <= 3; number += 1) {
    const batch = sealNext(scene, lane);
    moveOn(lane, batch);
    if (number === 2) continue;
    const medium = scene.newMedium();
    lay(medium, batch);
    await read(scene, "import", medium);
  }
  await scene.close();
  const serving = await serve(scene.station.directory, join(root, "missing.egress"));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const watched = await openWatched(context, serving.address);
  const { page } = watched;
  await signIn(page, readFileSync(scene.station.passphraseFile, "utf8").trimEnd());

  const need = page.getByRole("listitem").filter({ hasText: "Batch 2 from low is missing" });
  await need.getByRole("button").click();
  await expect(page.getByRole("heading", { name: "Missing numbers" })).toBeVisible();
  await page.getByRole("button", { name: "Give up number 2" }).click();
  const dialog = page.getByRole("dialog", { name: "Give up batch 2 from low?" });
  const confirm = dialog.getByRole("button", { name: "Give up number 2" });
  await expect(confirm).toHaveAttribute("aria-disabled", "true");
  await dialog.getByLabel("why").fill("stick lost");
  await dialog.getByLabel("type low 2").fill("low 3");
  await expect(confirm).toHaveAttribute("aria-disabled", "true");
  await dialog.getByLabel("type low 2").fill("low 2");

  // Another window is quicker: then nothing is missing here either, and the question goes.
  const other = await openWatched(context, new URL("/", serving.address).href);
  await signIn(other.page, readFileSync(scene.station.passphraseFile, "utf8").trimEnd());
  await goTo(other.page, "/transfer/outbox");
  await other.page.getByRole("button", { name: "Give up number 2" }).click();
  const quicker = other.page.getByRole("dialog");
  await quicker.getByLabel("why").fill("stick burnt");
  await quicker.getByLabel("type low 2").fill("low 2");
  await quicker.getByRole("button", { name: "Give up number 2" }).click();
  await expect(other.page.getByRole("heading", { name: "Missing numbers" })).toHaveCount(0);

  await expect(page.getByRole("heading", { name: "Missing numbers" })).toHaveCount(0);
  await goTo(page, "/transfer/ledger");
  await expect(page.getByRole("row", { name: /given up/ })).toHaveCount(1);
  await goTo(page, "/audit");
  await expect(page.getByRole("row", { name: /number-skipped/ })).toHaveCount(1);
  for (const one of [watched, other]) {
    one.assertClean();
    await one.close();
  }
  await context.close();
  await serving.stop();
});
