import { expect, test } from "vitest";
import { deviceName } from "./resume.ts";

test.each([
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/154.0.0.0 Safari/537.36",
    "Chrome 154 on Linux",
  ],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140 on Linux"],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Sallyport/1.0 Chrome/154 Electron/45.4.1 Safari/537.36",
    "Sallyport window on Windows",
  ],
  ["", "a browser"],
])("%s", (agent, name) => expect(deviceName(agent)).toBe(name));
