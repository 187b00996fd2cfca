import { componentStrings } from "./components.ts";
import { failedStrings } from "./errors.ts";
import { sessionStrings } from "./session.ts";
import { shellStrings } from "./shell.ts";
import { keyStrings, uiStrings } from "./ui.ts";

/** Every text of the console, in English, in one typed catalogue. */
export const en = {
  product: "Sallyport",
  keys: keyStrings,
  ui: uiStrings,
  failed: failedStrings,
  components: componentStrings,
  session: sessionStrings,
  shell: shellStrings,
  pairing: { heard: (place: number, word: string) => `heard word ${place}, ${word}` },
} as const;
