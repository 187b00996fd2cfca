import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";

type ThemeName = "dark" | "light" | "contrast";

const desk = { width: 1440, height: 900 };

/** This run's scratch folders and the usual places that pictures show instead, so that two runs look alike. */
export type Places = readonly (readonly [scratch: string, usual: string])[];

/** Runs in the page: writes the usual places over the scratch folders, in text and in fields. */
function renamePlaces(places: Places): void {
  const renamed = (text: string): string =>
    places.reduce((now, [scratch, usual]) => now.replaceAll(scratch, usual), text);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const text = node.nodeValue ?? "";
    if (renamed(text) !== text) node.nodeValue = renamed(text);
  }
  for (const field of document.querySelectorAll("input")) {
    if (renamed(field.value) !== field.value) field.value = renamed(field.value);
  }
}

/** A page of the console that is photographed in its themes. */
export class Camera {
  readonly page: Page;
  readonly #folder: string;
  readonly #places: Places;

  private constructor(page: Page, folder: string, places: Places) {
    this.page = page;
    this.#folder = folder;
    this.#places = places;
  }

  static async open(
    context: BrowserContext,
    address: string,
    folder: string,
    places: Places,
  ): Promise<Camera> {
    const page = await context.newPage();
    await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "dark" });
    await page.goto(address);
    // The page that hands the one-time address's token over has a heading too.
    await page.locator("#root h1").waitFor();
    return new Camera(page, folder, places);
  }

  /** Gives the passphrase and passes the last look. */
  async signIn(passphrase: string): Promise<void> {
    await this.page.getByLabel("passphrase", { exact: true }).fill(passphrase);
    await this.page.keyboard.press("Enter");
    const rail = this.page.getByRole("navigation", { name: "Pages" });
    const yes = this.page.getByRole("button", { name: "Yes, that was me" });
    await rail.or(yes).waitFor();
    if (await yes.isVisible()) await yes.click();
    await rail.waitFor();
  }

  async goTo(path: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, path);
    await this.#settled();
  }

  /** Goes to a place and takes it. */
  async at(path: string, name: string, themes: readonly ThemeName[]): Promise<void> {
    await this.goTo(path);
    await this.take(name, themes);
  }

  /** Takes what is shown, once in each theme, into `<name>.<theme>.png`. */
  async take(name: string, themes: readonly ThemeName[], size = desk): Promise<void> {
    await this.page.setViewportSize(size);
    for (const theme of themes) {
      await this.page.evaluate((chosen) => {
        document.documentElement.dataset["theme"] = chosen;
      }, theme);
      await this.#settled();
      await this.page.evaluate(renamePlaces, this.#places);
      await this.page.screenshot({ path: join(this.#folder, `${name}.${theme}.png`) });
    }
    await this.page.setViewportSize(desk);
  }

  /** Takes what is shown at this very moment, for work that does not wait. */
  async takeNow(name: string, theme: ThemeName): Promise<void> {
    await this.page.evaluate((chosen) => {
      document.documentElement.dataset["theme"] = chosen;
    }, theme);
    await this.page.evaluate(renamePlaces, this.#places);
    await this.page.screenshot({ path: join(this.#folder, `${name}.${theme}.png`) });
  }

  /** Nothing is being read, and what was drawn is on the screen. */
  async #settled(): Promise<void> {
    await this.page.waitForFunction(() => !document.body.innerText.includes("Reading…"));
    await this.page.waitForTimeout(400);
  }
}
