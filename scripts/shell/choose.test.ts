import { describe, expect, test } from "vitest";
import { chooseShell, type Surroundings } from "./choose.ts";

const desktop: Surroundings = {
  isRoot: false,
  hasDisplay: true,
  electron: async () => ({ program: "/electron" }),
  hasChromium: true,
};
const refused = async (): Promise<{ refusal: string }> => ({ refusal: "Electron could not be downloaded" });
const neverAsked = (): never => {
  throw new Error("Electron was asked for");
};

describe("which shell opens", () => {
  test("Electron on a desktop where its binary is", async () => {
    expect(await chooseShell(desktop)).toMatchObject({ kind: "electron", program: "/electron" });
  });

  test("the local browser where Electron is refused, with the reason", async () => {
    const shell = await chooseShell({ ...desktop, electron: refused });
    expect(shell).toMatchObject({ kind: "browser", why: "Electron could not be downloaded" });
  });

  test("the address alone where there is no browser either", async () => {
    const shell = await chooseShell({ ...desktop, electron: refused, hasChromium: false });
    expect(shell.kind).toBe("address");
  });

  test("root and a missing display get the address, and Electron is not even downloaded", async () => {
    const asRoot = await chooseShell({ ...desktop, isRoot: true, electron: neverAsked });
    const noDisplay = await chooseShell({ ...desktop, hasDisplay: false, electron: neverAsked });
    expect([asRoot.kind, noDisplay.kind]).toEqual(["address", "address"]);
    expect(asRoot.why).toContain("root");
    expect(noDisplay.why).toContain("display");
  });
});
