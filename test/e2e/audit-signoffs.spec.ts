import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { at, foundStation, type Station } from "../support/stations.ts";
import { expect, goTo, signIn, test } from "./console.ts";
import { serve } from "./serving.ts";
import { openWatched } from "./watched-page.ts";

test.describe.configure({ timeout: 180_000 });

const bobs = "the long passphrase that bob chose";

/** Lets bob in beside the founder, so that the station is for two. */
async function enrolBob(station: Station, folder: string): Promise<void> {
  const bobFile = join(folder, "bob.passphrase");
  const codeFile = join(folder, "bob.code");
  writeFileSync(bobFile, `${bobs}\n`, { mode: 0o600 });
  const { code } = await at<{ code: string }>(station, [
    "operators",
    "invite",
    "--name",
    "bob",
    "--roles",
    "approver",
  ]);
  writeFileSync(codeFile, code);
  const { words } = await at<{ words: string }>({ ...station, passphraseFile: bobFile }, [
    "operators",
    "accept",
    "--name",
    "bob",
    "--code-file",
    codeFile,
  ]);
  await at(station, ["operators", "confirm", "--name", "bob", "--words", words]);
}

test("a shift is signed by one and countersigned over their screen by another, by keyboard alone", async ({
  root,
  browser,
}) => {
  const folder = join(root, "shift");
  const station = await foundStation(folder, "watch", "request");
  await enrolBob(station, folder);
  const serving = await serve(station.directory, join(root, "shift.egress"));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const watched = await openWatched(context, serving.address);
  const { page } = watched;
  await page.getByLabel("operator", { exact: true }).selectOption("bob");
  await signIn(page, bobs);
  await goTo(page, "/audit/signoffs");
  await expect(page.getByText(/^Not signed for: /)).toBeVisible();
  await page.getByLabel("note", { exact: true }).focus();
  await page.keyboard.type("<b>stick 7</b> is in the safe");
  await page.getByLabel("passphrase of bob").focus();
  await page.keyboard.type(bobs);
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary", { name: "Sign-off: shift" });
  await expect(drawer.getByText("waits for a second")).toBeVisible();
  await expect(drawer.getByText("<b>stick 7</b> is in the safe", { exact: true })).toBeVisible();
  await expect(drawer.getByLabel("who signs")).toHaveValue("admin");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await drawer.getByLabel("passphrase of admin").focus();
  await page.keyboard.type(readFileSync(station.passphraseFile, "utf8").trimEnd());
  await page.keyboard.press("Enter");
  await expect(drawer.getByText("signed by two")).toBeVisible();
  await expect(drawer.getByText("signature holds")).toHaveCount(2);
  await expect(page.getByText("Everything that people did is signed for.")).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  watched.assertClean();
  await watched.close();
  await context.close();
  await serving.stop();
});
