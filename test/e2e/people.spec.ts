import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { codeOfStep, stepOf } from "../../main/station/keys/totp.ts";
import { foundStation } from "../support/stations.ts";
import { expect, goTo, signIn, test } from "./console.ts";
import { serve } from "./serving.ts";
import { openWatched } from "./watched-page.ts";

test.describe.configure({ timeout: 240_000 });

const admins = "correct horse battery staple";
const bobs = "the long passphrase that bob chose";

async function axe(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`),
    where,
  ).toEqual([]);
}

async function signInAs(page: Page, name: string, passphrase: string): Promise<void> {
  await page.getByLabel("operator", { exact: true }).selectOption(name);
  await signIn(page, passphrase);
}

function decode(text: string): Buffer {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = Array.from(text.replaceAll(" ", ""), (letter) =>
    letters.indexOf(letter).toString(2).padStart(5, "0"),
  );
  return Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

test("a second person is let in by words, and then agrees over the first's session", async ({
  root,
  browser,
}) => {
  const station = await foundStation(join(root, "people"), "crew", "request");
  const serving = await serve(station.directory, join(root, "people.egress"));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const one = await openWatched(context, serving.address);
  const two = await openWatched(context, new URL("/", serving.address).href);
  const ada = one.page;
  const bob = two.page;

  await signIn(ada, admins);
  await goTo(ada, "/people");
  await expect(ada.getByText("admin works here alone.")).toBeVisible();
  await ada.getByRole("button", { name: "Invite a person" }).click();
  await ada.getByLabel("name", { exact: true }).fill("bob");
  await ada.getByLabel("administrator: everything but auditing").check();
  await axe(ada, "the invitation");
  await ada.getByRole("button", { name: "Make the code" }).click();
  const code = await ada.getByText(/^([0-9A-Z]{5}-){4}[0-9A-Z]{5}$/).innerText();
  await ada.getByRole("button", { name: "Done" }).click();
  await expect(ada.getByRole("dialog")).toHaveCount(0);

  await bob.getByRole("button", { name: "I have an invitation" }).click();
  await bob.getByLabel("your name here").fill("bob");
  await bob.getByLabel("invitation code").fill(code.toLowerCase());
  await bob.getByLabel("a passphrase of your own").fill(bobs);
  await bob.getByLabel("once more").fill(bobs);
  await axe(bob, "taking up the invitation");
  await bob.getByRole("button", { name: "Make my keys" }).click();
  const aloud = bob.getByRole("region", { name: /Read these words aloud/ }).getByRole("listitem");
  await expect(aloud).toHaveCount(8, { timeout: 30_000 });
  const items = await aloud.allInnerTexts();
  const words = items.map((item) => item.replaceAll(/[\d\s]/g, "")).filter((word) => word !== "");
  expect(words.slice(0, 8)).toHaveLength(8);

  await expect(ada.getByText("bob waits to be confirmed.")).toBeVisible({ timeout: 15_000 });
  await ada.getByRole("button", { name: "Confirm", exact: true }).click();
  await ada.getByLabel("the eight words, as you hear them").fill(words.slice(0, 8).join(" "));
  await ada.getByRole("button", { name: "They match: let in" }).click();
  await expect(ada.getByText("2 operators work here.")).toBeVisible({ timeout: 30_000 });
  await expect(ada.getByText(/This station is for two/)).toBeVisible();

  await bob.getByRole("button", { name: "Back to sign-in" }).click();
  await signInAs(bob, "bob", bobs);
  await goTo(bob, "/people/sessions");
  await bob.getByLabel("Limits").selectOption("stig");
  await bob.getByRole("button", { name: "Set the limits" }).click();
  await bob.getByRole("dialog").getByRole("button", { name: "Set the limits" }).click();
  await expect(bob.getByRole("dialog").getByText(/waits for a second person/)).toBeVisible();
  await bob.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();

  // The first's session stays; the second person gives name and passphrase over it.
  await goTo(bob, "/people/approvals");
  await expect(bob.getByText("One step waits for a second person.")).toBeVisible();
  await axe(bob, "the approval");
  await expect(bob.getByLabel("who agrees")).toHaveValue("admin");
  await bob.getByLabel("their own passphrase").fill("what might the admin have taken");
  await bob.getByRole("button", { name: "Agree to exactly this" }).click();
  await expect(bob.getByText(/do not belong together/)).toBeVisible({ timeout: 30_000 });
  await bob.getByLabel("their own passphrase").fill(admins);
  await bob.getByRole("button", { name: "Agree to exactly this" }).click();
  await bob.getByRole("button", { name: "Do it now" }).click({ timeout: 30_000 });
  await expect(bob.getByText("Nothing waits for a second person.")).toBeVisible();
  await goTo(bob, "/people/sessions");
  await expect(bob.getByText("limits of the profile stig")).toBeVisible();

  // The other way a step ends: refused from the second person's own session, with a reason that the asker reads.
  await bob.getByLabel("Limits").selectOption("nist");
  await bob.getByRole("button", { name: "Set the limits" }).click();
  await bob.getByRole("dialog").getByRole("button", { name: "Set the limits" }).click();
  await expect(bob.getByRole("dialog").getByText(/waits for a second person/)).toBeVisible();
  await bob.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await goTo(ada, "/people/approvals");
  await expect(ada.getByRole("heading", { name: "Set the limits of sessions to nist" })).toBeVisible();
  await expect(ada.getByRole("complementary").getByText("asked for it")).toBeVisible();
  await ada.getByRole("button", { name: "Refuse, with a reason" }).click();
  await expect(ada.getByRole("button", { name: "Refuse", exact: true })).toBeDisabled();
  await ada.getByLabel("reason").fill("not before the audit");
  await ada.getByRole("button", { name: "Refuse", exact: true }).click();
  await goTo(bob, "/people/approvals");
  await expect(bob.getByText("Nothing waits for a second person.")).toBeVisible();
  await expect(bob.getByText("not before the audit").first()).toBeVisible();

  one.assertClean();
  two.assertClean();
  await context.close();
  await serving.stop();
  expect(serving.outbound()).toEqual([]);
});

test("a device is enrolled, and from then on the door asks for its code", async ({ root, browser }) => {
  const station = await foundStation(join(root, "factor"), "alone", "request");
  const serving = await serve(station.directory, join(root, "factor.egress"));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const watched = await openWatched(context, serving.address);
  const { page } = watched;
  await signIn(page, admins);
  await goTo(page, "/people/sessions");
  await axe(page, "sessions");
  await page.getByLabel("your own passphrase").fill(admins);
  await page.getByRole("button", { name: "Enrol a device" }).click();
  const secret = decode(await page.getByText(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/).innerText());
  const used = stepOf(new Date());
  await page.getByLabel("code of the device").fill(codeOfStep(secret, used));
  await page.getByRole("button", { name: "Confirm", exact: true }).click();
  const shown = page.getByText(/^([0-9A-Z]{5}-){4}[0-9A-Z]{5}$/);
  await expect(shown).toHaveCount(10);
  const codes = await shown.allInnerTexts();
  await page.getByRole("button", { name: "I have written them down" }).click();
  await expect(page.getByText("Enrolled. 10 recovery codes are left.")).toBeVisible();

  // Loaded again, the session goes on by the passphrase alone; a sensitive step then asks whether it is still them.
  await page.reload();
  await signIn(page, admins);
  await goTo(page, "/people/sessions");
  await page.getByLabel("Limits").selectOption("stig");
  await page.getByRole("button", { name: "Set the limits" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Set the limits" }).click();
  const still = page.getByRole("dialog", { name: "Is it still you?" });
  await still.getByLabel("your passphrase, again").fill(admins);
  await still.getByRole("button", { name: "Go on" }).click();
  await expect(still.getByLabel("code of your device")).toBeVisible({ timeout: 30_000 });
  await axe(page, "the question whether it is still you");
  await still.getByLabel("code of your device").fill(codes[1] ?? "");
  await still.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("limits of the profile stig")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await page.keyboard.press("Control+l");
  await page.getByLabel("passphrase", { exact: true }).fill(admins);
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("code of your device")).toBeVisible({ timeout: 30_000 });
  await axe(page, "the door with a code");
  await page.getByLabel("code of your device").fill(codes[0] ?? "");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Yes, that was me" }).click({ timeout: 30_000 });
  await expect(page.getByText("Enrolled. 8 recovery codes are left.")).toBeVisible();
  watched.assertClean();
  await context.close();
  await serving.stop();
});
