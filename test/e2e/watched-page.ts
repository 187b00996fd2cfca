import { expect, type BrowserContext, type Page } from "@playwright/test";
import { startPageCoverage } from "../support/page-coverage.ts";

export type ThemeName = "dark" | "light" | "contrast";

/** A page whose policy violations, errors and requests to other machines are noted from its first line on. */
export interface WatchedPage {
  readonly page: Page;
  /** Fails the test if the page broke its policy, threw, or asked another machine for anything. */
  readonly assertClean: () => void;
  readonly close: () => Promise<void>;
}

/** Opens a page in a theme and watches it. `address` may be a one-time address or the plain origin. */
export async function openWatched(
  context: BrowserContext,
  address: string,
  theme: ThemeName = "dark",
): Promise<WatchedPage> {
  const page = await context.newPage();
  const origin = new URL(address).origin;
  const faults: string[] = [];
  await page.exposeFunction("noteFault", (fault: string) => void faults.push(fault));
  await page.addInitScript((chosen) => {
    const note = (globalThis as unknown as { noteFault: (fault: string) => void }).noteFault;
    addEventListener("securitypolicyviolation", (event) =>
      note(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
    );
    localStorage.setItem(
      "sallyport.preferences",
      JSON.stringify({ theme: chosen, zone: "utc", hiddenColumns: {} }),
    );
  }, theme);
  page.on("pageerror", (error) => faults.push(`error ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console ${message.text()}`);
  });
  page.on("dialog", (dialog) => {
    faults.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== "blob:" && url.protocol !== "data:")
      faults.push(`request ${request.url()}`);
  });
  const stopCoverage = await startPageCoverage(page);
  await page.goto(address);
  // A one-time address first opens the page that hands its token over, and then leaves it for the console.
  await expect(page.locator("#root h1")).toBeVisible();
  return {
    page,
    assertClean: () => expect(faults).toEqual([]),
    close: async () => {
      await stopCoverage();
      await page.close();
    },
  };
}
