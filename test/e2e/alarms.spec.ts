import { join } from "node:path";
import { mkdirSync, readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { partOf } from "../hostile/forge/batch.ts";
import { requestLine } from "../hostile/forge/records.ts";
import { freshId, lay, moveOn, openScene, read, sealNext, type Scene } from "../hostile/scene.ts";
import { chooseFolder, expect, goTo, signIn, test } from "./console.ts";
import { serve } from "./serving.ts";
import { openWatched } from "./watched-page.ts";

test.describe.configure({ timeout: 240_000 });

/** A response station whose peer signed number 2 twice; a stick with a batch of a new lineage lies beside it. */
async function forked(root: string): Promise<{ scene: Scene; stick: string }> {
  mkdirSync(root);
  const scene = await openScene(root, "response");
  const lane = await scene.newLane("low");
  const take = async (sealed: ReturnType<typeof sealNext>): Promise<void> => {
    const medium = scene.newMedium();
    lay(medium, sealed);
    await read(scene, "import", medium);
  };
  const seal = (more: Parameters<typeof sealNext>[4] = {}) =>
    sealNext(scene, lane, [partOf([requestLine(freshId())])], {}, more);
  for (let number = 1; number <= 4; number += 1) {
    const batch = seal();
    const twin = number === 2 ? seal() : undefined;
    await take(batch);
    if (twin !== undefined) await take(twin);
    moveOn(lane, batch);
  }
  const stick = scene.newMedium();
  lay(stick, seal({ sequence: 1, previous: null, lineage: "c09e44d8721fb5a6" }));
  await scene.close();
  return { scene, stick };
}

test("a fork and a new lineage are shown with their evidence, and say what to do", async ({
  root,
  browser,
}) => {
  const { scene, stick } = await forked(join(root, "forked"));
  const { station } = scene;
  const serving = await serve(station.directory, join(root, "forked.egress"));
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    acceptDownloads: true,
  });
  const watched = await openWatched(context, serving.address);
  const { page } = watched;
  await signIn(page, readFileSync(station.passphraseFile, "utf8").trimEnd());

  // What can't be taken is recorded all the same, or nobody would ever be asked about it.
  await goTo(page, "/transfer/inbox");
  await chooseFolder(page, stick);
  await page.getByRole("button", { name: "Keep as evidence" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Keep as evidence" }).click();
  await page.getByRole("button", { name: "Done: back to the gate" }).click();
  await goTo(page, "/");

  const need = page
    .getByRole("listitem")
    .filter({ hasText: "Two different batches of low carry one number" });
  await expect(need).toHaveCount(1);
  await need.getByRole("button").click();
  await expect(
    page.getByRole("heading", {
      name: "Two different batches 2 are signed by low. The other one was not taken.",
    }),
  ).toBeVisible();
  await expect(page.getByRole("link", { name: /^Alarms/ })).toContainText("2");

  const both = page.getByRole("table", { name: "Both envelopes" });
  await expect(both.getByRole("row", { name: /^number 2 2 same/ })).toBeVisible();
  await expect(both.getByRole("row", { name: /^batch\.json .* differs/ })).toBeVisible();
  await expect(both.getByText("imported", { exact: true })).toBeVisible();
  await expect(both.getByText("not opened; envelope kept")).toBeVisible();
  const line = page.getByRole("table", { name: "The batches of low and where they part" });
  await expect(line.getByText("the other 2")).toBeVisible();
  await expect(line.getByText("c09e44d8721fb5a6")).toBeVisible();
  await expect(page.getByText("Telephone low.")).toBeVisible();

  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save evidence" }).click(),
  ]);
  const evidence: unknown = JSON.parse(readFileSync(await saved.path(), "utf8"));
  expect(evidence).toMatchObject({
    station: "low",
    alarms: [{ kind: "fork", envelopes: [{}, { signature: expect.stringContaining("BEGIN SSH") }] }, {}],
  });
  for (const theme of ["dark", "light", "contrast"]) {
    await page.evaluate((chosen) => {
      document.documentElement.dataset["theme"] = chosen;
    }, theme);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${theme} ${id} ${nodes[0]?.html}`)).toEqual([]);
  }

  await page.getByRole("button", { name: "Settle…" }).click();
  await page.getByLabel("what both operators found").fill("an old copy was started for an hour");
  await page.getByRole("dialog").getByRole("button", { name: "Settle the fork" }).click();
  await expect(both).toHaveCount(0);
  await expect(page.getByRole("link", { name: /^Alarms/ })).toContainText("1");

  await page.getByRole("button", { name: "Accept the new lineage" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Accept the new lineage" }).click();
  await expect(page.getByRole("heading", { name: "The new lineage" })).toHaveCount(0);
  await goTo(page, "/transfer/peers/low");
  await expect(page.getByText("c09e44d8721fb5a6")).toBeVisible();
  watched.assertClean();
  await watched.close();
  await context.close();
  await serving.stop();
});
