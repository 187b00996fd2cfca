import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { askSecret, type Terminal } from "./prompt.ts";

function terminal(): {
  terminal: Terminal;
  type: (text: string) => void;
  shown: () => string;
  raw: boolean[];
} {
  const raw: boolean[] = [];
  let shown = "";
  const input = Object.assign(new EventEmitter(), {
    setRawMode: (on: boolean) => raw.push(on),
    setEncoding: () => {},
    resume: () => {},
    pause: () => {},
  });
  const output = { write: (text: string) => (shown += text) };
  return {
    terminal: { input, output } as unknown as Terminal,
    type: (text) => input.emit("data", text),
    shown: () => shown,
    raw,
  };
}

describe("asking for a passphrase", () => {
  test("shows nothing of it, and gives the terminal back", async () => {
    const { terminal: tty, type, shown, raw } = terminal();
    const answer = askSecret("Passphrase: ", tty);
    type("four ");
    type("wordz\u007fs\r");
    expect(await answer).toBe("four words");
    expect(shown()).toBe("Passphrase: \n");
    expect(raw).toEqual([true, false]);
  });

  test("takes a pasted passphrase with characters of several units", async () => {
    const { terminal: tty, type } = terminal();
    const answer = askSecret("? ", tty);
    type("öffne 🚪\u007f🗝\n");
    expect(await answer).toBe("öffne 🗝");
  });

  test.each([
    ["Ctrl C", "abc\u0003"],
    ["Ctrl D", "\u0004"],
  ])("ends without an answer on %s", async (_key, text) => {
    const { terminal: tty, type, raw } = terminal();
    const answer = askSecret("? ", tty);
    type(text);
    expect(await answer).toBeUndefined();
    expect(raw.at(-1)).toBe(false);
  });

  test("begins anew after Ctrl U", async () => {
    const { terminal: tty, type } = terminal();
    const answer = askSecret("? ", tty);
    type("wrong\u0015right\r");
    expect(await answer).toBe("right");
  });
});
