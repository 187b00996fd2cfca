import { writeFileSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { done } from "../support/command-line.ts";
import { at, credentials, foundStation, type Station } from "../support/stations.ts";
import { expect, goTo, signIn, test } from "./console.ts";
import { serve } from "./serving.ts";
import { openWatched } from "./watched-page.ts";

test.describe.configure({ timeout: 240_000 });

const admins = "correct horse battery staple";
const bobs = "the long passphrase that bob chose";

async function axe(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    (one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`,
  );
  expect(found, where).toEqual([]);
}

/** Lets bob in by the command line, which works through the shell that holds the station. */
async function enrolBob(station: Station, root: string): Promise<void> {
  const codeFile = join(root, "bob.code");
  const passphraseFile = join(root, "bob.passphrase");
  writeFileSync(passphraseFile, `${bobs}\n`, { mode: 0o600 });
  const invite = ["operators", "invite", "--name", "bob", "--roles", "operator"];
  writeFileSync(codeFile, (await at<{ code: string }>(station, invite)).code, { mode: 0o600 });
  const accept = ["operators", "accept", "--name", "bob", "--code-file", codeFile];
  const { words } = await done<{ words: string }>(accept, { ...credentials(station), passphraseFile });
  await at(station, ["operators", "confirm", "--name", "bob", "--words", words]);
}

async function enterAs(page: Page, name: string, passphrase: string): Promise<void> {
  await page.getByLabel("operator", { exact: true }).selectOption(name);
  await signIn(page, passphrase);
}

test("two browsers see each other, and neither loses an edit to the other", async ({ root, browser }) => {
  const low = await foundStation(join(root, "together"), "low", "request");
  const high = await foundStation(join(root, "together"), "high", "response");
  await at(low, ["peers", "add", "--card", high.cardFile]);
  await enrolBob(low, root);
  const serving = await serve(low.directory, join(root, "together.egress"));
  const first = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const one = await openWatched(first, serving.address);
  const second = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await second.addCookies(await first.cookies());
  const two = await openWatched(second, new URL("/", serving.address).href, "light");
  const [ada, bob] = [one.page, two.page];
  await enterAs(ada, "admin", admins);
  await enterAs(bob, "bob", bobs);

  await test.step("each is seen by the other, on the page where they are", async () => {
    await goTo(bob, "/transfer/peers/high");
    await goTo(ada, "/transfer/peers/high");
    await expect(ada.getByText("bob looks at this")).toBeVisible();
    await ada.getByRole("button", { name: "1 other is here" }).click();
    await expect(ada.getByRole("menuitem", { name: /bob\s*Transfer: peer high/ })).toBeVisible();
    await axe(ada, "who is here");
    await ada.keyboard.press("Escape");
  });

  await test.step("an edit is seen while it is made", async () => {
    await ada.getByRole("button", { name: "Write the note" }).click();
    await expect(bob.getByText("admin is editing this")).toBeVisible();
    await bob.getByRole("button", { name: "Write the note" }).click();
    await expect(ada.getByRole("dialog").getByText("bob is editing this")).toBeVisible();
  });

  await test.step("the one who saves first is told to the other before they save", async () => {
    await ada
      .getByLabel("note", { exact: true })
      .fill("Call extension 12 before you walk. <img src=x onerror=alert(1)>");
    await bob.getByLabel("note", { exact: true }).fill("They close at six.");
    await ada.getByRole("button", { name: "Save" }).click();
    await expect(ada.getByRole("dialog")).toHaveCount(0);
    await expect(bob.getByText(/Somebody has saved version 1 while you type/)).toBeVisible();
  });

  await test.step("the one who saves second gets both beside each other, and chooses by keyboard", async () => {
    await bob.getByRole("button", { name: "Save" }).click();
    const dialog = bob.getByRole("dialog", { name: "Somebody else has saved meanwhile" });
    await expect(dialog.getByText("both changed it: choose")).toBeVisible();
    await expect(
      dialog.getByText("Call extension 12 before you walk. <img src=x onerror=alert(1)>"),
    ).toBeVisible();
    await expect(dialog.getByText("They close at six.")).toBeVisible();
    await expect(dialog.getByRole("button", { name: "Save what I chose" })).toBeDisabled();
    await axe(bob, "the merge view");
    await dialog.getByRole("radio").first().focus();
    await bob.keyboard.press("ArrowRight");
    await expect(dialog.getByRole("radio", { name: "yours, not saved" })).toBeChecked();
    await dialog.getByRole("button", { name: "Save what I chose" }).click();
    await expect(bob.getByRole("dialog")).toHaveCount(0);
    // The other sees it without doing anything.
    await expect(ada.getByText("They close at six.")).toBeVisible();
  });

  await test.step("edits of different fields of one operator settle by themselves", async () => {
    await goTo(ada, "/people/bob");
    await goTo(bob, "/people/bob");
    await bob.getByRole("button", { name: "Name and contact" }).click();
    await ada.getByRole("button", { name: "Name and contact" }).click();
    await bob.getByLabel("called", { exact: true }).fill("Robert <b>");
    await ada.getByLabel("reached by", { exact: true }).fill("desk 4");
    await bob.getByRole("button", { name: "Save" }).click();
    await expect(bob.getByRole("dialog")).toHaveCount(0);
    await ada.getByRole("button", { name: "Save" }).click();
    await expect(ada.getByText("only they changed it")).toBeVisible();
    await expect(ada.getByText("only you changed it")).toBeVisible();
    await ada.getByRole("button", { name: "Save what I chose" }).click();
    await expect(ada.getByRole("dialog")).toHaveCount(0);
    await expect(bob.getByText("Robert <b>", { exact: true })).toBeVisible();
    await expect(bob.getByText("desk 4", { exact: true })).toBeVisible();
  });

  await test.step("who locks the window is not here any more", async () => {
    await bob.keyboard.press("Control+l");
    await expect(ada.getByRole("button", { name: /is here/ })).toHaveCount(0);
  });

  one.assertClean();
  two.assertClean();
  await first.close();
  await second.close();
  await serving.stop();
});
