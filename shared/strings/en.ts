import { componentStrings } from "./components.ts";
import { keyStrings, uiStrings } from "./ui.ts";

/** Every text of the console, in English, in one typed catalogue. */
export const en = {
  product: "Sallyport",
  keys: keyStrings,
  ui: uiStrings,
  components: componentStrings,
  pairing: { heard: (place: number, word: string) => `heard word ${place}, ${word}` },
} as const;
